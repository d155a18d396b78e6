"""Sessions that can be listed, ended one by one, and that end when nobody uses them.

Sessions from before are not carried over: whoever had one signs in again. Frozen, as
every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table of sessions anew."""
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
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id")
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("id", name=op.f("uq_sign_ins_id")),
    )
    op.create_index("ix_sign_ins_account_id", "sign_ins", ["account_id"])
