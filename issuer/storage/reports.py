"""Reports about forged letters as rows; what strangers wrote is sealed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from issuer.domain.errors import CorruptStore, NotFound, StaleVersion
from issuer.domain.forgery_report import Finding, ForgeryReport, Outcome
from issuer.domain.record import canonical_json
from issuer.storage.schema_reports import forgery_reports
from issuer.storage.sealing import RowCipher
from issuer.storage.statements import stream

_CONTENT, _OUTCOME = "forgery_reports.content", "forgery_reports.outcome"
_COLUMN = forgery_reports.c
_ADD = insert(forgery_reports)
_GET = select(forgery_reports).where(_COLUMN.reference == bindparam("key"))
_CLOSE = update(forgery_reports).where(
    _COLUMN.reference == bindparam("key"), _COLUMN.closed_at_utc.is_(None)
)
_OLD = (
    select(_COLUMN.reference)
    .where(_COLUMN.closed_at_utc < bindparam("before"))
    .limit(bindparam("most"))
)
_FORGET = delete(forgery_reports).where(_COLUMN.reference.in_(_OLD))


class SqlReports:
    """``ReportRepository`` over one transaction."""

    def __init__(self, connection: Connection, cipher: RowCipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def add(self, report: ForgeryReport) -> None:
        """Insert a report; its reference is new."""
        content = {"number": report.number, "detail": report.detail, "contact": report.contact}
        self._connection.execute(
            _ADD,
            {
                "reference": report.reference,
                "received_at_utc": report.received_at_utc,
                "finding": report.finding.value,
                "content": self._cipher.seal(_CONTENT, report.reference, canonical_json(content)),
            },
        )

    def get(self, reference: str) -> ForgeryReport:
        """Return one report. Raises ``NotFound`` or ``CorruptStore``."""
        row = self._connection.execute(_GET, {"key": reference}).first()
        if row is None:
            raise NotFound("report", reference)
        return self._report(row)

    def close(self, report: ForgeryReport) -> None:
        """Write the outcome. Raises ``StaleVersion`` when there is one already."""
        outcome = report.outcome
        if outcome is None:
            raise ValueError("a report is closed with an outcome")
        changed = self._connection.execute(
            _CLOSE,
            {
                "key": report.reference,
                "closed_at_utc": outcome.at_utc,
                "closed_by": outcome.actor_id,
                "outcome": self._cipher.seal(_OUTCOME, report.reference, outcome.text.encode()),
            },
        )
        if changed.rowcount != 1:
            raise StaleVersion

    def forget(self, before_utc: datetime, most: int) -> int:
        """Remove at most so many that were closed before then; return how many."""
        return self._connection.execute(_FORGET, {"before": before_utc, "most": most}).rowcount

    def list(self, *, open_only: bool) -> Iterator[ForgeryReport]:
        """Yield reports, the oldest first, a few hundred at a time."""
        query = select(forgery_reports).order_by(_COLUMN.received_at_utc, _COLUMN.reference)
        if open_only:
            query = query.where(_COLUMN.closed_at_utc.is_(None))
        for row in stream(self._connection, query):
            yield self._report(row)

    def _report(self, row: Row[Any]) -> ForgeryReport:
        try:
            content = json.loads(self._cipher.open(_CONTENT, row.reference, row.content))
            number, detail, contact = (content[key] for key in ("number", "detail", "contact"))
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptStore(f"{_CONTENT} of {row.reference}") from error
        outcome = None
        if row.outcome is not None:
            text = self._cipher.open(_OUTCOME, row.reference, row.outcome).decode()
            outcome = Outcome(text, row.closed_by, row.closed_at_utc)
        return ForgeryReport(
            reference=row.reference,
            received_at_utc=row.received_at_utc,
            finding=Finding(row.finding),
            number=number,
            detail=detail,
            contact=contact,
            outcome=outcome,
        )
