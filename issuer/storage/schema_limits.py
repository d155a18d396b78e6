"""The table of attempt counters."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, Table

from issuer.storage.column_types import Code, UtcDateTime
from issuer.storage.schema import metadata

attempts = Table(
    "attempts",
    metadata,
    Column("rule", Code, primary_key=True),
    # A keyed hash: who or what it stands for cannot be read from it.
    Column("key", Code, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("until_utc", UtcDateTime, nullable=False, index=True),
    CheckConstraint("count >= 0", name="count"),
)
