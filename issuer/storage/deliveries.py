"""What institutions are told, as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select

from issuer.domain.outbox import DeliveryState
from issuer.domain.webhook import Delivery, Outcome, WebhookEvent
from issuer.storage.outbox import SqlOutbox, Statements, common
from issuer.storage.schema_institutions import deliveries

_COLUMN = deliveries.c


class SqlDeliveries(SqlOutbox[Delivery]):
    """``DeliveryRepository`` over one transaction."""

    statements = Statements(deliveries)
    subject = "delivery"

    def list(
        self, *, institution_id: str | None = None, state: DeliveryState | None = None
    ) -> Sequence[Delivery]:
        """Return deliveries, the newest first."""
        query = select(deliveries).order_by(_COLUMN.created_at_utc.desc(), _COLUMN.id)
        if institution_id is not None:
            query = query.where(_COLUMN.institution_id == institution_id)
        if state is not None:
            query = query.where(_COLUMN.state == state.value)
        return [self._whole(row) for row in self._connection.execute(query)]

    def _own(self, outgoing: Delivery) -> Mapping[str, object]:
        return {
            "institution_id": outgoing.institution_id,
            "letter_id": outgoing.letter_id,
            "event": outgoing.event.value,
        }

    def _whole(self, row: Row[Any]) -> Delivery:
        return Delivery(
            **common(row),
            institution_id=row.institution_id,
            letter_id=row.letter_id,
            event=WebhookEvent(row.event),
            outcome=Outcome(row.outcome) if row.outcome else None,
        )
