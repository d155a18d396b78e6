"""What a page calls by name: drawings that repeat, and images of one bit a dot."""

from __future__ import annotations

import zlib
from typing import Final

from issuer.rendering.artifacts import XObject
from issuer.rendering.security.curves import numbers

DOT_PT: Final = 72 / 600
"""A dot of a 600 dpi printer, in points."""

DASH: Final = 3 * DOT_PT
"""Length of the dashes of a hairline, and of what is between them, in points.

Chrome's engine and pdf.js draw every line at least a pixel wide, and closely drawn
lines become a black patch on a screen. Dashes halve that and stay full black in print. The array
of a pattern names both lengths: MuPDF takes one alone for a whole line.
"""


_COMPRESSION: Final = 4
"""Half the time of the most, for a form of a letter, and a tenth more bytes."""


def form(operators: str, width: float, height: float, *, bleed: float = 1.0) -> XObject:
    """Return a form from 0, 0 to ``width``, ``height``; ``bleed`` is kept around it."""
    box = (-bleed, -bleed, width + bleed, height + bleed)
    return XObject(
        f"/Subtype /Form /BBox [{numbers(*box)}] /Filter /FlateDecode",
        zlib.compress(operators.encode("ascii"), _COMPRESSION),
    )


def bit_image(width: int, height: int, data: bytes) -> XObject:
    """Return an image that paints where a bit is set, upper row first; nothing smooths it."""
    entries = (
        f"/Subtype /Image /Width {width} /Height {height} /ImageMask true"
        " /BitsPerComponent 1 /Decode [1 0] /Interpolate false /Filter /FlateDecode"
    )
    return XObject(entries, zlib.compress(data, 9))


def on_grid(points: float) -> float:
    """Return the nearest place on the dots of a 600 dpi printer."""
    return round(points / DOT_PT) * DOT_PT
