"""The counters of the number series."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from issuer.domain.numbers import SeriesKey
from issuer.storage.schema import number_series
from issuer.storage.statements import Upsert, rows

_COUNTER = number_series.c
_NEXT = Upsert(
    number_series,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[_COUNTER.agency_code, _COUNTER.series, _COUNTER.year],
        set_={"last": _COUNTER.last + 1},
    ).returning(_COUNTER.last),
)


class SqlNumbers:
    """``NumberRepository`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next(self, series: SeriesKey) -> int:
        """Take the next value (from 1) within the running transaction.

        One statement inserts or locks and raises the counter's row; undoing the
        transaction gives the value back before anybody can see it.
        """
        first = {"agency_code": series.agency_code, "series": series.series, "year": series.year}
        (taken,) = rows(self._connection, _NEXT.on(self._connection), {**first, "last": 1})
        return int(taken.last)

    def highest(self) -> Mapping[SeriesKey, int]:
        """Return every series with the last value it gave out."""
        return {
            SeriesKey(row.agency_code, row.series, row.year): row.last
            for row in self._connection.execute(select(number_series))
        }
