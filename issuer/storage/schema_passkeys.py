"""The tables of passkeys and of the challenges that wait for an answer."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, LargeBinary, Table, Text

from issuer.domain.passkeys import Purpose
from issuer.storage.column_types import Code, UtcDateTime
from issuer.storage.schema import metadata

_PURPOSES = ", ".join(repr(purpose.value) for purpose in sorted(Purpose))

# Public keys: whoever reads them signs nothing with them.
passkeys = Table(
    "passkeys",
    metadata,
    Column("id", Code, primary_key=True),
    Column("account_id", Code, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("credential_id", Code, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    # 32 bits without a sign.
    Column("sign_count", BigInteger, nullable=False),
    Column("transports", Code, nullable=False),
    Column("added_at_utc", UtcDateTime, nullable=False),
    Column("last_used_at_utc", UtcDateTime),
    CheckConstraint("sign_count >= 0", name="sign_count"),
)

# ``bound_to`` is of a session that may end first, or of a browser that has none yet.
passkey_challenges = Table(
    "passkey_challenges",
    metadata,
    Column("challenge_sha256", Code, primary_key=True),
    Column("purpose", Code, nullable=False),
    Column("bound_to", Code, nullable=False),
    Column("expires_at_utc", UtcDateTime, nullable=False, index=True),
    CheckConstraint(f"purpose IN ({_PURPOSES})", name="purpose"),
)
