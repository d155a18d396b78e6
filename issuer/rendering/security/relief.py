"""Relief: a band of lines that rise where the letters of the verification code are.

The code is read from the lines themselves and is the one below the QR. What it hinders
is drawing the band anew for another code; a copier may keep or lose it.
"""

from __future__ import annotations

from functools import lru_cache

from issuer.rendering.artifacts import XObject
from issuer.rendering.security.shapes import letter_runs
from issuer.rendering.security.xobjects import DASH, form

_MM = 72 / 25.4
LINE_WIDTH = 0.12
_PITCH = 0.45 * _MM
_LIFT = 1.3 * _PITCH
_RAMP = 0.36 * _MM
_TEXT_LINES = 16
_LINES_BESIDE = 3
_LINES = _TEXT_LINES + 2 * _LINES_BESIDE
HEIGHT = _LINES * _PITCH
"""Of the band in points: 10 mm."""

_CAP_HEIGHT = _TEXT_LINES * _PITCH
_UNIT = 0.2
"""Whole numbers of this many points are shorter than fractions of one."""

_CELL = 102
"""Width of a letter's field, in units: 7.2 mm."""

_WIDEST = 0.86 * _CELL * _UNIT / _CAP_HEIGHT


def relief_length(text: str) -> float:
    """Return the length of the band for a text, in points."""
    return (len(text) + 1) * _CELL * _UNIT


@lru_cache(maxsize=4)
def relief(text: str) -> XObject:
    """Return the band as a form, its length along x and its lower edge at 0."""
    length = relief_length(text)
    end = round(length / _UNIT)
    beside = (*range(_LINES_BESIDE), *range(_LINES - _LINES_BESIDE, _LINES))
    half = _CELL // 2
    # A unit aslant: Poppler widens level lines to a whole black pixel.
    lines = [f"0 {_height(line)} m {end} {_height(line) + 1} l" for line in beside]
    lows = map(_height, range(_LINES_BESIDE, _LINES - _LINES_BESIDE))
    blank = "\n".join((*(f"0 {low} m {half} {low + 1} l" for low in lows), "S"))
    operators = [
        f"{_UNIT} 0 0 {_UNIT} 0 0 cm 0 G {LINE_WIDTH / _UNIT:g} w"
        f" [{DASH / _UNIT:g} {DASH / _UNIT:g}] 0 d",
        *lines,
        f"S q -1 0 0 1 {half} 0 cm {blank} Q 1 0 0 1 {half} 0 cm",
        *(f"{_cell(letter)} 1 0 0 1 {_CELL} 0 cm" for letter in text),
        blank,
    ]
    return form("\n".join(operators), length, HEIGHT + _LIFT)


@lru_cache(maxsize=64)
def _cell(letter: str) -> str:
    """Return the lines across one letter's field: only where they rise and fall is written."""
    operators = []
    for row, runs in enumerate(letter_runs(letter, _TEXT_LINES, _WIDEST)):
        line = row + _LINES_BESIDE
        low, high = _height(line), _height(line, _LIFT)
        points = [f"0 {low} m"]
        for start, end in _apart(runs):
            points += (
                f"{_across(start - _RAMP / 2)} {low} l {_across(start + _RAMP / 2)} {high} l",
                f"{_across(end - _RAMP / 2)} {high} l {_across(end + _RAMP / 2)} {low} l",
            )
        operators.append(f"{' '.join(points)} {_CELL} {low} l")
    return "\n".join((*operators, "S"))


def _apart(runs: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Return where a line rises, in points from the middle; closer than a ramp is one."""
    joined: list[tuple[float, float]] = []
    for first, last in runs:
        start = first * _CAP_HEIGHT
        end = max(last * _CAP_HEIGHT, start + _RAMP)
        if joined and start - joined[-1][1] < _RAMP:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _across(points: float) -> int:
    return round(points / _UNIT) + _CELL // 2


def _height(line: int, lift: float = 0.0) -> int:
    return round((line * _PITCH + lift) / _UNIT)
