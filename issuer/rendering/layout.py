"""Setting text in lines and lines on pages.

Everything is in points. A row is one line of text, or a block that stays in one
piece; it is measured before anything is drawn, so nothing can overlap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from issuer.rendering.fonts import Face, FontSet, Weight
from issuer.rendering.lines import break_lines, justified_lines
from issuer.rendering.structure import DECORATION, Element

_SLACK = 0.01


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set; ``leading`` is the distance between two baselines."""

    size: float
    leading: float
    weight: Weight = Weight.REGULAR


@dataclass(frozen=True, slots=True)
class Piece:
    """A text at a place: ``x`` from the page's left edge, ``drop`` from the row's top.

    ``element`` is what the text is part of. ``word_space`` is added to every space;
    ``underlined`` is the width of the line below the text, zero for none.
    """

    x: float
    drop: float
    text: str
    style: Style
    element: Element
    word_space: float = 0.0
    underlined: float = 0.0

    def at(self, drop: float) -> Piece:
        """Return the piece at another drop."""
        # Not by ``replace``, which takes four times as long; a letter moves fifty.
        rest = self.text, self.style, self.element, self.word_space, self.underlined
        return Piece(self.x, drop, *rest)


@dataclass(frozen=True, slots=True)
class Row:
    """What is not cut at the end of a page.

    ``gap`` is the space above it, unless it begins a page; ``keep`` holds it on one
    page with the row that follows. ``lines`` are thin lines, each from ``x`` and drop
    to ``x`` and drop. ``data`` is true of what someone might wish to alter.
    ``header`` is the row that is repeated above it when it begins a page.
    """

    height: float
    pieces: tuple[Piece, ...]
    gap: float = 0.0
    keep: bool = False
    lines: tuple[tuple[float, float, float, float], ...] = ()
    data: bool = False
    header: Row | None = None


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
        self,
        text: str,
        style: Style,
        left: float,
        width: float,
        *,
        indent: float = 0.0,
        element: Element | None = None,
    ) -> tuple[Row, ...]:
        """Set a justified paragraph; its first line is indented.

        No single line of a paragraph is left alone at the end or the top of a page.
        """
        element = element or Element("P")
        lines = justified_lines(text, self._face(style), style.size, width, indent)
        last = len(lines) - 1
        rows = []
        for number, (line, growth) in enumerate(lines):
            shift = indent if number == 0 else 0.0
            piece = Piece(left + shift, baseline(style), line, style, element, growth)
            rows.append(Row(style.leading, (piece,), keep=number == 0 < last or number == last - 1))
        return tuple(rows)

    def ragged(
        self, text: str, style: Style, left: float, width: float, element: Element | None = None
    ) -> tuple[Piece, ...]:
        """Set a text flush left, as pieces of one block and of one paragraph."""
        element = element or Element("P")
        lines = break_lines(text, self._face(style), style.size, width)
        return tuple(
            Piece(left, number * style.leading + baseline(style), line, style, element)
            for number, line in enumerate(lines)
        )

    def centred(
        self,
        text: str,
        style: Style,
        *,
        centre: float,
        width: float,
        element: Element | None = None,
        underlined: bool = False,
    ) -> tuple[Row, ...]:
        """Set a text centred, a row a line."""
        element = element or Element("P")
        rows = []
        for line in break_lines(text, self._face(style), style.size, width):
            length = self.width(line.removesuffix(" "), style)
            piece = Piece(
                centre - length / 2,
                baseline(style),
                line,
                style,
                element,
                underlined=length if underlined else 0.0,
            )
            rows.append(Row(style.leading, (piece,), keep=True))
        return tuple(rows)

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
    return [piece.at(piece.drop + drop) for piece in pieces]


def spaced(rows: Sequence[Row], gap: float) -> list[Row]:
    """Return the rows with a gap above the first."""
    return [replace(rows[0], gap=gap), *rows[1:]]


def kept(rows: Sequence[Row]) -> list[Row]:
    """Return the rows with the last held to the row that follows them."""
    return [*rows[:-1], replace(rows[-1], keep=True)]


def closed_up(rows: Sequence[Row], room: float, closest: float) -> list[Row]:
    """Return the rows closer by a factor down to ``closest``, if so they fit into ``room``."""
    height = sum(row.height + row.gap for row in rows)
    factor = (room - _SLACK) / height
    return [_closer(row, factor) for row in rows] if closest <= factor < 1 else list(rows)


def _closer(row: Row, factor: float) -> Row:
    return replace(
        row,
        height=row.height * factor,
        gap=row.gap * factor,
        pieces=tuple(piece.at(piece.drop * factor) for piece in row.pieces),
        lines=tuple((x1, y1 * factor, x2, y2 * factor) for x1, y1, x2, y2 in row.lines),
        header=row.header and _closer(row.header, factor),
    )


def paginate(
    rows: Sequence[Row], *, first_top: float, next_top: float, bottom: float
) -> tuple[tuple[PlacedRow, ...], ...]:
    """Place rows on as many pages as they need.

    A row that is to be kept with the next moves with it; a chain longer than a page
    is cut all the same, and so is a row. The header of a table that goes on is set
    again, as decoration.
    """
    rows = [part for row in rows for part in _parts(row, next_top - bottom)]
    pages: list[tuple[PlacedRow, ...]] = []
    start, top = 0, first_top
    while True:
        page = rows[start:]
        if start and (header := rows[start].header):
            page = [_repeated(header), *page]
        end = _end_of_page(page, top - bottom)
        pages.append(tuple(_place(page[:end], top)))
        start = len(rows) - (len(page) - end)
        if start == len(rows):
            return tuple(pages)
        top = next_top


def _parts(row: Row, room: float) -> Iterator[Row]:
    """Yield a row, cut between its lines of text where it is taller than a page."""
    room -= row.header.height + row.gap if row.header else 0.0
    while row.height > room:
        below = [piece for piece in row.pieces if _bottom(piece) > room]
        above = tuple(piece for piece in row.pieces if _bottom(piece) <= room)
        if not above or not below:
            break
        cut = min(piece.drop - baseline(piece.style) for piece in below)
        upper = tuple((x1, min(y1, cut), x2, min(y2, cut)) for x1, y1, x2, y2 in row.lines)
        yield replace(row, height=cut, pieces=above, lines=upper, keep=False)
        lower = tuple((x1, max(y1 - cut, 0), x2, max(y2 - cut, 0)) for x1, y1, x2, y2 in row.lines)
        pieces = tuple(lowered(below, -cut))
        row = replace(row, height=row.height - cut, pieces=pieces, lines=lower)
    yield row


def _bottom(piece: Piece) -> float:
    return piece.drop - baseline(piece.style) + piece.style.leading


def _repeated(header: Row) -> Row:
    pieces = tuple(replace(piece, element=DECORATION) for piece in header.pieces)
    return replace(header, pieces=pieces, gap=0.0, keep=False)


def _end_of_page(rows: Sequence[Row], room: float) -> int:
    used = 0.0
    for index, row in enumerate(rows):
        used += row.height + (row.gap if index else 0.0)
        if used > room and index:
            end = index
            while end and rows[end - 1].keep:
                end -= 1
            return end or index
    return len(rows)


def _place(rows: Sequence[Row], top: float) -> Iterator[PlacedRow]:
    for number, row in enumerate(rows):
        top -= row.gap if number else 0.0
        yield PlacedRow(top, row)
        top -= row.height
