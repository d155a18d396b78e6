"""Files of the key folder: their rights, and that a secret is read only when it is safe."""

from __future__ import annotations

import os
import stat
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


def _open_to_others(status: os.stat_result) -> bool:
    return bool(status.st_mode & (stat.S_IRWXG | stat.S_IRWXO))
