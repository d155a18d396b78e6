"""A sheet's way through the office, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from issuer.domain.access import Actor, Role
from issuer.domain.audit import first_broken
from issuer.domain.blank import Blank, BlankState, sheet_of
from issuer.domain.errors import (
    IllegalTransition,
    InvalidInput,
    IssuerError,
    NotFound,
    NotPermitted,
)
from issuer.domain.letter import Ending, LetterAction
from issuer.domain.presentation import Variant
from issuer.services.blank_check import blank_faults
from issuer.services.blanks import read_range
from tests.blanks.blank_office import (
    CLERK,
    COLLEAGUE,
    COUNTER,
    HEAD,
    INSPECTOR,
    KEEPER,
    OTHER_COUNTER,
    STRANGER,
    Stock,
    sheets,
    typed,
)


def problem(refused: pytest.ExceptionInfo[InvalidInput]) -> tuple[str, str]:
    (found,) = refused.value.problems
    return found.where, found.code


def faults(stock: Stock) -> list[tuple[str, str]]:
    with stock.register.reading() as uow:
        assert first_broken(uow.audit.entries()) is None
        return list(blank_faults(uow, stock.clock.now()))


def test_a_delivery_is_received_once(stock: Stock) -> None:
    stock.blanks.receive(KEEPER, sheets(1, 50), "BAST 1")
    for overlapping in (sheets(50, 60), sheets(1), sheets(20, 30)):
        with pytest.raises(InvalidInput) as refused:
            stock.blanks.receive(KEEPER, overlapping, "BAST 2")
        assert problem(refused) == ("serials", "blank_known")
    stock.blanks.receive(KEEPER, sheets(51, 60), "BAST 2")
    found = list(stock.blanks.listed(KEEPER, state=BlankState.IN_STORE))
    assert [sheet.serial for sheet in found] == list(sheets(1, 60))


def test_a_delivery_needs_its_note(stock: Stock) -> None:
    with pytest.raises(InvalidInput) as refused:
        stock.blanks.receive(KEEPER, sheets(1), " ")
    assert problem(refused) == ("delivery_note", "required")


def test_ten_thousand_sheets_at_once(stock: Stock) -> None:
    assert len(stock.hand_over(10_000)) == 10_000
    assert stock.blanks.report(CLERK, COUNTER).on_hand == 10_000
    assert faults(stock) == []


def test_what_is_handed_over_must_be_there_and_in_the_store(stock: Stock) -> None:
    stock.hand_over(5)
    with pytest.raises(InvalidInput) as refused:
        stock.blanks.hand_over(KEEPER, sheets(5, 6), COUNTER)
    assert problem(refused) == ("serials", "blank_unknown")
    with pytest.raises(InvalidInput) as refused:
        stock.blanks.hand_over(KEEPER, sheets(5), OTHER_COUNTER)
    assert problem(refused) == ("serial", "blank_elsewhere")
    stock.blanks.receive(KEEPER, sheets(6), "BAST 2")
    with pytest.raises(NotFound):
        stock.blanks.hand_over(KEEPER, sheets(6), "35.22.99.2099")


def test_a_letter_is_printed_on_the_next_sheet_and_confirmed(stock: Stock) -> None:
    stock.hand_over(3)
    letter = stock.letter()
    before = stock.blanks.of_letter(CLERK, letter)
    assert before.wanted
    assert str(before.proposed) == typed(1)
    printing = stock.blanks.print_on(CLERK, letter.id, typed(1).lower())
    assert printing.state is BlankState.PRINTING
    assert stock.blanks.of_letter(CLERK, letter).pending == printing
    assert stock.blanks.confirm(CLERK, typed(1)).state is BlankState.USED
    after = stock.blanks.of_letter(CLERK, letter)
    assert after.pending is None
    assert after.bearing is not None
    assert str(after.proposed) == typed(2)
    assert [event.action for event in after.log] == ["print", "confirm"]
    assert faults(stock) == []


def test_the_same_print_asked_twice_is_one(stock: Stock) -> None:
    stock.hand_over(2)
    letter = stock.letter()
    first = stock.blanks.print_on(CLERK, letter.id, typed(1))
    assert stock.blanks.print_on(CLERK, letter.id, typed(1)) == first
    assert len(stock.blanks.of_letter(CLERK, letter).log) == 1


def test_an_unconfirmed_print_blocks_the_officer_and_the_letter(stock: Stock) -> None:
    stock.hand_over(3)
    letter, other = stock.letter(), stock.letter()
    stock.blanks.print_on(CLERK, letter.id, typed(1))
    for officer, wanted in ((CLERK, other), (CLERK, letter), (COLLEAGUE, letter)):
        with pytest.raises(InvalidInput) as refused:
            stock.blanks.print_on(officer, wanted.id, typed(2), reprint_reason="macet")
        assert problem(refused) == ("serial", "print_unconfirmed")
    stock.blanks.print_on(COLLEAGUE, other.id, typed(2))
    stock.blanks.spoil(CLERK, typed(1), "kertas macet")
    stock.blanks.print_on(CLERK, letter.id, typed(3))
    assert [stock.state(n) for n in (1, 2, 3)] == ["spoiled", "printing", "printing"]


def test_a_sheet_is_passed_over_only_with_a_reason_and_stays_a_gap(stock: Stock) -> None:
    stock.hand_over(3)
    letter = stock.letter()
    with pytest.raises(InvalidInput) as refused:
        stock.blanks.print_on(CLERK, letter.id, typed(2))
    assert problem(refused) == ("skip_reason", "skips_a_blank")
    stock.printed(2, letter, skip_reason="lembar 1 tidak ditemukan")
    assert faults(stock) == [(typed(1), "blank_gap")]
    stock.blanks.report_lost(CLERK, sheets(1), "tidak ditemukan")
    assert faults(stock) == []
    stock.printed(3)


def test_lower_sheets_that_came_later_are_no_gap(stock: Stock) -> None:
    stock.hand_over(2, first=100)
    stock.printed(100)
    stock.hand_over(2, first=1)
    assert faults(stock) == []
    stock.printed(1)
    assert faults(stock) == []


@pytest.mark.parametrize("serial", ["", "BJN000001-0", "x", typed(9), typed(100)])
def test_only_a_free_sheet_of_this_counter_is_taken(stock: Stock, serial: str) -> None:
    stock.hand_over(2)
    stock.hand_over(2, first=100, to=OTHER_COUNTER)
    letter = stock.letter()
    with pytest.raises(InvalidInput) as refused:
        stock.blanks.print_on(CLERK, letter.id, serial)
    where, code = problem(refused)
    assert where == "serial"
    assert code in {"required", "bad_serial", "blank_not_here"}


def test_reprinting_spoils_the_old_sheet_and_needs_a_reason(stock: Stock) -> None:
    stock.hand_over(3)
    letter = stock.printed(1)
    with pytest.raises(InvalidInput) as refused:
        stock.blanks.print_on(CLERK, letter.id, typed(2))
    assert problem(refused) == ("reprint_reason", "required")
    stock.printed(2, letter, reprint_reason="terkena air")
    assert [stock.state(1), stock.state(2)] == ["spoiled", "used"]
    log = stock.blanks.of_letter(CLERK, letter).log
    assert [(str(event.serials), event.action) for event in log] == [
        (typed(1), "print"),
        (typed(1), "confirm"),
        (typed(1), "spoil"),
        (typed(2), "print"),
        (typed(2), "confirm"),
    ]
    assert log[2].reason == "terkena air"
    assert faults(stock) == []


def test_a_lost_sheet_is_replaced_without_further_ado(stock: Stock) -> None:
    stock.hand_over(2)
    letter = stock.printed(1)
    stock.blanks.report_lost(CLERK, sheets(1), "hilang di jalan")
    stock.printed(2, letter)
    assert [stock.state(1), stock.state(2)] == ["lost", "used"]


def test_a_letters_sheets_stand_in_the_order_of_its_prints(stock: Stock) -> None:
    stock.hand_over(2)
    letter = stock.printed(2, skip_reason="lembar 1 terselip")
    stock.clock.advance(timedelta(minutes=5))
    stock.blanks.report_lost(CLERK, sheets(2), "hilang di jalan")
    stock.printed(1, letter)
    with stock.register.reading() as uow:
        printed = uow.blanks.of_letter(letter.id)
    assert [sheet.serial.number for sheet in printed] == [2, 1]
    assert sheet_of(printed) == stock.sheet(1)


def test_only_letters_for_numbered_paper_are_printed_on_it(stock: Stock) -> None:
    stock.hand_over(1)
    at_home = stock.letter(variant=Variant.HOME)
    assert not stock.blanks.of_letter(CLERK, at_home).wanted
    with pytest.raises(IllegalTransition):
        stock.blanks.print_on(CLERK, at_home.id, typed(1))
    ended = stock.letter()
    with stock.register.writing() as uow:
        ending = Ending("salah", "x", stock.clock.now())
        uow.letters.save(replace(ended.after(LetterAction.REVOKE), ending=ending))
        uow.commit()
    with pytest.raises(IllegalTransition):
        stock.blanks.print_on(CLERK, ended.id, typed(1))


def test_a_range_is_lost_wherever_its_sheets_are(stock: Stock) -> None:
    stock.hand_over(3)
    stock.hand_over(2, first=4, to=OTHER_COUNTER)
    stock.blanks.receive(KEEPER, sheets(6, 9), "BAST 2")
    stock.printed(1)
    with pytest.raises(NotPermitted):
        stock.blanks.report_lost(CLERK, sheets(1, 9), "pencurian")
    stock.blanks.report_lost(KEEPER, sheets(1, 9), "pencurian, LP/B/1/2026")
    assert {stock.state(n) for n in range(1, 10)} == {BlankState.LOST}
    with pytest.raises(InvalidInput) as refused:
        stock.blanks.report_lost(KEEPER, sheets(9), "lagi")
    assert problem(refused) == ("serial", "blank_elsewhere")
    assert stock.blanks.report(CLERK, COUNTER).lost == 2
    assert faults(stock) == []


def test_spoiled_sheets_are_destroyed_by_two_who_neither_kept_nor_printed(stock: Stock) -> None:
    stock.hand_over(2)
    for number in (1, 2):
        stock.blanks.print_on(CLERK, stock.letter().id, typed(number))
        stock.blanks.spoil(CLERK, typed(number), "toner habis")
    printed_once = Actor(CLERK.id, Role.AGENCY_ADMIN, COUNTER)
    kept_once = Actor(KEEPER.id, Role.AUDITOR, None)
    for pair in (
        (HEAD, HEAD),
        (HEAD, CLERK),
        (KEEPER, INSPECTOR),
        (HEAD, printed_once),
        (kept_once, HEAD),
    ):
        with pytest.raises(NotPermitted):
            stock.blanks.destroy(*pair, sheets(1, 2), "BAP 1")
    stock.blanks.destroy(HEAD, INSPECTOR, sheets(1, 2), "BAP 1/2026")
    assert stock.sheet(1).witnessed_by == INSPECTOR.id
    with pytest.raises(InvalidInput):
        stock.blanks.report_lost(KEEPER, sheets(1), "x")
    assert faults(stock) == []


def test_whoever_handed_a_sheet_over_does_not_print_on_it(stock: Stock) -> None:
    stock.hand_over(1)
    promoted = Actor(KEEPER.id, Role.COUNTER, COUNTER)
    with pytest.raises(NotPermitted):
        stock.blanks.print_on(promoted, stock.letter().id, typed(1))


ATTEMPTS: dict[str, Callable[[Stock], object]] = {
    "receive": lambda s: s.blanks.receive(CLERK, sheets(7), "x"),
    "hand over": lambda s: s.blanks.hand_over(CLERK, sheets(1), COUNTER),
    "take back": lambda s: s.blanks.take_back(CLERK, sheets(1)),
    "print": lambda s: s.blanks.print_on(STRANGER, s.letter().id, typed(1)),
    "print as keeper": lambda s: s.blanks.print_on(KEEPER, s.letter().id, typed(1)),
    "spoil": lambda s: s.blanks.spoil(STRANGER, typed(1), "x"),
    "confirm": lambda s: s.blanks.confirm(KEEPER, typed(1)),
    "lose": lambda s: s.blanks.report_lost(STRANGER, sheets(1), "x"),
    "list": lambda s: list(s.blanks.listed(STRANGER, agency_code=COUNTER)),
    "report": lambda s: s.blanks.report(STRANGER, COUNTER),
    "look": lambda s: s.blanks.of_letter(STRANGER, s.letter()),
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_who_may_not_changes_nothing(stock: Stock, attempt: Callable[[Stock], object]) -> None:
    stock.hand_over(1)
    with pytest.raises(NotPermitted):
        attempt(stock)
    assert stock.state(1) is BlankState.AT_COUNTER


def test_a_day_begins_at_midnight_in_the_regency(stock: Stock) -> None:
    stock.clock.at_utc = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)  # 23.30 WIB
    stock.hand_over(1)
    stock.clock.advance(timedelta(hours=1))
    stock.hand_over(2, first=2)
    report = stock.blanks.report(CLERK, COUNTER)
    assert (report.since, report.opening, report.received) == (date(2026, 11, 24), 1, 2)


def test_the_account_adds_up_from_day_to_day(stock: Stock) -> None:
    stock.hand_over(10)
    stock.printed(1)
    stock.blanks.spoil(CLERK, typed(2), "sobek")
    stock.clock.advance(timedelta(days=1))
    stock.printed(3)
    stock.blanks.report_lost(CLERK, sheets(4), "hilang")
    stock.blanks.take_back(KEEPER, sheets(9, 10))
    today = stock.blanks.report(CLERK, COUNTER)
    assert (today.opening, today.received, today.used) == (8, 0, 1)
    assert (today.spoiled, today.returned, today.lost) == (0, 2, 1)
    assert today.closing == today.on_hand == 4
    since = stock.blanks.report(CLERK, COUNTER, today.since - timedelta(days=1))
    assert (since.opening, since.received, since.used, since.spoiled) == (0, 10, 2, 1)
    assert since.closing == 4


def test_of_two_officers_at_once_exactly_one_gets_the_sheet(stock: Stock) -> None:
    stock.hand_over(30)
    for number in range(1, 16):
        pairs = [(officer, stock.letter()) for officer in (CLERK, COLLEAGUE)]

        def attempt(pair: tuple[Actor, object], number: int = number) -> Blank | IssuerError:
            try:
                return stock.blanks.print_on(pair[0], pair[1].id, typed(number))  # type: ignore[attr-defined]  # a letter
            except IssuerError as error:
                return error

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(attempt, pairs))
        (won,) = [answer for answer in answers if isinstance(answer, Blank)]
        (lost,) = [answer for answer in answers if isinstance(answer, InvalidInput)]
        assert [p.code for p in lost.problems] == ["blank_not_here"]
        stock.blanks.confirm(CLERK, str(won.serial))
    assert faults(stock) == []


SECRET_CHANGES = {
    "blank_differs": "UPDATE blanks SET state = 'at_counter' WHERE number = 2",
    "blank_missing": "DELETE FROM blanks WHERE number = 3",
    "blank_event_differs": "UPDATE blank_events SET first = first + 1 WHERE action = 'receive'",
    "blank_event_impossible": "UPDATE blank_events SET before = 'used' WHERE action = 'spoil'",
    "blank_event_missing": "DELETE FROM blank_events WHERE action = 'spoil'",
}


@pytest.mark.parametrize(("code", "change"), SECRET_CHANGES.items(), ids=SECRET_CHANGES)
def test_what_a_hand_at_the_database_changes_is_found(
    stock: Stock, raw: sa.Engine, code: str, change: str
) -> None:
    stock.hand_over(3)
    stock.blanks.spoil(CLERK, typed(1), "sobek")
    stock.printed(2)
    with raw.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            names = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type='trigger'"
            )
            for name in names.scalars().all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(change)
    assert code in {found for _, found in faults(stock)}


def test_a_print_left_unconfirmed_for_a_day_is_found(stock: Stock) -> None:
    stock.hand_over(1)
    stock.blanks.print_on(CLERK, stock.letter().id, typed(1))
    assert faults(stock) == []
    stock.clock.advance(timedelta(days=1, seconds=1))
    assert faults(stock) == [(typed(1), "blank_unconfirmed")]


def test_typed_ranges() -> None:
    assert read_range(typed(1), typed(3)) == sheets(1, 3)
    assert read_range(typed(1)) == sheets(1)
    with pytest.raises(InvalidInput) as refused:
        read_range("x", "y")
    assert [p.where for p in refused.value.problems] == ["first", "last"]
    with pytest.raises(InvalidInput) as refused:
        read_range(typed(3), typed(1))
    assert problem(refused) == ("last", "bad_serial_range")
