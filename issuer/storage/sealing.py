"""Personal data at rest: sealed values inside rows, AES-256-GCM.

A sealed value is one version byte, a random nonce of 12 bytes, and the ciphertext
with its tag (NIST SP 800-38D). Place and row are authenticated with it, so a value
moved to another row or column does not open. One key is good for 2**32 values.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from issuer.domain.errors import ConfigurationError, CorruptStore
from issuer.domain.ports import Random

DATA_KEY_BYTES: Final = 32
_VERSION: Final = b"\x01"
_NONCE_BYTES: Final = 12


class RowCipher:
    """Seals and opens values with the office's data key.

    Raises ``ConfigurationError`` for a key of another length.
    """

    def __init__(self, key: bytes, random: Random) -> None:
        if len(key) != DATA_KEY_BYTES:
            raise ConfigurationError([f"the data key must have {DATA_KEY_BYTES} bytes"])
        self._aead = AESGCM(key)
        self._index_key = hmac.digest(key, b"issuer: indexes of sealed values", hashlib.sha256)
        self._random = random

    def seal(self, place: str, row_id: str, plain: bytes) -> bytes:
        """Return the value sealed for this place (``table.column``) and row."""
        nonce = self._random.token_bytes(_NONCE_BYTES)
        return _VERSION + nonce + self._aead.encrypt(nonce, plain, _bound_to(place, row_id))

    def index(self, place: str, text: str) -> str:
        """Return a keyed hash (32 hexadecimal digits) by which a sealed value is found.

        Equal texts at one place have equal hashes; without the key none can be guessed at.
        """
        message = _bound_to(place, text)
        return hmac.digest(self._index_key, message, hashlib.sha256)[:16].hex()

    def open(self, place: str, row_id: str, sealed: bytes) -> bytes:
        """Return the plain value.

        Raises ``CorruptStore`` for another key, another place, damage, or a version
        this program does not know.
        """
        nonce, ciphertext = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if sealed[:1] != _VERSION or len(nonce) != _NONCE_BYTES:
            raise CorruptStore(f"{place} of {row_id}")
        try:
            return self._aead.decrypt(nonce, ciphertext, _bound_to(place, row_id))
        except InvalidTag as error:
            raise CorruptStore(f"{place} of {row_id}") from error


def _bound_to(place: str, row_id: str) -> bytes:
    # A place is a name of our own without NUL, so the pair reads one way only.
    return _VERSION + place.encode() + b"\x00" + row_id.encode()
