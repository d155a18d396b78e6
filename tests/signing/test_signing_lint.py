"""What must not be signed is found; what a letter is made of is not."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from reportlab.pdfgen.canvas import Canvas

from issuer.signing.lint import FORBIDDEN_NAMES, findings
from tests.signing.signing_office import page


def test_a_plain_page_has_nothing_against_it() -> None:
    assert findings(page()) == []
    assert findings(page((10, 10, 100, 50))) == []


def test_words_in_strings_are_no_names() -> None:
    words = b"/PageMode (470 /AA /JS \\(a\\) \\( /Launch /Type /Font 2026)"
    assert findings(page().replace(b"/PageMode /UseNone", words)) == []


@pytest.mark.parametrize("name", sorted(FORBIDDEN_NAMES))
def test_each_forbidden_name_is_found(name: bytes) -> None:
    bad = page().replace(b"/PageMode /UseNone", b"/PageMode " + name)
    assert findings(bad) == [FORBIDDEN_NAMES[name]]


def with_objects_of(draw: Callable[[Canvas], None]) -> bytes:
    """Return our page with the objects of one by ReportLab before its end."""
    out = BytesIO()
    canvas = Canvas(out)
    draw(canvas)
    canvas.save()
    foreign = out.getvalue()
    objects = foreign[foreign.index(b"1 0 obj") : foreign.index(b"xref\n")]
    return page().replace(b"xref\n0 ", objects + b"xref\n0 ", 1)


def test_a_link_by_reportlab_is_found() -> None:
    pdf = with_objects_of(lambda canvas: canvas.linkURL("https://example.org", (0, 0, 9, 9)))
    assert "external_reference" in findings(pdf)


def test_a_standard_font_is_not_embedded() -> None:
    """ReportLab's Helvetica is one that every reader has, so it is never embedded."""
    pdf = with_objects_of(lambda canvas: canvas.drawString(9, 9, "x"))
    assert findings(pdf) == ["font_not_embedded"]


def test_a_descriptor_without_font_file_is_found() -> None:
    assert findings(page().replace(b"/FontFile2", b"/FontFake2")) == ["font_not_embedded"]


@pytest.mark.parametrize(
    ("subtype", "expected"),
    [(b"/application#2Fjson", []), (b"/application#2Fx-msdownload", ["attachment_not_permitted"])],
)
def test_only_the_record_is_attached(subtype: bytes, expected: list[str]) -> None:
    attached = b"/Type /EmbeddedFile /Subtype " + subtype
    assert findings(page().replace(b"/Type /Catalog", b"/Type /Catalog " + attached)) == expected


def test_no_slot_two_slots_and_a_filled_slot_are_found() -> None:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.showPage()
    canvas.save()
    complaint = ["not_exactly_one_signature_slot"]
    assert findings(out.getvalue()) == complaint
    slot = page()
    at = slot.index(b"<< /Type /Sig ")
    assert findings(slot[:at] + slot[at:] + slot[at:]) == complaint
    filled = slot.replace(b"[0 0000000000 0", b"[0 0000000001 0")
    assert findings(filled) == complaint
    assert findings(slot.replace(b"/P 1 /V /1.2", b"/P 2 /V /1.2")) == complaint
    assert findings(b"") == complaint
