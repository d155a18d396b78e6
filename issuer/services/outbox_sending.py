"""Sending what an outbox holds: any number of processes empty it at once.

The row is the truth. It is leased by whoever sends it, and tried again until it has
arrived or is given up. A worker that dies in between leaves a lease that runs out: what
it was sending may then come twice, under the same id, and never not at all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from issuer.domain.errors import StaleVersion
from issuer.domain.outbox import OutboxRepository, Outgoing
from issuer.domain.ports import Clock, Random, Register, UnitOfWork

LEASE = timedelta(minutes=5)
"""Several times as long as all tries of one round may take."""

_AT_A_TIME = 5

OutgoingT = TypeVar("OutgoingT", bound=Outgoing[Any])
OutcomeT = TypeVar("OutcomeT", bound=StrEnum)


class OutboxSending(ABC, Generic[OutgoingT, OutcomeT]):
    """Tries what is due; a kind says which outbox that is, and how one of it is sent.

    After one of ``AWAY`` a sweep ends early: the rest stays due, and would fare no better.
    """

    AWAY: ClassVar[Collection[StrEnum]] = frozenset()

    def __init__(self, *, register: Register, clock: Clock, random: Random) -> None:
        self._register = register
        self._clock = clock
        self._worker = random.token_bytes(8).hex()

    def sweep(self) -> int:
        """Try what is due once; return how many were tried."""
        tried = 0
        while taken := self._take():
            outcomes = [self._try(outgoing) for outgoing in taken]
            tried += len(taken)
            if any(outcome in self.AWAY for outcome in outcomes):
                break
        return tried

    @abstractmethod
    def _outbox(self, uow: UnitOfWork) -> OutboxRepository[OutgoingT]:
        """Return the outbox of this kind."""

    @abstractmethod
    def _send(self, outgoing: OutgoingT) -> OutcomeT:
        """Send once and say how that ended."""

    def _take(self) -> list[OutgoingT]:
        now = self._clock.now()
        # Most sweeps find nothing, and readers wait for nobody.
        with self._register.reading() as uow:
            if not self._outbox(uow).any_due(now):
                return []
        with self._register.writing() as uow:
            taken = self._outbox(uow).take(self._worker, now, now + LEASE, _AT_A_TIME)
            uow.commit()
        return list(taken)

    def _try(self, outgoing: OutgoingT) -> OutcomeT:
        outcome = self._send(outgoing)
        after = outgoing.tried(outcome, self._clock.now())
        try:
            with self._register.writing() as uow:
                self._outbox(uow).save(outgoing, after)
                uow.commit()
        except StaleVersion:
            pass  # the lease had run out and somebody else has tried it since
        return outcome
