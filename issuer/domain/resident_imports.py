"""An import of residents by page: a table is checked, shown, and stored once that is confirmed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

WAITS = timedelta(hours=1)
"""For how long a table waits, sealed, for whoever sent it to confirm what was shown."""


@dataclass(frozen=True, slots=True)
class ResidentImport:
    """A table for the residents of one agency, by whoever sent it; nothing in here is about them.

    A ``complete`` one names everybody who lives there. ``counts`` says how many rows ended
    how, and is empty until it is done.
    """

    id: str
    agency_code: str
    actor_id: str
    complete: bool
    begun_at_utc: datetime
    done_at_utc: datetime | None
    counts: Mapping[str, int]


class ResidentImportRepository(Protocol):
    """Imports: those that wait, with their table sealed, and those that were done."""

    def add(self, one: ResidentImport, table: bytes | None = None) -> None:
        """Insert an import; one that waits takes the place of its actor's other one there."""

    def get(self, import_id: str) -> ResidentImport:
        """Return an import. Raises ``NotFound``."""

    def table(self, import_id: str) -> bytes:
        """Return the table of an import that waits. Raises ``NotFound`` or ``CorruptStore``."""

    def finish(self, import_id: str, at_utc: datetime, counts: Mapping[str, int]) -> None:
        """Say that an import is done, and forget its table. Raises ``StaleVersion``."""

    def drop(self, import_id: str) -> None:
        """Remove an import that waits; one that does not is left alone."""

    def done(self, agency_code: str, most: int) -> Sequence[ResidentImport]:
        """Return an agency's imports that were done, the newest first, at most so many."""

    def last(self, agency_codes: Collection[str]) -> Mapping[str, datetime]:
        """Return when these agencies were imported last; those that never were are left out."""

    def forget(self, before_utc: datetime) -> int:
        """Remove imports that began before this and still wait; return how many."""
