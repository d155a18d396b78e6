"""Files written whole or not at all: a reader meets the old one, the new one, or none.

Every function raises ``OSError`` as the system gave it.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_new(path: Path, data: bytes, mode: int) -> None:
    """Create a file durably. Raises ``FileExistsError`` and then changes nothing."""
    _write(path, data, mode, replace=False)


def replace(path: Path, data: bytes, mode: int) -> None:
    """Put a file durably in the place of the old one."""
    _write(path, data, mode, replace=True)


def make_folder(path: Path, mode: int) -> None:
    """Create a folder with exactly these rights, unless it is there."""
    try:
        path.mkdir(parents=True)
    except FileExistsError:
        return
    path.chmod(mode)
    _make_durable(path.parent)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time change what is in the folder; the lock goes with its process."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(path: Path, data: bytes, mode: int, *, replace: bool) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with open(handle, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            os.replace(name, path)
        else:
            os.link(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
    _make_durable(path.parent)


def _make_durable(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
