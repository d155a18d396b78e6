"""What printing is told of a page, and where its drawings go."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # has no stubs
import pytest

from issuer.domain.record import LetterRecord
from issuer.rendering.artifacts import Artwork, Ground, XObject
from issuer.rendering.fonts import FontSet
from issuer.rendering.letter import PdfRenderer
from issuer.rendering.qr import MODULE_PT, QUIET_MODULES
from tests.rendering.rendering_samples import CATALOGUE, longest_record, render, sample_record
from tests.rendering.test_rendering_letter import qr_box

FORM = XObject("/Subtype /Form /BBox [0 0 1 1]", b"0 g 0 0 1 1 re f")


class Recorder:
    """Draws a mark below and above, and remembers what it was told."""

    def __init__(self) -> None:
        self.grounds: list[Ground] = []
        self.letters: set[str] = set()

    def below(self, record: LetterRecord, ground: Ground) -> Artwork:
        self.grounds.append(ground)
        self.letters.add(record.letter_id)
        return Artwork("q 1 0 0 1 3 3 cm /Below Do Q", {"Below": FORM})

    def above(self, record: LetterRecord, ground: Ground) -> Artwork:
        shown = "".join(
            f"{name} 1 Tf {literal} Tj" for name, literal in ground.shown(record.number)
        )
        return Artwork(f"q BT {shown} ET Q")


def printed(fonts: FontSet, record: LetterRecord) -> tuple[bytes, list[Ground]]:
    printing = Recorder()
    pdf = render(PdfRenderer(fonts, printing), record).pdf
    assert printing.letters == {record.letter_id}
    return pdf, printing.grounds


def test_the_qr_and_the_frames_are_to_be_kept_clear(fonts: FontSet) -> None:
    pdf, (ground,) = printed(fonts, sample_record())
    quiet, frame = ground.clear
    symbol, margin = qr_box(pdf), QUIET_MODULES * MODULE_PT
    expected = (symbol[0] - margin, symbol[1] - margin, symbol[2] + margin, symbol[3] + margin)
    assert quiet == pytest.approx(expected, abs=1.5)
    with pikepdf.open(BytesIO(pdf)) as document:
        rectangle = [float(x) for x in document.Root.AcroForm.Fields[0].Rect]
    assert frame == pytest.approx(rectangle, abs=0.01)


def test_data_is_where_number_and_name_are(fonts: FontSet) -> None:
    record = sample_record()
    pdf, (ground,) = printed(fonts, record)
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[0].get_textpage()
        inside = " ".join(" ".join(text.get_text_bounded(*box).split()) for box in ground.data)
    for value in (record.number, record.holder["name"], record.holder["nik"]):
        assert value in inside
    assert "Yang bertanda" not in inside


def test_printing_frames_the_text_on_every_page(fonts: FontSet) -> None:
    record = replace(longest_record("domisili"), specimen=False)
    pdf, grounds = printed(fonts, record)
    assert [(ground.page, ground.pages) for ground in grounds] == [(1, 2), (2, 2)]
    assert [len(ground.clear) for ground in grounds] == [0, 2]
    with pikepdf.open(BytesIO(pdf)) as document:
        forms = {one.Resources.XObject.Below.objgen for one in document.pages}
        assert len(forms) == 1
        for one in document.pages:
            content = one.Contents.read_bytes()
            first_text = content.index(b" Tj")
            assert content.index(b"/Below Do") < first_text
            last = content.rindex(b"/Artifact << /Type /Background >> BDC")
            assert content[last:].split(b"Tf")[0].endswith(b"BT /F1+0 1 ")
            assert content[last:].count(b"BDC") == 1


def test_a_draft_is_not_printed_on(fonts: FontSet) -> None:
    printing = Recorder()
    record = sample_record()
    PdfRenderer(fonts, printing).draft(CATALOGUE.get(record.type_slug), record)
    assert printing.grounds == []
