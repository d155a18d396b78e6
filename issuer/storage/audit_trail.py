"""The audit trail as rows of a chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from issuer.domain.audit import AuditEntry, AuditEvent, next_entry
from issuer.storage.schema import audit_trail
from issuer.storage.statements import changed, rows, stream

_LAST = select(audit_trail).order_by(audit_trail.c.position.desc()).limit(1)
_ADD = insert(audit_trail)


class SqlAudit:
    """``AuditRepository`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, event: AuditEvent) -> AuditEntry:
        """Continue the chain; the write lock of the transaction keeps it from forking."""
        last = rows(self._connection, _LAST, {})
        # The hash is over the text of the moment, so it is taken as it will be read.
        in_utc = replace(event, at_utc=event.at_utc.astimezone(UTC))
        entry = next_entry(_entry(last[0]) if last else None, in_utc)
        changed(
            self._connection,
            _ADD,
            {
                "position": entry.position,
                "at_utc": in_utc.at_utc,
                "actor_id": in_utc.actor_id,
                "action": in_utc.action,
                "subject": in_utc.subject,
                "facts": dict(in_utc.facts),
                "previous_hash": entry.previous_hash,
                "hash": entry.hash,
            },
        )
        return entry

    def entries(self, subject: str | None = None) -> Iterator[AuditEntry]:
        """Yield the entries in the order of the chain, a few hundred at a time."""
        query = select(audit_trail).order_by(audit_trail.c.position)
        if subject is not None:
            query = query.where(audit_trail.c.subject == subject)
        for row in stream(self._connection, query):
            yield _entry(row)

    def before(
        self, position: int | None, limit: int, *, subject: str | None = None
    ) -> Sequence[AuditEntry]:
        """Return the last entries before a position (None: the end), the newest first."""
        query = select(audit_trail).order_by(audit_trail.c.position.desc()).limit(limit)
        if position is not None:
            query = query.where(audit_trail.c.position < position)
        if subject is not None:
            query = query.where(audit_trail.c.subject == subject)
        return [_entry(row) for row in self._connection.execute(query)]


def _entry(row: Row[Any]) -> AuditEntry:
    return AuditEntry(
        position=row.position,
        event=AuditEvent(
            at_utc=row.at_utc,
            actor_id=row.actor_id,
            action=row.action,
            subject=row.subject,
            facts=row.facts,
        ),
        previous_hash=row.previous_hash,
        hash=row.hash,
    )
