"""The answer to "is this letter true?", as a value that cannot be misread.

A verdict follows from three separate checks (what was signed, what the register
says now, who signed); the table ``decide`` is the only place where they meet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Never


class Verdict(StrEnum):
    """What is true of a letter; deliberately without a truth value."""

    VALID = "VALID"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"
    SUPERSEDED = "SUPERSEDED"
    NOT_YET_ISSUED = "NOT_YET_ISSUED"
    ALTERED = "ALTERED"
    UNKNOWN = "UNKNOWN"
    INDETERMINATE = "INDETERMINATE"

    def __bool__(self) -> Never:
        raise TypeError("compare the verdict; do not test its truth")


class Check(StrEnum):
    """How one of the three checks ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"

    def __bool__(self) -> Never:
        raise TypeError("compare the check; do not test its truth")


class Status(StrEnum):
    """What the register says of a letter on the day of the question."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    NOT_YET_ISSUED = "not_yet_issued"
    NOT_REGISTERED = "not_registered"
    NOT_KNOWN = "not_known"


class Reason(StrEnum):
    """Why; stable codes for the page, the API and the command."""

    REGISTERED_BYTES = "registered_bytes"
    RECORD_MATCHES = "record_matches"
    CODE_MATCHES = "code_matches"
    SIGNATURE_HOLDS = "signature_holds"
    ISSUER_TRUSTED = "issuer_trusted"
    IN_FORCE = "in_force"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    NOT_YET_ISSUED = "not_yet_issued"
    NUMBER_VOIDED = "number_voided"
    NOT_REGISTERED = "not_registered"
    FILE_ALTERED = "file_altered"
    FILE_NOT_PDF = "file_not_pdf"
    FILE_INCOMPLETE = "file_incomplete"
    FILE_UNSIGNED = "file_unsigned"
    FILE_ENCRYPTED = "file_encrypted"
    FILE_ACTIVE = "file_active"
    FILE_TOO_LARGE = "file_too_large"
    FILE_UNREADABLE = "file_unreadable"
    FOREIGN_SIGNATURE = "foreign_signature"
    SIGNATURE_BROKEN = "signature_broken"
    ISSUER_NOT_TRUSTED = "issuer_not_trusted"
    ISSUER_REVOKED = "issuer_revoked"
    REVOCATION_LIST_STALE = "revocation_list_stale"
    CREDENTIAL_MALFORMED = "credential_malformed"
    CREDENTIAL_FOREIGN_HOST = "credential_foreign_host"
    CREDENTIAL_UNKNOWN_KEY = "credential_unknown_key"
    CREDENTIAL_DIFFERS = "credential_differs"
    NUMBER_OR_CODE_WRONG = "number_or_code_wrong"
    REGISTER_UNAVAILABLE = "register_unavailable"
    QR_NOT_FOUND = "qr_not_found"


class SignatureKind(StrEnum):
    """Which kind of signature was seen (PP 71/2019, article 60).

    ``FOREIGN`` is somebody else's: its name is read, nothing of it is checked.
    """

    CERTIFIED = "certified"
    OFFICE_KEY = "office_key"
    QR_ONLY = "qr_only"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Checks:
    """The three questions: unchanged? in force? by whom?"""

    integrity: Check = Check.NOT_CHECKED
    status: Check = Check.NOT_CHECKED
    issuer: Check = Check.NOT_CHECKED


@dataclass(frozen=True, slots=True)
class SignatureSeen:
    """The signature that was looked at; ``time_utc`` is claimed by the signer.

    ``endorser`` is who signed second, on a letter that bears two signatures.
    """

    kind: SignatureKind
    level: str
    signer: str
    time_utc: datetime | None
    endorser: str | None = None


@dataclass(frozen=True, slots=True)
class RedrawnPatterns:
    """What the security printing of a letter looks like, to be compared by eye.

    ``rosette`` is the SHA-256 (hex) of the record, from which the rosette is drawn; in
    ``microtext`` the name is masked. ``copy_evident`` says that SALINAN comes out in a
    photocopy.
    """

    rosette: str
    microtext: str
    copy_evident: bool


@dataclass(frozen=True, slots=True)
class PublicLetter:
    """What anyone may see of a letter: masked, without address, purpose or amount.

    ``sheet`` is the serial of the numbered paper it is on now, if it is on any.
    """

    number: str
    title: str
    holder: str
    nik: str
    agency: str
    issued_on: date
    expires_on: date | None
    replaced_by: str | None = None
    revoked_on: date | None = None
    revocation_reason: str | None = None
    specimen: bool = False
    patterns: RedrawnPatterns | None = None
    sheet: str | None = None
    sheet_lost: bool = False


@dataclass(frozen=True, slots=True)
class Verification:
    """A verdict with its evidence."""

    verdict: Verdict
    checks: Checks
    reasons: tuple[Reason, ...]
    letter: PublicLetter | None = None
    signature: SignatureSeen | None = None
    at_utc: datetime | None = field(default=None)


_BY_STATUS: dict[Status, Verdict] = {
    Status.IN_FORCE: Verdict.VALID,
    Status.EXPIRED: Verdict.EXPIRED,
    Status.REVOKED: Verdict.REVOKED,
    Status.SUPERSEDED: Verdict.SUPERSEDED,
    Status.NOT_YET_ISSUED: Verdict.NOT_YET_ISSUED,
    Status.NOT_REGISTERED: Verdict.UNKNOWN,
    Status.NOT_KNOWN: Verdict.INDETERMINATE,
}


def decide(integrity: Check, issuer: Check, status: Status) -> Verdict:
    """Return the one verdict that follows from the three checks.

    A broken integrity beats everything, an untrusted issuer beats every status,
    and nothing is VALID while one check was not made.
    """
    if integrity is Check.FAILED:
        return Verdict.ALTERED
    if issuer is Check.FAILED:
        return Verdict.UNKNOWN
    verdict = _BY_STATUS[status]
    unchecked = integrity is Check.NOT_CHECKED or issuer is Check.NOT_CHECKED
    if verdict in (Verdict.VALID, Verdict.EXPIRED) and unchecked:
        return Verdict.INDETERMINATE
    return verdict
