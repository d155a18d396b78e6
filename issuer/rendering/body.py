"""The body of the letter: title, number, whom it is about, and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from issuer.domain.letter_types import (
    FieldKind,
    FieldSpec,
    LetterType,
    Listing,
    ListingForm,
    Scalar,
)
from issuer.domain.people import Sex
from issuer.domain.record import LetterRecord
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
from issuer.rendering.wording import paragraphs
from issuer.rendering.wording_values import cell_text, values_of

_TRANSLATION_PREFIX = "English translation; the Indonesian text alone is binding."
# Widths of columns, in letters.
_NUMBER_SHARE, _LEAST_SHARE, _MOST_SHARE = 4, 8, 40
_USUAL_LENGTHS = {FieldKind.NIK: 18, FieldKind.DATE: 11, FieldKind.MONEY: 14}
_SEX_NAMES = {Sex.MALE: "Laki-laki", Sex.FEMALE: "Perempuan"}


def body_blocks(letter_type: LetterType, record: LetterRecord) -> tuple[Block, ...]:
    """Return what the letter says, from the title to the closing.

    What it is for and how long it holds stay with the closing and the signature: a
    page with nothing else would be worth nothing to whoever finds it.
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
    listings = _listings(letter_type, record)
    blocks += said(wording.statement, keep=bool(listings))
    blocks += listings
    blocks += said(wording.purpose, keep=True)
    if record.expires_on is not None:
        until = long_date(record.expires_on)
        blocks.append(Paragraph(f"Surat ini berlaku sampai dengan {until}.", keep=True))
    translation = paragraphs(letter_type.wording_en or "", values)
    blocks += said(wording.closing, keep=True)
    return (*blocks, *_translation(translation))


def _listings(letter_type: LetterType, record: LetterRecord) -> list[Block]:
    fields = {spec.name: spec for spec in letter_type.fields}
    blocks: list[Block] = []
    for listing in letter_type.listings:
        rows = record.fields.get(listing.group)
        if isinstance(rows, list | tuple):
            group = fields[listing.group]
            if listing.form is ListingForm.NUMBERED:
                blocks.append(Paragraph(f"{group.label.id}:", keep=True))
            blocks.append(_listing(group, listing, rows))
    return blocks


def _listing(
    group: FieldSpec, listing: Listing, rows: Sequence[Mapping[str, Scalar]]
) -> Table | NumberedList:
    by_name = {column.name: column for column in group.columns}
    columns = [by_name[name] for name in listing.columns]
    cells = [tuple(cell_text(column, row.get(column.name)) for column in columns) for row in rows]
    if listing.form is ListingForm.NUMBERED:
        return NumberedList(tuple(_in_words(columns, row) for row in cells))
    return Table(
        caption=group.label.id,
        header=("No.", *(column.label.id for column in columns)),
        rows=tuple((str(number), *row) for number, row in enumerate(cells, 1)),
        shares=(_NUMBER_SHARE, *(_share(column) for column in columns)),
    )


def _in_words(columns: Sequence[FieldSpec], row: Sequence[str]) -> str:
    """Return a row as one text; sixteen digits alone would not say that they are a NIK."""
    said = zip(columns, row, strict=True)
    return ", ".join(
        f"NIK {text}" if column.kind is FieldKind.NIK else text for column, text in said if text
    )


def _share(column: FieldSpec) -> int:
    """Return how wide a column is, in about as many letters as it usually holds."""
    if column.choices:
        usual = max(len(text.id) for text in column.choices.values())
    elif column.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        usual = column.max_length // 2
    else:
        usual = _USUAL_LENGTHS.get(column.kind, 12)
    longest_word = max(map(len, column.label.id.split()))
    return min(max(usual, longest_word, _LEAST_SHARE), _MOST_SHARE)


def _translation(texts: Sequence[str]) -> list[Block]:
    """Return the English text; its end stays with the signature."""
    return [
        Paragraph(
            f"{_TRANSLATION_PREFIX} {text}" if number == 1 else text,
            keep=number == len(texts),
            language="en",
        )
        for number, text in enumerate(texts, 1)
    ]


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
