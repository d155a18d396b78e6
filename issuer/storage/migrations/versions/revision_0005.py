"""Counters of attempts, so that nobody can try for ever.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table."""
    code = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
    op.create_table(
        "attempts",
        sa.Column("rule", code, nullable=False),
        sa.Column("key", code, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("until_utc", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_attempts_count")),
        sa.PrimaryKeyConstraint("rule", "key", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_until_utc", "attempts", ["until_utc"])
