"""Invented letters with their security printing, each with another record."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pikepdf

from issuer.domain.presentation import Variant
from issuer.domain.record import LetterRecord
from issuer.rendering.fonts import load_fonts
from issuer.rendering.letter import ReportLabRenderer
from issuer.rendering.security.printing import PatternPrinter
from tests.rendering.rendering_samples import CATALOGUE, CODE, HOST, SLOT, TEMPLATES, sample_record

Rectangle = tuple[float, float, float, float]

_PANEL = re.compile(rb"([\d.]+) 0 0 ([\d.]+) ([\d.]+) ([\d.]+) cm /SpCopy Do")


def record_of(number: int, variant: Variant, slug: str = "domisili") -> LetterRecord:
    """Return a record; another number gives another salt and thus other patterns."""
    return replace(sample_record(slug), variant=variant, salt=f"{number:032x}")


def qr_text_of(number: int) -> str:
    """Return a text as long as a signed credential's."""
    digits = random.Random(number)
    return f"https://{HOST}/v/" + "".join(digits.choices("0123456789", k=500))


@cache
def renderer() -> ReportLabRenderer:
    """Return a renderer that prints the patterns."""
    return ReportLabRenderer(load_fonts(None, TEMPLATES / "fonts"), PatternPrinter())


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
