"""Second factors: authenticator applications, recovery codes, and sign-ins that owe one.

Sessions from before are not carried over. Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables, and that of sessions anew: whoever has one signs in again."""
    op.drop_table("sign_ins")
    op.create_table(
        "sign_ins",
        sa.Column("token_sha256", _CODE, nullable=False),
        sa.Column("account_id", _CODE, nullable=False),
        sa.Column("started_at_utc", _MOMENT, nullable=False),
        sa.Column("expires_at_utc", _MOMENT, nullable=False),
        sa.Column("id", _CODE, nullable=False),
        sa.Column("last_seen_at_utc", _MOMENT, nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id")
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("id", name=op.f("uq_sign_ins_id")),
    )
    op.create_index("ix_sign_ins_account_id", "sign_ins", ["account_id"])
    op.create_table(
        "code_generators",
        sa.Column("account_id", _CODE, nullable=False),
        sa.Column("secret", sa.LargeBinary()),
        sa.Column("confirmed_at_utc", _MOMENT),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("pending", sa.LargeBinary()),
        sa.Column("pending_since_utc", _MOMENT),
        sa.Column("pending_for", _CODE),
        sa.CheckConstraint(
            "(secret IS NULL) = (confirmed_at_utc IS NULL)",
            name=op.f("ck_code_generators_confirmed"),
        ),
        sa.CheckConstraint(
            "(pending IS NULL) = (pending_since_utc IS NULL)"
            " AND (pending IS NULL) = (pending_for IS NULL)",
            name=op.f("ck_code_generators_pending"),
        ),
        sa.CheckConstraint("last_step >= 0", name=op.f("ck_code_generators_last_step")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_code_generators_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_code_generators")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("account_id", _CODE, nullable=False),
        sa.Column("place", _CODE, nullable=False),
        sa.Column("hashed", sa.Text(), nullable=False),
        sa.Column("used_at_utc", _MOMENT),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_recovery_codes_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "place", name=op.f("pk_recovery_codes")),
    )
