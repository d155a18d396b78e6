"""Eight processes issue into one office while they are killed at random.

Run as a program: ``killing_stage.py FOLDER LETTERS SEED``. It forks the processes
itself, after the imports, so that each is at work within a moment of its start.
Prints the number of kills.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sys
import time
from pathlib import Path

from offices import OPERATOR, Clock, compose_office, issue

from issuer.domain.errors import DependencyUnavailable, StaleVersion

PROCESSES = 8
SECONDS_BETWEEN_KILLS = (0.05, 1.0)


def work(folder: Path, letters: int) -> None:
    """Issue letters until the office has enough of them."""
    office = compose_office(folder, Clock())
    office.recovery.run()
    while len(list(office.services.letters.listed(OPERATOR))) < letters:
        with contextlib.suppress(StaleVersion, DependencyUnavailable):
            for _ in range(5):
                issue(office)


def start(folder: Path, letters: int) -> int:
    child = os.fork()
    if child == 0:
        try:
            work(folder, letters)
        finally:
            os._exit(0)
    return child


def main(folder: Path, letters: int, seed: int) -> None:
    chance = random.Random(seed)
    running = {start(folder, letters) for _ in range(PROCESSES)}
    kills = 0
    while running:
        time.sleep(chance.uniform(*SECONDS_BETWEEN_KILLS))
        for child in list(running):
            if os.waitpid(child, os.WNOHANG)[0]:
                running.discard(child)
        if len(running) == PROCESSES:  # nobody has found enough letters yet
            victim = chance.choice(sorted(running))
            os.kill(victim, signal.SIGKILL)
            os.waitpid(victim, 0)
            running.discard(victim)
            running.add(start(folder, letters))
            kills += 1
    sys.stdout.write(f"{kills}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
