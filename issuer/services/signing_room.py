"""The signing room: what makes a signed file of a reserved letter, and looks at it.

Nothing here writes to the register; the cycle is in ``issuance``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from issuer.domain.credential import claims_of
from issuer.domain.errors import NotFitToSign
from issuer.domain.letter import Letter
from issuer.domain.letter_types import LetterType
from issuer.domain.office import Office
from issuer.domain.ports import (
    Clock,
    CredentialReader,
    CredentialSigner,
    DocumentValidator,
    LetterRenderer,
    LetterSigner,
    QrDecoder,
)
from issuer.domain.sealing import Certificates, ReadyToSign, SignatureSlot, SignedLetter
from issuer.services.freezing import Signing


@dataclass(frozen=True, slots=True)
class SigningRoom:
    """Steps 3, 4, 6 and 7 of the cycle; the only service with a way to a private key."""

    renderer: LetterRenderer
    decoder: QrDecoder
    letters: LetterSigner
    credentials: CredentialSigner
    credential_reader: CredentialReader
    validator: DocumentValidator
    clock: Clock
    office: Office

    def check_keys(self, signing: Signing, now: datetime) -> Certificates:
        """Return the certificates that would sign now. Raises ``KeyUnavailable``."""
        own = self.letters.check(signing.signatory.key_id, now)
        second = signing.endorsing
        return own, self.letters.check(second.signatory.key_id, now) if second else None

    def prepare(
        self, letter: Letter, letter_type: LetterType, signing: Signing
    ) -> tuple[str, ReadyToSign]:
        """Render and lint; return the QR's text and the right to sign the file once.

        Raises ``NotFitToSign``, and what the renderer and the signer raise.
        """
        record = letter.record
        claims = claims_of(
            record,
            self.office,
            type_code=letter_type.code,
            agency_number=signing.agency.code_digits,
            signatory_number=signing.signatory.number,
            status_index=letter.status_index,
            issued_at_utc=letter.reserved_at_utc,
        )
        qr_text = self.credentials.seal(claims, self.clock.now())
        rendered = self.renderer.render(
            letter_type,
            record,
            qr_text=qr_text,
            verification_code=letter.verification_code,
            host=self.office.host,
            slot=self._slot(letter, record.signer.name, record.place),
        )
        if self.decoder.decode_modules(rendered.qr_modules) != qr_text:
            raise NotFitToSign(["qr_does_not_read"])
        if self.credential_reader.read(qr_text).claims != claims:
            raise NotFitToSign(["qr_says_something_else"])
        ready = self.letters.prepare(rendered, signing.signatory.key_id, self.clock.now())
        return qr_text, ready

    def sign(self, letter: Letter, ready: ReadyToSign, signing: Signing) -> SignedLetter:
        """Redeem the right; then endorse, where the type asks for it."""
        signed = self.letters.sign(ready, signing.signatory.key_id)
        second = signing.endorsing
        if second is None:
            return signed
        slot = self._slot(letter, second.signatory.name, second.agency.seat)
        key_id = second.signatory.key_id
        ready = self.letters.prepare_endorsement(signed, slot, key_id, self.clock.now())
        return self.letters.sign(ready, key_id)

    def verify(self, letter: Letter, signed: SignedLetter) -> None:
        """Validate the file by the public code path. Raises what that raises."""
        facts = self.validator.validate(
            signed.pdf, signed_at_utc=letter.reserved_at_utc, now_utc=self.clock.now()
        )
        if facts.certificates != signed.certificates:
            raise NotFitToSign(["signed_by_another_certificate"])

    def _slot(self, letter: Letter, signer_name: str, place: str) -> SignatureSlot:
        return SignatureSlot(
            signer_name=signer_name,
            reason=f"{letter.record.title}, nomor {letter.record.number}",
            location=place,
            claimed_at=self.office.local(letter.reserved_at_utc),
        )
