"""How soon a password is guessed, by those who guess words, names, keys and dates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from zxcvbn import zxcvbn

from issuer.signing.breached_passwords import BreachedPasswords

MOST_READ: Final = 72
"""The time of judging grows with the square of the length; a long one is judged by its start."""

SAFELY_UNGUESSABLE: Final = 3
"""More than 10^8 guesses: out of reach of whoever must ask this office each time."""

WORDS: Final = (
    *("rahasia", "katasandi", "sandi", "masuk", "selamat", "sayang", "cinta", "bismillah"),
    *("indonesia", "jawatimur", "merdeka", "pancasila", "garuda"),
    *("kabupaten", "kecamatan", "kelurahan", "desa", "loket", "petugas", "pejabat", "admin"),
    *("surat", "layanan", "kantor", "camat", "lurah", "kades", "contoh"),
)
"""What people here think of first, beside the thirty thousand words of the library."""


class ZxcvbnJudge:
    """A ``PasswordJudge``. ``place`` is the regency's name; an office may have a list, too."""

    def __init__(self, place: str, breached: BreachedPasswords | None = None) -> None:
        self._breached = breached
        self._words = [*WORDS, *place.lower().split()]

    def easily_guessed(self, password: str, about: Sequence[str]) -> bool:
        """Say whether somebody who knows what it is ``about`` guesses it soon."""
        if self._breached is not None and self._breached.holds(password):
            return True
        words = [*self._words, *(word.lower() for word in about)]
        judged = zxcvbn(password[:MOST_READ], user_inputs=words)
        return int(judged["score"]) < SAFELY_UNGUESSABLE
