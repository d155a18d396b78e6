"""What SQLAlchemy says differently for each database, said once.

The statements of this package are module constants, their values parameters:
building one takes SQLAlchemy several times as long as running it. What every letter
asks is even run by the driver itself, as SQLAlchemy compiled it the first time: of a
short statement's time SQLite takes a tenth.
"""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import psycopg
from sqlalchemy import Connection, Dialect, Executable, Row, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.types import TypeEngine

from issuer.storage.database import in_terms_of_the_domain

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


def rows(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """Return the rows of a module constant, each with its columns as attributes."""
    return _run(connection, statement, values)[0]


def rows_by_driver(
    cursor: DBAPICursor, dialect: Dialect, statement: Executable, values: Mapping[str, Any]
) -> list[Any]:
    """Return the rows of a module constant, asked by a cursor of the driver's own."""
    return _run_by_driver(cursor, dialect, statement, values)[0]


def changed(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> int:
    """Run a module constant and return how many rows it changed."""
    return _run(connection, statement, values)[1]


def _run(
    connection: Connection, statement: Executable, values: Mapping[str, Any]
) -> tuple[list[Any], int]:
    return _run_by_driver(connection.connection.cursor(), connection.dialect, statement, values)


def _run_by_driver(
    cursor: DBAPICursor, dialect: Dialect, statement: Executable, values: Mapping[str, Any]
) -> tuple[list[Any], int]:
    prepared = compiled(statement, dialect, tuple(values))
    try:
        cursor.execute(prepared.text, prepared.parameters(values))
        found = list(map(prepared.row, cursor.fetchall())) if prepared.row else []
        return found, cursor.rowcount
    except (sqlite3.Error, psycopg.Error) as error:
        raise in_terms_of_the_domain(error) from error
    finally:
        cursor.close()


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement as text. ``order`` are its parameters, where they go by position.

    ``constants`` are values in the statement itself; ``binds`` turn values into what the
    driver takes; ``row`` makes a row of what it gives, if it gives any.
    """

    text: str
    order: Sequence[str] | None
    constants: Mapping[str, Any]
    binds: Mapping[str, Callable[[Any], Any]]
    row: Callable[[Sequence[Any]], Any] | None

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """Return the values as the driver takes them."""
        given = {**self.constants, **values}
        for name, bind in self.binds.items():
            given[name] = bind(given[name])
        return given if self.order is None else [given[name] for name in self.order]


@lru_cache(maxsize=256)
def compiled(statement: Executable, dialect: Dialect, names: tuple[str, ...]) -> Compiled:
    """Return a module constant for a database and these values, compiled once."""
    assert isinstance(statement, Select | UpdateBase)  # noqa: S101 - for mypy
    made = statement.compile(dialect=dialect, column_keys=list(names))
    assert isinstance(made, SQLCompiler)  # noqa: S101 - for mypy
    binds = {
        name: process
        for name, bind in made.binds.items()
        if (process := bind.type.dialect_impl(dialect).bind_processor(dialect))
    }
    constants = {name: value for name, value in made.params.items() if name not in names}
    return Compiled(
        text=made.string,
        order=made.positiontup,
        constants=constants,
        binds=binds,
        row=_row_of(statement.exported_columns, dialect),
    )


def _row_of(
    columns: ReadOnlyColumnCollection[Any, Any], dialect: Dialect
) -> Callable[[Sequence[Any]], Any] | None:
    if not columns:
        return None
    kind: Any = namedtuple("Row", columns.keys(), rename=True)  # type: ignore[misc]  # its names are the statement's
    make = kind._make
    processes = [
        (index, process)
        for index, column in enumerate(columns)
        if (process := _result_processor(column.type, dialect))
    ]

    def row(found: Sequence[Any]) -> Any:
        read = list(found)
        for index, process in processes:
            read[index] = process(read[index])
        return make(read)

    return row


def _result_processor(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
