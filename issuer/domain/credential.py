"""What the QR says, before it is encoded and signed.

The claims are a subset of the visible page. There is no full NIK and no hash of
one: sixty-seven million candidates are tried in a minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from issuer.domain.office import Office
from issuer.domain.record import QR_DIGEST_BYTES, LetterRecord

MAX_NAME_IN_QR = 60
NAME_AND_NUMBER_IN_QR = 82
"""Bytes of UTF-8 that both may take together; every other claim has a widest form."""

CUT_MARK = "…"


@dataclass(frozen=True, slots=True, repr=False)
class CredentialClaims:
    """The claims of one letter.

    ``region_code`` and ``agency_number`` are region codes as digits; times are
    whole seconds, aware UTC; ``record_digest`` is the first 16 bytes of the
    SHA-256 of the canonical record.
    """

    region_code: str
    issued_at_utc: datetime
    expires_at_utc: datetime | None
    name: str
    type_code: int
    number: str
    agency_number: int
    signatory_number: int
    nik_last_four: str
    record_digest: bytes
    status_index: int

    def __repr__(self) -> str:
        return f"CredentialClaims(number={self.number!r})"


@dataclass(frozen=True, slots=True)
class ReadCredential:
    """A credential whose signature holds, and the key that made it."""

    claims: CredentialClaims
    key_id: str


def claims_of(
    record: LetterRecord,
    office: Office,
    *,
    type_code: int,
    agency_number: int,
    signatory_number: int,
    status_index: int,
    issued_at_utc: datetime,
) -> CredentialClaims:
    """Return the claims that belong to a record.

    A letter is in force until the end of its last day in the regency's zone.
    """
    room = min(MAX_NAME_IN_QR, NAME_AND_NUMBER_IN_QR - len(record.number.encode()))
    expires = None
    if record.expires_on is not None:
        last_second = datetime.combine(record.expires_on, time(23, 59, 59), office.zone)
        expires = last_second.astimezone(issued_at_utc.tzinfo)
    return CredentialClaims(
        region_code=office.region_digits,
        issued_at_utc=issued_at_utc.replace(microsecond=0),
        expires_at_utc=expires,
        name=cut_name(record.holder["name"], room),
        type_code=type_code,
        number=record.number,
        agency_number=agency_number,
        signatory_number=signatory_number,
        nik_last_four=record.holder["nik"][-4:],
        record_digest=record.digest()[:QR_DIGEST_BYTES],
        status_index=status_index,
    )


def cut_name(name: str, room: int) -> str:
    """Return the name as it fits the QR: at most ``room`` bytes of UTF-8, a cut is marked."""
    data = name.encode()
    if len(data) <= room:
        return name
    kept = data[: room - len(CUT_MARK.encode())]
    return kept.decode(errors="ignore").rstrip() + CUT_MARK
