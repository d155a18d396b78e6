"""A batch whose process is killed: nothing is lost, nothing twice, nothing without the PIN."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from issuer.domain.errors import InvalidInput
from issuer.domain.letter import LetterState
from issuer.domain.signing_batches import BatchState, Progress
from tests.officers.killed_stage import LETTERS
from tests.officers.officer_office import BY_PIN, BY_WRONG_PIN
from tests.offices import OPERATOR, Clock, compose_office

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("where", ["issue", "put", "_write"])
def test_a_killed_batch_goes_on_with_the_pin_alone(shared_office: Path, where: str) -> None:
    stage = subprocess.run(
        [sys.executable, "-m", "tests.officers.killed_stage", str(shared_office), where],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        cwd=ROOT,
    )
    assert stage.returncode == -signal.SIGKILL, stage.stderr
    office = compose_office(shared_office, Clock())
    batches = office.services.batches
    officer = office.services.accounts.actor("pejabat")
    view = batches.one(officer, "batch")
    assert view.interrupted
    assert view.batch.state is BatchState.RUNNING
    assert view.progress == Progress(signed=2, failed=0, waiting=LETTERS - 2)
    with pytest.raises(InvalidInput):
        batches.go_on(officer, "batch", BY_WRONG_PIN)
    office.background.finish()
    assert batches.one(officer, "batch").progress.signed == 2
    batches.go_on(officer, "batch", BY_PIN)
    office.background.finish()
    view = batches.one(officer, "batch")
    assert view.progress == Progress(signed=LETTERS, failed=0, waiting=0)
    assert view.batch.state is BatchState.DONE
    letters = list(office.services.letters.listed(OPERATOR))
    issued = [letter for letter in letters if letter.state is LetterState.ISSUED]
    assert sorted(letter.request_id for letter in issued) == sorted(
        row.request.id for row in view.rows
    )
    assert [letter.sequence for letter in letters] == list(range(1, len(letters) + 1))
    assert list(office.selfcheck.run()) == []
    office.close()
