"""Sheets of security paper, and what an agency prints on.

Frozen, as every revision.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_POSITION = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_ONCE_PRINTED = ("letter_id", "printed_by", "printed_at_utc")
_FINAL = "('destroyed', 'lost')"


def upgrade() -> None:
    """Add the agencies' columns, the tables of sheets, and the triggers that keep them."""
    _add_to_agencies("paper", "A4", "paper IN ('A4', 'F4')")
    _add_to_agencies("security", "home", "security IN ('counter', 'home', 'off', 'security_paper')")
    _blanks()
    _blank_events()
    _refuse(
        "blanks_keep_their_print",
        "UPDATE",
        "blanks",
        f"OLD.letter_id IS NOT NULL AND {_changed(_ONCE_PRINTED)}",
    )
    _refuse("blanks_keep_their_serial", "UPDATE", "blanks", _changed(("prefix", "number")))
    _refuse(
        "blanks_stay_final",
        "UPDATE",
        "blanks",
        f"OLD.state IN {_FINAL} AND {_changed(('state',))}",
    )
    _refuse("blanks_are_never_deleted", "DELETE", "blanks")
    _refuse("blank_events_are_never_changed", "UPDATE", "blank_events")
    _refuse("blank_events_are_never_deleted", "DELETE", "blank_events")
    if _on_postgresql():
        _refuse("blanks_are_never_truncated", "TRUNCATE", "blanks")
        _refuse("blank_events_are_never_truncated", "TRUNCATE", "blank_events")


def _add_to_agencies(column: str, default: str, check: str) -> None:
    # In words: SQLite adds no constraint to a table, only a column that has one, and
    # reads its constraints by the line.
    collation = ' COLLATE "C"' if _on_postgresql() else ""
    op.execute(
        f"ALTER TABLE agencies ADD COLUMN {column} TEXT{collation} DEFAULT '{default}' NOT NULL"
        f"\nCONSTRAINT ck_agencies_{column} CHECK ({check})\n"
    )


def _blanks() -> None:
    op.create_table(
        "blanks",
        sa.Column("prefix", _CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("agency_code", _CODE),
        sa.Column("handed_over_by", _CODE),
        sa.Column("letter_id", _CODE),
        sa.Column("printed_by", _CODE),
        sa.Column("printed_at_utc", _MOMENT),
        sa.Column("destroyed_by", _CODE),
        sa.Column("witnessed_by", _CODE),
        sa.CheckConstraint("number BETWEEN 1 AND 999999", name=op.f("ck_blanks_number")),
        sa.CheckConstraint(
            "state IN ('at_counter', 'destroyed', 'in_store', 'lost', 'printing', 'returned',"
            " 'spoiled', 'used')",
            name=op.f("ck_blanks_state"),
        ),
        sa.CheckConstraint(
            "state IN ('in_store', 'lost') OR agency_code IS NOT NULL",
            name=op.f("ck_blanks_counter"),
        ),
        sa.CheckConstraint(
            "(agency_code IS NULL) = (handed_over_by IS NULL)", name=op.f("ck_blanks_handed_over")
        ),
        sa.CheckConstraint(
            "(letter_id IS NULL) = (printed_by IS NULL) AND (letter_id IS NULL) ="
            " (printed_at_utc IS NULL)",
            name=op.f("ck_blanks_printed"),
        ),
        sa.CheckConstraint(
            "letter_id IS NOT NULL OR state NOT IN ('printing', 'used')",
            name=op.f("ck_blanks_bears_letter"),
        ),
        sa.CheckConstraint(
            "(state = 'destroyed') = (destroyed_by IS NOT NULL) AND (destroyed_by IS NULL) ="
            " (witnessed_by IS NULL)",
            name=op.f("ck_blanks_destroyed"),
        ),
        sa.CheckConstraint(
            "printed_by <> handed_over_by", name=op.f("ck_blanks_keeper_prints_not")
        ),
        sa.CheckConstraint("destroyed_by <> witnessed_by", name=op.f("ck_blanks_two_destroy")),
        sa.CheckConstraint(
            "destroyed_by <> printed_by AND witnessed_by <> printed_by",
            name=op.f("ck_blanks_printer_destroys_not"),
        ),
        sa.CheckConstraint(
            "destroyed_by <> handed_over_by AND witnessed_by <> handed_over_by",
            name=op.f("ck_blanks_keeper_destroys_not"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_blanks_agency_code")
        ),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name=op.f("fk_blanks_letter_id")),
        sa.PrimaryKeyConstraint("prefix", "number", name=op.f("pk_blanks")),
    )
    op.create_index(
        op.f("ix_blanks_agency_code_state_prefix_number"),
        "blanks",
        ["agency_code", "state", "prefix", "number"],
    )
    op.create_index(op.f("ix_blanks_letter_id"), "blanks", ["letter_id"])
    _create_unique("uq_blanks_letter_id_live", "letter_id", "state IN ('printing', 'used')")
    _create_unique("uq_blanks_printed_by_unconfirmed", "printed_by", "state = 'printing'")


def _create_unique(name: str, column: str, where: str) -> None:
    op.create_index(
        op.f(name),
        "blanks",
        [column],
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _blank_events() -> None:
    op.create_table(
        "blank_events",
        sa.Column("position", _POSITION, autoincrement=False, nullable=False),
        sa.Column("at_utc", _MOMENT, nullable=False),
        sa.Column("action", _CODE, nullable=False),
        sa.Column("prefix", _CODE, nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("before", _CODE),
        sa.Column("after", _CODE, nullable=False),
        sa.Column("agency_code", _CODE),
        sa.Column("letter_id", _CODE),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("first BETWEEN 1 AND last", name=op.f("ck_blank_events_first")),
        sa.CheckConstraint(
            "action IN ('confirm', 'destroy', 'hand_over', 'lose', 'print', 'receive', 'spoil',"
            " 'take_back')",
            name=op.f("ck_blank_events_action"),
        ),
        sa.ForeignKeyConstraint(
            ["position"], ["audit_trail.position"], name=op.f("fk_blank_events_position")
        ),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_blank_events_agency_code")
        ),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["letters.id"], name=op.f("fk_blank_events_letter_id")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_blank_events")),
    )
    op.create_index(op.f("ix_blank_events_agency_code"), "blank_events", ["agency_code"])
    op.create_index(op.f("ix_blank_events_letter_id"), "blank_events", ["letter_id"])


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _changed(columns: Iterable[str]) -> str:
    differs = "IS DISTINCT FROM" if _on_postgresql() else "IS NOT"
    return "(" + " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns) + ")"


def _refuse(name: str, event: str, table: str, when: str = "") -> None:
    condition = f"WHEN ({when})" if when else ""
    if _on_postgresql():
        level = "STATEMENT" if event == "TRUNCATE" else "ROW"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE integrity_constraint_violation USING MESSAGE = '{name}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {level} {condition}"
            f" EXECUTE FUNCTION {name}()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{name}'); END"
        )
