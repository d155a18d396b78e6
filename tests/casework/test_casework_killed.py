"""A hundred requests handled by processes that are killed at random moments."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

from issuer.bootstrap import Composition
from issuer.domain.casework import MAX_PAGE, OPEN
from issuer.domain.letter_request import RequestState
from tests.casework.casework_office import CLERK, WARDS_HEAD
from tests.offices import OPERATOR, WARD

ROUNDS = 100
ROOT = Path(__file__).parents[2]


def test_no_request_is_lost_and_every_one_can_go_on(
    either: Composition, office_on_either: Path
) -> None:
    stage = [sys.executable, "-m", "tests.casework.killing_stage", str(office_on_either)]
    run = subprocess.run(
        [*stage, str(ROUNDS), "3522"],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
        cwd=ROOT,
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) >= 10, "too few kills to say anything"
    either.recovery.run()
    assert list(either.selfcheck.run()) == []
    with either.register.reading() as uow:
        ends = Counter(history.state for history in uow.cases.histories())
    assert ends[RequestState.HANDED_OVER] >= ROUNDS
    assert set(ends) <= {RequestState.HANDED_OVER, RequestState.ISSUED, *OPEN}
    casework = either.services.casework
    left = casework.queue(OPERATOR, WARD, limit=MAX_PAGE)
    assert len(left) == sum(ends[state] for state in OPEN)
    for summary in left:
        version = summary.version
        if summary.state is RequestState.RETURNED:
            version = casework.submit(OPERATOR, summary.id, version).version
        if casework.one(OPERATOR, summary.id).request.state is RequestState.SUBMITTED:
            version = casework.review(CLERK, summary.id, version).version
        if casework.one(OPERATOR, summary.id).request.state is RequestState.REVIEWED:
            casework.forward(CLERK, summary.id, version)
        either.services.issuance.issue(CLERK, summary.id, WARDS_HEAD)
    assert casework.queue(OPERATOR, WARD) == []
    assert list(either.selfcheck.run()) == []
