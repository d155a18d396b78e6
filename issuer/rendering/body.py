"""The body of the letter: title, number, whom it is about, and what it says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from issuer.domain.letter_types import LetterType
from issuer.domain.people import Sex
from issuer.domain.record import LetterRecord
from issuer.rendering import page
from issuer.rendering.indonesian import long_date
from issuer.rendering.layout import Piece, Row, Typesetter, baseline, block, kept, spaced
from issuer.rendering.wording import paragraphs
from issuer.rendering.wording_values import values_of

_PARAGRAPH_GAP = 6.5
_AFTER_TITLE = 16.0
_ROW_GAP = 1.5
_LABEL_AT = page.LEFT + page.INDENT
_COLON_AT = _LABEL_AT + 126
_VALUE_AT = _COLON_AT + 10
_SEX_NAMES = {Sex.MALE: "Laki-laki", Sex.FEMALE: "Perempuan"}


def body_rows(setter: Typesetter, letter_type: LetterType, record: LetterRecord) -> list[Row]:
    """Return the rows from the title to the closing, which stays with what follows it."""
    values = values_of(letter_type, record)

    def sentences(source: str) -> list[Row]:
        rows: list[Row] = []
        for text in paragraphs(source, values):
            rows += _paragraph(setter, text)
        return rows

    wording = letter_type.wording
    rows = _title(setter, record)
    # The list of who it is about must not begin a page without its introduction.
    rows += spaced(kept(sentences(wording.opening)), _AFTER_TITLE)
    rows += _identity(setter, record.holder)
    rows += sentences(wording.statement)
    rows += sentences(wording.purpose)
    if record.expires_on is not None:
        until = long_date(record.expires_on)
        rows += _paragraph(setter, f"Surat keterangan ini berlaku sampai dengan {until}.")
    return rows + kept(sentences(wording.closing))


def _title(setter: Typesetter, record: LetterRecord) -> list[Row]:
    title = setter.centred(
        record.title.upper(), page.TITLE, page.CENTRE, page.TEXT_WIDTH, underlined=True
    )
    number = setter.centred(f"Nomor : {record.number}", page.TEXT, page.CENTRE, page.TEXT_WIDTH)
    return [*title, *spaced(number, 1)]


def _paragraph(setter: Typesetter, text: str) -> list[Row]:
    rows = setter.paragraph(text, page.TEXT, page.LEFT, page.TEXT_WIDTH, indent=page.INDENT)
    return spaced(rows, _PARAGRAPH_GAP)


def _identity(setter: Typesetter, holder: Mapping[str, str]) -> list[Row]:
    born = long_date(date.fromisoformat(holder["birth_date"]))
    entries = (
        ("Nama", holder["name"]),
        ("NIK", holder["nik"]),
        ("Tempat, tanggal lahir", f"{holder['birth_place']}, {born}"),
        ("Jenis kelamin", _SEX_NAMES[Sex(holder["sex"])]),
        ("Kewarganegaraan", holder["nationality"]),
        ("Agama", holder["religion"]),
        ("Status perkawinan", holder["marital_status"]),
        ("Pekerjaan", holder["occupation"]),
        ("Alamat", holder["address"]),
    )
    rows = [_entry(setter, label, value, strong=label == "Nama") for label, value in entries]
    return spaced(rows, _PARAGRAPH_GAP)


def _entry(setter: Typesetter, label: str, value: str, *, strong: bool) -> Row:
    drop = baseline(page.TEXT)
    style = page.STRONG if strong else page.TEXT
    pieces = (
        Piece(_LABEL_AT, drop, label, page.TEXT),
        Piece(_COLON_AT, drop, ":", page.TEXT),
        *setter.ragged(value, style, _VALUE_AT, page.RIGHT - _VALUE_AT),
    )
    return block(pieces, gap=_ROW_GAP)
