"""Signed letters to be judged: every type of the catalogue, and what is hard to set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from issuer.domain.mandate import MandateKind
from issuer.domain.presentation import Paper, Variant
from issuer.domain.record import LetterRecord, Signer
from issuer.rendering import page
from issuer.rendering.archive import About
from issuer.rendering.blocks import Block, Fact, FactList, Heading, NumberedList, Paragraph, Table
from issuer.rendering.fonts import FontSet, load_fonts
from issuer.rendering.layout import Typesetter, paginate
from issuer.rendering.letter import PdfRenderer
from issuer.rendering.security.printing import PatternPrinter
from issuer.rendering.setting import set_blocks
from issuer.rendering.sheet import Sheets
from tests.rendering.rendering_samples import (
    CATALOGUE,
    TEMPLATES,
    TODAY,
    longest_record,
    render,
    sample_record,
    shortest_record,
)
from tests.signing.signing_office import office

TYPES = tuple(letter_type.slug for letter_type in CATALOGUE.all())
ENDORSER = Signer(
    agency_code="35.22.06",
    id="s2",
    name="Retno Rekaan Lestari, S.STP., M.Si.",
    nip="198003032006042002",
    rank="Pembina Tingkat I (IV/b)",
    mandate_kind=MandateKind.DEFINITIVE,
    position="Camat Dander",
    principal=None,
    via=None,
    decree_number="188/2/CONTOH/2024",
)
BLOCKS: tuple[Block, ...] = (
    Heading("SURAT KETERANGAN AHLI WARIS", "Nomor : 400/1/2026"),
    Paragraph("Yang bertanda tangan di bawah ini menerangkan dengan sebenarnya:", keep=True),
    FactList((Fact("Nama", "Slamet Rekaan", strong=True), Fact("Alamat", "Ngunut " * 30))),
    Table(
        "Daftar ahli waris",
        ("Nomor", "Nama", "Hubungan"),
        tuple((str(n), f"Ahli Waris Rekaan {n}", "anak kandung " * (n % 5)) for n in range(1, 61)),
        (1, 4, 3),
    ),
    NumberedList(tuple(f"Barang rekaan yang ke-{n}" for n in range(1, 4))),
    Paragraph("Demikian surat keterangan ini dibuat.", keep=True),
    Paragraph("This certifies that the persons above are the heirs.", language="en"),
)


def endorsed(record: LetterRecord) -> LetterRecord:
    return replace(record, endorser=ENDORSER)


def on_f4(record: LetterRecord) -> LetterRecord:
    return replace(record, paper=Paper.F4)


SPECIAL: dict[str, Callable[[], LetterRecord]] = {
    "longest": lambda: longest_record("usaha"),
    "shortest": lambda: shortest_record("domisili"),
    "longest on F4": lambda: on_f4(longest_record("domisili")),
    "endorsed": lambda: endorsed(sample_record("usaha")),
    "endorsed and longest": lambda: endorsed(longest_record("tidak-mampu")),
    "printed at the counter": lambda: replace(sample_record("usaha"), variant=Variant.COUNTER),
    "without security printing": lambda: replace(sample_record("usaha"), variant=Variant.OFF),
    "characters of two fonts": lambda: replace(
        sample_record(), purpose="".join(map(chr, range(0xC0, 0x17F))) * 2
    ),
}
LETTERS = (*TYPES, *SPECIAL)


@cache
def fonts() -> FontSet:
    return load_fonts(None, TEMPLATES / "fonts")


@cache
def renderer() -> PdfRenderer:
    return PdfRenderer(fonts(), PatternPrinter())


def record_of(name: str) -> LetterRecord:
    """Return the record of a type's example, or of a special case."""
    return SPECIAL[name]() if name in SPECIAL else sample_record(name)


@cache
def rendered(name: str) -> bytes:
    """Return a letter as it goes to be signed."""
    return render(renderer(), record_of(name)).pdf


@cache
def signed(name: str) -> bytes:
    """Return a letter with every signature it waits for."""
    pdf = office().sign(rendered(name))
    return office().endorse(pdf) if record_of(name).endorser else pdf


@cache
def draft() -> bytes:
    """Return a draft of two pages."""
    record = longest_record("domisili")
    return renderer().draft(CATALOGUE.get("domisili"), record)


@cache
def blocks_on_pages() -> bytes:
    """Return a file with every kind of block, among them a table of three pages."""
    sheet = page.SHEETS[Paper.A4]
    pages = paginate(
        set_blocks(Typesetter(fonts()), BLOCKS),
        first_top=sheet.next_page_top,
        next_top=sheet.next_page_top,
        bottom=page.BOTTOM,
    )
    sheets = Sheets(fonts(), sheet, About("Contoh blok", "Penguji", TODAY))
    for number, rows in enumerate(pages):
        if number:
            sheets.next()
        sheets.draw(rows)
    return sheets.finish()
