"""Invented letters with their security printing, each with another record."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pikepdf

from issuer.domain.presentation import Variant
from issuer.domain.record import LetterRecord
from issuer.rendering.fonts import load_fonts
from issuer.rendering.letter import PdfRenderer
from issuer.rendering.security import pantograph
from issuer.rendering.security.printing import PatternPrinter
from issuer.rendering.security.shapes import word_mask
from issuer.rendering.security.xobjects import DOT_PT
from tests.rendering.rendering_samples import CATALOGUE, CODE, HOST, SLOT, TEMPLATES, sample_record

Rectangle = tuple[float, float, float, float]

MICROTEXT_BOX = (82.0, 64.0, 180.0, 70.0)
"""The beginning of the microtext, in points."""

_PANEL = re.compile(rb"([\d.]+) 0 0 ([\d.]+) ([\d.]+) ([\d.]+) cm /SpCopy Do")


def record_of(number: int, variant: Variant, slug: str = "domisili") -> LetterRecord:
    """Return a record; another number gives another salt and thus other patterns."""
    return replace(sample_record(slug), variant=variant, salt=f"{number:032x}")


def qr_text_of(number: int) -> str:
    """Return a text as long as a signed credential's."""
    digits = random.Random(number)
    return f"https://{HOST}/v/" + "".join(digits.choices("0123456789", k=500))


@cache
def renderer() -> PdfRenderer:
    """Return a renderer that prints the patterns."""
    return PdfRenderer(load_fonts(None, TEMPLATES / "fonts"), PatternPrinter())


def pdf_of(record: LetterRecord, qr_text: str | None = None) -> bytes:
    """Return the letter of a record."""
    return (
        renderer()
        .render(
            CATALOGUE.get(record.type_slug),
            record,
            qr_text=qr_text or qr_text_of(1),
            verification_code=CODE,
            host=HOST,
            slot=SLOT,
        )
        .pdf
    )


def panel_of(pdf: Path) -> Rectangle:
    """Return where the copy-evident panel stands on the first page, in points."""
    with pikepdf.open(pdf) as file:
        found = _PANEL.search(file.pages[0].Contents.read_bytes())
    assert found is not None
    width, height, left, bottom = (float(value) for value in found.groups())
    return (left, bottom, left + width, bottom + height)


def message_mask(shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Return where the word of the panel is, in an array of that shape."""
    word = word_mask(
        pantograph.WORD,
        round(pantograph.WIDTH / DOT_PT),
        round(pantograph.HEIGHT / DOT_PT),
        pantograph.CAP_HEIGHT,
        weight=pantograph.WEIGHT,
    )
    return np.asarray(word.resize((shape[1], shape[0])))
