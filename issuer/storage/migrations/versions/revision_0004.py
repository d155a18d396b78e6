"""An agency's letters of one day, found without reading all its letters.

Frozen, as every revision.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the index by agency and moment."""
    op.create_index(
        "ix_letters_agency_code_reserved_at_utc", "letters", ["agency_code", "reserved_at_utc"]
    )
