"""The security printing of a letter, redrawn on the page that verifies it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from werkzeug.test import TestResponse

from issuer.domain.letter import Letter
from issuer.domain.people import mask_name
from issuer.domain.presentation import Variant
from issuer.rendering.security.redrawing import PatternRedrawer
from issuer.web.headers import FOR_GOOD, VERIFICATION
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


def drawing_on(web: WebOffice, page: str) -> TestResponse:
    """Follow the page's own address of the rosette."""
    (address,) = re.findall(r'<img src="(/roset/[^"]*)" width="176" height="176"', page)
    return web.client().get(address)


def test_the_page_shows_the_rosette_and_the_microtext_of_this_letter(web: WebOffice) -> None:
    page = page_of(web, web.letter)
    svg = PatternRedrawer().rosette_svg(web.letter.record.digest())
    assert HEADING in page
    assert drawing_on(web, page).text == svg
    assert len(svg) <= 5000
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
    assert f"/roset/{web.letter.record.digest().hex()}.svg" in page
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
    for forbidden in ("style", "script", "href", "on", "data:"):
        assert f" {forbidden}" not in svg.replace('href="#', "")
        assert f"<{forbidden}" not in svg


def test_the_drawing_is_kept_by_browsers_and_by_nobody_else_s_page(web: WebOffice) -> None:
    drawing = drawing_on(web, page_of(web, web.letter))
    assert drawing.mimetype == "image/svg+xml"
    assert drawing.headers["Cache-Control"] == FOR_GOOD
    for name in set(VERIFICATION) - {"Cache-Control"}:
        assert drawing.headers[name] == VERIFICATION[name]
    assert "Set-Cookie" not in drawing.headers


@pytest.mark.parametrize("strange", ["", "0" * 63, "0" * 65, "F" * 64, "g" * 64, "٣" * 64, "..%2f"])
def test_what_is_no_digest_has_no_drawing(web: WebOffice, strange: str) -> None:
    assert web.client().get(f"/roset/{strange}.svg").status_code == 404
