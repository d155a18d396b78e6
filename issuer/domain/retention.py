"""For how long what is no longer needed is kept: every kind, in one table.

Letters, requests, numbers and the audit trail are records of the office and are in no
such table: nothing of them is ever removed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum


class Kept(StrEnum):
    """What is removed when its time has passed. The value is its name in the audit trail."""

    DELIVERIES = "deliveries"
    """Messages to institutions that arrived or were given up; one that waits stays."""

    INSTITUTION_CHECKS = "institution_checks"
    """Which institution found which letter genuine: afterwards it is told no more of it."""

    CLOSED_REPORTS = "closed_reports"
    """What strangers wrote about forged letters, once it is closed; one that is open stays."""

    MESSAGES = "messages"
    """What residents were told, arrived or given up; one that waits stays."""

    CONTACTS = "contacts"
    """Where a resident wanted to be told: afterwards the end of the letter is told no more."""

    UNUSED_ACCOUNTS = "unused_accounts"
    """Accounts of residents to which nobody signed in; their requests and letters stay."""


KEPT_FOR: Mapping[Kept, timedelta] = {
    Kept.DELIVERIES: timedelta(days=365),
    Kept.INSTITUTION_CHECKS: timedelta(days=3 * 365),
    Kept.CLOSED_REPORTS: timedelta(days=2 * 365),
    Kept.MESSAGES: timedelta(days=90),
    Kept.CONTACTS: timedelta(days=365),
    Kept.UNUSED_ACCOUNTS: timedelta(days=2 * 365),
}
"""Counted from the day it was written, last checked, closed, written, asked for, signed in to."""

WITNESSED_WITHIN = timedelta(days=14)
"""Less than the shortest time anything is kept, and more than an office is closed for Lebaran."""

DAYS_OF_WITNESS = 3
"""One day would not do: what is first done under a wrong clock is recorded with its time."""


def clock_is_witnessed(moments: Iterable[datetime], now: datetime) -> bool:
    """Return whether the audit trail bears the clock out, so that by it something may be erased.

    ``moments`` are those of the trail, the newest entry first. It does when something was
    recorded on three different days (UTC) of the last fourteen, or when nothing in it is
    older than fourteen days: then nothing is old enough to go. Moments after ``now`` were
    recorded by a clock that has been put right, and bear witness to nothing.

    A clock that jumps by less than the fortnight is not noticed, nor is one under which the
    office worked three days; an office that was closed for longer erases nothing until it
    has worked on three days again. Nothing but the clock tells these apart.
    """
    days = set()
    for at in moments:
        if at > now:
            continue
        if at < now - WITNESSED_WITHIN:
            return False
        days.add(at.date())
        if len(days) == DAYS_OF_WITNESS:
            return True
    return True
