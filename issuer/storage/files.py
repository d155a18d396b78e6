"""Finished files, by the SHA-256 of their bytes.

A file is written once and never changed; what is read is checked against its name.
``put`` returns when the bytes survive a power cut: the object store library leaves
them in the page cache, so file and folders are synchronised here.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore

from issuer.domain.errors import (
    ConfigurationError,
    CorruptStore,
    DependencyUnavailable,
    NotFound,
    TooLarge,
)

MAX_FILE_BYTES: Final = 16 * 1024 * 1024
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)

# The threads of the object store library belong to the process that used it first;
# a child forked after that would wait for them for ever.
_used_by: set[int] = set()


class ObjectFileStore:
    """``FileStore`` in a local folder, ``<first two hex digits>/<sha256>.pdf``.

    The folder and those in it are the owner's alone (0700), as are the files (0600).
    Raises ``DependencyUnavailable`` when the folder cannot be made or read.
    """

    def __init__(self, folder: Path, max_bytes: int = MAX_FILE_BYTES, suffix: str = ".pdf") -> None:
        self._folder = folder
        self._suffix = suffix
        self._max_bytes = max_bytes
        # Those folders in it whose entries are known to survive a power cut.
        self._durable: set[Path] = set()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._store = LocalStore(folder)
        except (BaseError, OSError) as error:
            raise DependencyUnavailable("file store") from error

    def put(self, data: bytes) -> str:
        """Store the bytes durably and return their SHA-256 (hex). Twice is once.

        Raises ``TooLarge``, ``DependencyUnavailable``, and ``CorruptStore`` when a
        file of this name has other bytes.
        """
        if len(data) > self._max_bytes:
            raise TooLarge(self._max_bytes)
        _refuse_after_fork()
        sha256 = hashlib.sha256(data).hexdigest()
        place = self._place(sha256)
        path = self._folder / place
        try:
            if _made(path.parent):
                self._durable.discard(path.parent)
            obstore.put(self._store, place, data, mode="create", use_multipart=False)
        except AlreadyExistsError:
            self.get(sha256)
        except (BaseError, OSError) as error:
            raise DependencyUnavailable("file store") from error
        # Also for a file that was there: whoever wrote it may not have come this far.
        self._make_durable(path)
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes. Raises ``NotFound``, ``CorruptStore`` or ``DependencyUnavailable``."""
        if not _SHA256.fullmatch(sha256):
            raise NotFound("file", sha256[:64])
        _refuse_after_fork()
        try:
            found = obstore.get(self._store, self._place(sha256))
            if found.meta["size"] > self._max_bytes:
                raise CorruptStore(f"file {sha256}")
            data = found.bytes().to_bytes()
        except FileNotFoundError as error:
            raise NotFound("file", sha256) from error
        except (BaseError, OSError) as error:
            raise DependencyUnavailable("file store") from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise CorruptStore(f"file {sha256}")
        return data

    def remove(self, sha256: str) -> None:
        """Remove a file; one that is gone is no error. Raises ``DependencyUnavailable``."""
        if not _SHA256.fullmatch(sha256):
            raise NotFound("file", sha256[:64])
        try:
            (self._folder / self._place(sha256)).unlink(missing_ok=True)
        except OSError as error:
            raise DependencyUnavailable("file store") from error

    def has(self, sha256: str) -> bool:
        """Say whether a file is there. Raises ``DependencyUnavailable``."""
        _refuse_after_fork()
        try:
            obstore.head(self._store, self._place(sha256))
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as error:
            raise DependencyUnavailable("file store") from error
        return True

    def names_before(self, moment: datetime) -> Iterator[str]:
        """Yield the SHA-256 of the files that were stored before a moment, by the store's clock.

        What has another name than a file of this store is passed over. Raises
        ``DependencyUnavailable``.
        """
        _refuse_after_fork()
        try:
            for some in obstore.list(self._store):
                for found in some:
                    sha256 = found["path"].rpartition("/")[2].removesuffix(self._suffix)
                    its_own = _SHA256.fullmatch(sha256) and found["path"] == self._place(sha256)
                    if its_own and found["last_modified"] < moment:
                        yield sha256
        except (BaseError, OSError) as error:
            raise DependencyUnavailable("file store") from error

    def _place(self, sha256: str) -> str:
        return f"{sha256[:2]}/{sha256}{self._suffix}"

    def _make_durable(self, path: Path) -> None:
        """Synchronise a file and its folder, and once the folder's own entry."""
        parent = path.parent
        places = (path, parent) if parent in self._durable else (path, parent, self._folder)
        try:
            for place in places:
                descriptor = os.open(place, os.O_RDONLY)
                try:
                    if place == path:
                        os.fchmod(descriptor, 0o600)
                    os.fsync(descriptor)
                finally:
                    os.close(descriptor)
        except OSError as error:
            raise DependencyUnavailable("file store") from error
        self._durable.add(parent)


def _made(folder: Path) -> bool:
    """Make a folder; return False for one that is there."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        return False
    return True


def _refuse_after_fork() -> None:
    _used_by.add(os.getpid())
    if len(_used_by) > 1:
        raise ConfigurationError(
            ["the file store was used before this process was forked; start workers first"]
        )
