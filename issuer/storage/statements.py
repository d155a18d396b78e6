"""What SQLAlchemy says differently for each database, said once.

The statements of this package are module constants, their values parameters:
building one takes SQLAlchemy several times as long as running it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from sqlalchemy import Connection, Executable, Row, Select, Table
from sqlalchemy.dialects import postgresql, sqlite

_ROWS_AT_A_TIME: Final = 500


class Upsert:
    """An INSERT that says what to do on a conflict; each dialect spells that its own way."""

    def __init__(
        self,
        table: Table,
        complete: Callable[[sqlite.Insert | postgresql.Insert], Executable],
    ) -> None:
        self._by_dialect = {
            "sqlite": complete(sqlite.insert(table)),
            "postgresql": complete(postgresql.insert(table)),
        }

    def on(self, connection: Connection) -> Executable:
        """Return the statement for the database of this connection."""
        return self._by_dialect[connection.dialect.name]


def stream(connection: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    """Yield the rows of a query, 500 in memory at a time, by a cursor of the server."""
    with connection.execute(query.execution_options(yield_per=_ROWS_AT_A_TIME)) as rows:
        yield from rows
