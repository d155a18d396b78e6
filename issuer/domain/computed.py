"""Values a letter type computes from its fields: sums, and ages on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from issuer.domain.errors import InvalidInput, Problem

HOLDER_BIRTH_DATE = "holder_birth_date"
ISSUED_ON = "issued_on"
MAX_SUM = 10**15 - 1
"""The largest sum that can be written out in words."""


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of numbers; ``group.column`` stands for a whole column."""

    name: str
    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Age:
    """Full years from a birth date to a day, both named."""

    name: str
    of: str
    on: str


ComputedField = Sum | Age


def computed_values(
    computed: Iterable[ComputedField], fields: Mapping[str, object], *, born: date, today: date
) -> dict[str, int]:
    """Return the computed values by name; an age that lacks a date is left out.

    ``born`` is the holder's birth date, ``today`` the day of issue. Raises
    ``InvalidInput`` for a day before birth and for a sum beyond ``MAX_SUM``.
    """
    dates = {HOLDER_BIRTH_DATE: born.isoformat(), ISSUED_ON: today.isoformat(), **fields}
    values: dict[str, int] = {}
    problems: list[Problem] = []
    for one in computed:
        if isinstance(one, Sum):
            values[one.name] = sum(number for name in one.of for number in _numbers(fields, name))
            if values[one.name] > MAX_SUM:
                problems.append(Problem(f"fields.{one.of[0]}", "too_large", {"limit": MAX_SUM}))
        elif one.of in dates and one.on in dates:
            years = age_on(*(date.fromisoformat(str(dates[name])) for name in (one.of, one.on)))
            values[one.name] = years
            if years < 0:
                problems.append(Problem(f"fields.{one.on}", "before_birth"))
    if problems:
        raise InvalidInput(problems)
    return values


def age_on(born: date, day: date) -> int:
    """Return full years; who is born on 29 February is older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _numbers(fields: Mapping[str, object], name: str) -> list[int]:
    group, _dot, column = name.partition(".")
    value = fields.get(group)
    cells = [row.get(column) for row in value] if isinstance(value, list | tuple) else [value]
    return [cell for cell in cells if isinstance(cell, int)]
