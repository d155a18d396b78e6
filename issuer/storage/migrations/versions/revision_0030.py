"""When somebody last signed in to a resident's account. Frozen, as every revision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Add the column; of accounts that there are, their beginning is all that is known."""
    op.add_column("citizens", sa.Column("last_used_at_utc", sa.DateTime(timezone=True)))
    op.execute("UPDATE citizens SET last_used_at_utc = created_at_utc")
    op.create_index(op.f("ix_citizens_last_used_at_utc"), "citizens", ["last_used_at_utc"])
