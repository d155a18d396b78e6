"""What the use cases about messages need from the world outside, as protocols."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from issuer.domain.messages import (
    Contact,
    Message,
    MessageText,
    Sent,
    TextKey,
)
from issuer.domain.outbox import DeliveryState, OutboxRepository


class ContactRepository(Protocol):
    """Where who asked for a letter wants to be told, by request."""

    def save(self, request_id: str, contact: Contact) -> None:
        """Write the contact of a request, in place of an earlier one; an empty one removes it."""

    def find(self, request_id: str) -> Contact | None:
        """Return the contact, or None. Raises ``CorruptStore``."""

    def remove(self, request_ids: Collection[str]) -> int:
        """Remove the contacts of these requests; return how many."""

    def forget(self, before_utc: datetime, most: int) -> int:
        """Remove at most so many whose request was made before then; return how many."""


class MessageRepository(OutboxRepository[Message], Protocol):
    """The outbox: what residents are to be told.

    The content of one that cannot be opened is None. ``save`` erases that of one that was
    handed over; any other stays as it was added.
    """

    def list(
        self,
        *,
        agency_code: str | None = None,
        request_id: str | None = None,
        state: DeliveryState | None = None,
        most: int,
    ) -> Sequence[Message]:
        """Return messages, the newest first, without their content."""

    def remove(self, request_ids: Collection[str]) -> int:
        """Remove what these requests' people were told, or wait for; return how many."""


class MessageTextRepository(Protocol):
    """The texts that an agency has instead of the office's own."""

    def find(self, agency_code: str, key: TextKey) -> MessageText | None:
        """Return the agency's own text, or None."""

    def of(self, agency_code: str) -> Mapping[TextKey, MessageText]:
        """Return every text of its own that the agency has."""

    def save(self, agency_code: str, key: TextKey, text: MessageText | None) -> None:
        """Write an agency's own text; None goes back to the office's."""


class MessageSender(Protocol):
    """A way out of the office."""

    def send(self, message: Message) -> Sent:
        """Send once and say how that ended; nothing is raised. ``content`` is not None."""
