"""The pantograph: SALINAN in coarse dots on a ground of fine dots of the same tone.

A copier in text mode loses the fine dots and keeps the coarse ones, so the word comes
out. It is an image of one bit a dot on the grid of a 600 dpi printer: drawn as shapes,
the two tones would differ from one printer to the next. Made once a process; nothing
in it is secret or belongs to one letter.
"""

from __future__ import annotations

import math
from functools import cache

from issuer.rendering.artifacts import Artwork, XObject
from issuer.rendering.security.curves import Point, number_text, trace
from issuer.rendering.security.shapes import word_mask
from issuer.rendering.security.xobjects import DOT_PT, bit_image, form, on_grid

_WIDTH, _HEIGHT = 3776, 472
WIDTH, HEIGHT = _WIDTH * DOT_PT, _HEIGHT * DOT_PT
"""Of the panel in points: 160 × 20 mm."""

WORD = "SALINAN"
CAP_HEIGHT, WEIGHT = 372, 14

# Side of a dot and distance between dots, in printer dots: both cover 11.1 %.
_FINE = (2, 6)
_COARSE = (5, 15)

_WAVELENGTH, _AMPLITUDE = 73.0, 0.85
_WAVE_WIDTH = 0.9
_WAVE_PITCH = 5.4
_WAVES = math.ceil(HEIGHT / _WAVE_PITCH) + 1


def pantograph(x: float, y: float) -> Artwork:
    """Return the panel with its lower left corner at the nearest printer dot."""
    left, bottom = on_grid(x), on_grid(y)
    operators = [
        f"q {left:.2f} {bottom:.2f} {WIDTH:.2f} {HEIGHT:.2f} re W n 0 g",
        f"q {WIDTH:.2f} 0 0 {HEIGHT:.2f} {left:.2f} {bottom:.2f} cm /SpCopy Do Q",
        f"1 0 0 1 {left:.2f} {bottom:.2f} cm",
        *[f"/SpWave Do 1 0 0 1 0 {number_text(_WAVE_PITCH)} cm"] * _WAVES,
        "Q",
    ]
    return Artwork("\n".join(operators), {"SpCopy": _panel(), "SpWave": _camouflage()})


@cache
def _camouflage() -> XObject:
    """Return one white wave; the eye then follows the waves and not the word."""
    rate = 2 * math.pi / _WAVELENGTH

    def wave(x: float) -> tuple[Point, Point]:
        rise, slope = math.sin(rate * x), rate * math.cos(rate * x)
        return (x, _AMPLITUDE * rise), (1, _AMPLITUDE * slope)

    path = trace(wave, 0, WIDTH, math.ceil(4 * WIDTH / _WAVELENGTH))
    return form(f"1 G {_WAVE_WIDTH} w {path.pdf()} S", WIDTH, 0, bleed=2 * _WAVE_WIDTH)


@cache
def _panel() -> XObject:
    inside = word_mask(WORD, _WIDTH, _HEIGHT, CAP_HEIGHT, weight=WEIGHT).convert("L").tobytes()
    outside = inside.translate(bytes(range(255, -1, -1)))
    fine, coarse = _screen(outside, *_FINE), _screen(inside, *_COARSE)
    rows = (a | b for a, b in zip(fine, coarse, strict=True))
    data = b"".join(row.to_bytes(_WIDTH // 8) for row in rows)
    return bit_image(_WIDTH, _HEIGHT, data)


def _screen(where: bytes, side: int, pitch: int) -> list[int]:
    """Return rows of bits with a dot wherever its middle is set, every other row shifted."""
    rows = [0] * _HEIGHT
    dot, gap = b"1" * side + b"0" * (pitch - side), b"0" * pitch
    for number, top in enumerate(range(0, _HEIGHT - side + 1, pitch)):
        shift = number % 2 * (pitch // 2)
        middle = (top + side // 2) * _WIDTH
        cells = where[middle + shift + side // 2 : middle + _WIDTH : pitch]
        bits = cells.replace(b"\xff", b"d").replace(b"\x00", gap).replace(b"d", dot)
        row = int((b"0" * shift + bits).ljust(_WIDTH, b"0")[:_WIDTH], 2)
        for line in range(top, top + side):
            rows[line] = row
    return rows
