"""The pages on which a version is written, looked at, proposed and released."""

from __future__ import annotations

import re
from html import unescape

import pypdfium2  # type: ignore[import-untyped]  # has no stubs
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from issuer.domain.verdict import Verdict
from tests.letter_types.two_admins import FIRST, SECOND
from tests.offices import issue, pdf_of
from tests.web.web_office import (
    ANSWERS,
    CLERK,
    WebOffice,
    hidden,
    post,
    visible,
)

SAYING = "Demikian surat ini dibuat menurut versi baru."


def typed(page: str) -> dict[str, str]:
    """Return the form of a draft as a browser would send it."""
    form = hidden(page)
    for name, value in re.findall(r'<input class="input" id="([^"]*)"[^>]* value="([^"]*)"', page):
        form[name] = unescape(value)
    for name, value in re.findall(
        r'<textarea class="input" id="([^"]*)"[^>]*>(.*?)</textarea>', page, re.DOTALL
    ):
        form[name] = unescape(value)
    return form


def begin(client: FlaskClient, slug: str) -> str:
    begun = post(client, f"/admin/jenis/{slug}/konsep")
    assert begun.status_code == 303
    return begun.headers["Location"]


def step(client: FlaskClient, place: str, word: str, **more: str) -> TestResponse:
    row = hidden(client.get(place).text).get("row", "0")
    return post(client, f"{place}/{word}", {"row": row, **more})


def words(pdf: bytes) -> str:
    text = "".join(one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(pdf))
    return " ".join(text.split())


def test_from_the_draft_to_a_letter_of_the_new_version(web: WebOffice) -> None:
    first, second = web.client(FIRST), web.client(SECOND)
    older = issue(web.composition)
    place = begin(first, "domisili")
    form = typed(first.get(place).text) | {"wording.closing": SAYING, "validity.months": "9"}
    assert first.post(place, data=form).status_code == 303
    page = visible(first.get(place).text)
    assert SAYING in page
    assert "Masa berlaku, bulan" in page
    preview = first.get(f"{place}/konsep")
    assert preview.headers["Cache-Control"] == "no-store"
    shown = words(preview.get_data())
    assert "KONSEP" in shown
    assert SAYING in shown
    assert "Kode verifikasi" not in shown
    assert web.composition.services.verifier.by_file(preview.get_data()).verdict is not (
        Verdict.VALID
    )
    assert step(first, place, "usulkan").status_code == 303
    assert "Rilis versi ini" not in first.get(place).text
    own = step(first, place, "rilis")
    assert own.status_code in {403, 409}
    assert SAYING in second.get(place).text
    assert step(second, place, "rilis").status_code == 303
    newer = issue(web.composition)
    assert SAYING in words(pdf_of(web.composition, newer))
    for letter in (older, newer):
        verdict = web.composition.services.verifier.by_file(pdf_of(web.composition, letter))
        assert verdict.verdict is Verdict.VALID
    assert step(second, place, "rilis").status_code == 409


def test_what_is_wrong_stands_beside_its_sentence_and_cannot_be_proposed(web: WebOffice) -> None:
    client = web.client(FIRST)
    place = begin(client, "usaha")
    form = typed(client.get(place).text) | {"wording.statement": "{{ ''.__class__ }}"}
    assert client.post(place, data=form).status_code == 303
    page = client.get(place).text
    assert 'id="wording.statement-wrong"' in page
    assert "bukan getattr" in visible(page)
    assert "Usulkan untuk dirilis" not in page
    assert step(client, place, "usulkan").status_code == 422
    assert client.get(f"{place}/konsep").status_code == 422


def test_what_is_typed_is_bounded_and_stays_typed(web: WebOffice) -> None:
    client = web.client(FIRST)
    place = begin(client, "umum")
    good = typed(client.get(place).text)
    for name, value in [
        ("title.id", "x" * 81),
        ("title.id", ""),
        ("validity.months", "banyak"),
        ("wording.closing", "x" * 2001),
        ("wording.closing", "Siti\N{RIGHT-TO-LEFT OVERRIDE}Aminah"),
    ]:
        refused = client.post(place, data=good | {name: value})
        assert refused.status_code == 422, name
        assert f'id="{name}-wrong"' in refused.text
    assert client.post(place, data=good).status_code == 303
    assert client.post(place, data=good).status_code == 409  # sent twice: it has moved on


def test_a_rejected_version_says_why_and_can_be_begun_anew(web: WebOffice) -> None:
    first, second = web.client(FIRST), web.client(SECOND)
    place = begin(first, "kehilangan")
    assert step(first, place, "usulkan").status_code == 303
    assert step(second, place, "tolak", reason=" ").status_code == 422
    assert step(second, place, "tolak", reason="Kalimatnya keliru").status_code == 303
    page = first.get(place).text
    assert "Kalimatnya keliru" in page
    version = place.rsplit("/", 1)[1]
    again = post(first, "/admin/jenis/kehilangan/konsep", {"dari": version})
    assert again.status_code == 303
    assert step(first, again.headers["Location"], "tarik", reason="cukup").status_code == 303


def test_a_clerk_who_checked_the_older_wording_looks_again(web: WebOffice) -> None:
    clerk, first, second = web.client(CLERK), web.client(FIRST), web.client(SECOND)
    new = "/loket/surat/baru/domisili"
    form = {**hidden(clerk.get(new).text), **ANSWERS}
    seen = hidden(clerk.post(f"{new}/periksa", data=form).text)
    place = begin(first, "domisili")
    changed = typed(first.get(place).text) | {"wording.closing": f"{SAYING} Di loket."}
    assert first.post(place, data=changed).status_code == 303
    assert step(first, place, "usulkan").status_code == 303
    assert step(second, place, "rilis").status_code == 303
    unseen = {name: value for name, value in seen.items() if name != "type_digest"}
    for older in (seen, unseen):
        refused = clerk.post(f"{new}/terbitkan", data=older)
        assert refused.status_code == 409
        assert "baru saja diganti versinya" in visible(refused.text)
        assert hidden(refused.text)["purpose"] == ANSWERS["purpose"]
    issued = clerk.post(f"{new}/terbitkan", data=hidden(refused.text))
    assert issued.status_code == 303
    pdf = clerk.get(issued.headers["Location"] + "/pdf")
    assert f"{SAYING} Di loket." in words(pdf.get_data())
