"""Numbers on paper: taken in advance for a day on which the network is down.

A letter that is written by hand then bears a number of the register. It has neither QR
nor code, so nobody can verify it; afterwards each number is entered, which issues the
letter anew under that number with the checks of that day, or voided with a reason. A
number that was taken is never given back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from issuer.domain.errors import IllegalTransition
from issuer.domain.letter import Ending
from issuer.domain.numbers import SeriesKey

MAX_BLOCK = 25
MAX_WAITING = 100
"""So many numbers at once, and so many of an agency that are neither entered nor voided."""

IN_ADVANCE = timedelta(days=31)

CLASSIFICATION = "{classification}"
"""What stands in a number until the type of its letter, and so its classification, is known."""


class PaperState(StrEnum):
    """Where a number on paper stands; ENTERED ones have a letter in the register."""

    RESERVED = "reserved"
    ENTERED = "entered"
    VOIDED = "voided"


class PaperAction(StrEnum):
    """What can be done to a number on paper."""

    RESERVE = "reserve"
    ENTER = "enter"
    VOID = "void"


PAPER_TRANSITIONS: dict[tuple[PaperState | None, PaperAction], PaperState] = {
    (None, PaperAction.RESERVE): PaperState.RESERVED,
    (PaperState.RESERVED, PaperAction.ENTER): PaperState.ENTERED,
    (PaperState.RESERVED, PaperAction.VOID): PaperState.VOIDED,
}


class PaperVoidReason(StrEnum):
    """Why a number on paper was given up; a closed list, so that no name gets into it."""

    UNUSED = "paper_unused"
    SPOILED = "paper_spoiled"
    TAKEN_BACK = "paper_taken_back"
    NOT_ISSUED_AGAIN = "paper_not_issued_again"


@dataclass(frozen=True, slots=True)
class PaperNumber:
    """One number on paper. ``version`` grows with every change.

    ``block_id`` is shared by the numbers of one list; ``text`` holds ``CLASSIFICATION``
    where the agency's pattern does. ``request_id`` is the request in which the paper is
    being entered, or was.
    """

    id: str
    block_id: str
    series: SeriesKey
    sequence: int
    text: str
    for_date: date
    state: PaperState
    reserved_by: str
    reserved_at_utc: datetime
    request_id: str | None = None
    ending: Ending | None = None
    version: int = 1

    @property
    def shown(self) -> str:
        """The number with a gap where its classification is to be written."""
        return self.text.replace(CLASSIFICATION, "……")

    def number(self, classification: str) -> str:
        """Return the number of a letter of that classification."""
        return self.text.replace(CLASSIFICATION, classification)

    def overdue(self, today: date) -> bool:
        """Say whether its day is over and nobody has said what became of it."""
        return self.state is PaperState.RESERVED and self.for_date < today

    def after(self, action: PaperAction) -> PaperNumber:
        """Return the number in the state that follows, its version one higher."""
        following = PAPER_TRANSITIONS.get((self.state, action))
        if following is None:
            raise IllegalTransition(self.state, action)
        return replace(self, state=following, version=self.version + 1)


class PaperNumberRepository(Protocol):
    """Numbers on paper; none is ever removed."""

    def add(self, numbers: Sequence[PaperNumber]) -> None:
        """Insert the numbers of a block."""

    def save(self, number: PaperNumber) -> None:
        """Write a change. Raises ``StaleVersion`` unless it follows the stored version."""

    def find(self, number_id: str) -> PaperNumber | None:
        """Return a number, or None."""

    def reserved_for(self, request_id: str) -> PaperNumber | None:
        """Return the RESERVED number that this request enters, or None."""

    def list(
        self,
        *,
        agency_code: str | None = None,
        year: int | None = None,
        block_id: str | None = None,
        state: PaperState | None = None,
    ) -> Sequence[PaperNumber]:
        """Return numbers by agency, series, year and sequence."""
