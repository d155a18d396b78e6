"""The blocks of a letter set in rows: where each stands, and what it is to a reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

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
from issuer.rendering.layout import (
    Piece,
    Row,
    Typesetter,
    baseline,
    block,
    kept,
    lowered,
    spaced,
)
from issuer.rendering.structure import COLUMN_HEADER, NUMBERED, ROW_HEADER, Element, text_string

_LABEL_AT = page.LEFT + page.INDENT
_COLON_AT = _LABEL_AT + 126
_VALUE_AT = _COLON_AT + 10
_ITEM_AT = _LABEL_AT + 20
_CELL_PADDING = 4.0
_UNDER_CAPTION = 3.0
_ROUNDING = 0.01
_OWN_LANGUAGE = "id"


def set_blocks(
    setter: Typesetter, blocks: Iterable[Block], density: page.Density = page.NORMAL
) -> list[Row]:
    """Return the rows of the blocks, in their order."""
    rows: list[Row] = []
    after_title = False
    for one in blocks:
        drawn = _rows_of(setter, one, density)
        rows += spaced(drawn, density.after_number) if after_title else drawn
        after_title = isinstance(one, Heading)
    return rows


def _rows_of(setter: Typesetter, one: Block, density: page.Density) -> list[Row]:
    match one:
        case Heading():
            return _heading(setter, one, density)
        case Paragraph():
            return _paragraph(setter, one, density)
        case FactList():
            return _facts(setter, one, density)
        case Table():
            return _table(setter, one, density)
        case NumberedList():
            return _list(setter, one, density)


def _heading(setter: Typesetter, heading: Heading, density: page.Density) -> list[Row]:
    title = setter.centred(
        heading.title,
        page.TITLE,
        centre=page.CENTRE,
        width=page.TEXT_WIDTH,
        element=Element("H1"),
        underlined=True,
    )
    number = setter.centred(heading.number, density.text, centre=page.CENTRE, width=page.TEXT_WIDTH)
    return [*title, *spaced([replace(row, data=True) for row in number], density.before_number)]


def _paragraph(setter: Typesetter, paragraph: Paragraph, density: page.Density) -> list[Row]:
    translated = paragraph.language != _OWN_LANGUAGE
    language = f"/Lang {text_string(paragraph.language)}" if translated else ""
    rows: list[Row] = list(
        setter.paragraph(
            paragraph.text,
            page.TRANSLATION if translated else density.text,
            page.LEFT,
            page.TEXT_WIDTH,
            indent=page.INDENT,
            element=Element("P", entries=language),
        )
    )
    return spaced(kept(rows) if paragraph.keep else rows, density.paragraph_gap)


def _facts(setter: Typesetter, facts: FactList, density: page.Density) -> list[Row]:
    table = Element("Table")
    return spaced(
        [_fact(setter, fact, table, density) for fact in facts.facts], density.paragraph_gap
    )


def _fact(setter: Typesetter, fact: Fact, table: Element, density: page.Density) -> Row:
    drop = baseline(density.text)
    line = Element("TR", table)
    label = Element("TH", line, ROW_HEADER)
    pieces = (
        Piece(_LABEL_AT, drop, fact.label, density.text, label),
        Piece(_COLON_AT, drop, ":", density.text, label),
        *setter.ragged(
            fact.value,
            density.strong if fact.strong else density.text,
            _VALUE_AT,
            page.RIGHT - _VALUE_AT,
            Element("TD", line),
        ),
    )
    return replace(block(pieces, gap=density.item_gap), data=True)


def _table(setter: Typesetter, table: Table, density: page.Density) -> list[Row]:
    element = Element("Table")
    caption = setter.ragged(
        f"{table.caption}:",
        density.text,
        _LABEL_AT,
        page.RIGHT - _LABEL_AT,
        Element("Caption", element),
    )
    edges = _edges(setter, table)
    header = _cells(setter, table.header, edges, element, is_header=True)
    body = (_cells(setter, cells, edges, element) for cells in table.rows)
    rows = [replace(row, header=header, data=True) for row in body]
    under = [replace(header, gap=_UNDER_CAPTION, keep=True), *rows]
    return spaced([*kept([block(caption)]), *under], density.paragraph_gap)


def _edges(setter: Typesetter, table: Table) -> tuple[float, ...]:
    """Return where the columns begin and the last ends.

    Each gets its share, but no word is cut for it while the others can give way.
    """
    needs = [
        2 * _CELL_PADDING
        + _ROUNDING
        + max(setter.width(word, page.CELL_STRONG) for cell in column for word in cell.split(" "))
        for column in zip(table.header, *table.rows, strict=True)
    ]
    widths = _shared(needs, table.shares)
    return tuple(accumulate(widths, initial=page.LEFT))


def _shared(needs: Sequence[float], shares: Sequence[int]) -> list[float]:
    """Return widths by shares of the text's width, each at least what it needs."""
    widths: dict[int, float] = {}
    while True:
        free = [index for index in range(len(needs)) if index not in widths]
        rest = page.TEXT_WIDTH - sum(widths.values())
        unit = rest / sum(shares[index] for index in free) if free else 0.0
        short = [index for index in free if shares[index] * unit < needs[index]]
        if len(short) == len(free):
            return _modest_first(needs)
        if not short:
            return [widths.get(index, share * unit) for index, share in enumerate(shares)]
        widths |= {index: needs[index] for index in short}


def _modest_first(needs: Sequence[float]) -> list[float]:
    """Return widths where not all can have what they need: the widest columns give way.

    A number or a short word so stays whole, and a word that is longer than its column
    would be is cut.
    """
    widths: dict[int, float] = {}
    for index in sorted(range(len(needs)), key=needs.__getitem__):
        fair = (page.TEXT_WIDTH - sum(widths.values())) / (len(needs) - len(widths))
        widths[index] = min(needs[index], fair)
    return [widths[index] for index in range(len(needs))]


def _cells(
    setter: Typesetter,
    cells: Sequence[str],
    edges: Sequence[float],
    table: Element,
    *,
    is_header: bool = False,
) -> Row:
    """Set one row of a table with the lines around its cells."""
    line = Element("TR", table)
    style = page.CELL_STRONG if is_header else page.CELL
    pieces: list[Piece] = []
    for text, (left, right) in zip(cells, pairwise(edges), strict=True):
        cell = Element("TH", line, COLUMN_HEADER) if is_header else Element("TD", line)
        width = right - left - 2 * _CELL_PADDING
        pieces += setter.ragged(text, style, left + _CELL_PADDING, width, cell)
    height = block(pieces).height + _CELL_PADDING
    pieces = lowered(pieces, _CELL_PADDING / 2)
    around = [(page.LEFT, drop, page.RIGHT, drop) for drop in (0.0, height)]
    between = [(edge, 0.0, edge, height) for edge in edges]
    return Row(height, tuple(pieces), lines=(*around, *between))


def _list(setter: Typesetter, numbered: NumberedList, density: page.Density) -> list[Row]:
    element = Element("L", entries=NUMBERED)
    rows = [
        _item(setter, number, text, element, density)
        for number, text in enumerate(numbered.items, 1)
    ]
    # No item stands alone at the end or the top of a page, so that two stay together.
    last = len(rows) - 1
    held = [
        replace(row, keep=index == 0 < last or index == last - 1) for index, row in enumerate(rows)
    ]
    return spaced(held, _UNDER_CAPTION)


def _item(
    setter: Typesetter, number: int, text: str, numbered: Element, density: page.Density
) -> Row:
    item = Element("LI", numbered)
    pieces = (
        Piece(_LABEL_AT, baseline(density.text), f"{number}.", density.text, Element("Lbl", item)),
        *setter.ragged(text, density.text, _ITEM_AT, page.RIGHT - _ITEM_AT, Element("LBody", item)),
    )
    return replace(block(pieces, gap=density.item_gap), data=True)
