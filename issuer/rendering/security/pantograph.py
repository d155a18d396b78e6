"""The pantograph: SALINAN in coarse dots on a ground of fine dots of the same tone.

A copier in text mode loses the fine dots and keeps the coarse ones, so the word comes
out. It is an image of one bit a dot on the grid of a 600 dpi printer: drawn as shapes,
the two tones would differ from one printer to the next. Made once a process; nothing
in it is secret or belongs to one letter.
"""

from __future__ import annotations

import math
import zlib
from functools import cache

from issuer.rendering.artifacts import Artwork, XObject
from issuer.rendering.security.curves import number_text
from issuer.rendering.security.fine_lines import WAVELENGTH, wave
from issuer.rendering.security.forms import form
from issuer.rendering.security.shapes import word_mask

DOT_PT = 72 / 600
_WIDTH, _HEIGHT = 3776, 472
WIDTH, HEIGHT = _WIDTH * DOT_PT, _HEIGHT * DOT_PT
"""Of the panel in points: 160 × 20 mm."""

WORD = "SALINAN"
_CAP_HEIGHT, _WEIGHT = 372, 14

# Side of a dot and distance between dots, in printer dots: both cover 11.1 %.
_FINE = (2, 6)
_COARSE = (5, 15)

_WAVE_WIDTH = 0.9
_WAVE_PITCH = 5.4
_WAVES = math.ceil(HEIGHT / _WAVE_PITCH) + 1


def pantograph(x: float, y: float) -> Artwork:
    """Return the panel with its lower left corner at the nearest printer dot."""
    left, bottom = (round(value / DOT_PT) * DOT_PT for value in (x, y))
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
    waves = math.ceil(WIDTH / WAVELENGTH)
    operators = f"1 G {_WAVE_WIDTH} w {wave(waves).pdf()} S"
    return form(operators, waves * WAVELENGTH, 0, bleed=_WAVE_WIDTH * 2)


@cache
def _panel() -> XObject:
    entries = (
        f"/Subtype /Image /Width {_WIDTH} /Height {_HEIGHT}"
        " /ImageMask true /BitsPerComponent 1 /Decode [1 0] /Interpolate false"
        " /Filter /FlateDecode"
    )
    inside = word_mask(WORD, _WIDTH, _HEIGHT, _CAP_HEIGHT, weight=_WEIGHT).convert("L").tobytes()
    outside = inside.translate(bytes(range(255, -1, -1)))
    fine, coarse = _screen(outside, *_FINE), _screen(inside, *_COARSE)
    rows = (a | b for a, b in zip(fine, coarse, strict=True))
    data = b"".join(row.to_bytes(_WIDTH // 8) for row in rows)
    return XObject(entries, zlib.compress(data, 9))


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
