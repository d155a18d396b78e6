"""Databases to test on: SQLite and PostgreSQL, migrated once and copied for each test."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from storage_builders import add_agency, opened

from issuer.storage.database import open_engine
from issuer.storage.migrations import upgrade
from issuer.storage.register import SqlRegister

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
    """By kind, a function that makes a migrated database and returns its URL."""
    prefix = f"issuer_test_{secrets.token_hex(4)}"
    folder = tmp_path_factory.mktemp("databases")
    made: list[str] = []

    def postgres_url(name: str) -> str:
        url = sa.make_url(POSTGRES_URL).set(database=name)
        return url.render_as_string(hide_password=False)

    def on_postgresql(template: str = "") -> str:
        name = f"{prefix}_{len(made)}"
        source = f"TEMPLATE {template}" if template else ""
        with server() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} {source}")
        made.append(name)
        return postgres_url(name)

    def on_sqlite(template: Path | None = None) -> str:
        path = folder / f"{secrets.token_hex(4)}.db"
        if template:
            shutil.copyfile(template, path)
        return f"sqlite:///{path}"

    templates = {"sqlite": on_sqlite(), "postgresql": on_postgresql()}
    for url in templates.values():
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
    sqlite_template = Path(sa.make_url(templates["sqlite"]).database or "")
    yield {
        "sqlite": lambda: on_sqlite(sqlite_template),
        "postgresql": lambda: on_postgresql(f"{prefix}_0"),
        "empty sqlite": on_sqlite,
        "empty postgresql": on_postgresql,
    }
    with server() as connection:
        for name in made:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


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
def raw(database_url: str) -> Iterator[sa.Engine]:
    """The same database past the adapter: what a hand at the console could do."""
    engine = sa.create_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_register(request: pytest.FixtureRequest, databases: Databases) -> Iterator[SqlRegister]:
    """One register for a whole module of properties, with one agency in it."""
    with opened(databases[request.param]()) as register:
        add_agency(register)
        yield register
