"""Serials, states and accounts of blanks."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.iso7064 import mod_37_36

from issuer.domain.blank import (
    BEARS_LETTER,
    BLANK_TRANSITIONS,
    MAX_NUMBER,
    MAX_RANGE,
    ON_HAND,
    Blank,
    BlankAction,
    BlankState,
    Printing,
    Serial,
    SerialRange,
    read_serial,
    runs,
    sheet_of,
)
from issuer.domain.blank_stock import StockReport
from issuer.domain.errors import IllegalTransition
from tests.offices import MORNING

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
serials = st.builds(
    Serial,
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=4),
    st.integers(1, MAX_NUMBER),
)

# What follows on each action in each state; a dot where nothing may.
TABLE = """
              receive  hand_over  print    confirm spoil   take_back lose destroy
none          in_store .          .        .       .       .         .    .
in_store      .        at_counter .        .       .       .         lost .
at_counter    .        .          printing .       spoiled returned  lost .
printing      .        .          .        used    spoiled .         lost .
used          .        .          .        .       spoiled .         lost .
returned      .        at_counter .        .       .       .         lost .
spoiled       .        .          .        .       .       .         lost destroyed
lost          .        .          .        .       .       .         .    .
destroyed     .        .          .        .       .       .         .    .
"""
HEADING, *ROWS = [line.split() for line in TABLE.strip().splitlines()]


def test_the_table_of_states_is_this_one() -> None:
    written = {
        (None if state == "none" else BlankState(state), BlankAction(action)): BlankState(after)
        for state, *cells in ROWS
        for action, after in zip(HEADING, cells, strict=True)
        if after != "."
    }
    assert written == BLANK_TRANSITIONS
    assert {state for state, *_ in ROWS} == {"none", *BlankState}
    assert set(HEADING) == set(BlankAction)


@pytest.mark.parametrize(("state", "action"), list(product(BlankState, BlankAction)))
def test_a_sheet_follows_the_table_and_nothing_else(state: BlankState, action: BlankAction) -> None:
    sheet = Blank(Serial("BJN", 1), state)
    if (state, action) in BLANK_TRANSITIONS:
        assert sheet.after(action).state is BLANK_TRANSITIONS[state, action]
    else:
        with pytest.raises(IllegalTransition):
            sheet.after(action)


def test_every_state_is_reached_and_all_but_the_final_ones_are_left() -> None:
    assert set(BLANK_TRANSITIONS.values()) == set(BlankState)
    left = {state for state, _ in BLANK_TRANSITIONS if state}
    assert set(BlankState) - left == {BlankState.LOST, BlankState.DESTROYED}
    assert left >= ON_HAND | BEARS_LETTER


@given(serials)
def test_the_check_character_is_that_of_the_standard(serial: Serial) -> None:
    body, check = str(serial).split("-")
    assert mod_37_36.calc_check_digit(body) == check
    assert mod_37_36.is_valid(body + check)


@given(serials)
def test_a_serial_is_read_as_it_is_printed_and_as_people_type(serial: Serial) -> None:
    text = str(serial)
    spaced = f" {serial.prefix.lower()} {serial.number:06} - {text[-1].lower()} "
    for typed in (text, text.lower(), text.replace("-", ""), spaced):
        assert read_serial(typed) == serial


@given(serials, st.integers(0, 10), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(serial: Serial, place: int, wrong: str) -> None:
    text = str(serial).replace("-", "")
    assume(place < len(text) and text[place] != wrong)
    assert read_serial(text[:place] + wrong + text[place + 1 :]) is None


def test_nearly_every_swap_of_neighbours_is_noticed() -> None:
    """ISO 7064 promises all single errors of its hybrid systems, and nearly all swaps."""
    swapped = [
        text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        for number in range(1, 999_999, 997)
        for text in [str(Serial("BJN", number)).replace("-", "")]
        for place in range(len(text) - 1)
        if text[place] != text[place + 1]
    ]
    unnoticed = [text for text in swapped if read_serial(text) is not None]
    assert len(unnoticed) <= len(swapped) / 100


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "BJN",
        "BJN000000-0",
        "BJN000123-8",
        "BJN٠٠٠١٢٣-9",
        "BJN000123-9" * 9,
        "ＢＪＮ000123-9",
    ],
)
def test_what_is_no_serial_is_none(typed: str) -> None:
    valid = mod_37_36.calc_check_digit("BJN000000")
    assert read_serial(typed) is None
    assert read_serial(f"BJN000000-{valid}") is None


@pytest.mark.parametrize(
    ("prefix", "number"), [("", 1), ("ABCDE", 1), ("a", 1), ("B", 0), ("B", 10**6)]
)
def test_no_such_serial_is_made(prefix: str, number: int) -> None:
    with pytest.raises(ValueError, match="serial"):
        Serial(prefix, number)


@pytest.mark.parametrize(("first", "last"), [(2, 1), (1, MAX_RANGE + 1)])
def test_a_range_is_in_order_and_bounded(first: int, last: int) -> None:
    with pytest.raises(ValueError, match="range"):
        SerialRange(Serial("B", first), Serial("B", last))
    with pytest.raises(ValueError, match="range"):
        SerialRange(Serial("B", 1), Serial("C", 2))


@given(
    st.lists(
        st.tuples(st.integers(1, 30), st.sampled_from("AB"), st.booleans()),
        unique_by=lambda x: x[0],
    )
)
def test_runs_hold_every_sheet_once_and_only_alike_ones(rows: list[tuple[int, str, bool]]) -> None:
    moved: list[tuple[BlankState | None, Blank]] = []
    for number, agency, printed in sorted(rows):
        before = BlankState.PRINTING if printed else BlankState.AT_COUNTER
        bound = Printing("letter", "clerk", MORNING) if printed else None
        moved.append((before, Blank(Serial("B", number), BlankState.LOST, agency, "k", bound)))
    found = list(runs(moved))
    assert [s for serials, _, _ in found for s in serials] == [sheet.serial for _, sheet in moved]
    by_serial = {sheet.serial: (before, sheet) for before, sheet in moved}
    for serials_, state, sheet in found:
        for serial in serials_:
            assert by_serial[serial][0] is state
            assert by_serial[serial][1].agency_code == sheet.agency_code


def test_the_sheet_of_a_letter_is_its_last_one_that_counts() -> None:
    def sheet(number: int, state: BlankState) -> Blank:
        return Blank(Serial("B", number), state)

    assert sheet_of([]) is None
    assert sheet_of([sheet(1, BlankState.SPOILED), sheet(2, BlankState.DESTROYED)]) is None
    lost, used = sheet(1, BlankState.LOST), sheet(2, BlankState.USED)
    assert sheet_of([lost]) == lost
    assert sheet_of([lost, used]) == used
    assert sheet_of([used, sheet(3, BlankState.SPOILED)]) == used


def test_a_stock_report_adds_up() -> None:
    report = StockReport("x", date(2026, 1, 1), 10, 100, 40, 3, 2, 1, 64)
    assert report.closing == 64
