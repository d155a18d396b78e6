"""For how long what is no longer needed is kept: every kind, in one table.

Letters, requests, numbers and the audit trail are records of the office and are in no
such table: nothing of them is ever removed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
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


KEPT_FOR: Mapping[Kept, timedelta] = {
    Kept.DELIVERIES: timedelta(days=365),
    Kept.INSTITUTION_CHECKS: timedelta(days=3 * 365),
    Kept.CLOSED_REPORTS: timedelta(days=2 * 365),
    Kept.MESSAGES: timedelta(days=90),
    Kept.CONTACTS: timedelta(days=365),
}
"""Counted from the day it was written, last checked, closed, written, and asked for."""
