"""Databases to test on: SQLite and PostgreSQL, migrated once and copied for each test."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from issuer.storage.database import open_engine
from issuer.storage.lookup import SqlLookup
from issuer.storage.migrations import upgrade
from issuer.storage.register import SqlRegister
from issuer.storage.schema import metadata
from tests.storage.storage_builders import add_agency, looking_up, opened

POSTGRES_URL = os.environ.get(
    "ISSUER_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@localhost:5432/postgres"
)
Databases = dict[str, Callable[[], str]]


@contextmanager
def server() -> Iterator[sa.Connection]:
    engine = sa.create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """By kind, a function that returns the URL of a database.

    ``sqlite`` and ``postgresql`` are migrated and without rows until the next call,
    ``own …`` are migrated and nobody else's, ``empty …`` have no table.
    """
    prefix = f"issuer_test_{secrets.token_hex(4)}"
    folder = tmp_path_factory.mktemp("databases")
    made: list[str] = []

    def on_postgresql() -> str:
        name = f"{prefix}_{len(made)}"
        with server() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
            # The tests kill clients, not the server: nothing here must survive that.
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
        made.append(name)
        return sa.make_url(POSTGRES_URL).set(database=name).render_as_string(False)

    def on_sqlite() -> str:
        return f"sqlite:///{folder / secrets.token_hex(4)}.db"

    template, shared = migrated(on_sqlite()), migrated(on_postgresql())

    def a_copy() -> str:
        url = on_sqlite()
        shutil.copyfile(template.removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))
        return url

    def wiped() -> str:
        engine = sa.create_engine(shared, poolclass=sa.NullPool)
        with engine.begin() as connection:
            # Only so do the triggers let rows go; it takes the owner of the server.
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for table in metadata.tables.values():
                connection.execute(table.delete())
        return shared

    yield {
        "sqlite": a_copy,
        "postgresql": wiped,
        "own sqlite": a_copy,
        "own postgresql": lambda: migrated(on_postgresql()),
        "empty sqlite": on_sqlite,
        "empty postgresql": on_postgresql,
    }
    with server() as connection:
        for name in made:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def migrated(url: str) -> str:
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, databases: Databases) -> str:
    """The URL of a migrated database of this test's own."""
    return databases[request.param]()


@pytest.fixture
def register(database_url: str) -> Iterator[SqlRegister]:
    """A register with one agency in it."""
    with opened(database_url) as register:
        add_agency(register)
        yield register


@pytest.fixture
def lookup(database_url: str) -> Iterator[SqlLookup]:
    """What a verifier asks, over connections of its own to the same database."""
    with looking_up(database_url) as lookup:
        yield lookup


@pytest.fixture
def raw(database_url: str) -> Iterator[sa.Engine]:
    """The same database past the adapter: what a hand at the console could do."""
    engine = sa.create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_register(request: pytest.FixtureRequest, databases: Databases) -> Iterator[SqlRegister]:
    """One register for a whole module of properties, with one agency in it."""
    with opened(databases[f"own {request.param}"]()) as register:
        add_agency(register)
        yield register
