"""What SQLAlchemy says differently for each database, said once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table
from sqlalchemy.dialects import postgresql, sqlite

_ROWS_AT_A_TIME: Final = 500


def insert_or(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT with ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def stream(connection: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    """Yield the rows of a query, 500 in memory at a time, by a cursor of the server."""
    with connection.execute(query.execution_options(yield_per=_ROWS_AT_A_TIME)) as rows:
        yield from rows
