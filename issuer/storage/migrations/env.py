"""Alembic's entry: runs the revisions on the connection it was handed."""

from __future__ import annotations

from alembic import context

from issuer.storage.schema import metadata

# DDL inside a transaction on SQLite too: a migration happens whole or not at all.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
