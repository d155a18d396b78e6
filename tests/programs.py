"""Runs other people's programs for a test."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def require(program: str) -> str:
    """Return the path of a tool. A missing one skips the test, or fails it in CI."""
    path = shutil.which(program)
    if path is not None:
        return path
    message = f"{program} is not installed"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def run(*command: str | Path, seconds: float = 60) -> str:
    """Run a tool; return its output. A missing tool skips the test, or fails it in CI."""
    require(str(command[0]))
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=seconds,
        check=False,
    )
    return done.stdout.decode(errors="replace")
