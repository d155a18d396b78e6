"""Alembic's entry: runs the revisions inside the transaction it was handed."""

from __future__ import annotations

from alembic import context

from issuer.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
)
with context.begin_transaction():
    context.run_migrations()
