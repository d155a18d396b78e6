"""Documents of requests from the counter too, and who added them. Frozen, as every revision."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from issuer.storage.migrations.checks import remake

revision = "0029"
down_revision = "0028"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_WAS, _BECOMES = "application_id", "owner_id"
_KEY = "fk_documents_application_id"


def upgrade() -> None:
    """Let a document belong to a request that has no application: one id names either."""
    if op.get_bind().dialect.name == "sqlite":
        references = f"CONSTRAINT {_KEY} FOREIGN KEY({_WAS}) REFERENCES applications (id)"
        remake("documents", {f", \n\t{references}": ""})
    else:
        op.drop_constraint(op.f(_KEY), "documents", type_="foreignkey")
    op.drop_index(op.f(f"ix_documents_{_WAS}"), "documents")
    op.execute(f"ALTER TABLE documents RENAME COLUMN {_WAS} TO {_BECOMES}")
    op.create_index(op.f(f"ix_documents_{_BECOMES}"), "documents", [_BECOMES])
    op.add_column("documents", sa.Column("added_by", _CODE))
