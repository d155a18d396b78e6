"""What stands where in the finished letter, as PDFium, pikepdf and ZXing see it.

Every type, as short and as long as it may be, on both papers and in both variants.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import combinations
from typing import Any, NamedTuple

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # has no stubs
import pytest
import zxingcpp

from issuer.domain.presentation import Paper, Variant
from issuer.domain.record import LetterRecord
from issuer.rendering import page
from issuer.rendering.fonts import load_fonts
from issuer.rendering.letter import PdfRenderer
from issuer.rendering.qr import MODULE_PT, QUIET_MODULES
from issuer.rendering.security.border import INNER
from issuer.rendering.security.printing import PatternPrinter
from tests.rendering.rendering_samples import (
    CATALOGUE,
    TEMPLATES,
    longest_record,
    render,
    sample_record,
    shortest_record,
)

TYPES = tuple(letter_type.slug for letter_type in CATALOGUE.all())
DPI = 150

Box = tuple[float, float, float, float]
Make = Callable[[str], LetterRecord]


class Seen(NamedTuple):
    """A text with its box, and the boxes of what is no text."""

    texts: list[tuple[str, Box]]
    frames: list[Box]
    quiet_zone: Box | None


@cache
def renderer() -> PdfRenderer:
    return PdfRenderer(load_fonts(None, TEMPLATES / "fonts"), PatternPrinter())


def as_its_type_asks(record: LetterRecord) -> LetterRecord:
    """Return the record with a second signature where the type has one."""
    if not CATALOGUE.get(record.type_slug).endorsed_by_district:
        return record
    return replace(record, endorser=replace(record.signer, id="s2"))


def seen_pages(pdf: bytes) -> list[Seen]:
    """Return what stands on each page."""
    pages = []
    with pypdfium2.PdfDocument(pdf) as document, pikepdf.open(BytesIO(pdf)) as file:
        for one, raw in zip(document, file.pages, strict=True):
            text = one.get_textpage()
            boxes = [text.get_rect(index) for index in range(text.count_rects())]
            frames = [box_of(widget.Rect) for widget in raw.get("/Annots", [])]
            texts = [(text.get_text_bounded(*box).strip(), box) for box in boxes]
            texts = [said for said in texts if said[0]]
            pages.append(Seen(texts, frames, quiet_zone(one)))
    return pages


def quiet_zone(one: Any) -> Box | None:
    """Return the QR that ZXing finds on a page, with the white around it."""
    image = one.render(scale=DPI / 72, grayscale=True).to_pil()
    for found in zxingcpp.read_barcodes(image):
        near, far = found.position.top_left, found.position.bottom_right
        side = QUIET_MODULES * MODULE_PT - 1
        left, right = near.x * 72 / DPI - side, far.x * 72 / DPI + side
        top, bottom = (image.height - y for y in (near.y, far.y))
        return (left, bottom * 72 / DPI - side, right, top * 72 / DPI + side)
    return None


def texts_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(one.get_textpage().get_text_bounded().split()) for one in document]


def box_of(rectangle: Any) -> Box:
    left, bottom, right, top = map(float, rectangle)
    return (left, bottom, right, top)


def overlap(first: Box, second: Box) -> bool:
    across = min(first[2], second[2]) - max(first[0], second[0])
    along = min(first[3], second[3]) - max(first[1], second[1])
    return across > 0.5 and along > 0.5


def inside(inner: Box, outer: Box) -> bool:
    return (
        inner[0] >= outer[0] - 0.5
        and inner[1] >= outer[1] - 0.5
        and inner[2] <= outer[2] + 0.5
        and inner[3] <= outer[3] + 0.5
    )


@pytest.mark.parametrize("make", [shortest_record, longest_record])
@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("variant", [Variant.HOME, Variant.COUNTER])
@pytest.mark.parametrize("slug", TYPES)
def test_nothing_stands_on_anything_else(
    slug: str, variant: Variant, paper: Paper, make: Make
) -> None:
    record = replace(as_its_type_asks(make(slug)), variant=variant, paper=paper)
    sheet = page.SHEETS[paper]
    within = (INNER, INNER, sheet.width - INNER, sheet.height - INNER)
    pages = seen_pages(render(renderer(), record).pdf)
    *before, last = pages
    assert not any(one.frames or one.quiet_zone for one in before)
    assert len(last.frames) == (2 if record.endorser else 1)
    assert last.quiet_zone is not None
    for one in pages:
        for (text, box), (other, there) in combinations(one.texts, 2):
            assert not overlap(box, there), (text, other)
        for text, box in one.texts:
            assert inside(box, within), text
            assert box[0] >= page.LEFT - 1, text
            assert box[2] <= page.RIGHT + 5, text
            assert not one.quiet_zone or not overlap(box, one.quiet_zone), text
            for frame in one.frames:
                assert not overlap(box, frame) or inside(box, frame), text
        solid = [*one.frames, *filter(None, [one.quiet_zone])]
        assert not any(overlap(a, b) for a, b in combinations(solid, 2))


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("slug", TYPES)
def test_every_example_has_one_page(slug: str, paper: Paper) -> None:
    record = replace(as_its_type_asks(sample_record(slug)), paper=paper)
    (only,) = texts_of(render(renderer(), record).pdf)
    assert "Demikian" in only


@pytest.mark.parametrize("slug", TYPES)
def test_signatures_and_closing_never_have_a_page_to_themselves(slug: str) -> None:
    """At least the end of what the letter is for, or how long it holds, goes with them."""
    numbers_of_pages = set()
    for times in range(0, 320, 40):
        purpose = "pengurusan ini " * times + "itu"
        record = replace(as_its_type_asks(sample_record(slug)), purpose=purpose)
        *before, last = texts_of(render(renderer(), record).pdf)
        numbers_of_pages.add(len(before) + 1)
        if before:
            said, closing, _rest = last.partition("Demikian")
            assert closing
            assert len(said.partition(f"{record.number} Halaman 2 dari 2")[2].split()) >= 5
    assert {1, 2} <= numbers_of_pages
