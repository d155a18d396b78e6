"""Both state machines: complete, without dead ends, closed to everything else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import TypeVar, cast

import pytest

from issuer.domain.blank import BLANK_TRANSITIONS
from issuer.domain.errors import IllegalTransition
from issuer.domain.letter import (
    LETTER_TRANSITIONS,
    UNFINISHED_LETTER,
    Letter,
    LetterAction,
    LetterState,
)
from issuer.domain.letter_request import (
    REQUEST_TRANSITIONS,
    RequestAction,
    RequestState,
    transition_of,
)
from issuer.domain.numbers import SeriesKey
from issuer.domain.paper_number import PAPER_TRANSITIONS
from issuer.domain.record import LetterRecord

S = TypeVar("S")
A = TypeVar("A")

REQUESTS = {pair: transition.to for pair, transition in REQUEST_TRANSITIONS.items()}
REQUEST_ENDS = {
    RequestState.HANDED_OVER,
    RequestState.REJECTED,
    RequestState.CANCELLED,
    RequestState.LAPSED,
}
LETTER_ENDS = {LetterState.REVOKED, LetterState.SUPERSEDED, LetterState.VOIDED}
ARCHITECTURE = Path(__file__).parents[2] / "ARCHITECTURE.md"


def letter_in(state: LetterState) -> Letter:
    series = SeriesKey("35.22.06.2001", "umum", 2026)
    at_utc = datetime(2026, 1, 5, tzinfo=UTC)
    # What the record says decides no transition.
    record = cast(LetterRecord, None)
    return Letter("l", "r", series, 1, "1", "c", 0, record, state, at_utc, None)


def reachable(table: Mapping[tuple[S, A], S], start: S) -> set[S]:
    found = {start}
    while True:
        following = {to for (state, _), to in table.items() if state in found}
        if following <= found:
            return found
        found |= following


def ends(table: Mapping[tuple[S, A], S], states: set[S]) -> set[S]:
    return states - {state for state, _ in table}


def test_every_state_of_a_request_can_be_reached() -> None:
    assert reachable(REQUESTS, RequestState.DRAFT) == set(RequestState)


def test_every_state_of_a_letter_can_be_reached() -> None:
    assert reachable(LETTER_TRANSITIONS, LetterState.RESERVED) == set(LetterState)


def test_only_what_is_final_has_no_way_on() -> None:
    assert ends(REQUESTS, set(RequestState)) == REQUEST_ENDS
    assert ends(LETTER_TRANSITIONS, set(LetterState)) == LETTER_ENDS


def test_an_end_can_be_reached_from_everywhere() -> None:
    for state in RequestState:
        assert reachable(REQUESTS, state) & REQUEST_ENDS
    for letter_state in LetterState:
        if letter_state is not LetterState.ISSUED:
            assert reachable(LETTER_TRANSITIONS, letter_state) & LETTER_ENDS


def test_every_action_is_used() -> None:
    assert {action for _, action in REQUESTS} == set(RequestAction)
    assert {action for _, action in LETTER_TRANSITIONS} == set(LetterAction)


@pytest.mark.parametrize(("state", "action"), list(product(RequestState, RequestAction)))
def test_a_request_moves_only_as_the_table_says(state: RequestState, action: RequestAction) -> None:
    if (state, action) in REQUEST_TRANSITIONS:
        assert transition_of(state, action).to is REQUESTS[state, action]
    else:
        with pytest.raises(IllegalTransition):
            transition_of(state, action)


@pytest.mark.parametrize(("state", "action"), list(product(LetterState, LetterAction)))
def test_a_letter_moves_only_as_the_table_says(state: LetterState, action: LetterAction) -> None:
    letter = letter_in(state)
    if (state, action) in LETTER_TRANSITIONS:
        assert letter.after(action).state is LETTER_TRANSITIONS[state, action]
    else:
        with pytest.raises(IllegalTransition):
            letter.after(action)


def test_a_taken_number_is_never_given_back() -> None:
    """No way leads from issued, revoked, superseded or voided to a state before issue."""
    after_issue = {LetterState.ISSUED, *LETTER_ENDS}
    for state in after_issue:
        assert not reachable(LETTER_TRANSITIONS, state) & UNFINISHED_LETTER
    assert LetterState.ISSUED not in reachable(LETTER_TRANSITIONS, LetterState.VOIDED)


def test_architecture_md_draws_the_tables() -> None:
    """Every row stands there as a line of a Mermaid state diagram, and no other line does."""
    drawn = re.findall(r"^ +(\w+ --> \w+: \w+)$", ARCHITECTURE.read_text("utf-8"), re.MULTILINE)
    blanks = [row for row in BLANK_TRANSITIONS.items() if row[0][0] is not None]
    papers = [row for row in PAPER_TRANSITIONS.items() if row[0][0] is not None]
    rows = [*REQUESTS.items(), *LETTER_TRANSITIONS.items(), *papers, *blanks]
    assert drawn == [f"{state} --> {to}: {action}" for (state, action), to in rows]
