"""Eight processes replace one another's letters while they are killed at random.

Run as a program: ``replacing_stage.py FOLDER LETTERS SEED``; see ``killing_stage``.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

from issuer.domain.errors import IllegalTransition, StaleVersion
from issuer.domain.letter import LetterState
from tests.office.killing_stage import main
from tests.offices import OPERATOR, Clock, compose_office, replace_letter


def work(folder: Path, told: int) -> None:
    """Replace letters until killed; whoever comes second goes on with another letter."""
    office = compose_office(folder, Clock())
    chance = random.Random(os.getpid())
    office.recovery.run()
    while True:
        letters = office.services.letters.listed(OPERATOR)
        in_force = [letter for letter in letters if letter.state is LetterState.ISSUED]
        try:
            replace_letter(office, chance.choice(in_force))
        except (IllegalTransition, StaleVersion):
            continue
        os.write(told, b".")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), work)
