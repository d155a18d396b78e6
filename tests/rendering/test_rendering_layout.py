"""Lines and pages: properties that hold for any text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from issuer.rendering import page
from issuer.rendering.fonts import Weight, load_fonts
from issuer.rendering.indonesian import NO_BREAK
from issuer.rendering.layout import Piece, Row, Typesetter, paginate
from issuer.rendering.lines import MAX_SHRINK, MAX_WORD_SPACE, break_lines, justified_lines
from issuer.rendering.structure import DECORATION, Element
from tests.rendering.rendering_samples import TEMPLATES

FONTS = load_fonts(None, TEMPLATES / "fonts")
FACE = FONTS.faces[Weight.REGULAR]
SETTER = Typesetter(FONTS)
WORDS = st.lists(st.text("abcWi.()/9", min_size=1, max_size=60), min_size=1, max_size=60)


@given(WORDS, st.floats(60, 460), st.floats(0, 40))
def test_no_line_is_wider_than_its_room_and_nothing_is_lost(
    words: list[str], width: float, indent: float
) -> None:
    text = " ".join(words)
    lines = break_lines(text, FACE, 11, width, indent)
    assert "".join(lines).replace(" ", "").replace(NO_BREAK, "") == text.replace(" ", "")
    for number, line in enumerate(lines):
        assert line.strip()
        assert (
            FACE.width(line.removesuffix(" "), 11) <= width - (indent if number == 0 else 0) + 1e-6
        )


@given(WORDS, st.floats(100, 460))
def test_words_stay_apart_where_lines_are_joined(words: list[str], width: float) -> None:
    text = " ".join(words)
    assert "".join(break_lines(text, FACE, 11, width)) == text
    assert "".join(line for line, _growth in justified_lines(text, FACE, 11, width)) == text


@given(WORDS)
def test_a_line_is_as_full_as_it_can_be(words: list[str]) -> None:
    lines = break_lines(" ".join(words), FACE, 11, 460)
    for line, following in pairwise(lines):
        first = following.split(" ")[0]
        if FACE.width(first, 11) < 400:
            assert FACE.width(f"{line.removesuffix(' ')} {first}", 11) > 460


def test_a_number_stays_with_its_word() -> None:
    for width in range(110, 220, 3):
        for line in break_lines("Dusun Krajan RT 003/RW 002 Nomor 12", FACE, 11, width):
            assert not line.rstrip().endswith((" RT", " RW", "/RW", "Nomor"))


@given(WORDS)
def test_a_justified_line_ends_at_the_margin_or_is_left_ragged(words: list[str]) -> None:
    rows = SETTER.paragraph(" ".join(words), page.TEXT, page.LEFT, page.TEXT_WIDTH, indent=28)
    for row in rows:
        (piece,) = row.pieces
        seen = piece.text.removesuffix(" ")
        spaces = seen.count(" ") + seen.count(NO_BREAK)
        end = piece.x + SETTER.width(seen, piece.style) + spaces * piece.word_space
        assert -MAX_SHRINK <= piece.word_space <= MAX_WORD_SPACE
        assert end <= page.RIGHT + 1e-6
        if piece.word_space:
            assert end == pytest.approx(page.RIGHT)
    assert rows[-1].pieces[0].word_space <= 0


@given(WORDS, st.floats(150, 460), st.floats(0, 40))
def test_nothing_is_lost_when_breaks_are_chosen_anew(
    words: list[str], width: float, indent: float
) -> None:
    lines = justified_lines(" ".join(words), FACE, 11, width, indent)
    joined = "".join(line for line, _growth in lines).replace(" ", "").replace(NO_BREAK, "")
    assert joined == "".join(words)


@given(WORDS)
def test_a_chosen_break_is_never_worse_than_full_lines(words: list[str]) -> None:
    """The widest gaps of the paragraph, against those of lines that take what fits."""
    text = " ".join(words)
    chosen = justified_lines(text, FACE, 11, 460)
    full = break_lines(text, FACE, 11, 460)
    if [line for line, _growth in chosen] != list(full):
        assert sum(gap**3 for gap in gaps(chosen)) <= sum(gap**3 for gap in gaps(full))


def gaps(lines: Sequence[str | tuple[str, float]]) -> list[float]:
    """Return how far each line but the last is from the margin, by space between words."""
    widths = []
    for line in lines[:-1]:
        words = (line if isinstance(line, str) else line[0]).split()
        missing = abs(460 - FACE.width(" ".join(words), 11))
        widths.append(missing / (len(words) - 1) if len(words) > 1 else missing)
    return widths


def test_a_line_before_a_long_word_is_spread_over_the_lines_above() -> None:
    """Full lines would leave the second with gaps thrice as wide as a space."""
    text = (
        "Orang tersebut di atas adalah benar penduduk yang bertempat tinggal di Desa Ngunut. "
        "Alamat yang tercantum pada KTP-el yang "
        "bersangkutan/ditandatangani/sebelumnya/pada/tahun/yang/lalu adalah lain."
    )
    lines = justified_lines(text, FACE, 11, page.TEXT_WIDTH, page.INDENT)
    assert all(growth > -MAX_SHRINK - 1e-9 for _line, growth in lines)
    assert all(growth for _line, growth in lines[:-1])


ROWS = st.lists(
    st.builds(
        Row,
        height=st.floats(1, 200),
        pieces=st.just(()),
        gap=st.floats(0, 30),
        keep=st.booleans(),
    ),
    min_size=1,
    max_size=60,
)


@given(ROWS)
@settings(max_examples=300)
def test_rows_keep_their_order_and_never_overlap_or_leave_the_page(rows: list[Row]) -> None:
    pages = paginate(rows, first_top=600, next_top=750, bottom=70)
    placed = [row for rows_of_page in pages for row in rows_of_page]
    assert [one.row for one in placed] == rows
    for number, rows_of_page in enumerate(pages):
        assert rows_of_page[0].top == (750 if number else 600)
        for above, below in pairwise(rows_of_page):
            assert below.top == pytest.approx(above.top - above.row.height - below.row.gap)
        for one in rows_of_page:
            assert one.top - one.row.height >= 70 - 1e-6


@given(ROWS)
@settings(max_examples=300)
def test_a_kept_row_ends_a_page_only_when_its_chain_fills_one(rows: list[Row]) -> None:
    pages = paginate(rows, first_top=600, next_top=750, bottom=70)
    for rows_of_page in pages[:-1]:
        if rows_of_page[-1].row.keep:
            assert all(one.row.keep for one in rows_of_page)


def table_of(rows: int) -> tuple[Row, list[Row]]:
    text = Piece(100, 10, "x", page.TEXT, Element("TD"))
    header = Row(20, (text,), keep=True)
    return header, [Row(30, (text,), gap=3, header=header) for _ in range(rows)]


def test_a_table_repeats_its_header_on_each_page_for_the_eye_only() -> None:
    header, body = table_of(60)
    first, *others = paginate([header, *body], first_top=600, next_top=750, bottom=70)
    assert first[0].row is header
    for rows_of_page in others:
        repeated, below, *_rest = rows_of_page
        assert repeated.top == 750
        assert below.top == pytest.approx(750 - header.height - below.row.gap)
        assert repeated.row.pieces[0].element is DECORATION
    again = [
        one.row for rows_of_page in (first[1:], *(o[1:] for o in others)) for one in rows_of_page
    ]
    assert again == body
