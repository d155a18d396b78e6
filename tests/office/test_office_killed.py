"""Four hundred letters by eight processes that are killed at random moments."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from issuer.domain.letter import LetterState
from issuer.domain.verdict import Verdict
from tests.databases import fresh_postgres
from tests.offices import OPERATOR, Clock, compose_office, found_office, pdf_of

LETTERS = 400
STAGE = "tests.office.killing_stage"
ROOT = Path(__file__).parents[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """An office folder on either database."""
    folder = tmp_path / "office"
    if request.param == "sqlite":
        found_office(folder, Clock())
        yield folder
        return
    with fresh_postgres() as url:
        found_office(folder, Clock(), url)
        yield folder


def test_every_number_is_there_once_and_every_letter_verifies(shared_office: Path) -> None:
    stage = subprocess.run(
        [sys.executable, "-m", STAGE, str(shared_office), str(LETTERS), "3522"],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
        cwd=ROOT,
    )
    assert stage.returncode == 0, stage.stderr
    assert int(stage.stdout) >= 40, "too few kills to say anything"
    office = compose_office(shared_office, Clock())
    office.recovery.run()
    letters = list(office.services.letters.listed(OPERATOR))
    states = {letter.state for letter in letters}
    assert len(letters) >= LETTERS
    assert states <= {LetterState.ISSUED, LetterState.VOIDED}
    assert [letter.sequence for letter in letters] == list(range(1, len(letters) + 1))
    assert list(office.selfcheck.run()) == []
    for letter in letters:
        if letter.state is LetterState.ISSUED:
            verdict = office.services.verifier.by_file(pdf_of(office, letter)).verdict
            assert verdict is Verdict.VALID, letter.number
    office.close()
