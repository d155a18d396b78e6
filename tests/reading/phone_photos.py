"""A telephone, as plain arithmetic: perspective, uneven light, blur, noise, JPEG."""

from __future__ import annotations

import io
import random
from typing import Final

import numpy as np
from PIL import Image, ImageFilter

FRAME: Final = (4000, 3000)
"""12 megapixels."""

_PAGE_RATIO: Final = 297 / 210
_TILT_DEGREES, _SKEW, _SHADE = 7.0, 0.06, 0.45
_TABLE, _PAPER, _BLACK = 90, 0.85, 15.0


def photograph(
    page: Image.Image, seed: int, *, width: int, blur: float = 1.2, noise: float = 8.0
) -> bytes:
    """Return a 12-megapixel JPEG in which the page is ``width`` pixels wide.

    ``blur`` and ``noise`` are standard deviations, in pixels and in levels of grey.
    """
    chance = random.Random(seed)
    corners = _corners(chance, width)
    soft = page.filter(ImageFilter.BoxBlur(max(0.0, page.width / width / 2 - 0.5)))
    taken = soft.transform(
        FRAME,
        Image.Transform.PERSPECTIVE,
        _seen_from(corners, page.size),
        Image.Resampling.BICUBIC,
        fillcolor=_TABLE,
    ).filter(ImageFilter.GaussianBlur(blur))
    across = np.linspace(1 - _SHADE, 1, FRAME[0], dtype=np.float32)[None, :]
    down = np.linspace(1, 1 - _SHADE / 2, FRAME[1], dtype=np.float32)[:, None]
    grey = np.asarray(taken, dtype=np.float32) * _PAPER * across * down + _BLACK
    grey += np.random.default_rng(seed).normal(0, noise, grey.shape)
    photo = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)).convert("RGB")
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=70)
    return out.getvalue()


def _corners(chance: random.Random, width: int) -> list[tuple[float, float]]:
    height = width * _PAGE_RATIO
    angle = np.deg2rad(chance.uniform(-_TILT_DEGREES, _TILT_DEGREES) + chance.choice((0, 90, 180)))
    corners = []
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        along = x * width / 2 * (1 - chance.uniform(0, _SKEW))
        up = y * height / 2 * (1 - chance.uniform(0, _SKEW))
        corners.append(
            (
                FRAME[0] / 2 + along * np.cos(angle) - up * np.sin(angle),
                FRAME[1] / 2 + along * np.sin(angle) + up * np.cos(angle),
            )
        )
    return corners


def _seen_from(corners: list[tuple[float, float]], size: tuple[int, int]) -> tuple[float, ...]:
    """Return Pillow's eight numbers that bring a page to these corners of the frame."""
    width, height = size
    rows, values = [], []
    page = ((0, 0), (width, 0), (width, height), (0, height))
    for (x, y), (u, v) in zip(corners, page, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return tuple(float(value) for value in np.linalg.solve(np.array(rows), np.array(values)))
