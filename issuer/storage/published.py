"""Published files as files in one folder: ``status/2026``, ``issuer-keys/1``."""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from issuer.domain.errors import DependencyUnavailable, NotFound, StaleVersion

MAX_FILE_BYTES: Final = 1_048_576
_STORE: Final = "published files"
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_FOLDER_MODE: Final = 0o755
_FILE_MODE: Final = 0o644


class PublishedFolder:
    """``PublishedFiles`` in a folder that is made when something is first published."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, folder: str, number: int) -> bytes:
        """Return a file. Raises ``NotFound``, also for one beyond the limit."""
        try:
            with self._place(folder, number).open("rb") as file:
                data = file.read(MAX_FILE_BYTES + 1)
        except FileNotFoundError as error:
            raise NotFound("file", f"{folder}/{number}") from error
        except OSError as error:
            raise DependencyUnavailable(_STORE) from error
        if len(data) > MAX_FILE_BYTES:
            raise NotFound("file", f"{folder}/{number}")
        return data

    def numbers(self, folder: str) -> list[int]:
        """Return the numbers in a folder, in order; other files there are not seen."""
        try:
            names = os.listdir(self._folder / folder)
        except FileNotFoundError:
            return []
        except OSError as error:
            raise DependencyUnavailable(_STORE) from error
        return sorted(int(name) for name in names if _NUMBER.fullmatch(name))

    def put(self, folder: str, number: int, data: bytes) -> None:
        """Put a file durably in the place of the one before it."""
        self._write(self._place(folder, number), data, replace=True)

    def create(self, folder: str, number: int, data: bytes) -> None:
        """Put a new file durably. Raises ``StaleVersion`` when there is one."""
        self._write(self._place(folder, number), data, replace=False)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Let one process at a time publish; the lock goes with its process."""
        try:
            self._make(self._folder)
            handle = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise DependencyUnavailable(_STORE) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _place(self, folder: str, number: int) -> Path:
        return self._folder / folder / str(number)

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(_FOLDER_MODE)

    def _write(self, path: Path, data: bytes, *, replace: bool) -> None:
        """Write beside and move: a reader meets the old file or the new one."""
        try:
            self._make(self._folder)
            self._make(path.parent)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            try:
                with open(handle, "wb") as file:
                    os.fchmod(file.fileno(), _FILE_MODE)
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                if replace:
                    os.replace(name, path)
                else:
                    _link(name, path)
            finally:
                Path(name).unlink(missing_ok=True)
            for folder in (path.parent, self._folder):
                _make_durable(folder)
        except OSError as error:
            raise DependencyUnavailable(_STORE) from error


def _link(name: str, path: Path) -> None:
    try:
        os.link(name, path)
    except FileExistsError as error:
        raise StaleVersion from error


def _make_durable(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
