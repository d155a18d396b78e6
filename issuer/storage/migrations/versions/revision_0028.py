"""Residents who sign in by another office are found by what it calls them.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the column; nobody has come by another office yet."""
    op.add_column("citizens", sa.Column("identity_index", _CODE))
    op.create_index(op.f("ix_citizens_identity_index"), "citizens", ["identity_index"], unique=True)
