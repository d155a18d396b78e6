"""The places of a year that are not valid, as a status list needs them."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from issuer.domain.letter import Letter, LetterState
from issuer.domain.numbers import SeriesKey
from issuer.domain.ports import UnitOfWork
from issuer.domain.status_list import STATUS_VALUES, EndedPlace, StatusValue
from issuer.storage import letters as adapter
from issuer.storage.register import SqlRegister
from tests.storage.storage_builders import (
    CODE,
    NOON,
    add_reserved,
    issued,
    revoked,
    signing,
    superseded,
    voided,
)

YEAR = 2026


def saved(uow: UnitOfWork, *states: Letter) -> None:
    for letter in states:
        uow.letters.save(letter)


def of_every_state(uow: UnitOfWork, first: int, year: int = YEAR) -> dict[LetterState, int]:
    """Register a letter in each state, at places that run downwards; return the places."""
    places = {state: first - n for n, state in enumerate(LetterState)}
    for state, place in places.items():
        letter = add_reserved(uow, status_index=place, series=SeriesKey(CODE, "umum", year))
        if state is LetterState.VOIDED:
            saved(uow, voided(letter))
        if state in (LetterState.RESERVED, LetterState.VOIDED):
            continue
        signed = signing(letter)
        saved(uow, signed)
        if state is LetterState.SIGNING:
            continue
        final = issued(signed)
        saved(uow, final)
        if state is LetterState.REVOKED:
            saved(uow, revoked(final))
        if state is LetterState.SUPERSEDED:
            saved(uow, superseded(final, "another"))
    return places


def test_the_ended_letters_of_one_year_in_order(register: SqlRegister) -> None:
    with register.writing() as uow:
        places = of_every_state(uow, 900)
        of_every_state(uow, 500, YEAR + 1)
        uow.commit()
    day = timedelta(days=1)
    expected = [
        EndedPlace(places[LetterState.VOIDED], LetterState.VOIDED, NOON + timedelta(hours=1)),
        EndedPlace(places[LetterState.SUPERSEDED], LetterState.SUPERSEDED, NOON + day),
        EndedPlace(places[LetterState.REVOKED], LetterState.REVOKED, NOON + day),
    ]
    with register.reading() as uow:
        found = list(uow.letters.ended(YEAR))
        assert found == sorted(expected, key=lambda place: place.index)
        assert len(list(uow.letters.ended(YEAR + 1))) == 3
        assert list(uow.letters.ended(YEAR + 2)) == []


def test_whatever_is_valid_is_left_out_and_nothing_else(register: SqlRegister) -> None:
    with register.writing() as uow:
        places = of_every_state(uow, 900)
        uow.commit()
    with register.reading() as uow:
        named = {place.state for place in uow.letters.ended(YEAR)}
        count = sum(1 for _ in uow.letters.list(year=YEAR))
    valid = {state for state, value in STATUS_VALUES.items() if value is StatusValue.VALID}
    assert named == set(places) - valid
    assert count == len(LetterState)


def test_no_letter_is_read_for_it(register: SqlRegister, raw: sa.Engine) -> None:
    """A million sealed records take ten seconds to skip, their index a few milliseconds."""
    statement = str(adapter._ENDED.compile(raw, compile_kwargs={"literal_binds": False}))
    with raw.connect() as connection:
        if raw.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", (YEAR,))
            plan = " ".join(str(row) for row in rows)
            assert "USING COVERING INDEX ix_letters_ended" in plan
            assert "TEMP B-TREE" not in plan
        else:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
            rows = connection.exec_driver_sql(f"EXPLAIN {statement}", {"of_year": YEAR})
            plan = " ".join(str(row) for row in rows)
            assert "Index Only Scan using ix_letters_ended" in plan
