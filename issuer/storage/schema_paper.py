"""The table of numbers on paper; which person a number was used for is not in it."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from issuer.domain.paper_number import PaperState
from issuer.storage.column_types import Code, UtcDateTime
from issuer.storage.schema import metadata

paper_numbers = Table(
    "paper_numbers",
    metadata,
    Column("id", Code, primary_key=True),
    Column("block_id", Code, nullable=False, index=True),
    Column("agency_code", Code, ForeignKey("agencies.code"), nullable=False),
    Column("series", Code, nullable=False),
    Column("year", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("for_date", Date, nullable=False),
    Column("state", Code, nullable=False),
    Column("reserved_by", Code, nullable=False),
    Column("reserved_at_utc", UtcDateTime, nullable=False),
    Column("request_id", Code, ForeignKey("requests.id"), unique=True),
    Column("ending_reason", Code),
    Column("ending_actor_id", Code),
    Column("ending_at_utc", UtcDateTime),
    Column("version", Integer, nullable=False),
    UniqueConstraint("agency_code", "series", "year", "sequence"),
    CheckConstraint("sequence >= 1", name="sequence"),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint(
        f"state IN ({', '.join(repr(str(state)) for state in sorted(PaperState))})", name="state"
    ),
    CheckConstraint("state <> 'entered' OR request_id IS NOT NULL", name="entered"),
    CheckConstraint(
        "(state = 'voided') = (ending_reason IS NOT NULL)"
        " AND (ending_reason IS NULL) = (ending_actor_id IS NULL)"
        " AND (ending_reason IS NULL) = (ending_at_utc IS NULL)",
        name="ending",
    ),
)

Index(None, paper_numbers.c.agency_code, paper_numbers.c.state)
