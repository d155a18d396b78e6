"""Installs what ``package-lock.json`` names, once for a checkout and lock file."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from pathlib import Path

import pytest

from tests.programs import require

FOLDER = Path(__file__).resolve().parent
PACKAGES = FOLDER / "node_modules"
_NPM_SECONDS = 300


def node_packages() -> Path:
    """Return the folder of the packages. Without npm the test is skipped, in CI it fails.

    Processes of one test run wait for whichever of them installs.
    """
    require("npm")
    lock = (FOLDER / "package-lock.json").read_bytes()
    wanted = hashlib.sha256(lock).hexdigest()
    with (FOLDER / ".installing").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        mark = PACKAGES / ".installed"
        if not mark.is_file() or mark.read_text("utf-8") != wanted:
            _install()
            mark.write_text(wanted, "utf-8")
    return PACKAGES


def _install() -> None:
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=2"]
    done = subprocess.run(
        command, cwd=FOLDER, capture_output=True, timeout=_NPM_SECONDS, check=False
    )
    if done.returncode != 0:
        message = f"npm ci: {done.stderr.decode(errors='replace')[-500:]}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
