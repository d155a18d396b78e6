"""The security printing of a letter, redrawn on the page that verifies it."""

from __future__ import annotations

import gzip
from html import unescape

import pytest

from issuer.domain.letter import Letter
from issuer.domain.people import mask_name
from issuer.domain.presentation import Variant
from issuer.rendering.security.redrawing import PatternRedrawer
from tests.offices import BASE_URL, WARD, issue
from tests.web.web_office import LURAH, WebOffice, csrf, visible

HEADING = "Bandingkan dengan kertasnya"


def issue_as(web: WebOffice, variant: Variant, monkeypatch: pytest.MonkeyPatch) -> Letter:
    with monkeypatch.context() as patched:
        patched.setattr("issuer.services.freezing.variant_for", lambda *_a, **_k: variant)
        return issue(web.composition, agency=WARD, signatory=LURAH)


def page_of(web: WebOffice, letter: Letter, query: str = "") -> str:
    assert letter.qr_text is not None
    return web.client().get(letter.qr_text.removeprefix(BASE_URL) + query).text


def test_the_page_shows_the_rosette_and_the_microtext_of_this_letter(web: WebOffice) -> None:
    page = page_of(web, web.letter)
    svg = PatternRedrawer().rosette_svg(web.letter.record.digest())
    assert HEADING in page
    assert svg in page
    assert len(gzip.compress(svg.encode())) <= 2048
    microtext = PatternRedrawer().microtext(
        web.letter.number,
        mask_name(web.letter.record.holder["name"]),
        web.letter.verification_code,
    )
    assert microtext in unescape(page)
    assert "SALINAN" not in page
    assert "Compare with the paper" in page_of(web, web.letter, "?lang=en")


def test_by_number_and_code_the_page_shows_them_too(web: WebOffice) -> None:
    client = web.client()
    form = {
        "csrf_token": csrf(client),
        "number": web.letter.number,
        "code": web.letter.verification_code,
    }
    page = client.post("/periksa", data=form).text
    assert PatternRedrawer().rosette_svg(web.letter.record.digest()) in page
    form["code"] = "0" * 12
    assert HEADING not in client.post("/periksa", data=form).text


def test_each_variant_has_its_own_hints(web: WebOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = page_of(web, issue_as(web, Variant.COUNTER, monkeypatch))
    assert "kata SALINAN tampak jelas di belakang judul" in visible(counter)
    off = page_of(web, issue_as(web, Variant.OFF, monkeypatch))
    assert HEADING not in off
    assert "ASLI DAN BERLAKU" in off


def test_the_drawing_needs_nothing_the_page_forbids(web: WebOffice) -> None:
    svg = PatternRedrawer().rosette_svg(web.letter.record.digest())
    for forbidden in ("style", "script", "http", "on", "data:"):
        assert f" {forbidden}" not in svg
        assert f"<{forbidden}" not in svg
