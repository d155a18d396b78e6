"""What the register of letters and its counters are, as protocols."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from issuer.domain.letter import Letter
from issuer.domain.numbers import SeriesKey
from issuer.domain.status_list import EndedPlace


class LetterRepository(Protocol):
    """The register of letters."""

    def add(self, letter: Letter) -> None:
        """Insert a reserved letter. Raises ``NumberConflict``."""

    def save(self, letter: Letter) -> None:
        """Write a changed letter. Raises ``StaleVersion`` if its version is not next."""

    def get(self, letter_id: str) -> Letter:
        """Raises ``NotFound``."""

    def find(self, letter_id: str) -> Letter | None: ...
    def by_number(self, number: str) -> Letter | None: ...
    def code_of(self, number: str) -> str | None:
        """Return the verification code of the letter that bears the number, or None."""

    def by_pdf(self, sha256: str) -> Letter | None: ...
    def by_request(self, request_id: str) -> Letter | None:
        """Return the letter of a request that is not voided, or None."""

    def status_index_taken(self, year: int, index: int) -> bool: ...
    def ended(self, year: int) -> Iterator[EndedPlace]:
        """Yield the places of a year that are not valid; no record is read."""

    def unfinished(self) -> Sequence[Letter]:
        """Return every reserved and signing letter, the oldest first."""

    def unclaimed(
        self, agency_code: str, *, limit: int, after: str | None = None
    ) -> Sequence[Letter]:
        """Return letters in force that nobody has, the oldest first, after the one of that id."""

    def list(
        self,
        *,
        agency_code: str | None = None,
        year: int | None = None,
        since_utc: datetime | None = None,
    ) -> Iterator[Letter]:
        """Yield letters by agency, series, year and sequence, those reserved since then."""


class NumberRepository(Protocol):
    """The counters."""

    def next(self, series: SeriesKey) -> int:
        """Take the next value (from 1) within the running transaction."""

    def highest(self) -> Mapping[SeriesKey, int]:
        """Return every series with the last value it gave out."""
