"""Attempt counters in the database, right under any number of processes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from math import ceil
from typing import Final

from sqlalchemy import Connection, Engine, bindparam, case, delete, or_, select, update
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from issuer.domain.errors import DependencyUnavailable, TooManyAttempts
from issuer.domain.limits import ALLOWANCES, Rule
from issuer.domain.ports import Clock
from issuer.storage.database import reads_only, writes_one_row_each
from issuer.storage.schema_limits import attempts
from issuer.storage.statements import Upsert

_TOO_FAR: Final = 2
"""In periods: what ends later was begun by a clock that has been set back since."""

_NOW, _LATEST = (bindparam(name, type_=attempts.c.until_utc.type) for name in ("now", "latest"))
_ENDED = or_(attempts.c.until_utc <= _NOW, attempts.c.until_utc > _LATEST)
_THIS = (attempts.c.rule == bindparam("of_rule"), attempts.c.key == bindparam("of_key"))
_HIT = Upsert(
    attempts,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[attempts.c.rule, attempts.c.key],
        set_={
            "count": case((_ENDED, 1), else_=attempts.c.count + 1),
            "until_utc": case((_ENDED, insert.excluded.until_utc), else_=attempts.c.until_utc),
        },
        where=or_(_ENDED, attempts.c.count < bindparam("most")),
    ).returning(attempts.c.count),
)
_READ = select(attempts.c.count, attempts.c.until_utc).where(*_THIS)
_GIVE_BACK = (
    update(attempts)
    .where(*_THIS, attempts.c.count > 0, attempts.c.until_utc > _NOW)
    .values(count=attempts.c.count - 1)
)
_SWEEP = delete(attempts).where(_ENDED)


class SqlLimiter:
    """``Limiter`` over an engine of ``database.open_engine``."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._writing = writes_one_row_each(engine)
        self._reading = reads_only(engine)
        self._clock = clock

    def hit(self, rule: Rule, key: str) -> None:
        """Count one attempt. Raises ``TooManyAttempts``, counting none, if none is left."""
        # Most of a flood is refused here, by readers, for whom no writer waits.
        self.require(rule, key)
        most, period = ALLOWANCES[rule]
        now = self._clock.now()
        values = {
            "rule": rule.value,
            "key": key,
            "count": 1,
            "until_utc": now + period,
            "now": now,
            "latest": now + _TOO_FAR * period,
            "most": most,
        }
        with _transaction(self._writing) as connection:
            counted = connection.execute(_HIT.on(connection), values).first()
        if counted is None:
            # Others took the last one in between.
            raise TooManyAttempts(ceil(period.total_seconds()))

    def require(self, rule: Rule, key: str) -> None:
        """Count none. Raises ``TooManyAttempts`` if no attempt is left."""
        most, period = ALLOWANCES[rule]
        with _transaction(self._reading) as connection:
            row = connection.execute(_READ, {"of_rule": rule.value, "of_key": key}).first()
        if row is None:
            return
        count, until_utc = row
        left = until_utc - self._clock.now()
        if count >= most and timedelta() < left <= _TOO_FAR * period:
            raise TooManyAttempts(ceil(left.total_seconds()))

    def give_back(self, rule: Rule, key: str) -> None:
        """Undo one hit of a period that has not ended."""
        values = {"of_rule": rule.value, "of_key": key, "now": self._clock.now()}
        with _transaction(self._writing) as connection:
            connection.execute(_GIVE_BACK, values)

    def sweep(self) -> None:
        """Forget the counters whose period has ended."""
        now = self._clock.now()
        longest = max(allowance.period for allowance in ALLOWANCES.values())
        with _transaction(self._writing) as connection:
            connection.execute(_SWEEP, {"now": now, "latest": now + _TOO_FAR * longest})


@contextmanager
def _transaction(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except NoConnectionLeft as error:
        raise DependencyUnavailable("database") from error
    with connection, connection.begin():
        yield connection
