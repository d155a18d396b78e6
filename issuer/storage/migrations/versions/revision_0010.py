"""The register of residents, sealed, found by keyed hashes.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "residents",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("agency_code", _CODE, nullable=False),
        sa.Column("nik_index", _CODE, nullable=False),
        sa.Column("holder", sa.LargeBinary(), nullable=False),
        sa.Column("updated_at_utc", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_residents")),
        sa.UniqueConstraint("nik_index", name=op.f("uq_residents_nik_index")),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_residents_agency_code")
        ),
    )
    op.create_index(op.f("ix_residents_agency_code"), "residents", ["agency_code"])
    op.create_table(
        "resident_names",
        sa.Column("resident_id", _CODE, nullable=False),
        sa.Column("key_index", _CODE, nullable=False),
        sa.PrimaryKeyConstraint("resident_id", "key_index", name=op.f("pk_resident_names")),
        sa.ForeignKeyConstraint(
            ["resident_id"], ["residents.id"], name=op.f("fk_resident_names_resident_id")
        ),
    )
    op.create_index(op.f("ix_resident_names_key_index"), "resident_names", ["key_index"])
