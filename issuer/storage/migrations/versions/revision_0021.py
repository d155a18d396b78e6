"""Passkeys, and the challenges that wait for an answer. Frozen, as every revision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "passkeys",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("account_id", _CODE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential_id", _CODE, nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("transports", _CODE, nullable=False),
        sa.Column("added_at_utc", _MOMENT, nullable=False),
        sa.Column("last_used_at_utc", _MOMENT),
        sa.CheckConstraint("sign_count >= 0", name=op.f("ck_passkeys_sign_count")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_passkeys_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkeys_credential_id")),
    )
    op.create_index("ix_passkeys_account_id", "passkeys", ["account_id"])
    op.create_table(
        "passkey_challenges",
        sa.Column("challenge_sha256", _CODE, nullable=False),
        sa.Column("purpose", _CODE, nullable=False),
        sa.Column("bound_to", _CODE, nullable=False),
        sa.Column("expires_at_utc", _MOMENT, nullable=False),
        sa.CheckConstraint(
            "purpose IN ('register', 'sign_in', 'sign_letters')",
            name=op.f("ck_passkey_challenges_purpose"),
        ),
        sa.PrimaryKeyConstraint("challenge_sha256", name=op.f("pk_passkey_challenges")),
    )
    op.create_index(
        "ix_passkey_challenges_expires_at_utc", "passkey_challenges", ["expires_at_utc"]
    )
