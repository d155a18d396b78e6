"""A CHECK of a table changed: PostgreSQL does so, SQLite takes the table down and up again."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text


def change_check(table: str, name: str, was: str, becomes: str) -> None:
    """Let another condition hold, on a table that no other names and that has no trigger.

    ``was`` is the condition as an earlier revision wrote it. Raises ``ValueError`` when it
    is not there.
    """
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, becomes)
        return
    constraint = f"CONSTRAINT {name} CHECK "
    remake(table, {f"{constraint}({was})": f"{constraint}({becomes})"})


def remake(table: str, changes: dict[str, str]) -> None:
    """Make a table of SQLite anew, its text changed, its rows and indexes as they were.

    As ``change_check``; every text to be changed must be there.
    """
    connection = op.get_bind()
    written = "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type = :kind AND sql <> ''"
    created, indexes = (
        connection.execute(text(written), {"table": table, "kind": kind}).scalars().all()
        for kind in ("table", "index")
    )
    anew = created[0]
    for was, becomes in changes.items():
        if was not in anew:
            raise ValueError(f"{table} has no {was}")
        anew = anew.replace(was, becomes)
    connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO was_{table}")
    connection.exec_driver_sql(anew)
    copied = f"INSERT INTO {table} SELECT * FROM was_{table}"  # noqa: S608  # names of a revision
    connection.exec_driver_sql(copied)
    connection.exec_driver_sql(f"DROP TABLE was_{table}")
    for index in indexes:
        connection.exec_driver_sql(index)
