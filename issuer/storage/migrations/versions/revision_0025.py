"""Imports of residents: one that waits for confirmation, and those done.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0025"
down_revision = "0024"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table; of what was imported before, nothing is known but the residents."""
    op.create_table(
        "resident_imports",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("agency_code", _CODE, nullable=False),
        sa.Column("actor_id", _CODE, nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("begun_at_utc", _MOMENT, nullable=False),
        sa.Column("done_at_utc", _MOMENT),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(content IS NULL) = (done_at_utc IS NOT NULL)", name=op.f("ck_resident_imports_done")
        ),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_resident_imports_agency_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident_imports")),
    )
    op.create_index(
        op.f("ix_resident_imports_agency_code_done_at_utc"),
        "resident_imports",
        ["agency_code", "done_at_utc"],
    )
