"""A laser printer, a scanner and a copier in text mode, as plain arithmetic.

Sheets are arrays of darkness from 0 (paper) to 1 (toner), 1,200 dots to the inch. This
is a model: what a real machine does must be tried on a real machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFilter

from tests.programs import run

Sheet = npt.NDArray[np.float32]

DPI: Final = 1200
PRINTER_DPI: Final = 600
SCANNER_DPI: Final = 300
_MICRONS_A_DOT = 25400 / DPI

_TONER_SPREAD = 18 / _MICRONS_A_DOT
"""Standard deviation of where toner lands, in dots."""

_TONER_LEVEL, _TONER_EDGE = 0.45, 0.12
"""Toner covers where the spread exceeds the level: dots grow by a few microns."""

_OPTICS = 32 / _MICRONS_A_DOT
_NOISE = 0.015
_PAPER, _TONER = 0.85, 0.04
"""Reflectances of white paper and of toner."""

Image.MAX_IMAGE_PIXELS = 400_000_000


def raster(pdf: Path, folder: Path, page: int = 1) -> Image.Image:
    """Return a page as the printer's own raster: black and white, 600 dpi (Poppler)."""
    stem = folder / f"{pdf.stem}-{page}"
    run(
        "pdftoppm",
        "-mono",
        "-r",
        str(PRINTER_DPI),
        "-f",
        str(page),
        "-l",
        str(page),
        "-singlefile",
        pdf,
        stem,
    )
    image = Image.open(stem.with_suffix(".pbm"))
    return image.convert("L")


def crop(image: Image.Image, left: float, bottom: float, right: float, top: float) -> Image.Image:
    """Return a part of a printer's raster; points from the page's lower left corner."""
    scale = PRINTER_DPI / 72
    return image.crop(
        (
            round(left * scale),
            image.height - round(top * scale),
            round(right * scale),
            image.height - round(bottom * scale),
        )
    )


def printed(dots: Image.Image) -> Sheet:
    """Return a sheet with a raster of 600 dpi printed on it."""
    twice = dots.resize((dots.width * 2, dots.height * 2), Image.Resampling.NEAREST)
    spread = 1 - _array(twice.filter(ImageFilter.GaussianBlur(_TONER_SPREAD)))
    covered: Sheet = np.clip((spread - _TONER_LEVEL) / _TONER_EDGE + 0.5, 0, 1)
    return covered


def scanned(sheet: Sheet, seed: int) -> Image.Image:
    """Return a grey scan at 300 dpi, with optics and noise."""
    light = _image(1 - sheet).filter(ImageFilter.GaussianBlur(_OPTICS))
    step = DPI // SCANNER_DPI
    small = _array(light.reduce(step))
    noise = np.random.default_rng(seed).normal(0, _NOISE, small.shape)
    return _image(np.clip(small + noise, 0, 1).astype(np.float32))


def photocopied(sheet: Sheet, seed: int) -> Sheet:
    """Return a copy in text mode: scanned, made black and white, printed."""
    black = scanned(sheet, seed).point(lambda value: 255 * (value >= 128))
    return printed(black.resize((black.width * 2, black.height * 2), Image.Resampling.NEAREST))


def seen(sheet: Sheet) -> Image.Image:
    """Return what the sheet looks like, as an image of 1,200 dpi."""
    return _image(1 - sheet)


def lightness(sheet: Sheet, where: npt.NDArray[np.bool_]) -> float:
    """Return the mean tone of a region as CIE 1976 L*, as an eye takes it in from afar."""
    coverage = float(sheet[where].mean())
    reflectance = _PAPER + coverage * (_TONER - _PAPER)
    return float(116 * reflectance ** (1 / 3) - 16)


def _array(image: Image.Image) -> Sheet:
    return (np.asarray(image) / 255).astype(np.float32)


def _image(light: Sheet) -> Image.Image:
    return Image.fromarray((light * 255 + 0.5).astype(np.uint8))
