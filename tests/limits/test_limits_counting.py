"""The same promises of every store of counters: SQLite, PostgreSQL, Redis."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from redis import Redis

from issuer.domain import limits
from issuer.domain.errors import DependencyUnavailable, TooManyAttempts
from issuer.domain.limits import ALLOWANCES, Allowance, Limiter, Rule
from issuer.storage.counting import SqlLimiter
from issuer.storage.redis_counting import FirstAnswering, RedisLimiter
from tests.limits.stores import (
    DATABASES,
    NOBODY_LISTENS,
    fresh_database,
    fresh_key,
    limiter_on,
    need_redis,
    sql_limiter,
)
from tests.offices import MORNING, Clock

spawn = multiprocessing.get_context("spawn")
RULE = Rule.WRONG_CODE_PER_NUMBER
MOST, PERIOD = ALLOWANCES[RULE]


@pytest.fixture(params=[*DATABASES, "redis"])
def limiter(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Limiter]:
    with limiter_on(request.param, tmp_path, clock) as limiter:
        yield limiter


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh_database(request.param, tmp_path) as url:
        yield url


def used_up(limiter: Limiter, key: str) -> None:
    for _ in range(MOST):
        limiter.hit(RULE, key)


def test_so_many_and_not_one_more(limiter: Limiter) -> None:
    key = fresh_key()
    used_up(limiter, key)
    for _ in range(3):
        with pytest.raises(TooManyAttempts) as caught:
            limiter.hit(RULE, key)
        assert 0 < caught.value.retry_after_seconds <= PERIOD.total_seconds()


def test_asking_counts_nothing_and_tells_when_it_is_full(limiter: Limiter) -> None:
    key = fresh_key()
    for _ in range(2 * MOST):
        limiter.require(RULE, key)
    used_up(limiter, key)
    with pytest.raises(TooManyAttempts):
        limiter.require(RULE, key)


def test_what_is_given_back_may_be_used_again_and_no_more(limiter: Limiter) -> None:
    key = fresh_key()
    limiter.give_back(RULE, key)  # nothing there yet: no credit
    used_up(limiter, key)
    limiter.give_back(RULE, key)
    limiter.hit(RULE, key)
    with pytest.raises(TooManyAttempts):
        limiter.hit(RULE, key)
    for _ in range(2 * MOST):
        limiter.give_back(RULE, key)
    used_up(limiter, key)
    with pytest.raises(TooManyAttempts):
        limiter.hit(RULE, key)


def test_keys_and_rules_do_not_mix(limiter: Limiter) -> None:
    key = fresh_key()
    used_up(limiter, key)
    limiter.hit(RULE, fresh_key())
    limiter.hit(Rule.WRONG_CODE_PER_ADDRESS, key)


def test_many_at_one_moment_are_many(limiter: Limiter) -> None:
    key = fresh_key()
    with ThreadPoolExecutor(8) as threads:
        passed = sum(threads.map(lambda _: hits(limiter, key, 1), range(40)))
    assert passed == MOST


def hits(limiter: Limiter, key: str, tries: int) -> int:
    """Return how many of so many attempts were let through."""
    passed = 0
    for _ in range(tries):
        try:
            limiter.hit(RULE, key)
        except TooManyAttempts:
            continue
        passed += 1
    return passed


def hits_on(url: str, key: str, tries: int) -> int:
    """Count in a process of its own."""
    if url.startswith("redis"):
        return hits(RedisLimiter(url), key, tries)
    with sql_limiter(url, Clock()) as limiter:
        return hits(limiter, key, tries)


@pytest.mark.parametrize("store", [*DATABASES, "redis"])
def test_two_processes_count_together(store: str, tmp_path: Path) -> None:
    key = fresh_key()
    if store == "redis":
        assert together(need_redis(), key) == MOST
    else:
        with fresh_database(store, tmp_path) as url:
            assert together(url, key) == MOST


def together(url: str, key: str) -> int:
    with spawn.Pool(2) as pool:
        return sum(pool.starmap(hits_on, [(url, key, 10)] * 2))


def test_a_period_begins_with_the_first_and_ends_by_itself(database_url: str) -> None:
    clock, key = Clock(), fresh_key()
    with sql_limiter(database_url, clock) as limiter:
        limiter.hit(RULE, key)
        clock.advance(PERIOD - timedelta(seconds=1))
        for _ in range(MOST - 1):
            limiter.hit(RULE, key)
        with pytest.raises(TooManyAttempts) as caught:
            limiter.hit(RULE, key)
        assert caught.value.retry_after_seconds == 1
        clock.advance(timedelta(seconds=1))
        used_up(limiter, key)
        with pytest.raises(TooManyAttempts) as caught:
            limiter.require(RULE, key)
        assert caught.value.retry_after_seconds == PERIOD.total_seconds()


def test_a_clock_that_was_set_back_shuts_nobody_out(database_url: str) -> None:
    clock, key = Clock(MORNING + timedelta(days=400)), fresh_key()
    with sql_limiter(database_url, clock) as limiter:
        used_up(limiter, key)
        clock.advance(timedelta(days=-400))
        limiter.require(RULE, key)
        used_up(limiter, key)
        with pytest.raises(TooManyAttempts):
            limiter.hit(RULE, key)


def test_redis_ends_a_period_by_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(limits.ALLOWANCES, RULE, Allowance(1, timedelta(milliseconds=300)))
    key = fresh_key()
    with limiter_on("redis", tmp_path, Clock()) as limiter:
        limiter.hit(RULE, key)
        with pytest.raises(TooManyAttempts) as caught:
            limiter.hit(RULE, key)
        assert caught.value.retry_after_seconds == 1
        redis: Redis = Redis.from_url(need_redis())
        while redis.exists(f"issuer:attempts:{RULE.value}:{key}"):
            pass
        limiter.hit(RULE, key)
        redis.close()


def test_a_counter_without_an_end_in_redis_is_begun_anew(tmp_path: Path) -> None:
    key = fresh_key()
    redis: Redis = Redis.from_url(need_redis())
    redis.set(f"issuer:attempts:{RULE.value}:{key}", 1_000)
    with limiter_on("redis", tmp_path, Clock()) as limiter:
        limiter.hit(RULE, key)
    assert 0 < redis.pttl(f"issuer:attempts:{RULE.value}:{key}") <= PERIOD.total_seconds() * 1000
    redis.close()


def test_ended_counters_are_swept_and_running_ones_are_not(database_url: str) -> None:
    clock, running = Clock(), fresh_key()
    with sql_limiter(database_url, clock) as limiter:
        for _ in range(20):
            limiter.hit(RULE, fresh_key())
        clock.advance(PERIOD)
        used_up(limiter, running)
        limiter.sweep()
        engine = sa.create_engine(database_url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            kept = connection.exec_driver_sql("SELECT key FROM attempts").scalars().all()
        assert kept == [running]
        with pytest.raises(TooManyAttempts):
            limiter.hit(RULE, running)


def test_counting_waits_for_no_writer_of_letters_on_postgresql(tmp_path: Path) -> None:
    with (
        fresh_database("postgresql", tmp_path) as url,
        sql_limiter(url, Clock()) as limiter,
        ThreadPoolExecutor(1) as thread,
    ):
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as writer:
            writer.exec_driver_sql(f"SELECT pg_advisory_xact_lock({0x6973_7375_6572})")
            thread.submit(limiter.hit, RULE, fresh_key()).result(timeout=20)


def test_a_database_that_is_away_is_said_to_be() -> None:
    away = "postgresql+psycopg://nobody@localhost:1/nothing"
    with sql_limiter(away, Clock()) as limiter:
        for ask in (limiter.hit, limiter.require, limiter.give_back):
            with pytest.raises(DependencyUnavailable):
                ask(RULE, fresh_key())


class Counted:
    """A limiter that notes what it was asked."""

    def __init__(self, *, away: bool = False) -> None:
        self.asked: list[str] = []
        self.away = away

    def _note(self, what: str) -> None:
        self.asked.append(what)
        if self.away:
            raise DependencyUnavailable("redis")

    def hit(self, *_: object) -> None:
        self._note("hit")

    def require(self, *_: object) -> None:
        self._note("require")

    def give_back(self, *_: object) -> None:
        self._note("give_back")

    def sweep(self) -> None:
        self._note("sweep")


def test_the_sure_store_is_asked_only_while_the_fast_one_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fast, sure = Counted(), Counted()
    both, now = FirstAnswering(fast, sure), [1000.0]
    monkeypatch.setattr("issuer.storage.redis_counting.time.monotonic", lambda: now[0])
    both.hit(RULE, "k")
    both.require(RULE, "k")
    both.give_back(RULE, "k")
    assert (fast.asked, sure.asked) == (["hit", "require", "give_back"], [])
    fast.away = True
    both.hit(RULE, "k")
    both.hit(RULE, "k")  # not asked again at once: it would cost every visitor the time-out
    assert (fast.asked.count("hit"), sure.asked) == (2, ["hit", "hit"])
    fast.away, now[0] = False, now[0] + 31
    both.hit(RULE, "k")
    assert (fast.asked.count("hit"), sure.asked) == (3, ["hit", "hit"])
    both.sweep()
    assert sure.asked[-1] == "sweep"


def test_without_redis_the_database_limits(database_url: str) -> None:
    key = fresh_key()
    with sql_limiter(database_url, Clock()) as sure:
        both = FirstAnswering(RedisLimiter(NOBODY_LISTENS), sure)
        used_up(both, key)
        with pytest.raises(TooManyAttempts):
            both.hit(RULE, key)
        with pytest.raises(TooManyAttempts):
            sure.hit(RULE, key)


def test_a_refusal_of_redis_is_not_asked_of_the_database(tmp_path: Path) -> None:
    """Else everybody would have the allowance twice."""
    key = fresh_key()
    with (
        limiter_on("redis", tmp_path, Clock()) as fast,
        limiter_on("sqlite", tmp_path, Clock()) as sure,
    ):
        assert isinstance(sure, SqlLimiter)
        used_up(FirstAnswering(fast, sure), key)
        with pytest.raises(TooManyAttempts):
            FirstAnswering(fast, sure).hit(RULE, key)
        sure.require(RULE, key)
