"""Large letters as runs of dots, for the patterns that show a word.

Pillow's own typeface (Aileron, public domain) draws them, so that a pattern looks the
same whatever fonts an office has.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

Runs = tuple[tuple[float, float], ...]
"""Where one row is inside a letter: from, to."""

_CAP_HEIGHT = 0.70
"""Height of the typeface's capitals by its size."""

_INK = re.compile(rb"\x01+")
_HUNDRED = 100


def word_mask(word: str, width: int, height: int, cap_height: int, *, weight: int) -> Image.Image:
    """Return one bit a dot, set inside the letters of a word that spans the width.

    ``weight`` is added on each side of every stroke; all are in dots.
    """
    mask = Image.new("1", (width, height))
    draw = ImageDraw.Draw(mask)
    font = _font(cap_height - 2 * weight)
    low = (height + cap_height) / 2 - weight
    ends = [width * index / len(word) for index in range(len(word) + 1)]
    for letter, (start, end) in zip(word, pairwise(ends), strict=True):
        draw.text(((start + end) / 2, low), letter, 1, font, anchor="ms", stroke_width=weight)
    return mask


def letter_runs(letter: str, rows: int, widest: float) -> tuple[Runs, ...]:
    """Return the runs of a capital in evenly spaced rows, the lowest first.

    The unit is the capital's height; 0 is the middle of the letter. A letter wider
    than ``widest`` is drawn together.
    """
    wide = 2 * _HUNDRED
    mask = word_mask(letter, wide, _HUNDRED, _HUNDRED, weight=3)
    box = mask.getbbox() or (_HUNDRED, 0, _HUNDRED + 1, 1)
    scale = min(1.0, widest * _HUNDRED / (box[2] - box[0])) / _HUNDRED
    dots = mask.convert("L").point(lambda value: value and 1).tobytes()
    found = []
    for row in range(rows):
        line = _HUNDRED - 1 - (2 * row + 1) * _HUNDRED // (2 * rows)
        runs = _INK.finditer(dots[line * wide : (line + 1) * wide])
        found.append(
            tuple(((m.start() - _HUNDRED) * scale, (m.end() - _HUNDRED) * scale) for m in runs)
        )
    return tuple(found)


@lru_cache(maxsize=4)
def _font(cap_height: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(cap_height / _CAP_HEIGHT)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return font
