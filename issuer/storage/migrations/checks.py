"""A CHECK of a table changed: PostgreSQL does so, SQLite takes the table down and up again."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text


def change_check(table: str, name: str, was: str, becomes: str) -> None:
    """Let another condition hold, on a table that no other names and that has no trigger.

    ``was`` is the condition as an earlier revision wrote it. Raises ``ValueError`` when it
    is not there.
    """
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, becomes)
        return
    written = "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND type = :kind AND sql <> ''"
    created, indexes = (
        connection.execute(text(written), {"table": table, "kind": kind}).scalars().all()
        for kind in ("table", "index")
    )
    head, check, tail = created[0].partition(f"CONSTRAINT {name} CHECK ({was})")
    if not check:
        raise ValueError(f"{name} is not {was}")
    connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO was_{table}")
    connection.exec_driver_sql(f"{head}CONSTRAINT {name} CHECK ({becomes}){tail}")
    copied = f"INSERT INTO {table} SELECT * FROM was_{table}"  # noqa: S608  # names of a revision
    connection.exec_driver_sql(copied)
    connection.exec_driver_sql(f"DROP TABLE was_{table}")
    for index in indexes:
        connection.exec_driver_sql(index)
