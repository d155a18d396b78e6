"""PostgreSQL databases of a test's own."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

POSTGRES_URL = os.environ.get(
    "ISSUER_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@localhost:5432/postgres"
)


@contextmanager
def fresh_postgres() -> Iterator[str]:
    """Create a database, yield its URL, drop it."""
    name = f"issuer_test_{secrets.token_hex(6)}"
    engine = sa.create_engine(POSTGRES_URL, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield sa.make_url(POSTGRES_URL).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()
