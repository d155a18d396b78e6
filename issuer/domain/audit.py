"""The audit trail: a chain in which each entry holds the hash of the one before.

Changing, removing or inserting an entry breaks every hash after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from issuer.domain.record import canonical_json

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """What happened. ``facts`` hold codes, numbers and hashes; never a name or a NIK."""

    at_utc: datetime
    actor_id: str
    action: str
    subject: str
    facts: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An event at its place in the chain; ``position`` counts from 1."""

    position: int
    event: AuditEvent
    previous_hash: str
    hash: str


def next_entry(last: AuditEntry | None, event: AuditEvent) -> AuditEntry:
    """Return the entry that continues the chain after ``last`` (None: the first)."""
    position = last.position + 1 if last else 1
    previous = last.hash if last else GENESIS
    return AuditEntry(position, event, previous, _hash(position, previous, event))


def first_broken(entries: Iterable[AuditEntry]) -> int | None:
    """Return the position at which the chain no longer holds, or None when it does."""
    expected: AuditEntry | None = None
    for entry in entries:
        expected = next_entry(expected, entry.event)
        if entry != expected:
            return expected.position
    return None


def _hash(position: int, previous: str, event: AuditEvent) -> str:
    body = canonical_json(
        {
            "position": position,
            "previous": previous,
            "at": event.at_utc.isoformat(),
            "actor": event.actor_id,
            "action": event.action,
            "subject": event.subject,
            "facts": dict(event.facts),
        }
    )
    return hashlib.sha256(body).hexdigest()
