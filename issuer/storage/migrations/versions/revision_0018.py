"""Accounts of residents, and requests that are found by their holder.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables; the index of older requests is filled while the office runs."""
    op.add_column("requests", sa.Column("holder_index", _CODE))
    op.create_index(op.f("ix_requests_holder_index"), "requests", ["holder_index"])
    op.create_table(
        "citizens",
        sa.Column("account_id", _CODE, nullable=False),
        sa.Column("created_at_utc", _MOMENT, nullable=False),
        sa.Column("nik_index", _CODE),
        sa.Column("verified_at_utc", _MOMENT),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "(nik_index IS NULL) = (verified_at_utc IS NULL)", name=op.f("ck_citizens_verified")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_citizens_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_citizens")),
        sa.UniqueConstraint("nik_index", name=op.f("uq_citizens_nik_index")),
    )
    op.create_table(
        "counter_codes",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("code_index", _CODE, nullable=False),
        sa.Column("nik_index", _CODE, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at_utc", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter_codes")),
        sa.UniqueConstraint("code_index", name=op.f("uq_counter_codes_code_index")),
        sa.UniqueConstraint("nik_index", name=op.f("uq_counter_codes_nik_index")),
    )
    op.create_index(op.f("ix_counter_codes_expires_at_utc"), "counter_codes", ["expires_at_utc"])
    op.create_table(
        "account_applications",
        sa.Column("account_id", _CODE, nullable=False),
        sa.Column("application_id", _CODE, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_account_applications_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["applications.id"],
            name=op.f("fk_account_applications_application_id"),
        ),
        sa.PrimaryKeyConstraint(
            "account_id", "application_id", name=op.f("pk_account_applications")
        ),
    )
    op.create_index(
        op.f("ix_account_applications_application_id"), "account_applications", ["application_id"]
    )
