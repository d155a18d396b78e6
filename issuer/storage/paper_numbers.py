"""Numbers on paper as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from issuer.domain.errors import StaleVersion
from issuer.domain.letter import Ending
from issuer.domain.numbers import SeriesKey
from issuer.domain.paper_number import PaperNumber, PaperState
from issuer.storage.schema_paper import paper_numbers
from issuer.storage.statements import changed, rows

_OF = paper_numbers.c
_ADD = insert(paper_numbers)
_SAVE = update(paper_numbers).where(
    _OF.id == bindparam("number_id"), _OF.version == bindparam("stored_version")
)
_BY_ID = select(paper_numbers).where(_OF.id == bindparam("key"))
_RESERVED_FOR = select(paper_numbers).where(
    _OF.request_id == bindparam("key"), _OF.state == PaperState.RESERVED.value
)
_ALL = select(paper_numbers).order_by(_OF.agency_code, _OF.series, _OF.year, _OF.sequence)


class SqlPaperNumbers:
    """``PaperNumberRepository`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, numbers: Sequence[PaperNumber]) -> None:
        """Insert the numbers of a block."""
        for number in numbers:
            changed(
                self._connection,
                _ADD,
                {
                    "id": number.id,
                    "block_id": number.block_id,
                    "agency_code": number.series.agency_code,
                    "series": number.series.series,
                    "year": number.series.year,
                    "sequence": number.sequence,
                    "text": number.text,
                    "for_date": number.for_date,
                    "reserved_by": number.reserved_by,
                    "reserved_at_utc": number.reserved_at_utc,
                    **_changing(number),
                },
            )

    def save(self, number: PaperNumber) -> None:
        """Write a change. Raises ``StaleVersion`` unless it follows the stored version."""
        stored = {"number_id": number.id, "stored_version": number.version - 1}
        if changed(self._connection, _SAVE, {**stored, **_changing(number)}) != 1:
            raise StaleVersion

    def find(self, number_id: str) -> PaperNumber | None:
        """Return a number, or None."""
        return self._one(rows(self._connection, _BY_ID, {"key": number_id}))

    def reserved_for(self, request_id: str) -> PaperNumber | None:
        """Return the RESERVED number that this request enters, or None."""
        return self._one(rows(self._connection, _RESERVED_FOR, {"key": request_id}))

    def list(
        self,
        *,
        agency_code: str | None = None,
        year: int | None = None,
        block_id: str | None = None,
        state: PaperState | None = None,
    ) -> Sequence[PaperNumber]:
        """Return numbers by agency, series, year and sequence."""
        query = _ALL
        if agency_code is not None:
            query = query.where(_OF.agency_code == agency_code)
        if year is not None:
            query = query.where(_OF.year == year)
        if block_id is not None:
            query = query.where(_OF.block_id == block_id)
        if state is not None:
            query = query.where(_OF.state == state.value)
        return [_number(row) for row in self._connection.execute(query)]

    @staticmethod
    def _one(found: Sequence[Any]) -> PaperNumber | None:
        return _number(found[0]) if found else None


def _changing(number: PaperNumber) -> dict[str, object]:
    ending = number.ending
    return {
        "state": number.state.value,
        "request_id": number.request_id,
        "ending_reason": ending.reason if ending else None,
        "ending_actor_id": ending.actor_id if ending else None,
        "ending_at_utc": ending.at_utc if ending else None,
        "version": number.version,
    }


def _number(row: Any) -> PaperNumber:
    return PaperNumber(
        id=row.id,
        block_id=row.block_id,
        series=SeriesKey(row.agency_code, row.series, row.year),
        sequence=row.sequence,
        text=row.text,
        for_date=row.for_date,
        state=PaperState(row.state),
        reserved_by=row.reserved_by,
        reserved_at_utc=row.reserved_at_utc,
        request_id=row.request_id,
        ending=None
        if row.ending_reason is None
        else Ending(row.ending_reason, row.ending_actor_id, row.ending_at_utc),
        version=row.version,
    )
