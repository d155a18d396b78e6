"""The steps of requests, queues, and what agencies ask beyond a letter type.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables and the index of queues."""
    op.create_table(
        "request_steps",
        sa.Column("request_id", _CODE, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at_utc", _MOMENT, nullable=False),
        sa.Column("actor_id", _CODE, nullable=False),
        sa.Column("action", _CODE, nullable=False),
        sa.Column("note", sa.LargeBinary()),
        sa.CheckConstraint("version >= 2", name=op.f("ck_request_steps_version")),
        sa.CheckConstraint(
            "action IN ('cancel', 'forward', 'hand_over', 'issue', 'lapse', 'reject',"
            " 'reopen', 'return', 'review', 'submit')",
            name=op.f("ck_request_steps_action"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_request_steps_request_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "version", name=op.f("pk_request_steps")),
    )
    op.create_table(
        "agency_handling",
        sa.Column("agency_code", _CODE, nullable=False),
        sa.Column("letter_type", _CODE, nullable=False),
        sa.Column("reviews", sa.Integer(), nullable=False),
        sa.Column("four_eyes", sa.Boolean(), nullable=False),
        sa.CheckConstraint("reviews BETWEEN 1 AND 4", name=op.f("ck_agency_handling_reviews")),
        sa.ForeignKeyConstraint(
            ["agency_code"],
            ["agencies.code"],
            name=op.f("fk_agency_handling_agency_code"),
        ),
        sa.PrimaryKeyConstraint("agency_code", "letter_type", name=op.f("pk_agency_handling")),
    )
    op.create_index(
        "ix_requests_queue", "requests", ["state", "agency_code", "created_at_utc", "id"]
    )
