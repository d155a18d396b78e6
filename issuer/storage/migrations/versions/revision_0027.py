"""Supporting documents, found by their file. Frozen, as every revision."""

from __future__ import annotations

from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Index the names of the files."""
    op.create_index(op.f("ix_documents_file"), "documents", ["file"])
