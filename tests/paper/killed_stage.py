"""Eight processes take, enter and void numbers on paper among letters, and are killed."""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

from issuer.domain.errors import IllegalTransition, StaleVersion
from issuer.domain.paper_number import PaperVoidReason
from tests.casework.casework_office import CLERK, WARDS_HEAD
from tests.office.killing_stage import main
from tests.offices import WARD, Clock, compose_office, issue
from tests.paper.paper_office import enter, reserve


def work(folder: Path, told: int) -> None:
    """Do one thing or another until killed."""
    office = compose_office(folder, Clock())
    office.recovery.run()
    chance = random.Random(os.getpid())
    while True:
        waiting = list(office.services.paper_numbers.waiting(CLERK, WARD))
        try:
            what = chance.randrange(4)
            if what == 0 or not waiting:
                if len(waiting) < 20:
                    reserve(office, chance.randint(1, 3))
            elif what == 1:
                issue(office, agency=WARD, signatory=WARDS_HEAD)
            elif what == 2:
                enter(office, chance.choice(waiting).id)
            else:
                one = chance.choice(waiting).id
                office.services.paper_numbers.void(CLERK, [one], PaperVoidReason.UNUSED)
        except (StaleVersion, IllegalTransition):
            pass  # another process was faster with this number
        os.write(told, b".")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), work)
