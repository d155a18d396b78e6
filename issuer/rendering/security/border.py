"""The border: a guilloche band round the page, a small star in each corner."""

from __future__ import annotations

import math
from functools import lru_cache

from issuer.rendering.artifacts import Artwork
from issuer.rendering.security.curves import Path, Point, number_text, numbers, trace
from issuer.rendering.security.draws import Draws
from issuer.rendering.security.rosette import HAIRLINE, corner_layer, rosette_operators
from issuer.rendering.security.xobjects import form

MARGIN = 14.2
"""Space outside the band in points: 5 mm, which every printer leaves white at most."""

BAND = 12.0
INNER = MARGIN + BAND
"""Where the border ends, from the edge of the page."""

_TILE = 62.0
_ARCS_A_WAVE = 6


@lru_cache(maxsize=4)
def border(digest: bytes, width: float, height: float) -> Artwork:
    """Return the border of a page of that size, in points."""
    draws = Draws(digest, "border")
    tile = form(_strands(draws), _TILE, BAND)
    half = BAND / 2
    star = form(rosette_operators((corner_layer(draws, half),), half, half), BAND, BAND)
    across, up = width - 2 * INNER, height - 2 * INNER
    sides = (
        _side(across, "1 0 0 1", INNER, MARGIN),
        _side(up, "0 1 -1 0", width - MARGIN, INNER),
        _side(across, "-1 0 0 -1", width - INNER, height - MARGIN),
        _side(up, "0 -1 1 0", MARGIN, height - INNER),
    )
    right, top = width - INNER, height - INNER
    corners = ((MARGIN, MARGIN), (right, MARGIN), (MARGIN, top), (right, top))
    stars = (f"q 1 0 0 1 {numbers(x, y)} cm /SpStar Do Q" for x, y in corners)
    return Artwork("\n".join((*sides, *stars)), {"SpTile": tile, "SpStar": star})


def _side(length: float, turn: str, x: float, y: float) -> str:
    """Return a row of whole tiles, stretched by a few per cent to fill the side."""
    count = round(length / _TILE)
    stretch = number_text(length / count / _TILE, 5)
    tiles = f"/SpTile Do 1 0 0 1 {number_text(_TILE)} 0 cm\n" * count
    return f"q {turn} {numbers(x, y)} cm {stretch} 0 0 1 0 0 cm\n{tiles}Q"


def _strands(draws: Draws) -> str:
    """Return waves of two frequencies that end as they begin, so that tiles join."""
    operators = [HAIRLINE]
    # A fourth strand of the quick waves would make a screen show some bands as a grey bar.
    counts = (3 + draws.below(2), 3)
    pairs = ((1, 3), (1, 4), (2, 3), (2, 5), (3, 4))
    for waves, strands in zip(draws.one_of(pairs), counts, strict=True):
        amplitude = BAND / 2 * draws.between(0.5, 1)
        shift = draws.between(0, 2 * math.pi)
        for strand in range(strands):
            path = _wave(waves, amplitude, shift + 2 * math.pi * strand / strands)
            operators.append(f"{path.pdf()} S")
    return "\n".join(operators)


def _wave(waves: int, amplitude: float, phase: float) -> Path:
    rate = 2 * math.pi * waves / _TILE

    def curve(x: float) -> tuple[Point, Point]:
        angle = rate * x + phase
        rise, slope = amplitude * math.sin(angle), amplitude * rate * math.cos(angle)
        return (x, BAND / 2 + rise), (1, slope)

    return trace(curve, 0, _TILE, _ARCS_A_WAVE * waves)
