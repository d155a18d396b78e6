"""Passwords of accounts, as Argon2id in the PHC string format (RFC 9106)."""

from __future__ import annotations

import re
from typing import Final, final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.ports import Random

MEMORY_KIB: Final = 19_456
ITERATIONS: Final = 2
LANES: Final = 1
"""OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane."""

MAX_PASSWORD: Final = 1_024
_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
_STORED: Final = re.compile(
    rf"\$argon2id\$v=19\$m={MEMORY_KIB},t={ITERATIONS},p={LANES}\$[A-Za-z0-9+/]{{22}}\$[A-Za-z0-9+/]{{43}}"
)


@final
class Argon2Hasher:
    """A ``PasswordHasher``."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def hash(self, password: str) -> str:
        """Return the PHC string to store. Raises ``InvalidInput`` for an over-long password."""
        if len(password) > MAX_PASSWORD:
            problem = Problem("password", "too_long", {"limit": MAX_PASSWORD})
            raise InvalidInput([problem])
        return Argon2id(
            salt=self._random.token_bytes(_SALT_BYTES),
            length=_HASH_BYTES,
            iterations=ITERATIONS,
            lanes=LANES,
            memory_cost=MEMORY_KIB,
        ).derive_phc_encoded(_encode(password))

    def verify(self, password: str, stored: str) -> bool:
        """Compare in constant time.

        False for an over-long password and for a ``stored`` with other costs, which
        could ask for any amount of memory.
        """
        if len(password) > MAX_PASSWORD or not _STORED.fullmatch(stored):
            return False
        try:
            Argon2id.verify_phc_encoded(_encode(password), stored)
        except InvalidKey:
            return False
        return True


def _encode(password: str) -> bytes:
    return password.encode(errors="surrogatepass")
