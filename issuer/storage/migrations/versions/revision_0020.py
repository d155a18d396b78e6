"""Versions of letter types that an office makes itself.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_FINAL = "OLD.state IN ('released', 'rejected', 'withdrawn')"
_CONTENT = ("slug", "version", "content", "created_by", "created_at_utc", "saved_by")


def upgrade() -> None:
    """Create the table, its indexes, and the triggers that keep what was decided."""
    op.create_table(
        "type_versions",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("slug", _CODE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("created_by", _CODE, nullable=False),
        sa.Column("created_at_utc", _MOMENT, nullable=False),
        sa.Column("saved_by", _CODE, nullable=False),
        sa.Column("proposed_by", _CODE),
        sa.Column("proposed_at_utc", _MOMENT),
        sa.Column("decided_by", _CODE),
        sa.Column("decided_at_utc", _MOMENT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'rejected', 'released', 'withdrawn')",
            name=op.f("ck_type_versions_state"),
        ),
        sa.CheckConstraint('version >= 1 AND "row" >= 1', name=op.f("ck_type_versions_version")),
        sa.CheckConstraint("length(content) <= 200000", name=op.f("ck_type_versions_content")),
        sa.CheckConstraint(
            "state NOT IN ('released', 'rejected') OR (proposed_by IS NOT NULL AND"
            " decided_by IS NOT NULL AND decided_by <> proposed_by AND decided_by <> saved_by)",
            name=op.f("ck_type_versions_two_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_type_versions")),
    )
    op.create_index(
        "uq_type_versions_slug_version", "type_versions", ["slug", "version"], unique=True
    )
    is_open = sa.text("state IN ('draft', 'proposed')")
    op.create_index(
        "uq_type_versions_open",
        "type_versions",
        ["slug"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    is_released = sa.text("state = 'released'")
    op.create_index(
        "ix_type_versions_released",
        "type_versions",
        ["slug"],
        sqlite_where=is_released,
        postgresql_where=is_released,
    )
    differs = "IS DISTINCT FROM" if _on_postgresql() else "IS NOT"
    changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in _CONTENT)
    _refuse("type_versions_stay_final", "UPDATE", _FINAL)
    _refuse(
        "type_versions_keep_what_was_proposed", "UPDATE", f"OLD.state <> 'draft' AND ({changed})"
    )
    _refuse("type_versions_are_never_deleted", "DELETE")
    if _on_postgresql():
        _refuse("type_versions_are_never_truncated", "TRUNCATE")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _refuse(name: str, event: str, when: str = "") -> None:
    condition = f"WHEN ({when})" if when else ""
    if _on_postgresql():
        level = "STATEMENT" if event == "TRUNCATE" else "ROW"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE integrity_constraint_violation USING MESSAGE = '{name}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON type_versions FOR EACH {level} {condition}"
            f" EXECUTE FUNCTION {name}()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON type_versions {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{name}'); END"
        )
