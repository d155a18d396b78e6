"""Accounting for blanks: what a counter must have, and what the events say happened."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from issuer.domain.blank import (
    BLANK_TRANSITIONS,
    ON_HAND,
    BlankAction,
    BlankEvent,
    BlankState,
    Serial,
)
from issuer.domain.errors import IllegalTransition

Moves = Mapping[tuple[BlankState | None, BlankState], int]


@dataclass(frozen=True, slots=True)
class StockReport:
    """A counter's sheets since a day: what must be there, and what the register has."""

    agency_code: str
    since: date
    opening: int
    received: int
    used: int
    spoiled: int
    returned: int
    lost: int
    on_hand: int

    @property
    def closing(self) -> int:
        """What follows from the movements; ``on_hand`` is what the rows say."""
        return self.opening + self.received - self.used - self.spoiled - self.returned - self.lost


def entered(moves: Moves) -> int:
    """Return how many sheets came to the counter."""
    return sum(n for (old, new), n in moves.items() if new in ON_HAND and old not in ON_HAND)


def left(moves: Moves, *, into: BlankState) -> int:
    """Return how many sheets left the counter's stock that way."""
    return sum(n for (old, new), n in moves.items() if old in ON_HAND and new is into)


def balance(moves: Moves) -> int:
    """Return what is left of the sheets that came."""
    return entered(moves) - sum(left(moves, into=state) for state in set(BlankState) - ON_HAND)


@dataclass(slots=True)
class Replay:
    """The stock as the events alone tell it, and the sheets that were passed over."""

    places: dict[Serial, tuple[BlankState, str | None]] = field(default_factory=dict)
    passed_over: set[Serial] = field(default_factory=set)
    _waiting: dict[str | None, list[Serial]] = field(default_factory=dict)

    def play(self, event: BlankEvent) -> None:
        """Apply one event. Raises ``IllegalTransition`` when it cannot have happened."""
        for serial in event.serials:
            before = self.places.get(serial, (None, None))[0]
            after = BLANK_TRANSITIONS.get((before, event.action))
            if before != event.before or after != event.after:
                raise IllegalTransition(str(before), event.action)
            self.places[serial] = (event.after, event.agency_code)
            self.passed_over.discard(serial)
            if event.action is BlankAction.HAND_OVER:
                heapq.heappush(self._waiting.setdefault(event.agency_code, []), serial)
        if event.action is BlankAction.PRINT:
            self._note_passed_over(event)

    def _note_passed_over(self, event: BlankEvent) -> None:
        waiting = self._waiting.get(event.agency_code, [])
        here = (BlankState.AT_COUNTER, event.agency_code)
        while waiting and self.places[waiting[0]] != here:
            heapq.heappop(waiting)
        if waiting and waiting[0] < event.serials.first:
            self.passed_over.update(
                serial
                for serial in waiting
                if serial < event.serials.first and self.places[serial] == here
            )
