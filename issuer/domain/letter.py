"""A letter in the register: its states and what may follow each.

A number that was taken is never given back: the row ends ISSUED (and perhaps
REVOKED or SUPERSEDED) or VOIDED with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from issuer.domain.errors import IllegalTransition
from issuer.domain.numbers import SeriesKey
from issuer.domain.record import LetterRecord
from issuer.domain.sealing import Certificates
from issuer.domain.verdict import Status


class LetterState(StrEnum):
    """Where a letter stands; expired is computed from its date and is no state."""

    RESERVED = "reserved"
    SIGNING = "signing"
    ISSUED = "issued"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    VOIDED = "voided"


class LetterAction(StrEnum):
    """What can be done to a letter."""

    BEGIN_SIGNING = "begin_signing"
    TAKE_OVER = "take_over"
    COMPLETE = "complete"
    VOID = "void"
    REVOKE = "revoke"
    SUPERSEDE = "supersede"


_S, _A = LetterState, LetterAction
LETTER_TRANSITIONS: dict[tuple[LetterState, LetterAction], LetterState] = {
    (_S.RESERVED, _A.TAKE_OVER): _S.RESERVED,
    (_S.RESERVED, _A.BEGIN_SIGNING): _S.SIGNING,
    (_S.RESERVED, _A.VOID): _S.VOIDED,
    (_S.SIGNING, _A.TAKE_OVER): _S.RESERVED,
    (_S.SIGNING, _A.COMPLETE): _S.ISSUED,
    (_S.SIGNING, _A.VOID): _S.VOIDED,
    (_S.ISSUED, _A.REVOKE): _S.REVOKED,
    (_S.ISSUED, _A.SUPERSEDE): _S.SUPERSEDED,
}
UNFINISHED_LETTER = frozenset({_S.RESERVED, _S.SIGNING})
HANDED_OUT = frozenset({_S.ISSUED, _S.REVOKED, _S.SUPERSEDED})
"""States in which there is a letter to tell its holder of."""


DOWNLOADED = "letter.downloaded"
"""In the audit trail: the letter's holder fetched its file."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Who is issuing this letter now, and until when nobody else may take over."""

    worker: str
    until_utc: datetime


@dataclass(frozen=True, slots=True)
class StoredPdf:
    """The finished file: its SHA-256 (hex), length, and the signing certificates' SHA-256."""

    sha256: str
    size_bytes: int
    certificate_sha256: str
    endorser_certificate_sha256: str | None = None

    @property
    def certificates(self) -> Certificates:
        """The certificates that signed it, as the file itself must say."""
        return self.certificate_sha256, self.endorser_certificate_sha256


@dataclass(frozen=True, slots=True)
class Ending:
    """Why and when a letter stopped: voided, revoked or superseded."""

    reason: str
    actor_id: str
    at_utc: datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """One row of the register. ``version`` grows with every change.

    ``replaced_by`` is the number of the letter in whose favour it was superseded.
    """

    id: str
    request_id: str
    series: SeriesKey
    sequence: int
    number: str
    verification_code: str
    status_index: int
    record: LetterRecord
    state: LetterState
    reserved_at_utc: datetime
    lease: Lease | None
    qr_text: str | None = None
    to_sign_sha256: str | None = None
    pdf: StoredPdf | None = None
    issued_at_utc: datetime | None = None
    ending: Ending | None = None
    replaced_by: str | None = None
    version: int = 1

    def after(self, action: LetterAction) -> Letter:
        """Return the letter in the state that follows, its version one higher."""
        following = LETTER_TRANSITIONS.get((self.state, action))
        if following is None:
            raise IllegalTransition(self.state, action)
        return replace(self, state=following, version=self.version + 1)

    def status_on(self, today: date) -> Status:
        """Return what the register says on that day. Revoked beats expired beats valid."""
        status = _STATUS[self.state]
        expires = self.record.expires_on
        if status is Status.IN_FORCE and expires is not None and expires < today:
            return Status.EXPIRED
        return status


_STATUS: dict[LetterState, Status] = {
    _S.RESERVED: Status.NOT_YET_ISSUED,
    _S.SIGNING: Status.NOT_YET_ISSUED,
    _S.ISSUED: Status.IN_FORCE,
    _S.REVOKED: Status.REVOKED,
    _S.SUPERSEDED: Status.SUPERSEDED,
    _S.VOIDED: Status.NOT_REGISTERED,
}
