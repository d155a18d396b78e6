"""The table of reports about forged or misused letters; what was written is sealed."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, LargeBinary, Table

from issuer.domain.forgery_report import Finding
from issuer.storage.column_types import Code, UtcDateTime
from issuer.storage.schema import metadata

forgery_reports = Table(
    "forgery_reports",
    metadata,
    Column("reference", Code, primary_key=True),
    Column("received_at_utc", UtcDateTime, nullable=False),
    Column("finding", Code, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("closed_at_utc", UtcDateTime),
    Column("closed_by", Code),
    Column("outcome", LargeBinary),
    CheckConstraint(
        f"finding IN ({', '.join(repr(str(finding)) for finding in sorted(Finding))})",
        name="finding",
    ),
    CheckConstraint(
        "(closed_at_utc IS NULL) = (closed_by IS NULL)"
        " AND (closed_at_utc IS NULL) = (outcome IS NULL)",
        name="closed",
    ),
)
