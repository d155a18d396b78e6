"""Supporting documents as files: each encrypted under a key of its own, AES-256-GCM.

The key lies sealed in the document's row. A file without its row cannot be read by
anybody, so removing the row is enough even where a copy of the disk remains.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from issuer.domain.errors import CorruptStore
from issuer.domain.ports import Random
from issuer.storage.files import ObjectFileStore

_KEY_BYTES: Final = 32
_NONCE: Final = bytes(12)
"""A key encrypts one file and no other, so its nonce need not change."""

MAX_SEALED_BYTES: Final = 26_000_000


class SealedFileStore:
    """``SealedFiles`` in a local folder."""

    def __init__(self, folder: Path, random: Random) -> None:
        self._files = ObjectFileStore(folder, MAX_SEALED_BYTES, suffix=".sealed")
        self._random = random

    def put(self, data: bytes) -> tuple[str, bytes]:
        """Store bytes durably; return the file's name and its key.

        Raises ``TooLarge`` or ``DependencyUnavailable``.
        """
        key = self._random.token_bytes(_KEY_BYTES)
        return self._files.put(AESGCM(key).encrypt(_NONCE, data, None)), key

    def get(self, name: str, key: bytes) -> bytes:
        """Return the bytes. Raises ``NotFound``, ``CorruptStore``, ``DependencyUnavailable``."""
        try:
            return AESGCM(key).decrypt(_NONCE, self._files.get(name), None)
        except (InvalidTag, ValueError) as error:
            raise CorruptStore(f"file {name}") from error

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone is no error. Raises ``DependencyUnavailable``."""
        self._files.remove(name)

    def has(self, name: str) -> bool:
        """Say whether a file is there. Raises ``DependencyUnavailable``."""
        return self._files.has(name)

    def names_before(self, moment: datetime) -> Iterator[str]:
        """Yield the names of the files that were stored before a moment.

        Raises ``DependencyUnavailable``.
        """
        return self._files.names_before(moment)
