"""The tables of accounts and of what they are signed in with."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Table, Text

from issuer.domain.access import Role
from issuer.storage.column_types import Code, UtcDateTime
from issuer.storage.schema import metadata

_ROLES = ", ".join(repr(role.value) for role in sorted(Role))

accounts = Table(
    "accounts",
    metadata,
    Column("id", Code, primary_key=True),
    Column("username", Code, nullable=False, unique=True),
    Column("full_name", Text, nullable=False),
    Column("role", Code, nullable=False),
    Column("agency_code", Code, ForeignKey("agencies.code")),
    Column("password_hash", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    CheckConstraint(f"role IN ({_ROLES})", name="role"),
)

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token_sha256", Code, primary_key=True),
    Column("account_id", Code, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("started_at_utc", UtcDateTime, nullable=False),
    Column("expires_at_utc", UtcDateTime, nullable=False),
    # Names the session in lists and forms, where nothing of its token may stand.
    Column("id", Code, nullable=False, unique=True),
    Column("last_seen_at_utc", UtcDateTime, nullable=False),
    Column("device", Text, nullable=False),
)
