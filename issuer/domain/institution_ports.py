"""What the use cases about institutions need from the world outside, as protocols."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from issuer.domain.institution import ApiKey, Institution
from issuer.domain.outbox import DeliveryState, OutboxRepository
from issuer.domain.webhook import Delivery, Outcome


class InstitutionRepository(Protocol):
    """Institutions, their keys, their use by the day, and what they checked."""

    def add(self, institution: Institution) -> None:
        """Insert an institution without a webhook."""

    def get(self, institution_id: str) -> Institution:
        """Return one institution. Raises ``NotFound``."""

    def list(self) -> Sequence[Institution]:
        """Return every institution, by name."""

    def set_active(self, institution_id: str, active: bool) -> None:
        """Let an institution in, or shut it out. Raises ``NotFound``."""

    def set_webhook(self, institution_id: str, url: str | None, secret: bytes | None) -> None:
        """Write where it wants to be told and the secret that signs; None removes both."""

    def webhook_secret(self, institution_id: str) -> bytes | None:
        """Return the secret that signs, or None. Raises ``NotFound``."""

    def add_key(self, key: ApiKey) -> None:
        """Insert a key."""

    def find_key(self, sha256: str) -> ApiKey | None:
        """Return the key with this SHA-256 (hex), revoked or not, or None."""

    def keys(self, institution_id: str) -> Sequence[ApiKey]:
        """Return every key of an institution, the oldest first."""

    def revoke_key(self, key_id: str, at_utc: datetime) -> ApiKey:
        """End a key; twice is once. Raises ``NotFound``."""

    def spend(self, institution_id: str, day: date, count: int, most: int) -> bool:
        """Count so many checks of a day; False, counting none, if that were above ``most``."""

    def used(self, institution_id: str, day: date) -> int:
        """Return how many checks of a day were counted."""

    def checked(self, institution_id: str, letter_ids: Sequence[str], at_utc: datetime) -> None:
        """Write that an institution found these letters genuine."""

    def watching(self, letter_id: str) -> Sequence[Institution]:
        """Return every institution that found this letter genuine."""

    def forget(self, before_utc: datetime, most: int) -> int:
        """Remove at most so many checks last made before then; return how many."""


class DeliveryRepository(OutboxRepository[Delivery], Protocol):
    """The outbox: what institutions are still to be told."""

    def list(
        self, *, institution_id: str | None = None, state: DeliveryState | None = None
    ) -> Sequence[Delivery]:
        """Return deliveries, the newest first."""


class Courier(Protocol):
    """Carries a message to an address outside, and never to one inside."""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Send a JSON body once and say how that ended; nothing is raised."""
