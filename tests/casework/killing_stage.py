"""Processes handle requests until they are killed at random; see ``tests.office``.

Run as a program: ``killing_stage.py FOLDER ROUNDS SEED``. A round takes a request from
home through a return and a correction to its letter; a dot is written when it is whole.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.casework.casework_office import APPLICANT, CLERK, WARDS_HEAD, from_home
from tests.office import killing_stage
from tests.offices import Clock, compose_office


def work(folder: Path, told: int) -> None:
    """Handle requests until killed."""
    office = compose_office(folder, Clock())
    office.recovery.run()
    casework = office.services.casework
    while True:
        sent = from_home(office)
        casework.return_(CLERK, sent.id, 2, "Foto KTP buram")
        casework.submit(APPLICANT, sent.id, 3)
        casework.review(CLERK, sent.id, 4)
        casework.forward(CLERK, sent.id, 5)
        letter = office.services.issuance.issue(CLERK, sent.id, WARDS_HEAD)
        casework.hand_over(CLERK, letter.request_id, 7, "pemohon")
        os.write(told, b".")


if __name__ == "__main__":
    killing_stage.main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), work)
