"""Curves as cubic Bézier arcs, written the same way for PDF and for SVG."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Point = tuple[float, float]
Curve = Callable[[float], tuple[Point, Point]]
"""A point and its derivative for a parameter."""


@dataclass(frozen=True, slots=True)
class Path:
    """One open curve: a start, then three points an arc; numbers as they are written."""

    numbers: tuple[str, ...]

    def pdf(self) -> str:
        """Return the operators that construct the path; painting is the caller's."""
        x, y, *rest = self.numbers
        arcs = (f"{' '.join(rest[i : i + 6])} c" for i in range(0, len(rest), 6))
        return " ".join((x, y, "m", *arcs))

    def svg(self) -> str:
        """Return the ``d`` attribute; y points up, as in PDF."""
        x, y, *rest = self.numbers
        return f"M{x} {y}C{' '.join(rest)}"


def trace(curve: Curve, start: float, end: float, arcs: int, *, decimals: int = 2) -> Path:
    """Return the curve from one parameter to another as ``arcs`` Bézier arcs."""
    step = (end - start) / arcs
    (x0, y0), (dx0, dy0) = curve(start)
    values = [x0, y0]
    for number in range(1, arcs + 1):
        (x1, y1), (dx1, dy1) = curve(start + number * step)
        values += (
            *(x0 + dx0 * step / 3, y0 + dy0 * step / 3),
            *(x1 - dx1 * step / 3, y1 - dy1 * step / 3),
            *(x1, y1),
        )
        x0, y0, dx0, dy0 = x1, y1, dx1, dy1
    return Path(tuple(_texts(tuple(values), decimals).split()))


def number_text(value: float, decimals: int = 2) -> str:
    """Return a number as short as it can be written: ``.5``, ``-3``, ``0``."""
    return _texts((value,), decimals).strip()


def numbers(*values: float) -> str:
    """Return operands of an operator."""
    return _texts(values, 2).strip()


def _texts(values: tuple[float, ...], decimals: int) -> str:
    """Return the numbers, a space before and after each.

    All are written and then shortened at once: there are a thousand in a letter.
    """
    text = f" {f'%.{decimals}f ' * len(values)}" % values
    for _ in range(decimals - 1):
        text = text.replace("0 ", " ")
    text = text.replace(".0 ", " ").replace("-0 ", "0 ")
    return text.replace(" 0.", " .").replace("-0.", "-.")
