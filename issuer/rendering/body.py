"""The body of the letter: title, number, whom it is about, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from issuer.domain.letter_types import LetterType
from issuer.domain.people import Sex
from issuer.domain.record import LetterRecord
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
from issuer.rendering.indonesian import long_date
from issuer.rendering.layout import (
    Piece,
    Row,
    Style,
    Typesetter,
    baseline,
    block,
    kept,
    spaced,
)
from issuer.rendering.wording import paragraphs
from issuer.rendering.wording_values import values_of

_PARAGRAPH_GAP = 6.5
_AFTER_TITLE = 16.0
_ROW_GAP = 1.5
_LABEL_AT = page.LEFT + page.INDENT
_COLON_AT = _LABEL_AT + 126
_VALUE_AT = _COLON_AT + 10
_CELL_PADDING = 3.0
_SEX_NAMES = {Sex.MALE: "Laki-laki", Sex.FEMALE: "Perempuan"}


def body_blocks(letter_type: LetterType, record: LetterRecord) -> tuple[Block, ...]:
    """Return what the letter says, from the title to the closing.

    The closing stays with what follows it, the signature.
    """
    values = values_of(letter_type, record)

    def said(source: str, *, keep: bool = False) -> list[Block]:
        texts = paragraphs(source, values)
        return [
            Paragraph(text, keep=keep and number == len(texts))
            for number, text in enumerate(texts, 1)
        ]

    wording = letter_type.wording
    blocks: list[Block] = [Heading(record.title.upper(), f"Nomor : {record.number}")]
    # The list of who it is about must not begin a page without its introduction.
    blocks += said(wording.opening, keep=True)
    blocks.append(_identity(record.holder))
    blocks += said(wording.statement)
    blocks += said(wording.purpose)
    if record.expires_on is not None:
        until = long_date(record.expires_on)
        blocks.append(Paragraph(f"Surat keterangan ini berlaku sampai dengan {until}."))
    return (*blocks, *said(wording.closing, keep=True))


def _identity(holder: Mapping[str, str]) -> FactList:
    born = long_date(date.fromisoformat(holder["birth_date"]))
    return FactList(
        (
            Fact("Nama", holder["name"], strong=True),
            Fact("NIK", holder["nik"]),
            Fact("Tempat, tanggal lahir", f"{holder['birth_place']}, {born}"),
            Fact("Jenis kelamin", _SEX_NAMES[Sex(holder["sex"])]),
            Fact("Kewarganegaraan", holder["nationality"]),
            Fact("Agama", holder["religion"]),
            Fact("Status perkawinan", holder["marital_status"]),
            Fact("Pekerjaan", holder["occupation"]),
            Fact("Alamat", holder["address"]),
        )
    )


def body_rows(setter: Typesetter, letter_type: LetterType, record: LetterRecord) -> list[Row]:
    """Return the rows of the body's blocks."""
    rows: list[Row] = []
    for number, one in enumerate(body_blocks(letter_type, record)):
        drawn = _rows_of(setter, one)
        rows += spaced(drawn, _AFTER_TITLE) if number == 1 else drawn
    return rows


def _rows_of(setter: Typesetter, one: Block) -> list[Row]:
    match one:
        case Heading():
            return _title(setter, one)
        case Paragraph():
            rows = _paragraph(setter, one.text)
            return kept(rows) if one.keep else rows
        case FactList():
            return spaced([_entry(setter, fact) for fact in one.facts], _PARAGRAPH_GAP)
        case Table():
            return _table(setter, one)
        case NumberedList():
            rows = [_item(setter, number, text) for number, text in enumerate(one.items, 1)]
            return spaced(rows, _PARAGRAPH_GAP)


def _title(setter: Typesetter, heading: Heading) -> list[Row]:
    title = setter.centred(heading.title, page.TITLE, page.CENTRE, page.TEXT_WIDTH, underlined=True)
    number = setter.centred(heading.number, page.TEXT, page.CENTRE, page.TEXT_WIDTH)
    return [*title, *spaced(number, 1)]


def _paragraph(setter: Typesetter, text: str) -> list[Row]:
    rows = setter.paragraph(text, page.TEXT, page.LEFT, page.TEXT_WIDTH, indent=page.INDENT)
    return spaced(rows, _PARAGRAPH_GAP)


def _entry(setter: Typesetter, fact: Fact) -> Row:
    drop = baseline(page.TEXT)
    style = page.STRONG if fact.strong else page.TEXT
    pieces = (
        Piece(_LABEL_AT, drop, fact.label, page.TEXT),
        Piece(_COLON_AT, drop, ":", page.TEXT),
        *setter.ragged(fact.value, style, _VALUE_AT, page.RIGHT - _VALUE_AT),
    )
    return block(pieces, gap=_ROW_GAP)


def _table(setter: Typesetter, table: Table) -> list[Row]:
    header = _cells(setter, table, table.header, page.STRONG)
    return spaced(
        [*kept([header]), *(_cells(setter, table, row, page.TEXT) for row in table.rows)],
        _PARAGRAPH_GAP,
    )


def _cells(setter: Typesetter, table: Table, cells: tuple[str, ...], style: Style) -> Row:
    left, pieces = page.LEFT, list[Piece]()
    for text, share in zip(cells, table.shares, strict=True):
        width = page.TEXT_WIDTH * share / sum(table.shares)
        pieces += setter.ragged(text, style, left, width - 2 * _CELL_PADDING)
        left += width
    return block(pieces, gap=_ROW_GAP)


def _item(setter: Typesetter, number: int, text: str) -> Row:
    pieces = (
        Piece(page.LEFT, baseline(page.TEXT), f"{number}.", page.TEXT),
        *setter.ragged(text, page.TEXT, _LABEL_AT, page.RIGHT - _LABEL_AT),
    )
    return block(pieces, gap=_ROW_GAP)
