"""The verification code printed on a letter, typed by hand to check it.

Twelve characters of Crockford's alphabet in three groups: eleven random (55 bits)
and one check character (Luhn mod 32), which catches a mistyped character and most
swapped neighbours before the register is asked.
"""

from __future__ import annotations

from collections.abc import Callable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_READ_AS = str.maketrans("OIL", "011")


def new_code(below: Callable[[int], int]) -> str:
    """Return a fresh code; ``below(n)`` draws uniformly from 0 to n - 1."""
    body = "".join(ALPHABET[below(len(ALPHABET))] for _ in range(LENGTH - 1))
    return body + _check_character(body)


def read_code(typed: str) -> str | None:
    """Return the code a person typed, or None when it cannot be one.

    Lower case, spaces and hyphens are forgiven; O is read as 0, I and L as 1.
    """
    if len(typed) > 4 * LENGTH:
        return None
    text = "".join(typed.split()).replace("-", "").upper().translate(_READ_AS)
    if len(text) != LENGTH or any(c not in ALPHABET for c in text):
        return None
    return text if _check_character(text[:-1]) == text[-1] else None


def group_code(code: str) -> str:
    """Return the code as it is printed: ``ABCD-EFGH-JKMN``."""
    return "-".join(code[i : i + 4] for i in range(0, LENGTH, 4))


def _check_character(body: str) -> str:
    base = len(ALPHABET)
    total = 0
    for position, character in enumerate(reversed(body)):
        value = ALPHABET.index(character) * (2 - position % 2)
        total += value // base + value % base
    return ALPHABET[-total % base]
