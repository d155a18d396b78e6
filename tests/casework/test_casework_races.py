"""Two people at one request at the same moment, in processes of their own: one wins."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from issuer.bootstrap import Composition
from issuer.domain.letter_request import RequestState
from tests.casework.casework_office import CLERK, from_home
from tests.offices import OPERATOR, WARD

REQUESTS = 40
ROOT = Path(__file__).parents[2]
ENDS = {
    "review or return": (RequestState.REVIEWED, RequestState.RETURNED),
    "two reviews": (RequestState.REVIEWED, RequestState.REVIEWED),
    "issue or reject": (RequestState.ISSUED, RequestState.REJECTED),
}
"""Where a request stands when the first, or the second, has won."""


@pytest.mark.parametrize("race", ENDS)
def test_exactly_one_wins_and_no_number_is_lost(
    either: Composition, office_on_either: Path, race: str
) -> None:
    casework = either.services.casework
    ids = [from_home(either).id for _ in range(REQUESTS)]
    if race == "issue or reject":
        for request_id in ids:
            casework.review(CLERK, request_id, 2)
            casework.forward(CLERK, request_id, 3)
    stage = subprocess.run(
        [sys.executable, "-m", "tests.casework.racing_stage", str(office_on_either), race],
        input="\n".join(ids),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
        cwd=ROOT,
    )
    winners = {}
    for request_id, *outcomes in map(json.loads, stage.stdout.splitlines()):
        assert sorted(outcomes)[-1] == "won", outcomes
        assert sorted(outcomes)[0] in ("stale_version", "illegal_transition"), outcomes
        winners[request_id] = outcomes.index("won")
    assert list(winners) == ids
    for request_id, winner in winners.items():
        case = casework.one(OPERATOR, request_id)
        assert case.request.state is ENDS[race][winner]
        assert (case.letter_id is not None) is (case.request.state is RequestState.ISSUED)
    letters = list(either.services.letters.listed(OPERATOR, agency_code=WARD))
    assert [letter.sequence for letter in letters] == list(range(1, len(letters) + 1))
    assert list(either.selfcheck.run()) == []
