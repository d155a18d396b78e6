"""Several people at the numbers on paper at once, and processes that are killed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from issuer.bootstrap import Composition
from issuer.domain.letter import LetterState
from issuer.domain.paper_number import PaperNumber, PaperState
from issuer.domain.verdict import Verdict
from tests.offices import OPERATOR, Clock, compose_office, pdf_of
from tests.paper.paper_office import reserve, told

NUMBERS = 20
STEPS = 300
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("race", ["enter or enter", "void or void", "void or enter"])
def test_of_two_at_one_number_one_wins(either: Composition, either_folder: Path, race: str) -> None:
    ids = [one.id for one in reserve(either, NUMBERS)]
    outcomes = run(either_folder, race, ids)
    assert list(outcomes) == ids
    for first, second in outcomes.values():
        if race == "void or enter" and second == "won":
            continue  # voided under its request, which then took the next number
        assert sorted((first, second))[-1] == "won"
        assert sorted((first, second))[0] in ("stale_version", "illegal_transition")
    whole(either)


def test_taking_and_entering_at_once_loses_no_number(
    either: Composition, either_folder: Path
) -> None:
    ids = [one.id for one in reserve(either, NUMBERS)]
    outcomes = run(either_folder, "enter and take more", ids)
    assert set(map(tuple, outcomes.values())) == {("won", "won")}
    whole(either)
    states = [state for _, state in told(either)]
    assert (states.count("issued"), states.count("reserved")) == (NUMBERS, 2 * NUMBERS)


def test_every_number_is_there_once_whatever_was_killed(either_folder: Path) -> None:
    stage = subprocess.run(
        [sys.executable, "-m", "tests.paper.killed_stage", str(either_folder), str(STEPS), "35"],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
        cwd=ROOT,
    )
    assert stage.returncode == 0, stage.stderr
    assert int(stage.stdout) >= 30, "too few kills to say anything"
    office = compose_office(either_folder, Clock())
    office.recovery.run()
    whole(office)
    rows = list(office.services.letters.numbers(OPERATOR))
    letters = [row for row in rows if not isinstance(row, PaperNumber)]
    on_paper = [row for row in rows if isinstance(row, PaperNumber)]
    assert {letter.state for letter in letters} <= {LetterState.ISSUED, LetterState.VOIDED}
    assert {row.state for row in on_paper} <= {PaperState.RESERVED, PaperState.VOIDED}
    with office.register.reading() as uow:
        entered = uow.paper_numbers.list(state=PaperState.ENTERED)
    assert len(entered) > 10
    places = {(letter.series, letter.sequence) for letter in letters}
    assert {(row.series, row.sequence) for row in entered} <= places
    for letter in letters[::7]:
        if letter.state is LetterState.ISSUED:
            answer = office.services.verifier.by_file(pdf_of(office, letter))
            assert answer.verdict is Verdict.VALID
    office.close()


def run(folder: Path, race: str, ids: list[str]) -> dict[str, list[str]]:
    stage = subprocess.run(
        [sys.executable, "-m", "tests.paper.racing_stage", str(folder), race],
        input="\n".join(ids),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        cwd=ROOT,
    )
    lines = map(json.loads, stage.stdout.splitlines())
    return {number_id: outcomes for number_id, *outcomes in lines}


def whole(office: Composition) -> None:
    """Assert that every value from 1 to the highest is there once."""
    sequences = [sequence for sequence, _ in told(office)]
    assert sequences == list(range(1, len(sequences) + 1))
    assert list(office.selfcheck.run()) == []
