"""Outboxes as rows: what several workers may empty, each row leased by one of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Integer,
    Row,
    Table,
    bindparam,
    delete,
    exists,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.sql.schema import SchemaItem

from issuer.domain.errors import NotFound, StaleVersion
from issuer.domain.letter import Lease
from issuer.domain.outbox import DeliveryState, Outgoing
from issuer.storage.column_types import Code, UtcDateTime
from issuer.storage.statements import Upsert

# Literal, not a parameter: only so does a query find the partial index.
WAITING = text(f"state = '{DeliveryState.WAITING}'")
DONE = text(f"state <> '{DeliveryState.WAITING}'")


def outbox_columns() -> list[SchemaItem]:
    """Return the columns that every outbox has, and what holds between them."""
    states = ", ".join(repr(str(state)) for state in sorted(DeliveryState))
    return [
        Column("id", Code, primary_key=True),
        Column("created_at_utc", UtcDateTime, nullable=False),
        Column("next_at_utc", UtcDateTime),
        Column("state", Code, nullable=False),
        Column("tries", Integer, nullable=False),
        Column("outcome", Code),
        Column("lease_worker", Code),
        Column("lease_until_utc", UtcDateTime),
        CheckConstraint(f"state IN ({states})", name="state"),
        CheckConstraint("(state = 'waiting') = (next_at_utc IS NOT NULL)", name="next"),
        CheckConstraint("(lease_worker IS NULL) = (lease_until_utc IS NULL)", name="lease"),
        CheckConstraint("lease_worker IS NULL OR state = 'waiting'", name="leased"),
        CheckConstraint("tries >= 0", name="tries"),
    ]


class Statements:
    """What is said to one outbox's table."""

    def __init__(self, table: Table) -> None:
        column = table.c
        moment = column.next_at_utc.type
        due = (
            WAITING,
            column.next_at_utc <= bindparam("now", type_=moment),
            or_(
                column.lease_until_utc.is_(None),
                column.lease_until_utc <= bindparam("now", type_=moment),
            ),
        )
        one = column.id == bindparam("key")
        self.add = Upsert(
            table, lambda insert: insert.on_conflict_do_nothing(index_elements=[column.id])
        )
        self.any_due = select(exists().where(*due))
        self.take = (
            select(table).where(*due).order_by(column.next_at_utc, column.id).limit(bindparam("n"))
        )
        self.lease = (
            update(table)
            .where(one)
            .values(lease_worker=bindparam("worker"), lease_until_utc=bindparam("until"))
        )
        # By the moment too: one that was sent again counts its tries from the start.
        self.save = update(table).where(
            one,
            column.tries == bindparam("tries_before"),
            column.next_at_utc.is_not_distinct_from(bindparam("next_before", type_=moment)),
        )
        self.get = select(table).where(one)
        old = (
            select(column.id)
            .where(DONE, column.created_at_utc < bindparam("before", type_=moment))
            .limit(bindparam("most"))
        )
        self.forget = delete(table).where(column.id.in_(old))


OutgoingT = TypeVar("OutgoingT", bound=Outgoing[Any])


class SqlOutbox(ABC, Generic[OutgoingT]):
    """``OutboxRepository`` over one transaction; a kind says how its own columns are read.

    ``statements`` are the kind's, and ``subject`` is what one of it is called.
    """

    statements: Statements
    subject: str

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, outgoing: OutgoingT) -> None:
        """Insert one; one that is there already stays as it is."""
        values = {
            "id": outgoing.id,
            "created_at_utc": outgoing.created_at_utc,
            **_changing(outgoing),
            **self._own(outgoing),
        }
        self._connection.execute(self.statements.add.on(self._connection), values)

    def any_due(self, now_utc: datetime) -> bool:
        """Say whether one is due that nobody works on."""
        return bool(self._connection.execute(self.statements.any_due, {"now": now_utc}).scalar())

    def take(
        self, worker: str, now_utc: datetime, until_utc: datetime, most: int
    ) -> list[OutgoingT]:
        """Lease those that are due, the longest due first, to this worker."""
        found = self._connection.execute(self.statements.take, {"now": now_utc, "n": most}).all()
        leased = [{"key": row.id, "worker": worker, "until": until_utc} for row in found]
        if leased:
            self._connection.execute(self.statements.lease, leased)
        return [replace(self._whole(row), lease=Lease(worker, until_utc)) for row in found]

    def save(self, before: OutgoingT, after: OutgoingT) -> None:
        """Write a changed one. Raises ``StaleVersion`` if another worker was faster."""
        values = {
            "key": before.id,
            "tries_before": before.tries,
            "next_before": before.next_at_utc,
            **_changing(after),
            **self._own_changing(after),
        }
        if self._connection.execute(self.statements.save, values).rowcount != 1:
            raise StaleVersion

    def get(self, outgoing_id: str) -> OutgoingT:
        """Return one. Raises ``NotFound``."""
        row = self._connection.execute(self.statements.get, {"key": outgoing_id}).first()
        if row is None:
            raise NotFound(self.subject, outgoing_id)
        return self._whole(row)

    def forget(self, before_utc: datetime, most: int) -> int:
        """Remove at most so many, written before then, that do not wait; return how many."""
        values = {"before": before_utc, "most": most}
        return self._connection.execute(self.statements.forget, values).rowcount

    @abstractmethod
    def _own(self, outgoing: OutgoingT) -> Mapping[str, object]:
        """Return the columns that this kind alone has."""

    def _own_changing(self, _after: OutgoingT) -> Mapping[str, object]:
        """Return those of them that change."""
        return {}

    @abstractmethod
    def _whole(self, row: Row[Any]) -> OutgoingT:
        """Return the value of a row."""


def common(row: Row[Any]) -> dict[str, Any]:
    """Return what every kind has of a row, but for the outcome."""
    return {
        "id": row.id,
        "created_at_utc": row.created_at_utc,
        "next_at_utc": row.next_at_utc,
        "state": DeliveryState(row.state),
        "tries": row.tries,
        "lease": None if row.lease_worker is None else Lease(row.lease_worker, row.lease_until_utc),
    }


def _changing(outgoing: Outgoing[Any]) -> dict[str, object]:
    lease = outgoing.lease
    return {
        "next_at_utc": outgoing.next_at_utc,
        "state": outgoing.state.value,
        "tries": outgoing.tries,
        "outcome": outgoing.outcome.value if outgoing.outcome else None,
        "lease_worker": lease.worker if lease else None,
        "lease_until_utc": lease.until_utc if lease else None,
    }
