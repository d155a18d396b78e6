"""Codes that accounts begin with, and letter types that an agency does not issue now.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "activations",
        sa.Column("account_id", _CODE, nullable=False),
        sa.Column("code_sha256", _CODE, nullable=False),
        sa.Column("expires_at_utc", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_activations_account_id")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_activations")),
    )
    op.create_table(
        "letter_types_off",
        sa.Column("agency_code", _CODE, nullable=False),
        sa.Column("letter_type", _CODE, nullable=False),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_letter_types_off_agency_code")
        ),
        sa.PrimaryKeyConstraint("agency_code", "letter_type", name=op.f("pk_letter_types_off")),
    )
