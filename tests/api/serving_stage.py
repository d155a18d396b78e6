"""An office that really serves, for a caller from outside.

Run as a program: ``serving_stage.py FOLDER PORT``. A generator of requests asks more and
guesses more than any limit allows; here the limits are far, so that answers are seen.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from issuer.cli.serving import serve
from issuer.config import Settings
from issuer.domain.limits import ALLOWANCES, Allowance


def main(folder: Path, port: int) -> None:
    for rule in ALLOWANCES:
        ALLOWANCES[rule] = Allowance(1_000_000, timedelta(hours=1))
    serve(Settings.load(folder, {}), "127.0.0.1", port)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
