"""The status list of one year: two bits for every place, packed (Token Status List, §4).

A letter has a random place in the list of the year of its number. The list names no
letter and no person; whoever holds the QR's token knows the place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from issuer.domain.letter import LetterState
from issuer.domain.verdict import Status

SIZE: Final = 2**20
"""Places in the list of a year; a fixed size does not show how many letters there are."""

BITS: Final = 2
LIFETIME: Final = timedelta(days=7)
"""After that a list says nothing any more; the verdict is INDETERMINATE."""

FRESH: Final = timedelta(hours=1)
"""How long whoever has a list need not ask for a newer one."""

CLOCK_SKEW: Final = timedelta(minutes=5)
_PER_BYTE: Final = 8 // BITS
_MASK: Final = 2**BITS - 1


class StatusValue(IntEnum):
    """What a place says (§7.1); 2 would be "suspended", which no letter is."""

    VALID = 0
    INVALID = 1
    SUPERSEDED = 3


# A letter on its way has no file outside the office, so that nobody is misled by 0;
# were it 1, a list made in that second would call a good letter revoked for an hour.
STATUS_VALUES: dict[LetterState, StatusValue] = {
    LetterState.RESERVED: StatusValue.VALID,
    LetterState.SIGNING: StatusValue.VALID,
    LetterState.ISSUED: StatusValue.VALID,
    LetterState.REVOKED: StatusValue.INVALID,
    LetterState.SUPERSEDED: StatusValue.SUPERSEDED,
    LetterState.VOIDED: StatusValue.INVALID,
}
NOT_VALID: Final = frozenset(state for state, value in STATUS_VALUES.items() if value)

_STATUS: dict[StatusValue, Status] = {
    StatusValue.VALID: Status.IN_FORCE,
    StatusValue.INVALID: Status.REVOKED,
    StatusValue.SUPERSEDED: Status.SUPERSEDED,
}


@dataclass(frozen=True, slots=True)
class EndedPlace:
    """A place that is not valid, in which state its letter is, and since when."""

    index: int
    state: LetterState
    ended_at_utc: datetime


@dataclass(frozen=True, slots=True, repr=False)
class StatusList:
    """The list of a year as it was at ``issued_at_utc``.

    ``packed`` has two bits for each place, the lowest bits of a byte first.
    """

    year: int
    issued_at_utc: datetime
    expires_at_utc: datetime
    packed: bytes

    def value_at(self, index: int) -> StatusValue:
        """Return what stands at a place. Raises ``ValueError`` outside the list."""
        if not 0 <= index < len(self.packed) * _PER_BYTE:
            raise ValueError("no such place in the list")
        byte, place = divmod(index, _PER_BYTE)
        return StatusValue(self.packed[byte] >> place * BITS & _MASK)

    def is_fresh(self, now_utc: datetime) -> bool:
        """Say whether the list may still be believed."""
        return self.issued_at_utc - CLOCK_SKEW <= now_utc < self.expires_at_utc

    def status_at(self, index: int, now_utc: datetime) -> Status:
        """Return the status of the letter at a place: NOT_KNOWN from a stale list.

        An expiry date stands in the letter, not in the list.
        """
        if not self.is_fresh(now_utc):
            return Status.NOT_KNOWN
        return _STATUS[self.value_at(index)]


def build(year: int, ended: Iterable[EndedPlace], at_utc: datetime) -> StatusList:
    """Return the list of a year, in which only these places are not valid.

    Raises ``ValueError`` for a place that the list does not have.
    """
    issued = at_utc.replace(microsecond=0)
    packed = pack((place.index, STATUS_VALUES[place.state]) for place in ended)
    return StatusList(year, issued, issued + LIFETIME, packed)


def pack(values: Iterable[tuple[int, StatusValue]]) -> bytes:
    """Return the bits of a whole list; places that are not named are VALID."""
    packed = bytearray(SIZE // _PER_BYTE)
    for index, value in values:
        if not 0 <= index < SIZE:
            raise ValueError("no such place in the list")
        byte, place = divmod(index, _PER_BYTE)
        packed[byte] |= value << place * BITS
    return bytes(packed)


def not_valid(packed: bytes) -> Iterator[tuple[int, StatusValue]]:
    """Yield the places that are not VALID, in order. Raises ``ValueError`` for an unknown value."""
    for byte, bits in enumerate(packed):
        if bits:
            for place in range(_PER_BYTE):
                if value := bits >> place * BITS & _MASK:
                    yield byte * _PER_BYTE + place, StatusValue(value)
