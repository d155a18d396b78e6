"""Setting text in lines and lines on pages.

Everything is in points. A row is one line of text, or a block that stays in one
piece; it is measured before anything is drawn, so nothing can overlap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from issuer.rendering.fonts import Face, FontSet, Weight
from issuer.rendering.indonesian import NO_BREAK

MAX_WORD_SPACE = 10.0
"""A line that would need wider spaces than this is left ragged."""

# What belongs to its number on one line: RT 003/RW 002, Nomor 12.
_NUMBERED = re.compile(r"\b(RT|RW|No\.|Nomor) (?=\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set; ``leading`` is the distance between two baselines."""

    size: float
    leading: float
    weight: Weight = Weight.REGULAR


@dataclass(frozen=True, slots=True)
class Piece:
    """A text at a place: ``x`` from the page's left edge, ``drop`` from the row's top.

    ``word_space`` is added to every space; ``underlined`` is the width of the line
    below the text, zero for none.
    """

    x: float
    drop: float
    text: str
    style: Style
    word_space: float = 0.0
    underlined: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """What is not cut at the end of a page.

    ``gap`` is the space above it, unless it begins a page; ``keep`` holds it on one
    page with the row that follows.
    """

    height: float
    pieces: tuple[Piece, ...]
    gap: float = 0.0
    keep: bool = False


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row with the height of its top above the page's lower edge."""

    top: float
    row: Row


class Typesetter:
    """Turns texts into rows with the fonts of the letter."""

    def __init__(self, fonts: FontSet) -> None:
        self._fonts = fonts

    def width(self, text: str, style: Style) -> float:
        """Return the width of a text in points."""
        return self._face(style).width(text, style.size)

    def paragraph(
        self, text: str, style: Style, left: float, width: float, *, indent: float = 0.0
    ) -> tuple[Row, ...]:
        """Set a justified paragraph; its first line is indented.

        No single line of a paragraph is left alone at the end or the top of a page.
        """
        lines = break_lines(text, self._face(style), style.size, width, indent)
        last = len(lines) - 1
        rows = []
        for number, line in enumerate(lines):
            shift = indent if number == 0 else 0.0
            space = 0.0
            if number < last:
                space = self._word_space(line, style, width - shift)
            piece = Piece(left + shift, baseline(style), line, style, space)
            rows.append(Row(style.leading, (piece,), keep=number == 0 < last or number == last - 1))
        return tuple(rows)

    def ragged(self, text: str, style: Style, left: float, width: float) -> tuple[Piece, ...]:
        """Set a text flush left, as pieces of one block."""
        lines = break_lines(text, self._face(style), style.size, width)
        return tuple(
            Piece(left, number * style.leading + baseline(style), line, style)
            for number, line in enumerate(lines)
        )

    def centred(
        self, text: str, style: Style, centre: float, width: float, *, underlined: bool = False
    ) -> tuple[Row, ...]:
        """Set a text centred, a row a line."""
        rows = []
        for line in break_lines(text, self._face(style), style.size, width):
            length = self.width(line, style)
            piece = Piece(
                centre - length / 2,
                baseline(style),
                line,
                style,
                underlined=length if underlined else 0.0,
            )
            rows.append(Row(style.leading, (piece,), keep=True))
        return tuple(rows)

    def _word_space(self, line: str, style: Style, width: float) -> float:
        spaces = line.count(" ") + line.count(NO_BREAK)
        missing = width - self.width(line, style)
        return missing / spaces if 0 < missing <= spaces * MAX_WORD_SPACE else 0.0

    def _face(self, style: Style) -> Face:
        return self._fonts.faces[style.weight]


def baseline(style: Style) -> float:
    """Return how far the baseline of a line is below its top."""
    return (style.leading + 0.72 * style.size) / 2


def block(pieces: Sequence[Piece], *, gap: float = 0.0) -> Row:
    """Return one row around pieces."""
    lowest = max(pieces, key=lambda piece: piece.drop)
    height = lowest.drop - baseline(lowest.style) + lowest.style.leading
    return Row(height, tuple(pieces), gap)


def stacked(*groups: Sequence[Piece]) -> Row:
    """Return one row of groups of pieces, each below the one before."""
    height, pieces = 0.0, list[Piece]()
    for group in groups:
        pieces += lowered(group, height)
        height += block(group).height
    return Row(height, tuple(pieces))


def lowered(pieces: Iterable[Piece], drop: float) -> list[Piece]:
    """Return the pieces moved down."""
    return [replace(piece, drop=piece.drop + drop) for piece in pieces]


def spaced(rows: Sequence[Row], gap: float) -> list[Row]:
    """Return the rows with a gap above the first."""
    return [replace(rows[0], gap=gap), *rows[1:]]


def kept(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with the last held to the row that follows them."""
    return [*rows[:-1], replace(rows[-1], keep=True)]


def break_lines(
    text: str, face: Face, size: float, width: float, indent: float = 0.0
) -> tuple[str, ...]:
    """Break a text into lines no wider than ``width``, the first less ``indent``.

    A word that is wider than a line is cut where the line ends; a text without
    words is one empty line.
    """
    text = _NUMBERED.sub(rf"\1{NO_BREAK}", text)
    space = face.width(" ", size)
    lines: list[str] = []
    line, used, room = "", 0.0, width - indent
    for word, length in _fitting(text.split(" "), face, size, width - indent):
        if line and used + space + length > room:
            lines.append(line)
            line, used, room = word, length, width
        else:
            used += length + (space if line else 0.0)
            line = f"{line} {word}" if line else word
    lines.append(line)
    return tuple(lines)


def _fitting(
    words: Iterable[str], face: Face, size: float, width: float
) -> Iterator[tuple[str, float]]:
    """Yield words with their widths, those wider than a line in parts."""
    for word in words:
        rest, length = word, face.width(word, size)
        while length > width and len(rest) > 1:
            end = len(rest) - 1
            while end > 1 and face.width(rest[:end], size) > width:
                end -= 1
            yield rest[:end], face.width(rest[:end], size)
            rest = rest[end:]
            length = face.width(rest, size)
        yield rest, length


def paginate(
    rows: Sequence[Row], *, first_top: float, next_top: float, bottom: float
) -> tuple[tuple[PlacedRow, ...], ...]:
    """Place rows on as many pages as they need.

    A row that is to be kept with the next moves with it; a chain longer than a page
    is cut all the same.
    """
    pages: list[tuple[PlacedRow, ...]] = []
    start, top = 0, first_top
    while True:
        end = _end_of_page(rows, start, top - bottom)
        pages.append(tuple(_place(rows[start:end], top)))
        if end == len(rows):
            return tuple(pages)
        start, top = end, next_top


def _end_of_page(rows: Sequence[Row], start: int, room: float) -> int:
    used = 0.0
    for index in range(start, len(rows)):
        used += rows[index].height + (rows[index].gap if index > start else 0.0)
        if used > room and index > start:
            end = index
            while end > start and rows[end - 1].keep:
                end -= 1
            return end if end > start else index
    return len(rows)


def _place(rows: Sequence[Row], top: float) -> Iterator[PlacedRow]:
    for number, row in enumerate(rows):
        top -= row.gap if number else 0.0
        yield PlacedRow(top, row)
        top -= row.height
