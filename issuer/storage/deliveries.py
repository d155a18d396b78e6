"""Deliveries as rows: an outbox that several workers may empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, or_, select, update

from issuer.domain.errors import NotFound, StaleVersion
from issuer.domain.letter import Lease
from issuer.domain.webhook import Delivery, DeliveryState, Outcome, WebhookEvent
from issuer.storage.schema_institutions import WAITING, deliveries
from issuer.storage.statements import Upsert

_COLUMN = deliveries.c
_ADD = Upsert(deliveries, lambda insert: insert.on_conflict_do_nothing(index_elements=[_COLUMN.id]))
_NOW = bindparam("now", type_=_COLUMN.next_at_utc.type)
_DUE = (
    WAITING,
    _COLUMN.next_at_utc <= _NOW,
    or_(_COLUMN.lease_until_utc.is_(None), _COLUMN.lease_until_utc <= _NOW),
)
_ANY_DUE = select(exists().where(*_DUE))
_TAKE = (
    select(deliveries).where(*_DUE).order_by(_COLUMN.next_at_utc, _COLUMN.id).limit(bindparam("n"))
)
_LEASE = (
    update(deliveries)
    .where(_COLUMN.id == bindparam("key"))
    .values(lease_worker=bindparam("worker"), lease_until_utc=bindparam("until"))
)
_SAVE = update(deliveries).where(
    _COLUMN.id == bindparam("key"), _COLUMN.tries == bindparam("tries_before")
)
_OLD = (
    select(_COLUMN.id)
    .where(
        _COLUMN.state != DeliveryState.WAITING.value, _COLUMN.created_at_utc < bindparam("before")
    )
    .limit(bindparam("most"))
)
_FORGET = delete(deliveries).where(_COLUMN.id.in_(_OLD))


class SqlDeliveries:
    """``DeliveryRepository`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, delivery: Delivery) -> None:
        """Insert a delivery; one that is there already stays as it is."""
        values = {
            "id": delivery.id,
            "institution_id": delivery.institution_id,
            "letter_id": delivery.letter_id,
            "event": delivery.event.value,
            "created_at_utc": delivery.created_at_utc,
            **_changing(delivery),
        }
        self._connection.execute(_ADD.on(self._connection), values)

    def any_due(self, now_utc: datetime) -> bool:
        """Say whether one is due that nobody works on."""
        return bool(self._connection.execute(_ANY_DUE, {"now": now_utc}).scalar())

    def take(
        self, worker: str, now_utc: datetime, until_utc: datetime, most: int
    ) -> list[Delivery]:
        """Lease the deliveries that are due, the longest due first, to this worker."""
        rows = self._connection.execute(_TAKE, {"now": now_utc, "n": most}).all()
        leased = [{"key": row.id, "worker": worker, "until": until_utc} for row in rows]
        if leased:
            self._connection.execute(_LEASE, leased)
        return [replace(_delivery(row), lease=Lease(worker, until_utc)) for row in rows]

    def save(self, before: Delivery, after: Delivery) -> None:
        """Write a changed delivery. Raises ``StaleVersion`` if another worker was faster."""
        stored = {"key": before.id, "tries_before": before.tries}
        if self._connection.execute(_SAVE, {**stored, **_changing(after)}).rowcount != 1:
            raise StaleVersion

    def forget(self, before_utc: datetime, most: int) -> int:
        """Remove at most so many, written before then, that do not wait; return how many."""
        return self._connection.execute(_FORGET, {"before": before_utc, "most": most}).rowcount

    def get(self, delivery_id: str) -> Delivery:
        """Return one delivery. Raises ``NotFound``."""
        query = select(deliveries).where(_COLUMN.id == delivery_id)
        row = self._connection.execute(query).first()
        if row is None:
            raise NotFound("delivery", delivery_id)
        return _delivery(row)

    def list(
        self, *, institution_id: str | None = None, state: DeliveryState | None = None
    ) -> Sequence[Delivery]:
        """Return deliveries, the newest first."""
        query = select(deliveries).order_by(_COLUMN.created_at_utc.desc(), _COLUMN.id)
        if institution_id is not None:
            query = query.where(_COLUMN.institution_id == institution_id)
        if state is not None:
            query = query.where(_COLUMN.state == state.value)
        return [_delivery(row) for row in self._connection.execute(query)]


def _changing(delivery: Delivery) -> dict[str, object]:
    lease = delivery.lease
    return {
        "next_at_utc": delivery.next_at_utc,
        "state": delivery.state.value,
        "tries": delivery.tries,
        "outcome": delivery.outcome.value if delivery.outcome else None,
        "lease_worker": lease.worker if lease else None,
        "lease_until_utc": lease.until_utc if lease else None,
    }


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        institution_id=row.institution_id,
        letter_id=row.letter_id,
        event=WebhookEvent(row.event),
        created_at_utc=row.created_at_utc,
        next_at_utc=row.next_at_utc,
        state=DeliveryState(row.state),
        tries=row.tries,
        outcome=Outcome(row.outcome) if row.outcome else None,
        lease=None if row.lease_worker is None else Lease(row.lease_worker, row.lease_until_utc),
    )
