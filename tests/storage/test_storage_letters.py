"""The register of letters: what it finds, and what it refuses to lose or to double."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from issuer.domain.errors import CorruptStore, NumberConflict, StaleVersion
from issuer.domain.letter import Lease, Letter, LetterAction
from issuer.domain.numbers import SeriesKey
from issuer.domain.ports import UnitOfWork
from issuer.storage import statements
from issuer.storage.lookup import SqlLookup
from issuer.storage.register import SqlRegister
from tests.storage.storage_builders import (
    CODE,
    NOON,
    a_letter,
    a_request,
    add_reserved,
    an_agency,
    issued,
    revoked,
    signing,
    superseded,
    voided,
)


def add_issued(uow: UnitOfWork, **changes: object) -> Letter:
    being = signing(add_reserved(uow, **changes))
    uow.letters.save(being)
    done = issued(being)
    uow.letters.save(done)
    return done


def test_a_letter_is_found_by_each_of_its_names(register: SqlRegister) -> None:
    with register.writing() as uow:
        letter, other = add_issued(uow), add_issued(uow)
        uow.commit()
    assert letter.pdf is not None
    with register.reading() as uow:
        assert uow.letters.get(letter.id) == letter
        assert uow.letters.find(letter.id) == letter
        assert uow.letters.by_number(letter.number) == letter
        assert uow.letters.by_pdf(letter.pdf.sha256) == letter
        assert uow.letters.by_request(letter.request_id) == letter
        assert uow.letters.status_index_taken(2026, letter.status_index)
        assert not uow.letters.status_index_taken(2025, letter.status_index)
        assert uow.letters.find(other.number) is None
        assert uow.letters.by_number(letter.id) is None
        assert uow.letters.by_pdf("0" * 64) is None
        assert uow.letters.by_request(letter.id) is None


def test_every_ending_is_kept(register: SqlRegister) -> None:
    with register.writing() as uow:
        ended = [
            voided(add_reserved(uow)),
            revoked(add_issued(uow)),
            superseded(add_issued(uow), by="letter-2"),
        ]
        for letter in ended:
            uow.letters.save(letter)
        assert [uow.letters.get(letter.id) for letter in ended] == ended


def test_a_letter_taken_over_starts_again(register: SqlRegister) -> None:
    with register.writing() as uow:
        being = signing(add_reserved(uow))
        uow.letters.save(being)
        mine = replace(
            being.after(LetterAction.TAKE_OVER),
            qr_text=None,
            to_sign_sha256=None,
            lease=Lease("host:2:2", NOON + timedelta(hours=1)),
        )
        uow.letters.save(mine)
        assert uow.letters.get(being.id) == mine


def test_a_change_of_something_already_changed_is_stale(register: SqlRegister) -> None:
    with register.writing() as uow:
        letter = add_reserved(uow)
        uow.letters.save(voided(letter))
        for late in (signing(letter), voided(letter), replace(voided(letter), version=4)):
            with pytest.raises(StaleVersion):
                uow.letters.save(late)
        assert uow.letters.get(letter.id) == voided(letter)


def test_saving_never_touches_number_and_record(register: SqlRegister) -> None:
    with register.writing() as uow:
        letter = add_reserved(uow)
        other = replace(letter.record, purpose="lain")
        uow.letters.save(
            replace(signing(letter), number="1/2/3", sequence=9, record=other, status_index=0)
        )
        assert uow.letters.get(letter.id) == signing(letter)


def test_the_same_number_twice_is_a_conflict_and_the_transaction_goes_on(
    register: SqlRegister,
) -> None:
    with register.writing() as uow:
        first = add_reserved(uow)
        request = a_request()
        uow.requests.add(request)
        with pytest.raises(NumberConflict):
            uow.letters.add(a_letter(request, 2, number=first.number))
        uow.letters.add(a_letter(request, 2))
        uow.commit()


@pytest.mark.parametrize("same", ["sequence", "status_index", "request_id", "id"])
def test_a_place_that_is_taken_is_refused(register: SqlRegister, same: str) -> None:
    with register.writing() as uow:
        first = add_reserved(uow)
        request = a_request()
        uow.requests.add(request)
        second = replace(a_letter(request, 2), **{same: getattr(first, same)})
        with pytest.raises(StaleVersion):
            uow.letters.add(second)


def test_a_request_has_one_letter_besides_the_voided_ones(register: SqlRegister) -> None:
    with register.writing() as uow:
        first = add_reserved(uow)
        request = uow.requests.find(first.request_id)
        assert request is not None
        uow.letters.save(voided(first))
        assert uow.letters.by_request(request.id) is None
        second = a_letter(request, 2)
        uow.letters.add(second)
        assert uow.letters.by_request(request.id) == second
        with pytest.raises(StaleVersion):
            uow.letters.add(a_letter(request, 3))


def test_unfinished_are_the_reserved_and_the_signing(register: SqlRegister) -> None:
    with register.writing() as uow:
        reserved, being, unleased = (add_reserved(uow) for _ in range(3))
        uow.letters.save(signing(being))
        uow.letters.save(replace(signing(unleased), lease=None))
        uow.letters.save(voided(add_reserved(uow)))
        add_issued(uow)
        found = {letter.id for letter in uow.letters.unfinished()}
        oldest = add_reserved(uow, reserved_at_utc=NOON - timedelta(hours=1))
        assert uow.letters.unfinished()[0] == oldest
    assert found == {reserved.id, being.id, unleased.id}


def test_the_register_is_listed_by_agency_series_year_and_sequence(register: SqlRegister) -> None:
    other = "35.22"
    order = [
        SeriesKey(other, "umum", 2026),
        SeriesKey(CODE, "nikah", 2025),
        SeriesKey(CODE, "nikah", 2026),
        SeriesKey(CODE, "umum", 2026),
    ]
    with register.writing() as uow:
        uow.agencies.add(an_agency(code=other))
        for _ in range(2):
            for series in reversed(order):
                add_reserved(uow, series=series)
        listed = [(letter.series, letter.sequence) for letter in uow.letters.list()]
        assert listed == [(series, n) for series in order for n in (1, 2)]
        assert {x.series for x in uow.letters.list(agency_code=other)} == {order[0]}
        assert {x.series for x in uow.letters.list(year=2025)} == {order[1]}
        assert list(uow.letters.list(agency_code=other, year=2025)) == []


def test_the_register_is_listed_from_a_moment_on(register: SqlRegister) -> None:
    with register.writing() as uow:
        before, at, after = (
            add_reserved(uow, reserved_at_utc=NOON + timedelta(microseconds=shift))
            for shift in (-1, 0, 1)
        )
        assert {x.id for x in uow.letters.list(since_utc=NOON)} == {at.id, after.id}
        assert before in list(uow.letters.list(agency_code=CODE))


def test_a_long_register_is_streamed(register: SqlRegister) -> None:
    with register.writing() as uow:
        for _ in range(1203):
            add_reserved(uow)
        uow.commit()
    with register.reading() as uow:
        sequences = [letter.sequence for letter in uow.letters.list()]
    assert sequences == list(range(1, 1204))


def test_a_stream_may_be_left_half_read(register: SqlRegister) -> None:
    with register.writing() as uow:
        for _ in range(600):
            add_reserved(uow)
        uow.commit()
    with register.writing() as uow:
        first = next(iter(uow.letters.list()))
        uow.letters.save(voided(first))
        uow.commit()
    with register.reading() as uow:
        assert uow.letters.get(first.id) == voided(first)
        outliving = uow.letters.list()
        next(outliving)
    del outliving


def test_each_series_of_each_year_counts_by_itself_from_one(register: SqlRegister) -> None:
    this, that = SeriesKey(CODE, "umum", 2026), SeriesKey(CODE, "umum", 2027)
    with register.writing() as uow:
        assert [uow.numbers.next(this) for _ in range(3)] == [1, 2, 3]
        assert uow.numbers.next(that) == 1
        assert uow.numbers.highest() == {this: 3, that: 1}


def test_a_letter_of_an_unknown_request_or_agency_is_refused(register: SqlRegister) -> None:
    request = a_request()
    with register.writing() as uow, pytest.raises(CorruptStore):
        uow.letters.add(a_letter(request, 1))
    with register.writing() as uow, pytest.raises(CorruptStore):
        uow.requests.add(a_request(agency_code="35.99"))


def test_no_question_of_the_register_reads_every_row(
    register: SqlRegister, raw: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the planner's word, with the statements as they were sent."""
    if raw.dialect.name == "postgresql":
        return  # its planner reads a small table whole, whatever the indexes
    sent: list[tuple[str, tuple[object, ...]]] = []

    def note(_c: object, _k: object, text: str, values: tuple[object, ...], *_: object) -> None:
        sent.append((text, values))

    class Noted(statements.Compiled):
        """What goes to the driver past SQLAlchemy."""

        def parameters(self, values: Mapping[str, Any]) -> Any:
            given = super().parameters(values)
            sent.append((self.text, tuple(given)))
            return given

    statements.compiled.cache_clear()
    monkeypatch.setattr(statements, "Compiled", Noted)
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    with register.reading() as uow:
        uow.letters.find("x")
        uow.letters.by_number("x")
        uow.letters.by_pdf("x")
        uow.letters.by_request("x")
        uow.letters.status_index_taken(2026, 1)
        uow.letters.unfinished()
        list(uow.letters.list(agency_code=CODE))
        list(uow.letters.list(agency_code=CODE, since_utc=NOON))
        list(uow.audit.entries("x"))
    sa.event.remove(sa.Engine, "before_cursor_execute", note)
    statements.compiled.cache_clear()
    questions = [(text, values) for text, values in sent if text.startswith("SELECT")]
    assert len(questions) == 9
    details = set[str]()
    with raw.connect() as connection:
        for text, values in questions:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
            details |= {row.detail for row in plan}
    assert any("ix_letters_agency_code_reserved_at_utc" in detail for detail in details)
    assert {detail for detail in details if detail.startswith("SCAN")} <= {
        "SCAN CONSTANT ROW",
        "SCAN letters USING INDEX ix_letters_unfinished",  # a partial index
    }


def as_looked_up(letter: Letter) -> Letter:
    return replace(letter, lease=None, qr_text=None, to_sign_sha256=None)


def test_a_lookup_finds_what_a_transaction_finds(register: SqlRegister, lookup: SqlLookup) -> None:
    with register.writing() as uow:
        letter, other = add_issued(uow), add_issued(uow)
        uow.commit()
    assert letter.pdf is not None
    assert lookup.find(letter.id) == as_looked_up(letter)
    assert lookup.by_number(letter.number) == as_looked_up(letter)
    assert lookup.by_pdf(letter.pdf.sha256) == as_looked_up(letter)
    assert lookup.code_of(letter.number) == letter.verification_code
    assert lookup.sheets_of(letter.id) == []
    for nothing in (
        lookup.find(other.number),
        lookup.by_number(letter.id),
        lookup.by_pdf("0" * 64),
        lookup.code_of(letter.id),
    ):
        assert nothing is None


def test_a_lookup_sees_what_was_committed_and_nothing_else(
    register: SqlRegister, lookup: SqlLookup
) -> None:
    with register.writing() as uow:
        letter = add_issued(uow)
        assert lookup.find(letter.id) is None
        uow.commit()
    assert lookup.find(letter.id) == as_looked_up(letter)
    with register.writing() as uow:
        uow.letters.save(revoked(letter))
        uow.commit()
    assert lookup.find(letter.id) == as_looked_up(revoked(letter))


def test_a_lookup_leaves_its_connection_to_the_next(
    register: SqlRegister, lookup: SqlLookup
) -> None:
    for _ in range(50):
        assert lookup.find("nobody") is None
    with register.writing() as uow:
        letter = add_issued(uow)
        uow.commit()
    assert lookup.find(letter.id) == as_looked_up(letter)
