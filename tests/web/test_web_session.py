"""Signing in and out, forged forms, and a session that ends while somebody types."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest

from issuer.web.guards import TOKEN
from tests.web.test_web_access import ROUTES
from tests.web.web_office import ANSWERS, CLERK, PASSWORD, WebOffice, csrf, hidden, post, visible

POSTS = sorted(
    pattern.format(letter="x", request="x", account="x")
    for (method, endpoint), (pattern, _entrance, _answer) in ROUTES.items()
    if method == "POST" and not endpoint.startswith("api.")
)
"""Every form there is, by the matrix of routes; the machines' room reads no cookie."""

CREDENTIALS = {"username": CLERK, "password": PASSWORD}


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("form", [{}, {"csrf_token": "forged"}])
def test_a_post_without_this_browsers_token_is_refused(
    web: WebOffice, path: str, form: dict[str, str]
) -> None:
    response = web.client(CLERK).post(path, data={**ANSWERS, **CREDENTIALS, **form})
    assert response.status_code == 400
    assert "muat ulang" in response.text


def test_a_token_of_another_browser_is_refused(web: WebOffice) -> None:
    strangers = csrf(web.client())
    response = web.client(CLERK).post("/keluar", data={"csrf_token": strangers})
    assert response.status_code == 400


def test_signing_in_gives_a_new_token_and_signing_out_ends_it_on_the_server(
    web: WebOffice,
) -> None:
    client = web.client()
    before = csrf(client)
    response = post(client, "/masuk", CREDENTIALS)
    assert (response.status_code, response.headers["Location"]) == (303, "/loket")
    assert client.get("/loket").status_code == 200
    assert csrf(client) != before
    with client.session_transaction() as session:
        token = session[TOKEN]
        assert set(session) == {TOKEN, "csrf_token"}
    post(client, "/keluar")
    assert client.get("/loket").status_code == 401
    thief = web.client()
    with thief.session_transaction() as session:
        session[TOKEN] = token
    assert thief.get("/loket").status_code == 401


def test_signing_in_again_ends_the_session_before(web: WebOffice) -> None:
    client = web.client()
    post(client, "/masuk", CREDENTIALS)
    with client.session_transaction() as session:
        first = session[TOKEN]
    post(client, "/masuk", CREDENTIALS)
    other = web.client()
    with other.session_transaction() as session:
        session[TOKEN] = first
    assert other.get("/loket").status_code == 401
    assert client.get("/loket").status_code == 200


@pytest.mark.parametrize(
    "credentials",
    [
        {"username": CLERK, "password": "salah"},
        {"username": "tidak.ada", "password": PASSWORD},
        {"username": "' OR 1=1 --", "password": PASSWORD},
        {"username": "x" * 5000, "password": "y" * 5000},
        {},
    ],
)
def test_a_wrong_name_or_password_gets_one_answer(
    web: WebOffice, credentials: dict[str, str]
) -> None:
    client = web.client()
    response = post(client, "/masuk", credentials)
    assert response.status_code == 401
    assert "Nama pengguna atau kata sandi salah" in response.text
    assert client.get("/loket").status_code == 401


def test_a_tampered_cookie_is_nobody(web: WebOffice) -> None:
    client = web.client()
    client.set_cookie("__Host-sesi", "eyJ0b2tlbiI6ImFiYyJ9.aaaaaa.bbbbbbbbbbbbbbbb")
    assert client.get("/loket").status_code == 401


def test_after_signing_in_one_is_back_where_one_wanted_to_go(web: WebOffice) -> None:
    client = web.client()
    asked = client.get("/loket/surat/baru/domisili")
    assert asked.status_code == 401
    response = post(client, "/masuk", {**hidden(asked.text), **CREDENTIALS})
    assert response.headers["Location"] == "/loket/surat/baru/domisili"


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", "/a?b"]
)
def test_a_way_back_out_of_this_site_is_dropped(web: WebOffice, back: str) -> None:
    response = post(web.client(), "/masuk", {**CREDENTIALS, "back": back})
    assert response.headers["Location"] == "/loket"


def test_a_session_that_ends_while_typing_loses_nothing(web: WebOffice) -> None:
    client = web.client()
    post(client, "/masuk", CREDENTIALS)
    form = hidden(client.get("/loket/surat/baru/domisili").text)
    typed = {**ANSWERS, "purpose": 'melamar "kerja" & <b>kuliah</b>'}
    web.clock.advance(timedelta(hours=9))
    try:
        refused = client.post("/loket/surat/baru/domisili/periksa", data={**typed, **form})
        assert refused.status_code == 401
        assert "yang sudah Anda ketik tidak hilang" in refused.text
        wrong = client.post("/masuk", data={**hidden(refused.text), **CREDENTIALS, "password": "x"})
        again = client.post("/masuk", data={**hidden(wrong.text), **CREDENTIALS})
        assert 'action="/loket/surat/baru/domisili/periksa"' in again.text
        carried = hidden(again.text)
        assert {name: carried[name] for name in typed} == typed
        assert carried["form_id"] == form["form_id"]
        page = client.post("/loket/surat/baru/domisili/periksa", data=carried)
        assert page.status_code == 200
        assert typed["purpose"] in unescape(page.text)
    finally:
        web.clock.advance(timedelta(hours=-9))


def test_a_role_without_a_room_is_told_so(web: WebOffice) -> None:
    client = web.client()
    response = post(client, "/masuk", {"username": "operator", "password": PASSWORD})
    assert response.headers["Location"] == "/masuk"
    page = visible(client.get("/masuk").text)
    assert "operator server" in page
    assert "belum tersedia" in page


def test_the_sign_in_page_shows_the_demos_accounts(web: WebOffice) -> None:
    page = visible(web.client().get("/masuk").text)
    assert "loket-contoh · sandi-contoh-1" in page
