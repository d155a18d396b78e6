"""Fine lines under the data, like laid paper: what is erased or pasted over breaks them.

The distances between the lines are uneven and drawn from the digest, so that lines
from another letter do not continue them. A line is a row of single dots of a 600 dpi
printer, an image that is moved about: drawn as a curve it becomes two dots wide on some
printers, and without gaps a scanner takes it for ink of the words above it.
"""

from __future__ import annotations

import math
from functools import cache

from issuer.rendering.artifacts import Artwork, Rectangle, XObject
from issuer.rendering.security.curves import number_text, numbers
from issuer.rendering.security.draws import Draws
from issuer.rendering.security.xobjects import DOT_PT, bit_image, on_grid

# In dots. The image is wider than any page, and both its sides are such that every step
# is a short decimal fraction of them.
_WAVELENGTH = 608
_PHASES = 16
_WIDTH, _HEIGHT = 8 * _WAVELENGTH, 16
_AMPLITUDE = 7
_PITCHES = (20, 24, 28)
_DASH, _GAP = 3, 2


def fine_lines(digest: bytes, page: int, area: Rectangle) -> Artwork:
    """Return the lines of one page, clipped to ``area``, which is at most 500 points wide."""
    left, bottom, right, top = area
    draws = Draws(digest, f"lines/{page}")
    x, y = on_grid(left), on_grid(top)
    operators = [
        f"q {numbers(left, bottom, right - left, top - bottom)} re W n 0 g",
        f"{_WIDTH * DOT_PT:.2f} 0 0 {_HEIGHT * DOT_PT:.2f} {x:.2f} {y:.2f} cm",
    ]
    height, phase = y, 0
    while height > bottom:
        pitch, shift = draws.one_of(_PITCHES), draws.below(_PHASES)
        operators.append(_step(phase - shift, pitch))
        height, phase = height - pitch * DOT_PT, shift
    return Artwork("\n".join((*operators, "Q")), {"SpLine": _line()})


@cache
def _step(phases: int, pitch: int) -> str:
    """Return the operators that draw the next line: there are 93 of them."""
    aside = number_text(phases * _WAVELENGTH / _PHASES / _WIDTH, 7)
    return f"1 0 0 1 {aside} {number_text(-pitch / _HEIGHT)} cm /SpLine Do"


@cache
def _line() -> XObject:
    rows = [bytearray(_WIDTH // 8) for _ in range(_HEIGHT)]
    for x in (x for x in range(_WIDTH) if x % (_DASH + _GAP) < _DASH):
        row = round(_AMPLITUDE * (1 - math.sin(2 * math.pi * x / _WAVELENGTH)))
        rows[row][x // 8] |= 0x80 >> x % 8
    return bit_image(_WIDTH, _HEIGHT, b"".join(rows))
