"""Two processes do something about the same thing at the same moment, again and again.

A stage is a program: ``python -m tests.….racing_stage FOLDER RACE`` with the ids of the
things on standard input, one a line. It forks the two before anything else is started; a
barrier lets both begin each time at once. It prints who won, one JSON list a thing.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

from issuer.bootstrap import Composition
from issuer.domain.errors import IllegalTransition, IssuerError, StaleVersion
from tests.offices import Clock, compose_office

Step = Callable[[Composition, str], object]
LOST = (StaleVersion, IllegalTransition)
fork = multiprocessing.get_context("fork")


def race(races: Mapping[str, tuple[Step, Step]]) -> None:
    """Run the race that the command line names."""
    folder, steps, ids = Path(sys.argv[1]), races[sys.argv[2]], sys.stdin.read().split()
    line = fork.Barrier(2)
    heard = []
    for step in steps:
        ours, theirs = fork.Pipe(duplex=False)
        fork.Process(target=run, args=(folder, step, ids, line, theirs), daemon=True).start()
        heard.append(ours)
    for one in ids:
        sys.stdout.write(json.dumps([one, *(told.recv() for told in heard)]) + "\n")


def run(folder: Path, step: Step, ids: list[str], line: Barrier, told: Connection) -> None:
    office = compose_office(folder, Clock())
    for one in ids:
        line.wait(60)
        try:
            step(office, one)
            told.send("won")
        except LOST as error:
            told.send(error.code)
        except IssuerError as error:
            told.send(f"unexpected: {error.code}")
    office.close()
