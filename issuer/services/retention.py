"""Retention: what is no longer needed is removed, a little at a time, and the sum recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from issuer.domain.audit import AuditEvent
from issuer.domain.ports import Clock, Register, UnitOfWork
from issuer.domain.retention import KEPT_FOR, Kept

EVERY = timedelta(days=1)
AT_A_TIME = 500
"""Rows in one transaction, so that no letter waits long for it."""

_ACTOR = "retention"

FORGET: Mapping[Kept, Callable[[UnitOfWork, datetime, int], int]] = {
    Kept.DELIVERIES: lambda uow, before, most: uow.deliveries.forget(before, most),
    Kept.INSTITUTION_CHECKS: lambda uow, before, most: uow.institutions.forget(before, most),
    Kept.CLOSED_REPORTS: lambda uow, before, most: uow.reports.forget(before, most),
    Kept.MESSAGES: lambda uow, before, most: uow.messages.forget(before, most),
    Kept.CONTACTS: lambda uow, before, most: uow.contacts.forget(before, most),
}
"""Removes at most so many that ended before a moment; returns how many."""


class Retention:
    """Removes what has been kept long enough; any number of processes may do so at once."""

    def __init__(self, *, register: Register, clock: Clock) -> None:
        self._register = register
        self._clock = clock
        self._next_utc: datetime | None = None

    def sweep(self) -> int:
        """Remove what is due and return how many rows; at most once a day in a process.

        What fails is tried again by the next sweep. Raises ``DependencyUnavailable``.
        """
        now = self._clock.now()
        if self._next_utc is not None and now < self._next_utc:
            return 0
        removed = sum(self._forget(kind, now) for kind in Kept)
        self._next_utc = now + EVERY
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
