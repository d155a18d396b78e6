"""Attempt counters in Redis, and what to do when it is away."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, Final

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from issuer.domain.errors import ConfigurationError, DependencyUnavailable, TooManyAttempts
from issuer.domain.limits import ALLOWANCES, Limiter, Rule

ANSWER_SECONDS: Final = 0.5
RETRY_SECONDS: Final = 30.0
"""So long Redis is left alone after it did not answer."""

_PREFIX: Final = "issuer:attempts:"
_log = logging.getLogger("issuer")

# Returns 0 when counted, else the milliseconds until the period ends. A counter without
# an end, which no run of this script leaves behind, would shut somebody out for ever.
_HIT: Final = """
local count = tonumber(redis.call('GET', KEYS[1]) or '0')
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('SET', KEYS[1], 1, 'PX', ARGV[2])
  return 0
end
if count >= tonumber(ARGV[1]) then return left end
redis.call('INCR', KEYS[1])
return 0
"""
_REQUIRE: Final = """
local count = tonumber(redis.call('GET', KEYS[1]) or '0')
if count < tonumber(ARGV[1]) then return 0 end
return math.max(redis.call('PTTL', KEYS[1]), 0)
"""
_GIVE_BACK: Final = """
if tonumber(redis.call('GET', KEYS[1]) or '0') > 0 then redis.call('DECR', KEYS[1]) end
return 0
"""


class RedisLimiter:
    """``Limiter`` over Redis; its own clock ends the periods, so nothing is swept."""

    def __init__(self, url: str) -> None:
        """Connect to nobody yet. Raises ``ConfigurationError`` for options of no connection."""
        try:
            redis: Redis = Redis.from_url(
                url,
                socket_timeout=ANSWER_SECONDS,
                socket_connect_timeout=ANSWER_SECONDS,
                retry=Retry(NoBackoff(), 1),
            )
            redis.connection_pool.make_connection()
        except (ValueError, TypeError) as error:
            raise ConfigurationError(
                ["redis_url: an option after '?' that Redis has not"]
            ) from error
        self._redis = redis
        self._hit, self._require, self._give_back = (
            redis.register_script(script) for script in (_HIT, _REQUIRE, _GIVE_BACK)
        )

    def hit(self, rule: Rule, key: str) -> None:
        """Count one attempt. Raises ``TooManyAttempts``, counting none, if none is left."""
        self._refuse(self._run(self._hit, rule, key))

    def require(self, rule: Rule, key: str) -> None:
        """Count none. Raises ``TooManyAttempts`` if no attempt is left."""
        self._refuse(self._run(self._require, rule, key))

    def give_back(self, rule: Rule, key: str) -> None:
        """Undo one hit of a period that has not ended."""
        self._run(self._give_back, rule, key)

    def sweep(self) -> None:
        """Do nothing: Redis forgets by itself."""

    def close(self) -> None:
        """Let go of the connections."""
        self._redis.close()

    def _run(self, script: Callable[..., Any], rule: Rule, key: str) -> int:
        attempts, period = ALLOWANCES[rule]
        milliseconds = int(period.total_seconds() * 1000)
        try:
            left = script(keys=[f"{_PREFIX}{rule.value}:{key}"], args=[attempts, milliseconds])
        except RedisError as error:
            raise DependencyUnavailable("redis") from error
        return int(left)

    @staticmethod
    def _refuse(milliseconds: int) -> None:
        if milliseconds > 0:
            raise TooManyAttempts(-(-milliseconds // 1000))


class FirstAnswering:
    """``Limiter`` that counts in a fast store, and in a sure one while that is away.

    Counts are not carried over, so losing Redis gives everybody at most one more
    allowance, and its return another: the limits are wide of what a guesser needs.
    """

    def __init__(self, fast: Limiter, sure: Limiter) -> None:
        self._fast = fast
        self._sure = sure
        self._away_until = 0.0

    def hit(self, rule: Rule, key: str) -> None:
        """Count one attempt. Raises ``TooManyAttempts``, counting none, if none is left."""
        self._first(lambda limiter: limiter.hit(rule, key))

    def require(self, rule: Rule, key: str) -> None:
        """Count none. Raises ``TooManyAttempts`` if no attempt is left."""
        self._first(lambda limiter: limiter.require(rule, key))

    def give_back(self, rule: Rule, key: str) -> None:
        """Undo one hit of a period that has not ended."""
        self._first(lambda limiter: limiter.give_back(rule, key))

    def sweep(self) -> None:
        """Forget the counters whose period has ended."""
        self._sure.sweep()

    def _first(self, do: Callable[[Limiter], None]) -> None:
        if time.monotonic() >= self._away_until:
            try:
                do(self._fast)
            except DependencyUnavailable as error:
                self._away_until = time.monotonic() + RETRY_SECONDS
                _log.warning("%s does not answer; the database counts attempts", error.name)
            else:
                return
        do(self._sure)
