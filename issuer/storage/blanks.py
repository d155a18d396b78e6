"""Sheets of security paper as rows, and what happened to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from issuer.domain.blank import (
    ON_HAND,
    Blank,
    BlankAction,
    BlankEvent,
    BlankState,
    Printing,
    Serial,
    SerialRange,
)
from issuer.domain.blank_stock import Moves
from issuer.storage.schema import UNCONFIRMED, blank_events, blanks
from issuer.storage.statements import rows, stream

OF_LETTER = (
    select(blanks)
    .where(blanks.c.letter_id == bindparam("key"))
    .order_by(blanks.c.printed_at_utc, blanks.c.prefix, blanks.c.number)
)


class SqlBlanks:
    """``BlankRepository`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, sheets: Sequence[Blank]) -> None:
        """Insert new sheets. Raises ``StaleVersion`` when one is there already."""
        self._connection.execute(insert(blanks), [_columns(sheet) for sheet in sheets])

    def save(self, sheets: Sequence[Blank]) -> None:
        """Write changed sheets; they were read under the same write lock."""
        changed = update(blanks).where(
            blanks.c.prefix == bindparam("of_prefix"), blanks.c.number == bindparam("of_number")
        )
        rows = [
            {
                "of_prefix": sheet.serial.prefix,
                "of_number": sheet.serial.number,
                **_columns(sheet),
            }
            for sheet in sheets
        ]
        self._connection.execute(changed, rows)

    def within(self, serials: SerialRange) -> Sequence[Blank]:
        """Return the registered sheets of a range, in order."""
        query = (
            select(blanks)
            .where(
                blanks.c.prefix == serials.first.prefix,
                blanks.c.number.between(serials.first.number, serials.last.number),
            )
            .order_by(blanks.c.number)
        )
        return [blank_of(row) for row in self._connection.execute(query)]

    def lowest(self, agency_code: str) -> Serial | None:
        """Return the first unused sheet of a counter."""
        query = (
            select(blanks.c.prefix, blanks.c.number)
            .where(
                blanks.c.agency_code == agency_code,
                blanks.c.state == BlankState.AT_COUNTER.value,
            )
            .order_by(blanks.c.prefix, blanks.c.number)
            .limit(1)
        )
        row = self._connection.execute(query).first()
        return None if row is None else Serial(row.prefix, row.number)

    def unconfirmed(self, officer_id: str) -> Blank | None:
        """Return the sheet whose print this officer has not yet confirmed."""
        query = select(blanks).where(blanks.c.printed_by == officer_id, UNCONFIRMED)
        row = self._connection.execute(query).first()
        return None if row is None else blank_of(row)

    def of_letter(self, letter_id: str) -> Sequence[Blank]:
        """Return every sheet a letter was printed on, the oldest print first."""
        found = rows(self._connection, OF_LETTER, {"key": letter_id})
        return [blank_of(row) for row in found]

    def list(
        self, *, agency_code: str | None = None, state: BlankState | None = None
    ) -> Iterator[Blank]:
        """Yield sheets by serial, a few hundred at a time."""
        query = select(blanks).order_by(blanks.c.prefix, blanks.c.number)
        if agency_code is not None:
            query = query.where(blanks.c.agency_code == agency_code)
        if state is not None:
            query = query.where(blanks.c.state == state.value)
        for row in stream(self._connection, query):
            yield blank_of(row)

    def record(self, event: BlankEvent) -> None:
        """Add an event at its place in the audit trail."""
        self._connection.execute(
            insert(blank_events).values(
                position=event.position,
                at_utc=event.at_utc,
                action=event.action.value,
                prefix=event.serials.first.prefix,
                first=event.serials.first.number,
                last=event.serials.last.number,
                before=event.before.value if event.before else None,
                after=event.after.value,
                agency_code=event.agency_code,
                letter_id=event.letter_id,
                reason=event.reason,
            )
        )

    def events(self, *, letter_id: str | None = None) -> Iterator[BlankEvent]:
        """Yield events in the order of the audit trail, a few hundred at a time."""
        query = select(blank_events).order_by(blank_events.c.position)
        if letter_id is not None:
            query = query.where(blank_events.c.letter_id == letter_id)
        for row in stream(self._connection, query):
            yield _event(row)

    def moves(self, agency_code: str, *, since_utc: datetime, earlier: bool = False) -> Moves:
        """Count a counter's sheets by how they moved since a moment, or ``earlier``."""
        column = blank_events.c
        sheets = func.sum(column.last - column.first + 1)
        when = column.at_utc < since_utc if earlier else column.at_utc >= since_utc
        query = (
            select(column.before, column.after, sheets.label("sheets"))
            .where(column.agency_code == agency_code, when)
            .group_by(column.before, column.after)
        )
        return {
            (_state(row.before), BlankState(row.after)): int(row.sheets)
            for row in self._connection.execute(query)
        }

    def on_hand(self, agency_code: str) -> int:
        """Return how many sheets the counter has by the rows."""
        states = [state.value for state in ON_HAND]
        query = select(func.count()).where(
            blanks.c.agency_code == agency_code, blanks.c.state.in_(states)
        )
        return int(self._connection.execute(query).scalar_one())


def _columns(sheet: Blank) -> dict[str, object]:
    printed = sheet.printed
    return {
        "prefix": sheet.serial.prefix,
        "number": sheet.serial.number,
        "state": sheet.state.value,
        "agency_code": sheet.agency_code,
        "handed_over_by": sheet.handed_over_by,
        "letter_id": printed.letter_id if printed else None,
        "printed_by": printed.officer_id if printed else None,
        "printed_at_utc": printed.at_utc if printed else None,
        "destroyed_by": sheet.destroyed_by,
        "witnessed_by": sheet.witnessed_by,
    }


def blank_of(row: Row[Any]) -> Blank:
    """Return a row as a sheet."""
    return Blank(
        serial=Serial(row.prefix, row.number),
        state=BlankState(row.state),
        agency_code=row.agency_code,
        handed_over_by=row.handed_over_by,
        printed=None
        if row.letter_id is None
        else Printing(row.letter_id, row.printed_by, row.printed_at_utc),
        destroyed_by=row.destroyed_by,
        witnessed_by=row.witnessed_by,
    )


def _event(row: Row[Any]) -> BlankEvent:
    return BlankEvent(
        position=row.position,
        at_utc=row.at_utc,
        action=BlankAction(row.action),
        serials=SerialRange(Serial(row.prefix, row.first), Serial(row.prefix, row.last)),
        before=_state(row.before),
        after=BlankState(row.after),
        agency_code=row.agency_code,
        letter_id=row.letter_id,
        reason=row.reason,
    )


def _state(value: str | None) -> BlankState | None:
    return None if value is None else BlankState(value)
