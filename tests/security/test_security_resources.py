"""Hostile files cost a bounded amount of memory, seen from outside the process."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.programs import run
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


_LAUNCHER = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""A small process in between: a child's peak begins at the size of whoever starts it."""


def peak_of(*command: str) -> tuple[int, float]:
    """Return a program's exit code and the most memory it or its children had, in megabytes."""
    said = run(sys.executable, "-I", "-c", _LAUNCHER, *command)
    code, kilobytes = said.splitlines()[-1].split()
    return int(code), int(kilobytes) / 1024
