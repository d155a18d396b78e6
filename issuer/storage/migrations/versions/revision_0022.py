"""The wording that an officer agreed to. Frozen, as every revision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the column; what waits in a batch without it is to be looked at anew."""
    op.add_column("signing_batch_items", sa.Column("type_digest", _CODE))
