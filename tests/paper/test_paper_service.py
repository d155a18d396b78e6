"""Numbers on paper: taken once, entered or voided once, and told as what they are."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest

from issuer.bootstrap import Composition
from issuer.domain.access import Actor, Role
from issuer.domain.errors import (
    IllegalTransition,
    InvalidInput,
    NotFound,
    NotPermitted,
    StaleVersion,
)
from issuer.domain.letter import LetterState
from issuer.domain.numbers import NumberPattern, SeriesKey
from issuer.domain.paper_number import (
    IN_ADVANCE,
    MAX_BLOCK,
    MAX_WAITING,
    PAPER_TRANSITIONS,
    PaperAction,
    PaperState,
    PaperVoidReason,
)
from issuer.domain.verdict import Verdict
from issuer.texts.paper_numbers import VOID_REASONS
from tests.casework.casework_office import CLERK, REVIEWER, STRANGER, WARDS_HEAD
from tests.offices import OPERATOR, WARD, Clock, issue, pdf_of, work_three_days
from tests.paper.paper_office import SERIES, TODAY, enter, open_from_paper, reserve, told


def test_numbers_are_taken_in_turn_with_those_of_letters(either: Composition) -> None:
    before = issue(either, agency=WARD, signatory=WARDS_HEAD)
    block = reserve(either)
    after = issue(either, agency=WARD, signatory=WARDS_HEAD)
    assert (before.sequence, after.sequence) == (1, 5)
    assert [one.sequence for one in block] == [2, 3, 4]
    assert told(either) == [(1, "issued"), *((n, "reserved") for n in (2, 3, 4)), (5, "issued")]
    gap, _, rest = block[0].shown.partition("/")
    assert gap == "……"
    assert rest == before.number.partition("/")[2].replace("1/", "2/", 1)
    assert list(either.selfcheck.run()) == []


def test_a_number_is_entered_as_a_letter_that_verifies(either: Composition, clock: Clock) -> None:
    one, *_ = reserve(either)
    clock.advance(timedelta(days=2))
    letter = enter(either, one.id)
    assert (letter.state, letter.sequence) == (LetterState.ISSUED, one.sequence)
    assert letter.number == one.number(either.services.catalogue.get("domisili").classification)
    assert letter.record.issued_on == TODAY + timedelta(days=2)
    verifier = either.services.verifier
    assert verifier.by_file(pdf_of(either, letter)).verdict is Verdict.VALID
    assert verifier.by_number(letter.number, letter.verification_code).verdict is Verdict.VALID
    assert told(either) == [(1, "issued"), (2, "reserved"), (3, "reserved")]


def test_a_letter_on_paper_is_never_valid_and_looks_like_no_letter(either: Composition) -> None:
    reserved, voided, _ = reserve(either)
    either.services.paper_numbers.void(CLERK, [voided.id], PaperVoidReason.NOT_ISSUED_AGAIN)
    classification = either.services.catalogue.get("domisili").classification
    verifier = either.services.verifier
    unknown = verifier.by_number("470/999/35.22/2026", "0" * 12)
    for number in (reserved, voided):
        answer = verifier.by_number(number.number(classification), "0" * 12)
        assert answer.verdict is unknown.verdict is Verdict.UNKNOWN
        assert answer.reasons == unknown.reasons


def test_a_number_is_entered_or_voided_once(either: Composition) -> None:
    first, second, third = reserve(either)
    numbers = either.services.paper_numbers
    enter(either, first.id)
    numbers.void(CLERK, [second.id], PaperVoidReason.UNUSED)
    for gone in (first, second):
        with pytest.raises(IllegalTransition):
            numbers.void(CLERK, [third.id, gone.id], PaperVoidReason.UNUSED)
        with pytest.raises(IllegalTransition):
            open_from_paper(either, gone.id)
    assert told(either) == [(1, "issued"), (2, "voided"), (3, "reserved")]
    assert list(either.selfcheck.run()) == []


def test_a_request_that_ended_lets_its_number_go_and_an_open_one_keeps_it(
    either: Composition,
) -> None:
    one, *_ = reserve(either)
    request = open_from_paper(either, one.id)
    with pytest.raises(StaleVersion):
        open_from_paper(either, one.id)
    either.services.casework.cancel(CLERK, request.id, request.version)
    letter = enter(either, one.id)
    assert letter.sequence == one.sequence


def test_a_number_that_is_voided_under_its_request_is_not_used(either: Composition) -> None:
    one, *_ = reserve(either)
    request = open_from_paper(either, one.id)
    either.services.paper_numbers.void(CLERK, [one.id], PaperVoidReason.SPOILED)
    letter = either.services.issuance.issue(CLERK, request.id, WARDS_HEAD)
    assert letter.sequence == 4
    assert told(either) == [(1, "voided"), (2, "reserved"), (3, "reserved"), (4, "issued")]


def test_a_number_of_a_year_that_is_over_can_only_be_voided(
    either: Composition, clock: Clock
) -> None:
    one, other, _ = reserve(either)
    request = open_from_paper(either, other.id)
    clock.advance(timedelta(days=40))
    with pytest.raises(InvalidInput, match="paper_year_over"):
        open_from_paper(either, one.id)
    letter = either.services.issuance.issue(CLERK, request.id, WARDS_HEAD)
    assert (letter.series.year, letter.sequence) == (2027, 1)
    ids = [number.id for number in either.services.paper_numbers.waiting(CLERK, WARD)]
    assert len(ids) == 3
    either.services.paper_numbers.void(CLERK, ids, PaperVoidReason.UNUSED)
    work_three_days(either, clock.now())
    assert list(either.selfcheck.run()) == []


def test_numbers_for_january_are_of_the_new_year(either: Composition, clock: Clock) -> None:
    clock.advance(timedelta(days=20))
    (one,) = reserve(either, 1, date(2027, 1, 2))
    assert (one.series, one.sequence) == (SeriesKey(WARD, SERIES, 2027), 1)
    assert one.shown.endswith("/2027")


def test_selfcheck_warns_the_day_after(office: Composition, clock: Clock) -> None:
    one, *_ = reserve(office, 1)
    assert list(office.selfcheck.run()) == []
    clock.at_utc = clock.at_utc.replace(hour=17, minute=0)  # midnight in Bojonegoro
    (finding,) = office.selfcheck.run()
    assert (finding.subject, finding.code) == (one.shown, "paper_number_waiting")
    assert office.services.paper_numbers.overdue(CLERK, WARD) == 1
    office.services.paper_numbers.void(CLERK, [one.id], PaperVoidReason.UNUSED)
    assert list(office.selfcheck.run()) == []
    assert office.services.paper_numbers.overdue(CLERK, WARD) == 0


@pytest.mark.parametrize(
    ("count", "days", "series", "code"),
    [
        (0, 0, SERIES, "paper_count"),
        (MAX_BLOCK + 1, 0, SERIES, "paper_count"),
        (1, -1, SERIES, "paper_date"),
        (1, IN_ADVANCE.days + 1, SERIES, "paper_date"),
        (1, 0, "lain", "required"),
    ],
)
def test_what_cannot_be_taken_takes_nothing(
    office: Composition, count: int, days: int, series: str, code: str
) -> None:
    day = TODAY + timedelta(days=days)
    with pytest.raises(InvalidInput, match=code):
        office.services.paper_numbers.reserve(CLERK, WARD, series, count, day)
    assert told(office) == []
    assert issue(office, agency=WARD, signatory=WARDS_HEAD).sequence == 1


def test_there_is_an_end_of_numbers_that_wait(office: Composition) -> None:
    for _ in range(MAX_WAITING // MAX_BLOCK):
        reserve(office, MAX_BLOCK)
    with pytest.raises(InvalidInput, match="paper_too_many_waiting"):
        reserve(office, 1)
    assert len(told(office)) == MAX_WAITING


def test_nobody_else_takes_sees_or_voids_them(office: Composition) -> None:
    numbers = office.services.paper_numbers
    one, *_ = reserve(office)
    for who in (STRANGER, REVIEWER, Actor("a", Role.AUDITOR, None)):
        for step in (
            lambda who=who: numbers.reserve(who, WARD, SERIES, 1, TODAY),
            lambda who=who: numbers.void(who, [one.id], PaperVoidReason.UNUSED),
            lambda who=who: numbers.block(who, one.block_id),
            lambda who=who: numbers.to_enter(who, one.id),
        ):
            with pytest.raises(NotPermitted):
                step()
    with pytest.raises(NotPermitted):
        numbers.waiting(STRANGER, WARD)
    with pytest.raises(NotFound):
        numbers.void(OPERATOR, ["0" * 32], PaperVoidReason.UNUSED)


def test_every_step_is_in_the_trail(office: Composition) -> None:
    first, second, _ = reserve(office)
    enter(office, first.id)
    office.services.paper_numbers.void(CLERK, [second.id], PaperVoidReason.UNUSED)
    with office.register.reading() as uow:
        actions = [entry.event.action for entry in uow.audit.entries()]
    paper = [action for action in actions if action.startswith("paper.")]
    assert paper == ["paper.reserved", "paper.bound", "paper.voided"]


def test_the_gap_is_where_the_pattern_has_it() -> None:
    pattern = NumberPattern("B/{sequence:03}/{agency_code}/{month_roman}/{year}")
    assert (
        pattern.format(
            classification="{classification}", sequence=7, agency_code="x", year=2026, month=3
        )
        == "B/007/x/III/2026"
    )


def test_every_step_and_reason_has_its_place() -> None:
    for state, action in product(PaperState, (PaperAction.ENTER, PaperAction.VOID)):
        assert ((state, action) in PAPER_TRANSITIONS) is (state is PaperState.RESERVED)
    assert set(VOID_REASONS) == set(PaperVoidReason)
