"""Numbers on paper, for a day on which the network is down.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "paper_numbers",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("block_id", _CODE, nullable=False),
        sa.Column("agency_code", _CODE, nullable=False),
        sa.Column("series", _CODE, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("for_date", sa.Date(), nullable=False),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("reserved_by", _CODE, nullable=False),
        sa.Column("reserved_at_utc", _MOMENT, nullable=False),
        sa.Column("request_id", _CODE, nullable=True),
        sa.Column("ending_reason", _CODE, nullable=True),
        sa.Column("ending_actor_id", _CODE, nullable=True),
        sa.Column("ending_at_utc", _MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_paper_numbers_agency_code")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_paper_numbers_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_numbers")),
        sa.UniqueConstraint(
            "agency_code",
            "series",
            "year",
            "sequence",
            name=op.f("uq_paper_numbers_agency_code_series_year_sequence"),
        ),
        sa.UniqueConstraint("request_id", name=op.f("uq_paper_numbers_request_id")),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_paper_numbers_sequence")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_paper_numbers_version")),
        sa.CheckConstraint(
            "state IN ('entered', 'reserved', 'voided')", name=op.f("ck_paper_numbers_state")
        ),
        sa.CheckConstraint(
            "state <> 'entered' OR request_id IS NOT NULL", name=op.f("ck_paper_numbers_entered")
        ),
        sa.CheckConstraint(
            "(state = 'voided') = (ending_reason IS NOT NULL)"
            " AND (ending_reason IS NULL) = (ending_actor_id IS NULL)"
            " AND (ending_reason IS NULL) = (ending_at_utc IS NULL)",
            name=op.f("ck_paper_numbers_ending"),
        ),
    )
    op.create_index(op.f("ix_paper_numbers_block_id"), "paper_numbers", ["block_id"])
    op.create_index(
        op.f("ix_paper_numbers_agency_code_state"), "paper_numbers", ["agency_code", "state"]
    )
