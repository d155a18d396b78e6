"""The finished PDF, read by other programs: pikepdf, PDFium, poppler, ZXing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from pathlib import Path

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # has no stubs
import pytest
import zxingcpp
from PIL import Image

from issuer.domain.errors import ConfigurationError
from issuer.domain.mandate import MandateKind
from issuer.domain.presentation import Paper
from issuer.domain.record import LetterRecord
from issuer.rendering import page
from issuer.rendering.fonts import load_fonts
from issuer.rendering.letter import PdfRenderer
from issuer.rendering.qr import MODULE_PT, QUIET_MODULES
from tests.rendering.rendering_samples import (
    CATALOGUE,
    HOST,
    QR_TEXT,
    SLUGS,
    longest_record,
    render,
    sample_record,
    shortest_record,
)

HEIGHT = page.SHEETS[Paper.A4].height

SPACE = 5.0
"""PDFium counts the unseen space at the end of a line."""

Box = tuple[float, float, float, float]
EXTREMES = (sample_record, shortest_record, longest_record)


def texts_of(pdf: bytes) -> list[str]:
    """Return the text of each page as PDFium reads it, spaces folded."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [" ".join(one.get_textpage().get_text_bounded().split()) for one in document]


def words_of(pdf: bytes) -> str:
    return " ".join(texts_of(pdf))


def text_boxes(pdf: bytes) -> list[list[Box]]:
    """Return, for each page, the rectangles PDFium finds text in."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [one.get_textpage() for one in document]
        return [[text.get_rect(i) for i in range(text.count_rects())] for text in pages]


def picture(pdf: bytes, index: int, dpi: int) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        index %= len(document)
        image: Image.Image = document[index].render(scale=dpi / 72, grayscale=True).to_pil()
        return image


def overlap(first: Box, second: Box) -> bool:
    across = min(first[2], second[2]) - max(first[0], second[0])
    along = min(first[3], second[3]) - max(first[1], second[1])
    return across > 0.5 and along > 0.5


@pytest.mark.parametrize("slug", SLUGS)
def test_number_name_and_statement_are_read_in_their_order(
    renderer: PdfRenderer, slug: str
) -> None:
    record = sample_record(slug)
    text = words_of(render(renderer, record).pdf)
    in_order = [
        record.letterhead_lines[-1],
        record.title.upper(),
        f"Nomor : {record.number}",
        "Yang bertanda tangan di bawah ini, Kepala Desa Ngunut,",
        f"Nama : {record.holder['name']}",
        f"NIK : {record.holder['nik']}",
        "Orang tersebut di atas",
        record.purpose,
        "berlaku sampai dengan 24",
        "Demikian",
        "Ngunut, 24 November 2026",
        "KEPALA DESA NGUNUT,",
        "Ditandatangani secara elektronik oleh",
        record.signer.name,
    ]
    places = [text.index(part) for part in in_order]
    assert places == sorted(places)


def test_poppler_reads_the_same(renderer: PdfRenderer) -> None:
    record = sample_record()
    pdf = render(renderer, record).pdf
    text = " ".join(run_tool("pdftotext", "-", "-", stdin=pdf).decode().split())
    in_order = (record.number, record.holder["name"], "Orang tersebut di atas bertempat tinggal")
    places = [text.index(part) for part in in_order]
    assert places == sorted(places)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_answer_of_the_example_is_on_the_page(renderer: PdfRenderer, slug: str) -> None:
    record = sample_record(slug)
    text = words_of(render(renderer, record).pdf)
    letter_type = CATALOGUE.get(slug)
    for spec in letter_type.fields:
        value = record.fields.get(spec.name)
        if value is None:
            continue
        if spec.kind in ("text", "long_text"):
            assert str(value) in text
        if spec.kind == "money":
            assert f"Rp{value:,}".replace(",", ".") in text


@pytest.mark.parametrize("make", EXTREMES)
@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_overlaps_and_nothing_leaves_the_page(
    renderer: PdfRenderer, slug: str, make: Callable[[str], LetterRecord]
) -> None:
    pdf = render(renderer, make(slug)).pdf
    pages = text_boxes(pdf)
    for boxes in pages:
        for left, bottom, right, top in boxes:
            assert left >= page.LEFT - 1
            assert right <= page.RIGHT + SPACE
            assert bottom > 18
            assert top < HEIGHT - 18
        for first, second in combinations(boxes, 2):
            assert not overlap(first, second), (first, second)
    symbol, quiet = qr_box(pdf), QUIET_MODULES * MODULE_PT
    zone = (symbol[0] - quiet, symbol[1] - quiet, symbol[2] + quiet, symbol[3] + quiet)
    assert not any(overlap(zone, box) for box in pages[-1])


@pytest.mark.parametrize("make", EXTREMES)
def test_the_qr_reads_and_its_quiet_zone_is_white(
    renderer: PdfRenderer, make: Callable[[str], LetterRecord]
) -> None:
    rendered = render(renderer, replace(make("domisili"), specimen=True))
    image = picture(rendered.pdf, -1, 300)
    (found,) = zxingcpp.read_barcodes(image)
    assert found.text == QR_TEXT
    side, quiet = 7 * len(rendered.qr_modules), 7 * QUIET_MODULES
    left, top = found.position.top_left.x, found.position.top_left.y
    frame = image.crop((left - quiet, top - quiet, left + side + quiet, top + side + quiet))
    symbol = (quiet - 2, quiet - 2, quiet + side + 2, quiet + side + 2)
    frame.paste(255, symbol)
    assert frame.getextrema() == (255, 255)


def qr_box(pdf: bytes) -> Box:
    """Return where ZXing sees the symbol on the last page, in points."""
    (found,) = zxingcpp.read_barcodes(picture(pdf, -1, 300))
    corners = found.position
    left, top = corners.top_left.x * 72 / 300, HEIGHT - corners.top_left.y * 72 / 300
    right, bottom = (
        corners.bottom_right.x * 72 / 300,
        HEIGHT - corners.bottom_right.y * 72 / 300,
    )
    return left, bottom, right, top


def test_the_words_by_the_qr_say_where_and_how(renderer: PdfRenderer) -> None:
    text = words_of(render(renderer, sample_record()).pdf)
    assert f"Periksa hanya di {HOST}" in text
    assert "Kode verifikasi: 7K3M-Q2W9-XA4T" in text
    assert "dekatkan 10–15 cm" in text
    assert "tidak disertifikasi" in text


def test_a_long_host_is_broken_and_stays_in_its_panel(renderer: PdfRenderer) -> None:
    host = "surat-keterangan-elektronik.dinas-komunikasi.bojonegorokab.example"
    pdf = render(renderer, sample_record(), host=host).pdf
    (boxes,) = text_boxes(pdf)
    assert not any(overlap(first, second) for first, second in combinations(boxes, 2))
    assert host in words_of(pdf).replace(" ", "").replace("\r", "")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_typical_letter_has_one_page_without_a_page_number(
    renderer: PdfRenderer, slug: str
) -> None:
    (only,) = texts_of(render(renderer, sample_record(slug)).pdf)
    assert "Halaman" not in only


@pytest.mark.parametrize("slug", SLUGS)
def test_a_long_letter_numbers_its_pages_and_keeps_the_foot_with_the_closing(
    renderer: PdfRenderer, slug: str
) -> None:
    record = longest_record(slug)
    pages = texts_of(render(renderer, record).pdf)
    assert len(pages) in (2, 3)
    for number, text in enumerate(pages, 1):
        assert f"Halaman {number} dari {len(pages)}" in text
        assert f"Nomor : {record.number}" in text
    assert "Demikian" in pages[-1]
    assert "Ditandatangani secara elektronik oleh" in pages[-1]
    assert "Kode verifikasi" in pages[-1]


MANDATES = [
    (MandateKind.DEFINITIVE, None, None, ["KEPALA DESA NGUNUT,"]),
    (MandateKind.ON_BEHALF, "Camat Dander", None, ["a.n. CAMAT DANDER", "KEPALA DESA NGUNUT,"]),
    (
        MandateKind.FOR_ON_BEHALF,
        "Camat Dander",
        "Sekretaris Camat",
        ["a.n. CAMAT DANDER", "SEKRETARIS CAMAT", "u.b.", "KEPALA DESA NGUNUT,"],
    ),
    (MandateKind.ACTING_VACANT, None, None, ["Plt. KEPALA DESA NGUNUT,"]),
    (MandateKind.ACTING_ABSENT, None, None, ["Plh. KEPALA DESA NGUNUT,"]),
    (MandateKind.CARETAKER, None, None, ["Pj. KEPALA DESA NGUNUT,"]),
]


@pytest.mark.parametrize(("kind", "principal", "via", "lines"), MANDATES)
def test_each_mandate_is_written_in_its_form(
    renderer: PdfRenderer,
    kind: MandateKind,
    principal: str | None,
    via: str | None,
    lines: list[str],
) -> None:
    record = sample_record()
    signer = replace(
        record.signer,
        mandate_kind=kind,
        principal=principal,
        via=via,
        rank="Pembina (IV/a)",
        nip="197801012005012001",
    )
    record = replace(record, signer=signer)
    text = words_of(render(renderer, record).pdf)
    block = " ".join(["Ngunut, 24 November 2026", *lines, "Ditandatangani secara elektronik oleh"])
    assert block in text
    assert "Sugeng Rekaan Wibowo Pembina (IV/a) NIP 19780101 200501 2 001" in text


def test_a_village_head_without_nip_has_none(renderer: PdfRenderer) -> None:
    assert "NIP" not in words_of(render(renderer, sample_record()).pdf)


def test_a_letter_without_end_says_nothing_of_one(renderer: PdfRenderer) -> None:
    record = replace(sample_record(), expires_on=None)
    assert "berlaku sampai" not in words_of(render(renderer, record).pdf)


def test_the_same_letter_gives_the_same_bytes(renderer: PdfRenderer) -> None:
    first = render(renderer, sample_record())
    render(renderer, longest_record("usaha"))
    assert render(renderer, sample_record()) == first
    assert renderer.draft(CATALOGUE.get("domisili"), sample_record()) == renderer.draft(
        CATALOGUE.get("domisili"), sample_record()
    )


def test_threads_do_not_disturb_each_other(renderer: PdfRenderer) -> None:
    names = [f"Rekaan {chr(0xC0 + number % 60)}" for number in range(40)]
    records = [
        replace(sample_record(), holder={**sample_record().holder, "name": name}) for name in names
    ]
    alone = [render(renderer, record).pdf for record in records]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda record: render(renderer, record).pdf, records)) == alone


def test_the_typeface_that_stands_in_fits_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("issuer.rendering.fonts._DEBIAN", tmp_path)
    renderer = PdfRenderer(load_fonts(None, tmp_path))
    pdf = render(renderer, longest_record("usaha")).pdf
    for boxes in text_boxes(pdf):
        assert not any(overlap(first, second) for first, second in combinations(boxes, 2))


@pytest.mark.parametrize("slug", SLUGS)
def test_fonts_are_embedded_and_the_file_is_small(renderer: PdfRenderer, slug: str) -> None:
    pdf = render(renderer, sample_record(slug)).pdf
    with pikepdf.open(BytesIO(pdf)) as document:
        for one in document.pages:
            for font in one.Resources.Font.values():
                assert font.Subtype == "/TrueType"
                assert font.FontDescriptor.FontFile2.Length1 > 1000
                assert "/ToUnicode" in font
    assert len(pdf) < 48_000


def test_the_file_says_what_it_is(renderer: PdfRenderer) -> None:
    record = sample_record()
    with pikepdf.open(BytesIO(render(renderer, record).pdf)) as document:
        assert str(document.docinfo.Title) == f"{record.title}, nomor {record.number}"
        assert str(document.docinfo.Author) == "Desa Ngunut"
        assert str(document.docinfo.CreationDate) == "D:20261124090000+07'00'"
        assert str(document.Root.Lang) == "id-ID"
        assert document.Root.ViewerPreferences.DisplayDocTitle == True  # noqa: E712 - a PDF value
        assert bytes(document.trailer.ID[0]) == bytes.fromhex(record.letter_id)
        assert document.Root.AcroForm.Fields[0].FT == "/Sig"
        assert document.pdf_version == "1.7"
        holder = record.holder["nik"].encode()
    assert holder not in render(renderer, record).pdf


def test_the_signature_field_is_the_frame(renderer: PdfRenderer) -> None:
    pdf = render(renderer, sample_record()).pdf
    with pikepdf.open(BytesIO(pdf)) as document:
        left, bottom, right, top = map(float, document.Root.AcroForm.Fields[0].Rect)
    with pypdfium2.PdfDocument(pdf) as document:
        inside = document[0].get_textpage().get_text_bounded(left, bottom, right, top)
    assert " ".join(inside.split()) == "Ditandatangani secara elektronik oleh Sugeng Rekaan Wibowo"


def test_qpdf_finds_nothing_wrong(renderer: PdfRenderer, tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(render(renderer, longest_record("domisili")).pdf)
    assert b"No syntax or stream encoding errors" in run_tool("qpdf", "--check", str(path))


def test_a_specimen_says_so_across_every_page(renderer: PdfRenderer) -> None:
    record = longest_record("domisili")
    assert all("CONTOH: orang, pejabat" in text for text in texts_of(render(renderer, record).pdf))
    plain = render(renderer, replace(record, specimen=False)).pdf
    assert not any("CONTOH" in text for text in texts_of(plain))
    for index in range(2):
        marked = picture(render(renderer, record).pdf, index, 72).histogram()
        unmarked = picture(plain, index, 72).histogram()
        assert marked[230] > unmarked[230] + 10_000


def test_a_draft_has_no_number_no_qr_and_no_signature(renderer: PdfRenderer) -> None:
    record = sample_record("usaha")
    pdf = renderer.draft(CATALOGUE.get("usaha"), record)
    text = words_of(pdf)
    assert record.number not in text
    assert record.number.encode() not in pdf
    assert "KONSEP" in text
    assert "Kode verifikasi" not in text
    assert zxingcpp.read_barcodes(picture(pdf, 0, 300)) == []
    assert picture(pdf, 0, 72).histogram()[230] > 10_000
    with pikepdf.open(BytesIO(pdf)) as document:
        assert "/AcroForm" not in document.Root
        assert str(document.docinfo.Title) == "Konsep Surat Keterangan Usaha"


def test_a_text_of_the_applicant_cannot_leave_its_string(renderer: PdfRenderer) -> None:
    record = replace(sample_record(), purpose=r"a) Tj (b\) ET Q \051 % <</X>> tanpa (kurung")
    assert record.purpose in words_of(render(renderer, record).pdf)


def test_an_emblem_that_nobody_drew_is_refused(renderer: PdfRenderer) -> None:
    record = replace(sample_record(), letterhead_emblem="naga")
    with pytest.raises(ConfigurationError, match="no emblem naga"):
        render(renderer, record)


def test_names_of_offices_are_never_cut(renderer: PdfRenderer) -> None:
    name = "DINAS PENANAMAN MODAL DAN PELAYANAN TERPADU SATU PINTU"
    record = replace(sample_record(), letterhead_lines=("PEMERINTAH KABUPATEN BOJONEGORO", name))
    pdf = render(renderer, record).pdf
    assert name in words_of(pdf)
    (boxes,) = text_boxes(pdf)
    assert not any(overlap(first, second) for first, second in combinations(boxes, 2))


def run_tool(name: str, *arguments: str, stdin: bytes = b"") -> bytes:
    if shutil.which(name) is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")
    return subprocess.run([name, *arguments], input=stdin, capture_output=True, check=True).stdout
