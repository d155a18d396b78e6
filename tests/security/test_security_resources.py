"""Hostile files cost a bounded amount of memory, seen from outside the process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.security.attacks import Family
from tests.security.conftest import Stage
from tests.security.test_security_attacks import ATTACKS

MAX_MEGABYTES = 500


def test_a_process_that_verifies_every_bomb_stays_small(stage: Stage, tmp_path: Path) -> None:
    paths = []
    for place, attack in enumerate(a for a in ATTACKS if a.family is Family.BOMB):
        path = tmp_path / f"{place}.pdf"
        path.write_bytes(attack.make(stage.target))
        paths.append(str(path))
    folder = str(stage.office.settings.data_dir)
    code, megabytes = peak_of(
        sys.executable, "-m", "issuer", "--data-dir", folder, "verify", *paths
    )
    assert code == 1
    assert megabytes < MAX_MEGABYTES


def peak_of(*command: str) -> tuple[int, float]:
    """Return a program's exit code and the most memory it had, in megabytes."""
    quiet = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    process = os.posix_spawn(command[0], command, os.environ, file_actions=[quiet])
    _, status, usage = os.wait4(process, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss / 1024
