"""What is still to be sent: a row that is tried until it has arrived or is given up.

It is written in the transaction that gives the reason, leased by whoever sends it, and
keeps its id, so that once is once. ``domain.webhook`` tells institutions, and
``domain.messages`` residents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Generic, Protocol, Self, TypeVar

from issuer.domain.letter import Lease

RETRY_AFTER = (
    *(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30)),
    *(timedelta(hours=hours) for hours in (1, 2, 4, 8, 24)),
)
"""How long to wait after each try that failed; after the tenth it is given up."""


class DeliveryState(StrEnum):
    """Where it stands. What is dead waits for somebody to send it again."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


OutcomeT = TypeVar("OutcomeT", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing(Generic[OutcomeT]):
    """One thing to be sent. ``id`` is the same at every try.

    ``next_at_utc`` is None once nothing more is tried. ``ENDS`` names the outcomes after
    which nothing is; after any other it is tried again.
    """

    ENDS: ClassVar[Mapping[StrEnum, DeliveryState]]

    id: str
    created_at_utc: datetime
    next_at_utc: datetime | None
    state: DeliveryState = DeliveryState.WAITING
    tries: int = 0
    outcome: OutcomeT | None = None
    lease: Lease | None = None

    def tried(self, outcome: OutcomeT, at_utc: datetime) -> Self:
        """Return it after a try; who tried it holds it no longer."""
        tries, next_at = self.tries + 1, None
        state = self.ENDS.get(outcome, DeliveryState.WAITING)
        if state is DeliveryState.WAITING:
            if tries > len(RETRY_AFTER):
                state = DeliveryState.DEAD
            else:
                next_at = at_utc + RETRY_AFTER[tries - 1]
        return replace(
            self, state=state, tries=tries, outcome=outcome, next_at_utc=next_at, lease=None
        )

    def again(self, at_utc: datetime) -> Self:
        """Return it as new, under its old id."""
        return replace(self, state=DeliveryState.WAITING, tries=0, next_at_utc=at_utc, lease=None)


OutgoingT = TypeVar("OutgoingT")


class OutboxRepository(Protocol[OutgoingT]):
    """The rows of one kind, for any number of workers."""

    def add(self, outgoing: OutgoingT) -> None:
        """Insert one; one that is there already stays as it is."""

    def any_due(self, now_utc: datetime) -> bool:
        """Say whether one is due that nobody works on."""

    def take(
        self, worker: str, now_utc: datetime, until_utc: datetime, most: int
    ) -> Sequence[OutgoingT]:
        """Lease those that are due, the longest due first, to this worker."""

    def save(self, before: OutgoingT, after: OutgoingT) -> None:
        """Write a changed one. Raises ``StaleVersion`` if another worker was faster."""

    def get(self, outgoing_id: str) -> OutgoingT:
        """Return one. Raises ``NotFound``."""

    def forget(self, before_utc: datetime, most: int) -> int:
        """Remove at most so many, written before then, that do not wait; return how many."""
