"""The emblem in the letterhead and the signature frame.

The neutral one is our own and means no office: a shield, a teak leaf and water. A
regency that may show its coat of arms brings its own drawing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from issuer.domain.errors import ConfigurationError
from issuer.rendering.emblem_files import EmblemDrawing

ASPECT: Final = 1.2
"""Height by width of the place for an emblem."""

# Operators of PDF over a field 100 wide and 120 high: shield, its inner line, the
# leaf with its veins left out, and two waves.
_NEUTRAL: Final = """
0.10 0.27 0.22 rg
50 118 m 62 110 80 106 96 107 c 96 62 l 96 32 76 13 50 2 c 24 13 4 32 4 62 c 4 107 l
20 106 38 110 50 118 c f
1 g 1 G
1.8 w
50 111 m 62 104 77 100 90 100.5 c 90 62 l 90 36 73 19.5 50 9 c 27 19.5 10 36 10 62 c 10 100.5 l
23 100 38 104 50 111 c s
50 100 m 66 90 75 74 69 60 c 65 51 57 48 51.2 46 c 51.2 40 l 48.8 40 l 48.8 46 l
43 48 35 51 31 60 c 25 74 34 90 50 100 c f
0.10 0.27 0.22 RG 1 J
1.6 w 50 96 m 50 46 l S
1.1 w
50 84 m 60 88 l S 50 84 m 40 88 l S
50 75 m 65 80 l S 50 75 m 35 80 l S
50 66 m 66 70.5 l S 50 66 m 34 70.5 l S
50 57 m 64 60.5 l S 50 57 m 36 60.5 l S
1 G 2.4 w
22 36 m 29 40 36 40 43 36 c 50 32 57 32 64 36 c 69 39 74 40 78 37.5 c S
31 27 m 37 30 43 30 49 27 c 55 24 61 24 68 27 c S
41 19 m 46 21 54 21 59 19 c S
"""
NEUTRAL: Final = EmblemDrawing(100, 120, " ".join(_NEUTRAL.split()))


def emblem_named(name: str, emblems: Mapping[str, EmblemDrawing]) -> EmblemDrawing:
    """Return the office's own emblem or the neutral one.

    Raises ``ConfigurationError`` for one that nobody has drawn.
    """
    if name in emblems:
        return emblems[name]
    if name == "neutral":
        return NEUTRAL
    raise ConfigurationError([f"letterhead: no emblem {name}"])


def emblem_operators(emblem: EmblemDrawing, x: float, y: float, width: float) -> str:
    """Return an emblem as large as fits into a place, amid it.

    ``x``, ``y`` are the lower left corner of the place, ``width`` its width.
    """
    height = width * ASPECT
    scale = min(width / emblem.width, height / emblem.height)
    left, bottom = x + (width - scale * emblem.width) / 2, y + (height - scale * emblem.height) / 2
    return f"q {scale:.4f} 0 0 {scale:.4f} {left:.2f} {bottom:.2f} cm {emblem.operators} Q"
