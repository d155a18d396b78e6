"""Eight processes issue into one office while they are killed at random.

Run as a program: ``killing_stage.py FOLDER LETTERS SEED``. It forks the processes
itself, after the imports, so that each is at work within a moment of its start.
Each tells of every letter through a pipe; after a random number of letters and a
random pause one of the eight is killed, so that a slow machine kills no faster than
it issues. Prints the number of kills.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from tests.offices import Clock, compose_office, issue

PROCESSES = 8
LETTERS_BETWEEN_KILLS = (1, 12)
LONGEST_PAUSE_SECONDS = 0.03

Work = Callable[[Path, int], None]
"""What a process does in an office folder until killed; it writes a dot for each letter."""


def work(folder: Path, told: int) -> None:
    """Issue letters until killed."""
    office = compose_office(folder, Clock())
    office.recovery.run()
    while True:
        issue(office)
        os.write(told, b".")


def start(folder: Path, told: int, work: Work) -> int:
    child = os.fork()
    if child == 0:
        try:
            work(folder, told)
        except BaseException:
            traceback.print_exc()
            os.write(told, b"!")
        finally:
            os._exit(1)
    return child


def main(folder: Path, letters: int, seed: int, work: Work = work) -> None:
    chance = random.Random(seed)
    heard, told = os.pipe()
    running = {start(folder, told, work) for _ in range(PROCESSES)}
    kills = issued = 0
    next_kill = chance.randint(*LETTERS_BETWEEN_KILLS)
    while issued < letters:
        if os.read(heard, 1) != b".":
            raise SystemExit("a process ended by itself")
        issued += 1
        if issued < next_kill:
            continue
        next_kill = issued + chance.randint(*LETTERS_BETWEEN_KILLS)
        time.sleep(chance.uniform(0, LONGEST_PAUSE_SECONDS))
        victim = chance.choice(sorted(running))
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
        running.remove(victim)
        running.add(start(folder, told, work))
        kills += 1
    for child in running:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    sys.stdout.write(f"{kills + len(running)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
