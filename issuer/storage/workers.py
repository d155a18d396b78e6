"""Which processes of this office are still alive: a locked file for each.

The operating system lets go of the lock when its process ends, however it ends,
so a number reserved by a killed process is taken up again at once. Processes on
other hosts are judged by their lease alone.
"""

from __future__ import annotations

import fcntl
import os
import re
import socket
from pathlib import Path

from issuer.domain.errors import DependencyUnavailable
from issuer.domain.ports import Random

_NAME = re.compile(r"(?P<host>[A-Za-z0-9.-]{1,64}):(?P<key>[0-9a-f]{16})", re.ASCII)


class LockedFileWorkers:
    """Implements ``Workers``; made once in each process, never before a fork."""

    def __init__(self, folder: Path, random: Random) -> None:
        """Raises ``DependencyUnavailable`` when the folder cannot be written."""
        self._folder = folder
        self._host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())[:64] or "host"
        key = random.token_bytes(8).hex()
        self.name = f"{self._host}:{key}"
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._held = os.open(self._path(key), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DependencyUnavailable("worker files") from error

    def gone(self, worker: str) -> bool:
        """Say whether that process of this host has ended; its file is then removed."""
        known = _NAME.fullmatch(worker)
        if worker == self.name or known is None or known["host"] != self._host:
            return False
        path = self._path(known["key"])
        try:
            handle = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
        except OSError:
            return False
        finally:
            os.close(handle)
        return True

    def _path(self, key: str) -> Path:
        return self._folder / f"{key}.lock"
