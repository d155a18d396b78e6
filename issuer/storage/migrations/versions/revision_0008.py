"""The places of a status list that are not valid, found without reading any letter.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_ENDED = sa.text("state IN ('revoked', 'superseded', 'voided')")


def upgrade() -> None:
    """Add the index, which holds all that a status list is made from."""
    op.create_index(
        "ix_letters_ended",
        "letters",
        ["year", "status_index", "state", "ending_at_utc"],
        sqlite_where=_ENDED,
        postgresql_where=_ENDED,
    )
