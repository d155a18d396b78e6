"""Two processes take another step of the same request at the same moment, again and again.

Run as a program: ``racing_stage.py FOLDER RACE`` with the ids of the requests on
standard input, one a line. It forks the two before anything else is started; a barrier
lets both begin each request at once. Prints who won, one JSON object a request.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

from issuer.bootstrap import Composition
from issuer.domain.errors import IllegalTransition, IssuerError, StaleVersion
from tests.casework.casework_office import CLERK, SECOND_CLERK, SIGNATORY, WARDS_HEAD
from tests.offices import Clock, compose_office

Step = Callable[[Composition, str], object]
LOST = (StaleVersion, IllegalTransition)
fork = multiprocessing.get_context("fork")


def review(office: Composition, request_id: str) -> object:
    return office.services.casework.review(CLERK, request_id, 2)


def return_(office: Composition, request_id: str) -> object:
    return office.services.casework.return_(SECOND_CLERK, request_id, 2, "Foto KTP buram")


def second_review(office: Composition, request_id: str) -> object:
    return office.services.casework.review(SECOND_CLERK, request_id, 2)


def issue(office: Composition, request_id: str) -> object:
    return office.services.issuance.issue(CLERK, request_id, WARDS_HEAD)


def reject(office: Composition, request_id: str) -> object:
    return office.services.casework.reject(SIGNATORY, request_id, 4, "Orangnya pindah")


RACES: dict[str, tuple[Step, Step]] = {
    "review or return": (review, return_),
    "two reviews": (review, second_review),
    "issue or reject": (issue, reject),
}


def run(folder: Path, step: Step, ids: list[str], line: Barrier, told: Connection) -> None:
    office = compose_office(folder, Clock())
    for request_id in ids:
        line.wait(60)
        try:
            step(office, request_id)
            told.send("won")
        except LOST as error:
            told.send(error.code)
        except IssuerError as error:
            told.send(f"unexpected: {error.code}")
    office.close()


def main(folder: Path, race: str, ids: list[str]) -> None:
    line = fork.Barrier(2)
    heard = []
    for step in RACES[race]:
        ours, theirs = fork.Pipe(duplex=False)
        fork.Process(target=run, args=(folder, step, ids, line, theirs), daemon=True).start()
        heard.append(ours)
    for request_id in ids:
        sys.stdout.write(json.dumps([request_id, *(one.recv() for one in heard)]) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.stdin.read().split())
