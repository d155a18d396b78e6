"""The counters of the number series."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from issuer.domain.numbers import SeriesKey
from issuer.storage.schema import number_series
from issuer.storage.statements import insert_or


class SqlNumbers:
    """``NumberRepository`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next(self, series: SeriesKey) -> int:
        """Take the next value (from 1) within the running transaction.

        One statement inserts or locks and raises the counter's row; undoing the
        transaction gives the value back before anybody can see it.
        """
        counter = number_series.c
        taken = self._connection.execute(
            insert_or(self._connection, number_series)
            .values(agency_code=series.agency_code, series=series.series, year=series.year, last=1)
            .on_conflict_do_update(
                index_elements=[counter.agency_code, counter.series, counter.year],
                set_={"last": counter.last + 1},
            )
            .returning(counter.last)
        )
        return int(taken.scalar_one())

    def highest(self) -> Mapping[SeriesKey, int]:
        """Return every series with the last value it gave out."""
        return {
            SeriesKey(row.agency_code, row.series, row.year): row.last
            for row in self._connection.execute(select(number_series))
        }
