"""Officers without a PIN, who sign by passkey alone.

Frozen, as every revision.
"""

from __future__ import annotations

from alembic import op

from issuer.storage.migrations.checks import remake

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Let an officer have no PIN; whoever has one keeps it."""
    if op.get_bind().dialect.name == "sqlite":
        remake("officer_accounts", {"pin_hash TEXT NOT NULL": "pin_hash TEXT"})
        return
    op.alter_column("officer_accounts", "pin_hash", nullable=True)
