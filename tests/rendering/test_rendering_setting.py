"""Blocks in rows: columns, closing up, and a second signature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import combinations, pairwise

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # has no stubs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from issuer.domain.mandate import MandateKind
from issuer.domain.presentation import Paper
from issuer.domain.record import LetterRecord, Signer
from issuer.rendering import page
from issuer.rendering.blocks import (
    Block,
    Fact,
    FactList,
    Heading,
    NumberedList,
    Paragraph,
    Table,
)
from issuer.rendering.layout import Row, Typesetter, closed_up, paginate
from issuer.rendering.letter import PdfRenderer
from issuer.rendering.setting import set_blocks
from tests.rendering.rendering_samples import CATALOGUE, longest_record, render, sample_record
from tests.rendering.test_rendering_layout import FONTS, ROWS
from tests.rendering.test_rendering_letter import overlap, text_boxes, texts_of, words_of

SETTER = Typesetter(FONTS)
CAMAT = Signer(
    agency_code="35.22.06",
    id="s2",
    name="Retno Rekaan Lestari, S.STP., M.Si.",
    nip="198003032006042002",
    rank="Pembina Tingkat I (IV/b)",
    mandate_kind=MandateKind.ON_BEHALF,
    position="Sekretaris Camat",
    principal="Camat Dander",
    via=None,
    decree_number="188/2/CONTOH/2024",
)
CELLS = st.text("abcW ", min_size=1, max_size=30).map(lambda text: " ".join(text.split()) or "a")


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.integers(1, 6))
    line = st.tuples(*[CELLS] * columns)
    shares = draw(st.lists(st.integers(1, 40), min_size=columns, max_size=columns))
    rows = draw(st.lists(line, min_size=1, max_size=8))
    return Table("Daftar", draw(line), tuple(rows), tuple(shares))


@given(tables())
@settings(max_examples=60)
def test_cells_stay_in_their_columns_and_the_lines_meet_the_margins(table: Table) -> None:
    _caption, header, *body = set_blocks(SETTER, [table])
    for row in (header, *body):
        edges = [x1 for x1, _y1, x2, _y2 in row.lines if x1 == x2]
        assert edges[0] == page.LEFT
        assert edges[-1] == pytest.approx(page.RIGHT)
        assert all(left < right for left, right in pairwise(edges))
        for piece in row.pieces:
            column = max(index for index, edge in enumerate(edges) if edge <= piece.x)
            assert piece.x + SETTER.width(piece.text, piece.style) <= edges[column + 1]
            assert 0 < piece.drop < row.height
    assert header.keep
    assert all(row.header is not None and row.header.pieces == header.pieces for row in body)


@given(tables())
@settings(max_examples=60)
def test_no_word_is_cut_while_another_column_can_give_way(table: Table) -> None:
    needed = sum(
        8 + max(SETTER.width(word, page.CELL_STRONG) for cell in column for word in cell.split())
        for column in zip(table.header, *table.rows, strict=True)
    )
    if needed > page.TEXT_WIDTH:
        return
    words = {word for line in (table.header, *table.rows) for cell in line for word in cell.split()}
    _caption, *rows = set_blocks(SETTER, [table])
    assert {word for row in rows for piece in row.pieces for word in piece.text.split()} == words


@given(st.integers(1, 2), st.lists(st.integers(1, 40), min_size=5, max_size=5))
def test_a_long_word_is_cut_before_a_number_in_another_column_is(
    long_ones: int, shares: list[int]
) -> None:
    short = ["3522990404740014", "17-08-1990", "Rp1.750.000"]
    line = (*short, *["W" * 60] * long_ones)
    table = Table("Daftar", ("No.",) * len(line), (line,), tuple(shares[: len(line)]))
    _caption, *rows = set_blocks(SETTER, [table])
    drawn = {piece.text for row in rows for piece in row.pieces}
    assert {*short, "No."} <= drawn


@given(ROWS, st.floats(100, 3000), st.sampled_from([page.NORMAL.closest, page.TIGHT.closest]))
def test_rows_are_closed_up_only_where_that_makes_them_fit(
    rows: list[Row], room: float, closest: float
) -> None:
    before = sum(row.height + row.gap for row in rows)
    closer = closed_up(rows, room, closest)
    after = sum(row.height + row.gap for row in closer)
    if closer == rows:
        assert before <= room or before > room / (closest + 0.01)
    else:
        assert before > room - 0.02
        assert (closest - 0.001) * before <= after <= room
        assert len(paginate(closer, first_top=70 + room, next_top=700, bottom=70)) == 1


@pytest.mark.parametrize(
    "blocks",
    [
        [FactList((Fact("Alamat", "W" * 10_000),))],
        [Paragraph("W" * 10_000)],
        [Table("D", ("Kolom", "Lain"), (("a", "b"), ("W " * 3_000, "c"), ("d", "e")), (1, 9))],
        [NumberedList(("x " * 9_000,))],
        [Table("D", ("N", "K"), tuple((str(n), "Nama Rekaan") for n in range(500)), (1, 9))],
    ],
)
def test_what_is_taller_than_a_page_goes_on_overleaf(blocks: list[Block]) -> None:
    rows = set_blocks(SETTER, [Heading("JUDUL", "Nomor : 1"), *blocks])
    pages = paginate(rows, first_top=600, next_top=750, bottom=70)
    assert len(pages) > 3
    placed = [(one.top, piece) for rows in pages for one in rows for piece in one.row.pieces]
    for top, piece in placed:
        assert 70 < top - piece.drop < 750
    drawn = "".join(piece.text for _top, piece in placed if not piece.element.is_artifact)
    whole = "".join(piece.text for row in rows for piece in row.pieces)
    assert sorted(drawn) == sorted(whole)
    for rows_of_page in pages:
        for above, below in pairwise(rows_of_page):
            assert below.top <= above.top - above.row.height + 1e-6
        assert rows_of_page[-1].top - rows_of_page[-1].row.height >= 70 - 1e-6


def test_the_numbered_list_and_the_title_say_what_they_should() -> None:
    rows = set_blocks(SETTER, [Heading("JUDUL", "Nomor : 1"), NumberedList(("satu", "dua"))])
    texts = [[piece.text for piece in row.pieces] for row in rows]
    assert texts == [["JUDUL"], ["Nomor : 1"], ["1.", "satu"], ["2.", "dua"]]
    assert [row.data for row in rows] == [False, True, True, True]


def test_a_translation_is_smaller_than_the_text() -> None:
    own, english = set_blocks(SETTER, [Paragraph("surat"), Paragraph("letter", language="en")])
    assert english.pieces[0].style.size < own.pieces[0].style.size


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("make", [sample_record, longest_record])
def test_two_signers_stand_below_each_other_in_their_own_frames(
    renderer: PdfRenderer, make: Callable[[str], LetterRecord], paper: Paper
) -> None:
    record = replace(make("usaha"), endorser=CAMAT, paper=paper)
    pdf = render(renderer, record).pdf
    with pikepdf.open(BytesIO(pdf)) as document:
        fields = [[float(x) for x in one.Rect] for one in document.Root.AcroForm.Fields]
    first, second = fields
    assert second[3] < first[1]
    assert second[1] >= page.BOTTOM - 1
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[len(document) - 1].get_textpage()
        inside = [" ".join(text.get_text_bounded(*frame).split()) for frame in fields]
    for words, signer in zip(inside, (record.signer.name, CAMAT.name), strict=True):
        assert words.startswith("Ditandatangani secara elektronik oleh")
        assert signer[:20] in words
    assert inside[1].endswith("NIP 19800303 200604 2 002")
    for boxes in text_boxes(pdf):
        assert not any(overlap(one, other) for one, other in combinations(boxes, 2))
    block = "Mengetahui, a.n. CAMAT DANDER SEKRETARIS CAMAT, Ditandatangani"
    assert block in words_of(pdf)


def test_a_draft_shows_the_second_signer_too(renderer: PdfRenderer) -> None:
    record = replace(sample_record("usaha"), endorser=CAMAT)
    pdf = renderer.draft(CATALOGUE.get("usaha"), record)
    assert words_of(pdf).count("Akan ditandatangani secara elektronik oleh") == 2


def test_f4_is_longer_and_breaks_into_the_same_lines(renderer: PdfRenderer) -> None:
    a4 = render(renderer, sample_record()).pdf
    f4 = render(renderer, replace(sample_record(), paper=Paper.F4)).pdf
    with pikepdf.open(BytesIO(f4)) as document:
        size = [float(x) * 25.4 / 72 for x in document.pages[0].MediaBox]
    assert size == pytest.approx([0, 0, 215, 330], abs=0.01)
    assert texts_of(f4) == texts_of(a4)
    (a4_boxes,), (f4_boxes,) = text_boxes(a4), text_boxes(f4)
    assert max(box[3] for box in f4_boxes) - max(box[3] for box in a4_boxes) == pytest.approx(
        33 * page.MM, abs=1
    )


@pytest.mark.parametrize(("items", "keeps"), [(1, "0"), (2, "10"), (3, "110"), (5, "10010")])
def test_no_item_of_a_list_is_left_alone(items: int, keeps: str) -> None:
    rows = set_blocks(SETTER, [NumberedList(("Sari Rekaan",) * items)])
    assert [row.keep for row in rows] == [keep == "1" for keep in keeps]
