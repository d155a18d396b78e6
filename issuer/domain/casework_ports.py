"""What casework needs from the register, as a protocol."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from issuer.domain.casework import CaseSummary, History, RequestStep
from issuer.domain.handling import Stricter
from issuer.domain.letter_request import RequestState


class CaseRepository(Protocol):
    """The steps of requests, requests as queues, and what agencies ask beyond a type."""

    def add_steps(self, steps: Sequence[RequestStep]) -> None:
        """Insert steps of a stored request. Raises ``StaleVersion`` for a version twice."""

    def steps(self, request_id: str) -> Sequence[RequestStep]:
        """Return a request's steps, the oldest first."""

    def erase_notes(self, request_id: str) -> None:
        """Empty the notes of a request's steps; the steps stay."""

    def queue(
        self,
        agency_code: str | None,
        states: Collection[RequestState],
        *,
        limit: int,
        after: str | None = None,
        created_before_utc: datetime | None = None,
    ) -> Sequence[CaseSummary]:
        """Return at most ``limit`` requests in these states, the oldest first.

        ``after`` is the id of the last one of the page before; None for ``agency_code``
        stands for every agency.
        """

    def idle(
        self, states: Collection[RequestState], *, since_before_utc: datetime, limit: int
    ) -> Sequence[CaseSummary]:
        """Return requests that came into one of these states before a moment."""

    def count(self, agency_code: str, states: Collection[RequestState]) -> int:
        """Return how many requests of an agency are in these states."""

    def histories(self) -> Iterator[History]:
        """Yield every request that has steps, a few hundred rows at a time."""

    def stricter(self, agency_code: str, letter_type: str) -> Stricter | None:
        """Return what an agency asks beyond the letter type, or None."""

    def set_stricter(self, agency_code: str, letter_type: str, stricter: Stricter | None) -> None:
        """Write what an agency asks beyond the letter type; None asks nothing more."""
