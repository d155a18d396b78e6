"""The smaller texts of the finished letter, as PDFium reads them."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2  # type: ignore[import-untyped]  # has no stubs

from issuer.domain.presentation import Variant
from issuer.rendering import page
from issuer.rendering.letter import PdfRenderer
from tests.rendering.rendering_samples import render, sample_record
from tests.rendering.test_rendering_letter import words_of


def test_what_to_compare_is_said_only_where_there_is_something(renderer: PdfRenderer) -> None:
    features = ("Kode di tepi kiri", "Roset di kanan atas", "Garis halus di bawah data")
    for variant in Variant:
        text = words_of(render(renderer, replace(sample_record(), variant=variant)).pdf)
        said = [feature in text for feature in features]
        assert said == [variant is not Variant.OFF] * 3


def test_witnesses_are_named_with_their_nik(renderer: PdfRenderer) -> None:
    text = words_of(render(renderer, sample_record("belum-menikah")).pdf)
    assert "1. Sari Rekaan Astuti, NIK 35229" in text


def test_an_abbreviation_stays_one_amid_a_sentence(renderer: PdfRenderer) -> None:
    text = words_of(render(renderer, sample_record("pengantar-pindah")).pdf)
    assert "membuat KK baru" in text
    assert "nomor KK tetap" in text


def test_the_small_lines_of_a_letterhead_break_after_a_comma(renderer: PdfRenderer) -> None:
    contact = "Pos-el kantor@ngunut.dander.rekaan.example, laman ngunut.dander.rekaan.example"
    record = replace(sample_record(), letterhead_contact=contact)
    with pypdfium2.PdfDocument(render(renderer, record).pdf) as document:
        lines = document[0].get_textpage().get_text_bounded().replace("\xa0", " ").splitlines()
    assert "laman ngunut.dander.rekaan.example" in [line.strip() for line in lines]


def test_a_line_with_a_space_that_does_not_break_ends_at_the_margin(
    renderer: PdfRenderer,
) -> None:
    record = replace(sample_record(), purpose="keperluan tanggal 5\xa0Januari " * 12)
    with pypdfium2.PdfDocument(render(renderer, record).pdf) as document:
        text = document[0].get_textpage()
        boxes = [text.get_rect(index) for index in range(text.count_rects())]
        lines = [box for box in boxes if "Januari" in text.get_text_bounded(*box)]
    assert len(lines) > 4
    # PDFium counts the unseen space at a line's end; the last line is left as it is.
    for _left, _bottom, right, _top in lines[:-1]:
        assert right > page.RIGHT - 1
