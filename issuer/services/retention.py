"""Retention: what is no longer needed is removed, a little at a time, and the sum recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from issuer.domain.access import Actor, Role
from issuer.domain.audit import AuditEvent
from issuer.domain.ports import Clock, Register, UnitOfWork
from issuer.domain.retention import KEPT_FOR, Kept
from issuer.services.citizens import empty_account
from issuer.services.clock_witness import may_erase

EVERY = timedelta(days=1)
AGAIN_IN = timedelta(hours=1)
"""When the clock was not believed."""

AT_A_TIME = 500
"""Rows in one transaction, so that no letter waits long for it."""

_ACTOR = "retention"
_SWEEPER = Actor(_ACTOR, Role.OPERATOR, None)


def _end_unused(uow: UnitOfWork, before: datetime, most: int) -> int:
    now, unused = before + KEPT_FOR[Kept.UNUSED_ACCOUNTS], uow.citizens.unused(before, most)
    for account_id in unused:
        # No hash at all: nothing that can be typed fits it.
        empty_account(uow, uow.accounts.get(account_id), "", _SWEEPER, now)
    return len(unused)


FORGET: Mapping[Kept, Callable[[UnitOfWork, datetime, int], int]] = {
    Kept.DELIVERIES: lambda uow, before, most: uow.deliveries.forget(before, most),
    Kept.INSTITUTION_CHECKS: lambda uow, before, most: uow.institutions.forget(before, most),
    Kept.CLOSED_REPORTS: lambda uow, before, most: uow.reports.forget(before, most),
    Kept.MESSAGES: lambda uow, before, most: uow.messages.forget(before, most),
    Kept.CONTACTS: lambda uow, before, most: uow.contacts.forget(before, most),
    Kept.UNUSED_ACCOUNTS: _end_unused,
}
"""Removes at most so many that ended before a moment; returns how many."""


class Retention:
    """Removes what has been kept long enough; any number of processes may do so at once."""

    def __init__(self, *, register: Register, clock: Clock) -> None:
        self._register = register
        self._clock = clock
        self._rests: tuple[datetime, datetime] | None = None

    def sweep(self) -> int:
        """Remove what is due and return how many rows; at most once a day in a process.

        None while the audit trail does not bear the clock out. What fails is tried again by
        the next sweep. Raises ``DependencyUnavailable``.
        """
        now = self._clock.now()
        # From and until: a clock that is put right goes back to before both.
        if self._rests is not None and self._rests[0] <= now < self._rests[1]:
            return 0
        with self._register.reading() as uow:
            if not may_erase(uow, now):
                self._rests = now, now + AGAIN_IN
                return 0
        removed = sum(self._forget(kind, now) for kind in Kept)
        self._rests = now, now + EVERY
        return removed

    def _forget(self, kind: Kept, now: datetime) -> int:
        before, removed = now - KEPT_FOR[kind], 0
        while True:
            with self._register.writing() as uow:
                count = FORGET[kind](uow, before, AT_A_TIME)
                if count:
                    facts = {"count": count}
                    uow.audit.append(AuditEvent(now, _ACTOR, "retention.removed", kind, facts))
                    uow.commit()
            removed += count
            if count < AT_A_TIME:
                return removed
