"""Files of the key folder: written whole or not at all, read only when they are safe."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 65_536
MAX_LIST_BYTES: Final = 4_194_304
SECRET_FILE: Final = 0o600
SECRET_FOLDER: Final = 0o700
PUBLIC_FILE: Final = 0o644
PUBLIC_FOLDER: Final = 0o755


class Unsafe(OSError):
    """A secret file, or its folder, is open to others than its owner."""


def write_new(path: Path, data: bytes, mode: int) -> None:
    """Create a file durably. Raises ``FileExistsError`` and then changes nothing."""
    _write(path, data, mode, replace=False)


def replace(path: Path, data: bytes, mode: int) -> None:
    """Put a file in the place of the old one; a reader sees the one or the other."""
    _write(path, data, mode, replace=True)


def read(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Return a public file. Raises ``OSError``, also beyond the limit."""
    with path.open("rb") as file:
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError("file too large")
    return data


def read_secret(path: Path, *, folder_too: bool) -> bytes:
    """Return a secret file. Raises ``Unsafe`` when group or others have any right to it.

    The opened file is asked, not its name, so that it cannot be exchanged between
    the question and the reading; a symbolic link is not followed.
    """
    if folder_too and _open_to_others(path.parent.stat()):
        raise Unsafe
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        if _open_to_others(os.fstat(file.fileno())):
            raise Unsafe
        return file.read(MAX_BYTES)


def make_folder(path: Path, mode: int) -> None:
    """Create a folder with exactly these rights, unless it is there."""
    try:
        path.mkdir(parents=True)
    except FileExistsError:
        return
    path.chmod(mode)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let one process at a time change what is in the folder."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _open_to_others(status: os.stat_result) -> bool:
    return bool(status.st_mode & (stat.S_IRWXG | stat.S_IRWXO))


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
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
