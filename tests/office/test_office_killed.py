"""Four hundred letters by eight processes that are killed at random moments."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from issuer.domain.letter import LetterState
from issuer.domain.verdict import Verdict
from tests.offices import OPERATOR, Clock, compose_office, pdf_of

LETTERS = 400
STAGE = "tests.office.killing_stage"
ROOT = Path(__file__).parents[2]


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
