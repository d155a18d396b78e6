"""What officers' rooms need from the world outside, as protocols."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from issuer.domain.officers import Officer
from issuer.domain.signing_batches import BatchItem, SigningBatch


class OfficerRepository(Protocol):
    """Which signatory an account is."""

    def find(self, account_id: str) -> Officer | None: ...
    def put(self, officer: Officer) -> None:
        """Write an officer, in the place of the one that the account was."""

    def list(self) -> Sequence[Officer]:
        """Return every officer, by account."""


class BatchRepository(Protocol):
    """Signing batches with their items."""

    def add(self, batch: SigningBatch, items: Sequence[BatchItem]) -> None:
        """Insert a batch. Raises ``StaleVersion`` when it is there already."""

    def find(self, batch_id: str) -> SigningBatch | None: ...
    def items(self, batch_id: str) -> Sequence[BatchItem]:
        """Return the items by position."""

    def save(self, batch: SigningBatch, item: BatchItem | None = None) -> None:
        """Write a changed batch, and one changed item of it.

        Raises ``StaleVersion`` if the batch's version is not next.
        """

    def recent(self, account_id: str, limit: int) -> Sequence[SigningBatch]:
        """Return an officer's batches, the newest first."""


class Background(Protocol):
    """Does work after the answer to a request has gone out."""

    def start(self, work: Callable[[], None]) -> None:
        """Begin the work. Raises ``DependencyUnavailable`` when there is too much already."""

    def finish(self) -> None:
        """Wait until all work that was begun is done."""
