"""Invented letters to draw: one typical, one as short and one as long as may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from issuer.catalogue.folders import FolderCatalogue
from issuer.domain.letter_types import FieldKind, FieldSpec, FieldValue, LetterType
from issuer.domain.mandate import MandateKind
from issuer.domain.people import MAX_ADDRESS, MAX_NAME, MAX_SHORT_TEXT, Holder
from issuer.domain.record import LetterRecord
from issuer.domain.sealing import RenderedLetter, SignatureSlot
from issuer.rendering.letter import PdfRenderer
from issuer.rendering.wording_values import wording_problems
from tests.records import a_record, a_signer

TEMPLATES = Path(__file__).parents[2] / "templates"
TODAY = date(2026, 11, 24)
CODE = "7K3MQ2W9XA4T"
HOST = "surat.bojonegorokab.example"
QR_TEXT = f"https://{HOST}/v/" + "1234567890" * 50
SLOT = SignatureSlot(
    signer_name="Sugeng Rekaan Wibowo",
    reason="Surat",
    location="Ngunut",
    claimed_at=datetime(2026, 11, 24, 9, 0, tzinfo=timezone(timedelta(hours=7))),
)
SLUGS = ("domisili", "tidak-mampu", "usaha")
CATALOGUE = FolderCatalogue(TEMPLATES / "letters", wording_problems)


def holder_of(letter_type: LetterType) -> Holder:
    """Return the holder of the type's example."""
    raw = letter_type.example["holder"]
    assert isinstance(raw, Mapping)
    return Holder.parse(raw, TODAY)


def fields_of(letter_type: LetterType) -> dict[str, FieldValue]:
    """Return the fields of the type's example."""
    raw = letter_type.example["fields"]
    assert isinstance(raw, Mapping)
    return CATALOGUE.check_fields(letter_type, raw, TODAY)


def sample_record(slug: str = "domisili") -> LetterRecord:
    """Return the record of a type's example, signed by a village head."""
    letter_type = CATALOGUE.get(slug)
    return a_record(
        letter_id=f"{slug.encode().hex():0>32}"[-32:],
        type_slug=slug,
        type_version=letter_type.version,
        type_digest=letter_type.digest,
        title=letter_type.title.id,
        number="400.12.2.1/0012/412.414.01/2026",
        letterhead_address="Jalan Raya Rekaan Nomor 1, Ngunut, Bojonegoro 62171",
        letterhead_contact="Laman: ngunut.dander.desa.example",
        signer=a_signer(name="Sugeng Rekaan Wibowo"),
        holder=holder_of(letter_type).as_record(),
        fields=fields_of(letter_type),
        purpose=str(letter_type.example["purpose"]),
        issued_on=TODAY,
        expires_on=letter_type.validity.last_day(TODAY),
        specimen=False,
    )


def shortest_record(slug: str) -> LetterRecord:
    """Return a letter with nothing but what is required, each as short as may be."""
    record = sample_record(slug)
    required = {
        spec.name: record.fields[spec.name]
        for spec in CATALOGUE.get(slug).fields
        if spec.required and spec.name in record.fields
    }
    return replace(
        record,
        fields=required,
        purpose="x",
        holder={**record.holder, "name": "A", "address": "B", "occupation": "C"},
        letterhead_contact="",
        expires_on=None,
    )


def longest_record(slug: str) -> LetterRecord:
    """Return a letter with every text at its limit, set in the widest letters.

    A list has all the rows it may have.
    """
    record = sample_record(slug)
    filled = {
        spec.name: longest_value(spec, record.fields[spec.name])
        for spec in CATALOGUE.get(slug).fields
        if spec.name in record.fields
    }
    return replace(
        record,
        fields=filled,
        purpose=wide(300),
        holder={
            **record.holder,
            "name": "W" * MAX_NAME,
            "birth_place": wide(MAX_SHORT_TEXT),
            "occupation": wide(MAX_SHORT_TEXT),
            "address": wide(MAX_ADDRESS),
        },
        signer=a_signer(
            name=wide(MAX_NAME),
            rank=wide(MAX_SHORT_TEXT),
            nip="197801012005012001",
            mandate_kind=MandateKind.FOR_ON_BEHALF,
            position=wide(80),
            principal=wide(80),
            via=wide(80),
        ),
        specimen=True,
    )


def longest_value(spec: FieldSpec, example: FieldValue) -> FieldValue:
    """Return the longest answer to a question; what is no text stays as in the example."""
    if spec.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        return wide(spec.max_length)
    if spec.kind is FieldKind.GROUP and isinstance(example, list | tuple):
        texts = {
            column.name: wide(column.max_length)
            for column in spec.columns
            if column.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT)
        }
        return [{**example[0], **texts} for _ in range(spec.max_items)]
    return example


def wide(length: int) -> str:
    """Return a text of exactly that length in words of W."""
    return ("WWWWWWWWWWW " * length)[: length - 1] + "W"


def render(renderer: PdfRenderer, record: LetterRecord, *, host: str = HOST) -> RenderedLetter:
    """Render a record with its own type."""
    return renderer.render(
        CATALOGUE.get(record.type_slug),
        record,
        qr_text=QR_TEXT,
        verification_code=CODE,
        host=host,
        slot=SLOT,
    )
