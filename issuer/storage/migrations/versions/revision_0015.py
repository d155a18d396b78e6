"""Applications from home, their documents, and the survey.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "applications",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("code_index", _CODE, nullable=False),
        sa.Column("token_index", _CODE, nullable=False),
        sa.Column("held_until_utc", _MOMENT, nullable=False),
        sa.Column("letter_type", _CODE, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at_utc", _MOMENT, nullable=False),
        sa.Column("saved_at_utc", _MOMENT, nullable=False),
        sa.Column("request_id", _CODE),
        sa.Column("surveyed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applications")),
        sa.UniqueConstraint("code_index", name=op.f("uq_applications_code_index")),
        sa.UniqueConstraint("token_index", name=op.f("uq_applications_token_index")),
        sa.UniqueConstraint("request_id", name=op.f("uq_applications_request_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_applications_request_id")
        ),
    )
    op.create_index(op.f("ix_applications_saved_at_utc"), "applications", ["saved_at_utc"])
    op.create_table(
        "documents",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("application_id", _CODE, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", _CODE, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("file", _CODE, nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("added_at_utc", _MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('jpeg', 'pdf')", name=op.f("ck_documents_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_documents_application_id")
        ),
    )
    op.create_index(op.f("ix_documents_application_id"), "documents", ["application_id"])
    scores = range(1, 10)
    op.create_table(
        "surveys",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("agency_code", _CODE, nullable=False),
        sa.Column("letter_type", _CODE, nullable=False),
        sa.Column("month", _CODE, nullable=False),
        *(sa.Column(f"score_{number}", sa.Integer(), nullable=False) for number in scores),
        *(
            sa.CheckConstraint(
                f"score_{number} BETWEEN 1 AND 4", name=op.f(f"ck_surveys_score_{number}")
            )
            for number in scores
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_surveys_agency_code")
        ),
    )
    op.create_index(op.f("ix_surveys_agency_code_month"), "surveys", ["agency_code", "month"])
