"""Published files as files in one folder: ``status/2026``, ``issuer-keys/1``."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from issuer import whole_files
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
        try:
            whole_files.replace(self._ready(self._place(folder, number)), data, _FILE_MODE)
        except OSError as error:
            raise DependencyUnavailable(_STORE) from error

    def create(self, folder: str, number: int, data: bytes) -> None:
        """Put a new file durably. Raises ``StaleVersion`` when there is one."""
        try:
            whole_files.write_new(self._ready(self._place(folder, number)), data, _FILE_MODE)
        except FileExistsError as error:
            raise StaleVersion from error
        except OSError as error:
            raise DependencyUnavailable(_STORE) from error

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Let one process at a time publish."""
        with ExitStack() as stack:
            try:
                whole_files.make_folder(self._folder, _FOLDER_MODE)
                stack.enter_context(whole_files.locked(self._folder))
            except OSError as error:
                raise DependencyUnavailable(_STORE) from error
            yield

    def _place(self, folder: str, number: int) -> Path:
        return self._folder / folder / str(number)

    def _ready(self, path: Path) -> Path:
        for folder in (self._folder, path.parent):
            whole_files.make_folder(folder, _FOLDER_MODE)
        return path
