"""The tables of residents' accounts.

What ends in ``_index`` is a keyed hash; who the owner is lies in ``content``, sealed.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, LargeBinary, Table

from issuer.storage.column_types import Code, UtcDateTime
from issuer.storage.schema import metadata

citizens = Table(
    "citizens",
    metadata,
    Column("account_id", Code, ForeignKey("accounts.id"), primary_key=True),
    Column("created_at_utc", UtcDateTime, nullable=False),
    Column("nik_index", Code, unique=True),
    Column("verified_at_utc", UtcDateTime),
    Column("content", LargeBinary, nullable=False),
    Column("email_index", Code, unique=True, index=True),
    Column("identity_index", Code, unique=True, index=True),
    Column("last_used_at_utc", UtcDateTime, index=True),
    CheckConstraint("(nik_index IS NULL) = (verified_at_utc IS NULL)", name="verified"),
)

counter_codes = Table(
    "counter_codes",
    metadata,
    Column("id", Code, primary_key=True),
    Column("code_index", Code, nullable=False, unique=True),
    Column("nik_index", Code, nullable=False, unique=True),
    Column("content", LargeBinary, nullable=False),
    Column("expires_at_utc", UtcDateTime, nullable=False, index=True),
)

begun_sign_ins = Table(
    "begun_sign_ins",
    metadata,
    Column("token_sha256", Code, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("expires_at_utc", UtcDateTime, nullable=False, index=True),
)

account_applications = Table(
    "account_applications",
    metadata,
    Column("account_id", Code, ForeignKey("accounts.id"), primary_key=True),
    Column("application_id", Code, ForeignKey("applications.id"), primary_key=True, index=True),
)
