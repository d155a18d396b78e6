"""Where attempts can be counted: each kind of store, with nothing in it yet."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from redis import Redis, RedisError

from issuer.domain.limits import Limiter
from issuer.domain.ports import Clock
from issuer.storage.counting import SqlLimiter
from issuer.storage.database import open_engine
from issuer.storage.migrations import upgrade
from issuer.storage.redis_counting import RedisLimiter
from tests.databases import fresh_postgres

REDIS_URL: Final = os.environ.get("ISSUER_TEST_REDIS_URL", "redis://localhost:6379/0")
NOBODY_LISTENS: Final = "redis://localhost:1/0"
DATABASES: Final = ("sqlite", "postgresql")


def need_redis() -> str:
    """Return the URL of a real Redis. Without one the test is skipped, or fails in CI."""
    try:
        with Redis.from_url(REDIS_URL, socket_connect_timeout=3) as redis:
            redis.ping()
    except RedisError:
        message = "no Redis answers (ISSUER_TEST_REDIS_URL)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return REDIS_URL


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """Yield the URL of an empty, migrated database."""
    if kind == "postgresql":
        with fresh_postgres() as url:
            migrate(url)
            yield url
    else:
        url = f"sqlite:///{folder / 'register.db'}"
        migrate(url)
        yield url


def migrate(url: str) -> None:
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()


@contextmanager
def sql_limiter(url: str, clock: Clock) -> Iterator[SqlLimiter]:
    engine = open_engine(url)
    yield SqlLimiter(engine, clock)
    engine.dispose()


@contextmanager
def redis_limiter() -> Iterator[RedisLimiter]:
    limiter = RedisLimiter(need_redis())
    yield limiter
    limiter.close()


@contextmanager
def limiter_on(store: str, folder: Path, clock: Clock) -> Iterator[Limiter]:
    if store == "redis":
        with redis_limiter() as limiter:
            yield limiter
    else:
        with fresh_database(store, folder) as url, sql_limiter(url, clock) as counting:
            yield counting


def fresh_key() -> str:
    """Return a key nobody used, so that Redis may be shared with whatever else uses it."""
    return secrets.token_hex(16)
