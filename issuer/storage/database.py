"""The connection to SQLite or PostgreSQL, and what its errors mean here.

SQLAlchemy's and the drivers' exceptions are turned into the domain's as they are
raised, so none leaves this package. No message carries a value of a row.
"""

from __future__ import annotations

import os
import sqlite3
import weakref
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ExceptionContext,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import ArgumentError

from issuer.domain.errors import (
    ConfigurationError,
    CorruptStore,
    DependencyUnavailable,
    IssuerError,
    StaleVersion,
)

LOCK_WAIT_SECONDS: Final = 30
"""How long a writer waits for the one before it."""

_ABANDONED_SECONDS: Final = 60
"""After that PostgreSQL ends a transaction whose process says nothing more."""

_WRITE_LOCK: Final = 0x6973_7375_6572
"""Key of PostgreSQL's advisory lock for writers: "issuer" in ASCII."""

_READS_ONLY: Final = "issuer_reads_only"
_ONE_ROW_EACH: Final = "issuer_one_row_each"
_POSTGRESQL: Final = "postgresql+psycopg"


def open_engine(url: str) -> Engine:
    """Return the engine for ``sqlite:////path/file.db`` or ``postgresql+psycopg://…``.

    Nothing is connected yet; a new SQLite file is created, readable by its owner
    alone. Every transaction of this engine holds the write lock from its start;
    ``reads_only`` gives the other kind. The connections are closed before a fork,
    since neither database survives sharing one with a child.

    Raises ``ConfigurationError`` for another URL, ``DependencyUnavailable`` when the
    file cannot be created.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ConfigurationError(["the database URL cannot be read"]) from error
    if parsed.drivername == "sqlite" and parsed.database not in (None, "", ":memory:"):
        engine = _open_sqlite(parsed)
    elif parsed.drivername == _POSTGRESQL:
        engine = _open_postgresql(parsed)
    else:
        raise ConfigurationError([f"the database URL is neither sqlite:///FILE nor {_POSTGRESQL}"])
    event.listen(engine, "handle_error", _raised_by_sqlalchemy)
    _close_before_fork(engine)
    return engine


def reads_only(engine: Engine) -> Engine:
    """Return a view of the engine whose transactions read one snapshot and cannot write."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{_READS_ONLY: True})
    return engine.execution_options(
        **{_READS_ONLY: True}, isolation_level="REPEATABLE READ", postgresql_readonly=True
    )


def writes_one_row_each(engine: Engine) -> Engine:
    """Return a view of the engine for transactions of one statement on one row.

    On PostgreSQL they do not wait for the writers of letters, nor these for them.
    """
    return engine.execution_options(**{_ONE_ROW_EACH: True})


def _open_sqlite(url: URL) -> Engine:
    assert url.database is not None  # noqa: S101 - checked by the only caller; for mypy
    try:
        # Write-ahead log and shared memory inherit the mode of the file.
        os.close(os.open(Path(url.database), os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise DependencyUnavailable("database") from error
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_use_lifo=True,
        connect_args={"timeout": float(LOCK_WAIT_SECONDS)},
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own idea of when to begin a transaction is switched off.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = bool(connection.get_execution_options().get(_READS_ONLY))
        # Said only when it changes: it makes SQLite prepare every statement anew.
        if connection.info.get(_READS_ONLY) is not reading:
            connection.exec_driver_sql(f"PRAGMA query_only={int(reading)}")
            connection.info[_READS_ONLY] = reading
        if reading:
            # By the driver itself, in a tenth of the time: it waits for nobody.
            connection.connection.cursor().execute("BEGIN")
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _open_postgresql(url: URL) -> Engine:
    milliseconds = 1000
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args={
            "connect_timeout": LOCK_WAIT_SECONDS,
            "options": f"-c lock_timeout={LOCK_WAIT_SECONDS * milliseconds}"
            f" -c idle_in_transaction_session_timeout={_ABANDONED_SECONDS * milliseconds}",
        },
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # One writer at a time, as on SQLite: numbers and the audit chain cannot
        # fork and two writers cannot wait for each other. READ COMMITTED, so that
        # what the writer before committed is seen once the lock is ours.
        options = connection.get_execution_options()
        if not options.get(_READS_ONLY) and not options.get(_ONE_ROW_EACH):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITE_LOCK})")

    return engine


def _close_before_fork(engine: Engine) -> None:
    remembered = weakref.ref(engine)

    def close() -> None:
        still_there = remembered()
        if still_there is not None:
            still_there.dispose()

    os.register_at_fork(before=close)


def _raised_by_sqlalchemy(context: ExceptionContext) -> IssuerError | None:
    if context.is_pre_ping:
        return None  # the pool replaces the dead connection
    return in_terms_of_the_domain(context.original_exception)


def in_terms_of_the_domain(original: BaseException) -> IssuerError:
    """Return the domain's error for a driver's, whose own text is made to quote nothing."""
    if isinstance(original, psycopg.Error):
        # The server's detail quotes the row: codes, names, hashes.
        original.args = (original.diag.message_primary or type(original).__name__,)
    if _is_unique_violation(original):
        return StaleVersion()
    if isinstance(original, _NOT_AVAILABLE):
        return DependencyUnavailable("database")
    return CorruptStore("database")


_NOT_AVAILABLE: Final = (
    sqlite3.OperationalError,
    psycopg.OperationalError,
    psycopg.InterfaceError,
)


def _is_unique_violation(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.IntegrityError):
        return error.sqlite_errorcode in (
            sqlite3.SQLITE_CONSTRAINT_UNIQUE,
            sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
        )
    return isinstance(error, psycopg.errors.UniqueViolation)
