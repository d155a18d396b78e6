"""Letter numbers: a pattern that is data, and the text it gives.

A number is made once, inside the transaction that takes the next value of its
series, and is stored as text. Nothing ever computes it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PART = re.compile(r"\{([a-z_]+)(?::(0[1-9]))?\}", re.ASCII)
_LITERAL = re.compile(r"[A-Za-z0-9./\- ]*", re.ASCII)
_PARTS = frozenset({"classification", "sequence", "agency_code", "year", "month", "month_roman"})
_REQUIRED = ("sequence", "agency_code", "year")
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
MAX_NUMBER = 60
DEFAULT_PATTERN = "{classification}/{sequence}/{agency_code}/{year}"


@dataclass(frozen=True, slots=True)
class SeriesKey:
    """One counter: it starts at 1 every year of the regency's calendar."""

    agency_code: str
    series: str
    year: int


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """``{classification}/{sequence:03}/{agency_code}/{month_roman}/{year}``.

    ``:03`` pads the sequence with zeros to three digits.
    """

    pattern: str

    def __post_init__(self) -> None:
        found = _PART.findall(self.pattern)
        names = [name for name, _ in found]
        if not _PARTS.issuperset(names) or not _LITERAL.fullmatch(_PART.sub("", self.pattern)):
            raise ValueError("number pattern: unknown part")
        # A number is typed by hand to be verified; nobody types such a space.
        if self.pattern != self.pattern.strip():
            raise ValueError("number pattern: space at an end")
        # Without these three, two letters could bear the same number.
        if any(names.count(part) != 1 for part in _REQUIRED):
            raise ValueError("number pattern: sequence, agency_code and year once each")
        if any(padding and name != "sequence" for name, padding in found):
            raise ValueError("number pattern: only the sequence is padded")

    def format(
        self, *, classification: str, sequence: int, agency_code: str, year: int, month: int
    ) -> str:
        """Return the number as text. Raises ``ValueError`` beyond ``MAX_NUMBER`` characters."""
        values = {
            "classification": classification,
            "agency_code": agency_code,
            "year": str(year),
            "month": f"{month:02}",
            "month_roman": _ROMAN[month - 1],
        }

        def fill(part: re.Match[str]) -> str:
            name, padding = part.groups()
            if name == "sequence":
                return str(sequence).zfill(int(padding or 0))
            return values[name]

        number = _PART.sub(fill, self.pattern)
        if len(number) > MAX_NUMBER:
            raise ValueError("number pattern: result too long")
        return number


def read_number(typed: str) -> str:
    """Return a number that a person typed as the register would have it, however long.

    What could never be printed is no number, and no database need be asked about it.
    """
    number = " ".join(typed[: 4 * MAX_NUMBER].split())
    return number if number.isprintable() else ""
