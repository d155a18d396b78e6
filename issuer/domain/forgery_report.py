"""A report by anybody that a letter may be forged or misused; no letter need exist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

MAX_DETAIL = 1000
MAX_CONTACT = 120
MAX_OUTCOME = 500


class Finding(StrEnum):
    """What somebody found wrong."""

    CONTENT_DIFFERS = "content_differs"
    NOT_REGISTERED = "not_registered"
    ANOTHER_SITE = "another_site"
    ANOTHER_PERSON = "another_person"
    OTHER = "other"


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """What came of a report: by whom it was closed, when and why."""

    text: str
    actor_id: str
    at_utc: datetime


@dataclass(frozen=True, slots=True, repr=False)
class ForgeryReport:
    """What was reported; number, detail and contact may be empty.

    ``reference`` is a code as of ``domain.codes``, given to whoever reported.
    """

    reference: str
    received_at_utc: datetime
    finding: Finding
    number: str
    detail: str
    contact: str
    outcome: Outcome | None = None


class ReportRepository(Protocol):
    """Reports by reference."""

    def add(self, report: ForgeryReport) -> None:
        """Insert a report; its reference is new."""

    def get(self, reference: str) -> ForgeryReport:
        """Raises ``NotFound``."""

    def close(self, report: ForgeryReport) -> None:
        """Write the outcome. Raises ``StaleVersion`` when there is one already."""

    def list(self, *, open_only: bool) -> Iterator[ForgeryReport]:
        """Yield reports, the oldest first."""

    def forget(self, before_utc: datetime, most: int) -> int:
        """Remove at most so many that were closed before then; return how many."""
