"""The tables of accounts and of what they are signed in with."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    Table,
    Text,
)

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
    Column("whole", Boolean, nullable=False),
)

# ``secret`` and ``pending`` are sealed.
code_generators = Table(
    "code_generators",
    metadata,
    Column("account_id", Code, ForeignKey("accounts.id"), primary_key=True),
    Column("secret", LargeBinary),
    Column("confirmed_at_utc", UtcDateTime),
    Column("last_step", Integer, nullable=False),
    Column("pending", LargeBinary),
    Column("pending_since_utc", UtcDateTime),
    Column("pending_for", Code),
    CheckConstraint("(secret IS NULL) = (confirmed_at_utc IS NULL)", name="confirmed"),
    CheckConstraint(
        "(pending IS NULL) = (pending_since_utc IS NULL)"
        " AND (pending IS NULL) = (pending_for IS NULL)",
        name="pending",
    ),
    CheckConstraint("last_step >= 0", name="last_step"),
)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("account_id", Code, ForeignKey("accounts.id"), primary_key=True),
    Column("place", Code, primary_key=True),
    Column("hashed", Text, nullable=False),
    Column("used_at_utc", UtcDateTime),
)

activations = Table(
    "activations",
    metadata,
    Column("account_id", Code, ForeignKey("accounts.id"), primary_key=True),
    Column("code_sha256", Code, nullable=False),
    Column("expires_at_utc", UtcDateTime, nullable=False),
)

# What is not here is switched on: a new type or agency needs no row.
letter_types_off = Table(
    "letter_types_off",
    metadata,
    Column("agency_code", Code, ForeignKey("agencies.code"), primary_key=True),
    Column("letter_type", Code, primary_key=True),
)
