"""Passwords that were breached, in the file that Have I Been Pwned gives away.

A line is the SHA-1 of a password in capitals, perhaps ``:`` and how often it was seen; lines
stand in order, so one is found by halving: some forty short reads in fifty gigabytes.
Nothing is asked of anybody and nothing of a password leaves this machine. SHA-1 is the
file's, and protects nothing here.
"""

from __future__ import annotations

import hashlib
import re
from io import SEEK_END
from pathlib import Path
from typing import BinaryIO, Final

from issuer.domain.errors import ConfigurationError, DependencyUnavailable

_DIGITS: Final = 40
_MAX_LINE: Final = 64
_LINE: Final = re.compile(rb"[0-9A-F]{40}(:[0-9]{1,12})?\r?\n?")


class BreachedPasswords:
    """The passwords of a file. Raises ``ConfigurationError`` for one that is none of these."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                first = file.readline(_MAX_LINE)
        except OSError:
            raise ConfigurationError([f"cannot read {path}"]) from None
        if not _LINE.fullmatch(first):
            raise ConfigurationError([f"{path} does not list SHA-1 in order, as breaches are"])
        self._path = path

    def holds(self, password: str) -> bool:
        """Say whether the password stands there. Raises ``DependencyUnavailable``."""
        plain = password.encode("utf-8", "surrogatepass")
        wanted = hashlib.sha1(plain, usedforsecurity=False).hexdigest().upper().encode()
        try:
            with self._path.open("rb") as file:
                return _found(file, wanted)
        except OSError as error:
            raise DependencyUnavailable("breached passwords") from error


def _found(file: BinaryIO, wanted: bytes) -> bool:
    low, high = 0, file.seek(0, SEEK_END)
    while low < high:
        middle = (low + high) // 2
        line = _line_after(file, middle)
        if line and line[:_DIGITS] < wanted:
            low = middle + 1
        else:
            high = middle
    return _line_after(file, low)[:_DIGITS] == wanted


def _line_after(file: BinaryIO, place: int) -> bytes:
    """Return the first whole line behind a place; at 0 the first of all."""
    file.seek(place)
    if place:
        file.readline(_MAX_LINE)
    return file.readline(_MAX_LINE)
