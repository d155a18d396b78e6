"""Letters against PDF/A-3a and PDF/UA-1, by ``page-validation``, before and after signing."""

from __future__ import annotations

from io import BytesIO

import page as page_validation
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from issuer.domain.presentation import Paper
from issuer.rendering.archive import About
from issuer.rendering.artifacts import Artwork, XObject
from issuer.rendering.page import SHEETS
from issuer.rendering.sheet import Sheets
from tests.archive.archive_letters import (
    LETTERS,
    blocks_on_pages,
    draft,
    fonts,
    record_of,
    rendered,
    signed,
)
from tests.rendering.rendering_samples import TODAY
from tests.security.certificates import stranger
from tests.security.update_attacks import by_pyhanko

PROFILES = ("3a", "ua1")
BYTE_RANGE = "PDFA3A-SIGNATURE-BYTERANGE-001"
"""A slot that is still empty breaks this rule. So does, to this judge, the first of two
signatures, which covers the file as it then was; veraPDF sees the two revisions."""


def findings(pdf: bytes, profile: str) -> list[str]:
    report = page_validation.validate_pdf_bytes(pdf, profile=profile)
    return [f"{one.rule_id}: {one.message}" for one in report.failures]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", LETTERS)
def test_a_signed_letter_keeps_to_the_standard(name: str, profile: str) -> None:
    expected = {BYTE_RANGE} if record_of(name).endorser and profile == "3a" else set()
    assert {one.split(":")[0] for one in findings(signed(name), profile)} == expected


def test_no_file_with_two_signatures_keeps_to_this_rule_whoever_signs() -> None:
    """Why three of our types cannot: the first signature was made before the second."""
    once = by_pyhanko(IncrementalPdfFileWriter(BytesIO(draft())), stranger("Satu"), "Satu")
    twice = by_pyhanko(IncrementalPdfFileWriter(BytesIO(once)), stranger("Dua"), "Dua")
    assert not any(BYTE_RANGE in one for one in findings(once, "3a"))
    assert any(BYTE_RANGE in one for one in findings(twice, "3a"))


@pytest.mark.parametrize("name", LETTERS)
def test_what_the_page_lacks_before_is_the_signature_alone(name: str) -> None:
    assert {one.split(":")[0] for one in findings(rendered(name), "3a")} == {BYTE_RANGE}
    assert findings(rendered(name), "ua1") == []


@pytest.mark.parametrize("profile", PROFILES)
def test_a_draft_and_every_block_keep_to_it_too(profile: str) -> None:
    assert findings(draft(), profile) == []
    assert findings(blocks_on_pages(), profile) == []


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n", b" "])
def test_data_may_end_in_any_byte(end: bytes) -> None:
    """Of compressed data one in 256 ends in a carriage return."""
    sheets = Sheets(fonts(), SHEETS[Paper.A4], About("Judul", "Penguji", TODAY))
    form = XObject("/Subtype /Form /BBox [0 0 9 9]", b"0 g 1 1 2 2 re f" + end)
    sheets.print(Artwork("/Kotak Do", {"Kotak": form}))
    sheets.draw([])
    pdf = sheets.finish()
    assert findings(pdf, "3a") == []


@pytest.mark.parametrize(
    ("whole", "broken", "profile"),
    [
        (b"/Marked true", b"/Marked null", "ua1"),
        (b"/S /Figure", b"/S /Figurx", "ua1"),
        (b"/S /GTS_PDFA1", b"/S /GTS_PDFX1", "3a"),
        (b"/AFRelationship /Data", b"/AFRelationshix /Data", "3a"),
        (b"<pdfuaid:part>1", b"<pdfuaid:part>7", "ua1"),
    ],
)
def test_the_judge_sees_what_is_missing(whole: bytes, broken: bytes, profile: str) -> None:
    pdf = draft() if b"Figure" not in whole and b"AF" not in whole else rendered("domisili")
    assert whole in pdf
    assert len(findings(pdf.replace(whole, broken), profile)) > len(findings(pdf, profile))
