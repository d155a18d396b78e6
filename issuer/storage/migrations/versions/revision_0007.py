"""Reports about forged or misused letters.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "forgery_reports",
        sa.Column("reference", _CODE, nullable=False),
        sa.Column("received_at_utc", _MOMENT, nullable=False),
        sa.Column("finding", _CODE, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("closed_at_utc", _MOMENT),
        sa.Column("closed_by", _CODE),
        sa.Column("outcome", sa.LargeBinary()),
        sa.CheckConstraint(
            "finding IN ('another_person', 'another_site', 'content_differs',"
            " 'not_registered', 'other')",
            name=op.f("ck_forgery_reports_finding"),
        ),
        sa.CheckConstraint(
            "(closed_at_utc IS NULL) = (closed_by IS NULL)"
            " AND (closed_at_utc IS NULL) = (outcome IS NULL)",
            name=op.f("ck_forgery_reports_closed"),
        ),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_forgery_reports")),
    )
