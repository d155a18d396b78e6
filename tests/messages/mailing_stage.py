"""A worker of an office that sends to a test's mail server until it is killed.

Run as a program: ``mailing_stage.py FOLDER``.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.offices import Clock, compose_office


def main(folder: Path) -> None:
    compose_office(folder, Clock()).services.message_sending.sweep()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
