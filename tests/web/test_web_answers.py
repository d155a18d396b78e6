"""Answers about what is no letter of ours, what to do then, and in which language."""

from __future__ import annotations

import re
from io import BytesIO

import pytest

from issuer.domain.verdict import (
    Checks,
    Reason,
    SignatureKind,
    SignatureSeen,
    Verdict,
    Verification,
)
from issuer.services.inquiries import Inquiries
from issuer.web.verify.advice import ADVICE
from tests.offices import MORNING
from tests.web.web_office import WebOffice, csrf, hidden, post, visible

SAYS_WHAT_PASSED = {
    Reason.REGISTERED_BYTES,
    Reason.RECORD_MATCHES,
    Reason.CODE_MATCHES,
    Reason.SIGNATURE_HOLDS,
    Reason.ISSUER_TRUSTED,
}
STANDS_WITH_A_LETTER = {Reason.IN_FORCE, Reason.EXPIRED, Reason.REVOKED, Reason.SUPERSEDED}
BESIDE_ANOTHER = {Reason.FILE_ACTIVE}


def test_every_reason_without_a_letter_says_what_to_do() -> None:
    others = SAYS_WHAT_PASSED | STANDS_WITH_A_LETTER | BESIDE_ANOTHER
    assert set(ADVICE) == set(Reason) - others


@pytest.mark.parametrize("reason", sorted(ADVICE))
@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_page_says_why_and_what_to_do(
    web: WebOffice, monkeypatch: pytest.MonkeyPatch, reason: Reason, lang: str
) -> None:
    page = page_of(web, monkeypatch, (reason,), lang=lang)
    assert page.count(getattr(ADVICE[reason], lang)) == 1
    assert "ASLI DAN BERLAKU" not in page


def page_of(
    web: WebOffice,
    monkeypatch: pytest.MonkeyPatch,
    reasons: tuple[Reason, ...],
    seen: SignatureSeen | None = None,
    lang: str = "id",
) -> str:
    found = Verification(Verdict.UNKNOWN, Checks(), reasons, None, seen, MORNING)
    monkeypatch.setattr(Inquiries, "by_qr", lambda *_a: found)
    return visible(web.client().get(f"/v/1?lang={lang}").text)


def test_a_strangers_name_is_shown_as_text_and_as_unchecked(
    web: WebOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = SignatureSeen(SignatureKind.FOREIGN, "", "<b>Camat</b> & Co", None)
    page = page_of(web, monkeypatch, (Reason.FOREIGN_SIGNATURE,), seen)
    assert "bertanda tangan yang menyebut nama: <b>Camat</b> & Co" in page
    assert "bukan milik kantor ini, dan tidak kami periksa" in page
    assert "Penanda tangan:" not in page


def test_an_answer_to_number_and_code_is_asked_again_in_the_other_language(web: WebOffice) -> None:
    client = web.client()
    form = {"number": web.letter.number, "code": web.letter.verification_code}
    page = post(client, "/periksa", form).text
    (switch,) = re.findall(r'<form method="post" action="(\?lang=en)">.*?</form>', page, re.S)
    english = client.post(f"/periksa{switch}", data=hidden(page))
    assert "GENUINE AND IN FORCE" in english.text
    assert "ASLI DAN BERLAKU" in client.post("/periksa?lang=id", data=hidden(english.text)).text


@pytest.mark.parametrize(
    ("path", "form", "back"),
    [
        ("/periksa", {"number": "1"}, "/periksa"),
        ("/v/123/lengkap", {"proof": "1"}, "/v/123/lengkap"),
    ],
)
def test_other_answers_lead_back_to_their_form_in_the_other_language(
    web: WebOffice, path: str, form: dict[str, str], back: str
) -> None:
    assert f'href="{back}?lang=en"' in post(web.client(), path, form).text


def test_an_answer_to_a_file_leads_back_too_and_keeps_nothing_typed(web: WebOffice) -> None:
    client = web.client()
    form = {"csrf_token": csrf(client), "file": (BytesIO(b"hello"), "surat.pdf")}
    page = client.post("/periksa", data=form).text
    assert 'href="/periksa?lang=en"' in page
    assert hidden(page) == {}
