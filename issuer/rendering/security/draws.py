"""Choices that follow from a letter's digest, a stream for each pattern.

The digest is public and so is every pattern: a pattern binds, it hides nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

_SCHEME = b"secprint/1"
_POOL_BYTES = 512
"""4,096 bits of choices: more than the fine lines of the longest page use."""

T = TypeVar("T")


class Draws:
    """Whole numbers drawn one after another from SHAKE-256 (FIPS 202) over the digest.

    ``label`` separates the streams, so that one pattern tells nothing of another and
    a new pattern changes no old one.
    """

    def __init__(self, digest: bytes, label: str) -> None:
        seed = hashlib.shake_256(b"\0".join((_SCHEME, label.encode("ascii"), digest)))
        self._pool = int.from_bytes(seed.digest(_POOL_BYTES))

    def below(self, limit: int) -> int:
        """Return a number from 0 to ``limit - 1``."""
        self._pool, drawn = divmod(self._pool, limit)
        return drawn

    def between(self, low: float, high: float) -> float:
        """Return one of 1,024 evenly spaced values from ``low`` to ``high``."""
        return low + (high - low) * self.below(1024) / 1023

    def one_of(self, choices: Sequence[T]) -> T:
        """Return one of the choices."""
        return choices[self.below(len(choices))]
