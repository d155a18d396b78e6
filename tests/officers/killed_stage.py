"""Sign a batch and be killed in the middle. ``killed_stage.py FOLDER WHERE``.

``WHERE`` is the moment with the third letter: before its number is taken, when its file is
about to be stored, or after it is issued and before the batch knows.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from issuer.domain.signing_batches import Order
from tests.officers.officer_office import BY_PIN, an_officer, waiting
from tests.offices import Clock, compose_office

LETTERS, THIRD = 6, 3


def main(folder: Path, where: str) -> None:
    office = compose_office(folder, Clock())
    officer = an_officer(office)
    letters = waiting(office, LETTERS)
    issuance, batches = office.services.issuance, office.services.batches
    thing: Any = {"issue": issuance, "put": issuance._files, "_write": batches}[where]
    setattr(thing, where, killing(getattr(thing, where)))
    batches.begin(officer, Order("batch", letters), BY_PIN)
    office.background.finish()


def killing(really: Callable[..., object]) -> Callable[..., object]:
    """Return the same, but for the third call, which ends the process."""
    calls = count(1)

    def call(*arguments: object, **named: object) -> object:
        if next(calls) == THIRD:
            os.kill(os.getpid(), signal.SIGKILL)
        return really(*arguments, **named)

    return call


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
