"""The table of the letter types' versions that an office makes itself.

The triggers that keep what was proposed and released stand in the migrations.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text, text

from issuer.domain.type_versions import MAX_CONTENT, VersionState
from issuer.storage.column_types import Code, UtcDateTime
from issuer.storage.schema import metadata

type_versions = Table(
    "type_versions",
    metadata,
    Column("id", Code, primary_key=True),
    Column("slug", Code, nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("state", Code, nullable=False),
    Column("row", Integer, nullable=False),
    Column("created_by", Code, nullable=False),
    Column("created_at_utc", UtcDateTime, nullable=False),
    Column("saved_by", Code, nullable=False),
    Column("proposed_by", Code),
    Column("proposed_at_utc", UtcDateTime),
    Column("decided_by", Code),
    Column("decided_at_utc", UtcDateTime),
    Column("reason", Text, nullable=False),
    CheckConstraint(
        f"state IN ({', '.join(repr(str(state)) for state in sorted(VersionState))})",
        name="state",
    ),
    CheckConstraint('version >= 1 AND "row" >= 1', name="version"),
    CheckConstraint(f"length(content) <= {MAX_CONTENT}", name="content"),
    # Two people, whatever the program says.
    CheckConstraint(
        "state NOT IN ('released', 'rejected') OR (proposed_by IS NOT NULL AND"
        " decided_by IS NOT NULL AND decided_by <> proposed_by AND decided_by <> saved_by)",
        name="two_people",
    ),
)

Index("uq_type_versions_slug_version", type_versions.c.slug, type_versions.c.version, unique=True)
Index(
    "uq_type_versions_open",
    type_versions.c.slug,
    unique=True,
    sqlite_where=text("state IN ('draft', 'proposed')"),
    postgresql_where=text("state IN ('draft', 'proposed')"),
)
Index(
    "ix_type_versions_released",
    type_versions.c.slug,
    sqlite_where=text("state = 'released'"),
    postgresql_where=text("state = 'released'"),
)
