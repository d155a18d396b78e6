"""Messages that were sent or given up, found by their age.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

_DONE = sa.text("state <> 'waiting'")


def upgrade() -> None:
    """Find all that is done, and not only the dead, as nothing of either is kept for long."""
    op.drop_index("ix_messages_holding_dead", table_name="messages")
    op.create_index(
        "ix_messages_done",
        "messages",
        ["created_at_utc"],
        sqlite_where=_DONE,
        postgresql_where=_DONE,
    )
