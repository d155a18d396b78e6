"""What other people's programs say of a whole letter: signature, structure, text, QR."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # publishes no types
import pytest
import zxingcpp
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext
from pyzbar import pyzbar  # type: ignore[import-untyped]  # publishes no types

from issuer.bootstrap import Composition
from issuer.domain.letter import Letter
from tests.offices import issue, pdf_of
from tests.programs import run

SLUGS = ("domisili", "tidak-mampu", "usaha")


@pytest.fixture(params=SLUGS)
def letter(office: Composition, request: pytest.FixtureRequest) -> Letter:
    return issue(office, request.param)


@pytest.fixture
def path(office: Composition, letter: Letter, tmp_path: Path) -> Path:
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf_of(office, letter))
    return path


def test_poppler_trusts_the_signature_of_the_whole_document(
    office: Composition, path: Path, tmp_path: Path
) -> None:
    database = f"sql:{tmp_path}"
    root = office.settings.keys_dir / "trust" / "root.pem"
    run("certutil", "-N", "-d", database, "--empty-password")
    run("certutil", "-A", "-d", database, "-n", "root", "-t", "CT,C,C", "-i", root)
    said = run("pdfsig", "-nssdir", database, path)
    assert "Signature Validation: Signature is Valid." in said
    assert "Certificate Validation: Certificate is Trusted." in said
    assert "Total document signed" in said


def test_pyhanko_requires_revocation_and_is_content(office: Composition, path: Path) -> None:
    trust = office.settings.keys_dir / "trust"
    context = ValidationContext(
        trust_roots=[load_cert_from_pemder(str(trust / "root.pem"))],  # type: ignore[no-untyped-call]  # pyHanko types part of itself
        crls=[(trust / name).read_bytes() for name in ("root.crl", "issuing.crl")],
        revocation_mode="require",
        moment=office.services.clock.now(),
    )
    reader = PdfFileReader(BytesIO(path.read_bytes()), strict=True)
    (signature,) = reader.embedded_signatures
    status = validate_pdf_signature(signature, context)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.modification_level is ModificationLevel.NONE
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.bottom_line


def test_mupdf_and_qpdf_find_no_fault(path: Path) -> None:
    assert "The document is unchanged since signing." in run("mutool", "sign", "-v", path)
    said = run("qpdf", "--check", path)
    assert "No syntax or stream encoding errors found" in said
    assert "WARNING" not in said


def test_the_text_reads_in_order(letter: Letter, path: Path) -> None:
    text = " ".join(run("pdftotext", "-enc", "UTF-8", path, "-").split())
    record = letter.record
    parts = (
        record.letterhead_lines[-1],
        record.title.upper(),
        record.number,
        record.holder["name"],
        record.holder["nik"],
        record.purpose,
        record.signer.name,
    )
    places = [text.find(part) for part in parts]
    assert -1 not in places, dict(zip(parts, places, strict=True))
    assert places == sorted(places)


def test_two_decoders_read_the_qr_from_300_dpi(letter: Letter, path: Path) -> None:
    pages = pypdfium2.PdfDocument(path)
    image = pages[len(pages) - 1].render(scale=300 / 72).to_pil().convert("L")
    (seen,) = zxingcpp.read_barcodes(image)
    assert seen.text == letter.qr_text
    assert [code.data.decode() for code in pyzbar.decode(image)] == [letter.qr_text]


def test_the_letter_is_small_with_security_printing(path: Path) -> None:
    assert path.stat().st_size <= 60_000
