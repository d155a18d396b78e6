"""Two processes do something with the same number on paper at once, again and again.

Run as a program: ``racing_stage.py FOLDER RACE`` with the ids of the numbers on standard
input, one a line. Prints what came of it for each, one JSON object a number.
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
from issuer.domain.paper_number import PaperVoidReason
from tests.casework.casework_office import CLERK
from tests.offices import Clock, compose_office
from tests.paper.paper_office import enter, reserve

LOST = (StaleVersion, IllegalTransition)
fork = multiprocessing.get_context("fork")


def void(office: Composition, number_id: str) -> None:
    office.services.paper_numbers.void(CLERK, [number_id], PaperVoidReason.UNUSED)


def take_more(office: Composition, _number_id: str) -> None:
    reserve(office, 2)


Step = Callable[[Composition, str], object]
RACES: dict[str, tuple[Step, Step]] = {
    "enter or enter": (enter, enter),
    "void or void": (void, void),
    "void or enter": (void, enter),
    "enter and take more": (enter, take_more),
}


def run(folder: Path, step: Step, ids: list[str], line: Barrier, told: Connection) -> None:
    office = compose_office(folder, Clock())
    for number_id in ids:
        line.wait(60)
        try:
            step(office, number_id)
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
    for number_id in ids:
        sys.stdout.write(json.dumps([number_id, *(one.recv() for one in heard)]) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.stdin.read().split())
