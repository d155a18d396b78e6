"""Verification: anyone asks, three checks are made, one verdict follows.

*Integrity*: is what was shown unchanged since it was issued? *Issuer*: did a key
of this office make it? *Status*: what does the register say today? The register
alone is no signature check and a signature alone is no register check; a verdict
of VALID needs both. No private key is within reach of this module.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

from issuer.domain.blank import Blank, BlankState, sheet_of
from issuer.domain.codes import LENGTH, read_code
from issuer.domain.errors import (
    DependencyUnavailable,
    InvalidDocument,
    InvalidSignature,
    MalformedCredential,
    NotFound,
    TooLarge,
)
from issuer.domain.letter import Letter, LetterState
from issuer.domain.lookup_ports import LetterLookup
from issuer.domain.numbers import read_number
from issuer.domain.office import Office
from issuer.domain.people import Nik, mask_name
from issuer.domain.ports import (
    Clock,
    CredentialReader,
    DocumentValidator,
    LetterCatalogue,
    QrDecoder,
    SecurityPatterns,
)
from issuer.domain.presentation import Variant
from issuer.domain.record import QR_DIGEST_BYTES, LetterRecord
from issuer.domain.verdict import (
    Check,
    Checks,
    PublicLetter,
    Reason,
    RedrawnPatterns,
    SignatureKind,
    SignatureSeen,
    Status,
    Verdict,
    Verification,
    decide,
)

MAX_FILE_BYTES = 25_000_000
_PDF_MAGIC = b"%PDF-"
_NO_CODE = "0" * LENGTH
TITLE_OF_A_TYPE_NO_LONGER_KNOWN = "Surat Keterangan"

_UNTRUSTED = frozenset(
    {
        Reason.FOREIGN_SIGNATURE,
        Reason.ISSUER_NOT_TRUSTED,
        Reason.ISSUER_REVOKED,
        Reason.CREDENTIAL_UNKNOWN_KEY,
        Reason.CREDENTIAL_FOREIGN_HOST,
        Reason.CREDENTIAL_MALFORMED,
        Reason.FILE_NOT_PDF,
    }
)
_CANNOT_SAY = frozenset(
    {
        Reason.REVOCATION_LIST_STALE,
        Reason.FILE_INCOMPLETE,
        Reason.FILE_TOO_LARGE,
        Reason.FILE_UNREADABLE,
        Reason.FILE_UNSIGNED,
        Reason.FILE_ENCRYPTED,
        Reason.QR_NOT_FOUND,
    }
)
_SOMEBODY_ELSES = frozenset({Reason.FOREIGN_SIGNATURE, Reason.ISSUER_NOT_TRUSTED})
_STATUS_REASON = {
    Status.IN_FORCE: Reason.IN_FORCE,
    Status.EXPIRED: Reason.EXPIRED,
    Status.REVOKED: Reason.REVOKED,
    Status.SUPERSEDED: Reason.SUPERSEDED,
    Status.NOT_YET_ISSUED: Reason.NOT_YET_ISSUED,
    Status.NOT_REGISTERED: Reason.NUMBER_VOIDED,
    Status.NOT_KNOWN: Reason.NOT_REGISTERED,
}


class Verifier:
    """Answers for the public: by QR, by number and code, by file."""

    def __init__(
        self,
        *,
        letters: LetterLookup,
        catalogue: LetterCatalogue,
        credentials: CredentialReader,
        documents: DocumentValidator,
        decoder: QrDecoder,
        patterns: SecurityPatterns,
        clock: Clock,
        office: Office,
    ) -> None:
        self._letters = letters
        self._catalogue = catalogue
        self._credentials = credentials
        self._documents = documents
        self._decoder = decoder
        self._patterns = patterns
        self._clock = clock
        self._office = office

    def by_qr(self, text: str) -> Verification:
        """Verify the text of a QR: the URL, or the part of it behind the host."""
        try:
            read = self._credentials.read(text)
        except (MalformedCredential, InvalidSignature) as refused:
            return self._refused(Reason(refused.reason))
        claims = read.claims
        seen = SignatureSeen(
            SignatureKind.QR_ONLY, "COSE_Sign1", self._office.name, claims.issued_at_utc
        )
        reasons = [Reason.SIGNATURE_HOLDS, Reason.ISSUER_TRUSTED]
        try:
            letter, sheet = self._with_sheet(self._letters.by_number(claims.number))
        except DependencyUnavailable:
            return self._unanswered(reasons, seen)
        if letter is None:
            return self._answer(Check.PASSED, Check.PASSED, Status.NOT_KNOWN, reasons, seen)
        same_record = hmac.compare_digest(
            letter.record.digest()[:QR_DIGEST_BYTES], claims.record_digest
        )
        if not same_record or letter.status_index != claims.status_index:
            reasons.append(Reason.CREDENTIAL_DIFFERS)
            return self._answer(Check.FAILED, Check.PASSED, Status.NOT_KNOWN, reasons, seen)
        reasons.append(Reason.RECORD_MATCHES)
        return self._about(letter, sheet, reasons, seen)

    def by_number(self, number: str, code: str) -> Verification:
        """Verify a number and the code printed under the QR, typed by hand.

        An unknown number and a wrong code get the same answer after the same work.
        """
        wanted = read_code(code) or _NO_CODE
        number = read_number(number)
        try:
            # Only of a right pair more is read than the code: time tells nothing of a number.
            kept = self._letters.code_of(number) or "-" * LENGTH
            right = hmac.compare_digest(kept, wanted)
            letter, sheet = self._with_sheet(self._letters.by_number(number) if right else None)
        except DependencyUnavailable:
            return self._unanswered([], None)
        if letter is None:
            reasons = [Reason.NUMBER_OR_CODE_WRONG]
            checks = Checks(status=Check.FAILED)
            return Verification(Verdict.UNKNOWN, checks, tuple(reasons), at_utc=self._clock.now())
        return self._about(letter, sheet, [Reason.CODE_MATCHES], None)

    def by_file(self, data: bytes) -> Verification:
        """Verify a PDF by its bytes, or a photo or scan by the QR in it.

        A PDF without any signature is a scan or a re-print, or was edited: its QR is read
        too, but never makes the file VALID.
        """
        if len(data) > MAX_FILE_BYTES:
            return self._refused(Reason.FILE_TOO_LARGE)
        if data.startswith(_PDF_MAGIC):
            return self._by_pdf(data)
        try:
            text = self._decoder.decode_image(data)
        except TooLarge:
            return self._refused(Reason.FILE_TOO_LARGE)
        except InvalidDocument as unreadable:
            return self._refused(Reason(unreadable.reason))
        return self._refused(Reason.QR_NOT_FOUND) if text is None else self.by_qr(text)

    def _by_scan(self, pdf: bytes) -> Verification:
        """Return what the QR says of its letter; whether the page agrees nobody checked."""
        try:
            text = self._decoder.decode_pdf(pdf)
        except (TooLarge, InvalidDocument, DependencyUnavailable):
            text = None
        found = self._refused(Reason.QR_NOT_FOUND) if text is None else self.by_qr(text)
        verdict, checks = found.verdict, found.checks
        if checks.integrity is Check.PASSED:
            checks = replace(checks, integrity=Check.NOT_CHECKED)
        if verdict in (Verdict.VALID, Verdict.EXPIRED):
            verdict = Verdict.INDETERMINATE
        reasons = (Reason.FILE_UNSIGNED, *found.reasons)
        return replace(found, verdict=verdict, checks=checks, reasons=reasons)

    # --- a PDF ----------------------------------------------------------------------

    def _by_pdf(self, pdf: bytes) -> Verification:
        """The signature and the register are asked separately; both must agree."""
        now = self._clock.now()
        sha256 = hashlib.sha256(pdf).hexdigest()
        try:
            letter, sheet = self._with_sheet(self._letters.by_pdf(sha256))
            registered = True
        except DependencyUnavailable:
            letter, sheet, registered = None, None, False
        try:
            signed_at = letter.issued_at_utc if letter else None
            facts = self._documents.validate(pdf, signed_at_utc=signed_at or now, now_utc=now)
        except (InvalidDocument, InvalidSignature) as refused:
            claimed = registered and letter is None and self._has_another_file(pdf)
            reason = Reason(refused.reason)
            return self._altered(reason) if claimed else self._strange(pdf, reason)
        seen = SignatureSeen(
            SignatureKind.OFFICE_KEY,
            facts.level,
            facts.signer,
            facts.claimed_at_utc,
            facts.endorser.signer if facts.endorser else None,
        )
        reasons = [Reason.SIGNATURE_HOLDS, Reason.ISSUER_TRUSTED]
        if not registered:
            return self._unanswered(reasons, seen)
        if letter is None:
            if self._has_another_file(pdf):
                return self._altered(Reason.NOT_REGISTERED)
            return self._answer(Check.PASSED, Check.PASSED, Status.NOT_KNOWN, reasons, seen)
        if letter.pdf is not None and letter.pdf.certificates == facts.certificates:
            return self._about(letter, sheet, [*reasons, Reason.REGISTERED_BYTES], seen)
        reasons = [Reason.SIGNATURE_HOLDS, Reason.ISSUER_NOT_TRUSTED]
        return self._answer(Check.PASSED, Check.FAILED, Status.NOT_KNOWN, reasons, seen)

    def _strange(self, pdf: bytes, reason: Reason) -> Verification:
        """Return the answer about a file that is not ours, with what it says of itself."""
        found = self._documents.look_at(pdf)
        if found.encrypted and reason is Reason.FILE_UNSIGNED:
            reason = Reason.FILE_ENCRYPTED
        scanned = reason is Reason.FILE_UNSIGNED and not found.active
        answer = self._by_scan(pdf) if scanned else self._refused(reason)
        if found.active:
            answer = replace(answer, reasons=(*answer.reasons, Reason.FILE_ACTIVE))
        if reason in _SOMEBODY_ELSES and found.signers:
            named = "; ".join(found.signers)
            seen = SignatureSeen(SignatureKind.FOREIGN, "", named, None)
            answer = replace(answer, signature=seen)
        return answer

    def _has_another_file(self, pdf: bytes) -> bool:
        """Say whether the register has other bytes for the letter this file claims to be.

        Then not even the office's own key makes it true: keys are stolen, people bribed.
        """
        letter_id = self._documents.letter_id_claimed(pdf)
        if letter_id is None:
            return False
        try:
            letter = self._letters.find(letter_id)
        except DependencyUnavailable:
            return False
        return letter is not None and letter.pdf is not None

    def _altered(self, reason: Reason) -> Verification:
        checks = Checks(integrity=Check.FAILED)
        reasons = tuple(dict.fromkeys((Reason.FILE_ALTERED, reason)))
        return Verification(Verdict.ALTERED, checks, reasons, at_utc=self._clock.now())

    # --- answers --------------------------------------------------------------------

    def _with_sheet(self, letter: Letter | None) -> tuple[Letter | None, Blank | None]:
        """Return the letter and the sheet it is on; only the counter prints on sheets."""
        if letter is None or letter.record.variant is not Variant.COUNTER:
            return letter, None
        return letter, sheet_of(self._letters.sheets_of(letter.id))

    def _about(
        self,
        letter: Letter,
        sheet: Blank | None,
        reasons: list[Reason],
        seen: SignatureSeen | None,
    ) -> Verification:
        """Return the answer about a letter that was found, is meant and is unchanged."""
        status = letter.status_on(self._office.today(self._clock.now()))
        shown = None
        if letter.state in (LetterState.ISSUED, LetterState.REVOKED, LetterState.SUPERSEDED):
            shown = self._public(letter, sheet)
        return self._answer(Check.PASSED, Check.PASSED, status, reasons, seen, shown)

    def _answer(
        self,
        integrity: Check,
        issuer: Check,
        status: Status,
        reasons: list[Reason],
        seen: SignatureSeen | None,
        letter: PublicLetter | None = None,
    ) -> Verification:
        checks = Checks(integrity, _status_check(status), issuer)
        return Verification(
            decide(integrity, issuer, status),
            checks,
            (*reasons, _STATUS_REASON[status]),
            letter,
            seen,
            self._clock.now(),
        )

    def _unanswered(self, reasons: list[Reason], seen: SignatureSeen | None) -> Verification:
        """Return the answer when the register is away: never VALID, never false."""
        passed = Check.PASSED if seen else Check.NOT_CHECKED
        checks = Checks(passed, Check.NOT_CHECKED, passed)
        all_reasons = (*reasons, Reason.REGISTER_UNAVAILABLE)
        return Verification(
            Verdict.INDETERMINATE, checks, all_reasons, None, seen, self._clock.now()
        )

    def _refused(self, reason: Reason) -> Verification:
        """Return the answer when what was shown is not a readable letter of this office."""
        if reason in _CANNOT_SAY:
            verdict, checks = Verdict.INDETERMINATE, Checks()
        elif reason in _UNTRUSTED:
            verdict, checks = Verdict.UNKNOWN, Checks(issuer=Check.FAILED)
        else:
            verdict, checks = Verdict.ALTERED, Checks(integrity=Check.FAILED)
        return Verification(verdict, checks, (reason,), at_utc=self._clock.now())

    def _public(self, letter: Letter, sheet: Blank | None) -> PublicLetter:
        record, ending = letter.record, letter.ending
        return PublicLetter(
            number=letter.number,
            title=self._public_title(record),
            holder=mask_name(record.holder["name"]),
            nik=Nik(record.holder["nik"]).masked,
            agency=record.agency_name,
            issued_on=record.issued_on,
            expires_on=record.expires_on,
            replaced_by=letter.replaced_by,
            revoked_on=self._office.today(ending.at_utc) if ending else None,
            revocation_reason=ending.reason if ending else None,
            specimen=record.specimen,
            sheet=str(sheet.serial) if sheet else None,
            sheet_lost=sheet is not None and sheet.state is BlankState.LOST,
            patterns=self._redrawn(letter),
        )

    def _public_title(self, record: LetterRecord) -> str:
        try:
            letter_type = self._catalogue.get(record.type_slug)
        except NotFound:
            # Its type was taken away since, and may have been one that says too much.
            return TITLE_OF_A_TYPE_NO_LONGER_KNOWN
        return letter_type.public_title.id if letter_type.sensitive else record.title

    def _redrawn(self, letter: Letter) -> RedrawnPatterns | None:
        record = letter.record
        if record.variant is Variant.OFF:
            return None
        return RedrawnPatterns(
            rosette=record.digest().hex(),
            microtext=self._patterns.microtext(
                letter.number, mask_name(record.holder["name"]), letter.verification_code
            ),
            copy_evident=record.variant is Variant.COUNTER,
        )


def _status_check(status: Status) -> Check:
    if status is Status.NOT_KNOWN:
        return Check.NOT_CHECKED
    return Check.PASSED if status is Status.IN_FORCE else Check.FAILED
