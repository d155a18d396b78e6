"""The tables of institutions, of what they checked, and of what they are told."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
)

from issuer.domain.webhook import WebhookEvent
from issuer.storage.column_types import CanonicalJson, Code, UtcDateTime
from issuer.storage.outbox import WAITING, outbox_columns
from issuer.storage.schema import metadata

_EVENTS = ", ".join(repr(str(event)) for event in sorted(WebhookEvent))

# ``webhook_secret`` is sealed.
institutions = Table(
    "institutions",
    metadata,
    Column("id", Code, primary_key=True),
    Column("name", Text, nullable=False),
    Column("scopes", CanonicalJson, nullable=False),
    Column("daily_quota", Integer, nullable=False),
    Column("created_at_utc", UtcDateTime, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("webhook_url", Text),
    Column("webhook_secret", LargeBinary),
    CheckConstraint("daily_quota >= 1", name="daily_quota"),
    CheckConstraint("(webhook_url IS NULL) = (webhook_secret IS NULL)", name="webhook"),
)

institution_keys = Table(
    "institution_keys",
    metadata,
    Column("id", Code, primary_key=True),
    Column("institution_id", Code, ForeignKey("institutions.id"), nullable=False, index=True),
    Column("sha256", Code, nullable=False, unique=True),
    Column("created_at_utc", UtcDateTime, nullable=False),
    Column("revoked_at_utc", UtcDateTime),
)

institution_usage = Table(
    "institution_usage",
    metadata,
    Column("institution_id", Code, ForeignKey("institutions.id"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("checks", Integer, nullable=False),
    CheckConstraint("checks >= 0", name="checks"),
)

institution_checks = Table(
    "institution_checks",
    metadata,
    Column("letter_id", Code, ForeignKey("letters.id"), primary_key=True),
    Column("institution_id", Code, ForeignKey("institutions.id"), primary_key=True),
    Column("last_at_utc", UtcDateTime, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    *outbox_columns(),
    Column("institution_id", Code, ForeignKey("institutions.id"), nullable=False),
    Column("letter_id", Code, ForeignKey("letters.id"), nullable=False),
    Column("event", Code, nullable=False),
    CheckConstraint(f"event IN ({_EVENTS})", name="event"),
)

Index(
    "ix_deliveries_waiting",
    deliveries.c.next_at_utc,
    sqlite_where=WAITING,
    postgresql_where=WAITING,
)
Index(None, deliveries.c.institution_id, deliveries.c.created_at_utc)
