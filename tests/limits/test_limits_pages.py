"""Limits as people meet them: on the page that verifies, at the door, behind proxies."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from issuer.domain.limits import ALLOWANCES, PASSWORD_GUESSES, Rule
from issuer.web.app import create_app
from issuer.web.settings import WebSettings
from tests.offices import BASE_URL, Clock, compose_office
from tests.web.web_office import CLERK, PASSWORD, WebOffice, csrf, open_web, visible

UNKNOWN = "400.12.2.1/999/412.414.01/2026"
WRONG = "0000-0000-0000"
NOBODY = "tidak.ada"
FIVE = ALLOWANCES[PASSWORD_GUESSES.each].attempts


@pytest.fixture(scope="module")
def place(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebOffice]:
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("limits") / "office")
    clock = Clock()
    composition = compose_office(folder, clock)
    yield open_web(composition, clock)
    composition.close()


@pytest.fixture(autouse=True)
def a_fresh_day(place: WebOffice) -> None:
    """Let every period end, so that no test counts for the next one."""
    place.clock.advance(timedelta(days=1))


def app_of(place: WebOffice, *, proxies: int = 0, contact: str | None = None) -> Flask:
    settings = WebSettings(
        secret_key=b"k" * 32,
        templates=place.composition.settings.templates_dir,
        trusted_proxies=proxies,
        security_contact=contact,
    )
    return create_app(place.composition.services, settings)


def post(
    client: FlaskClient, path: str, form: dict[str, str], headers: dict[str, str] | None = None
) -> TestResponse:
    data = {**form, "csrf_token": csrf(client)}
    return client.post(path, data=data, headers={"Host": "localhost", **(headers or {})})


def without_what_changes(page: str) -> str:
    """Return a page without its form token and without what was asked."""
    page = re.sub(r'name="csrf_token" value="[^"]*"', "", page)
    return re.sub(r"\d\d[.:]\d\d(?:[.:]\d\d)? WIB", "", page)


def test_known_and_unknown_numbers_get_the_same_bytes_up_to_the_limit_and_at_it(
    place: WebOffice,
) -> None:
    pages: dict[str, list[tuple[int, str, str | None]]] = {}
    for number in (place.letter.number, UNKNOWN):
        client = place.app.test_client()
        answers = [
            post(client, "/periksa", {"number": number, "code": WRONG}) for _ in range(FIVE + 2)
        ]
        pages[number] = [
            (
                answer.status_code,
                without_what_changes(answer.text.replace(number, "…")),
                answer.headers.get("Retry-After"),
            )
            for answer in answers
        ]
    known, unknown = pages.values()
    assert known == unknown
    assert [status for status, _, _ in known] == [200] * FIVE + [429] * 2
    assert known[-1][2] == "900"
    assert "Terlalu banyak percobaan" in known[-1][1]


def test_a_hundred_random_tokens_meet_the_limit(place: WebOffice) -> None:
    client = place.app.test_client()
    most = ALLOWANCES[Rule.UNKNOWN_TOKEN_PER_ADDRESS].attempts
    statuses = [client.get(f"/v/{10**300 + number}").status_code for number in range(most + 1)]
    assert statuses == [200] * most + [429]
    path = (place.letter.qr_text or "").removeprefix(BASE_URL)
    # No signed token is found by trying: neighbours of one address keep their answers.
    assert "ASLI DAN BERLAKU" in client.get(path).text
    elsewhere = client.get("/v/1", environ_base={"REMOTE_ADDR": "198.51.100.9"})
    assert elsewhere.status_code == 200


def sign_in(client: FlaskClient, username: str, password: str) -> TestResponse:
    return post(client, "/masuk", {"username": username, "password": password})


@pytest.mark.parametrize("username", [CLERK, NOBODY])
def test_a_door_tried_too_often_answers_as_to_a_wrong_password_and_says_wait(
    place: WebOffice, username: str
) -> None:
    client = place.app.test_client()
    for _ in range(FIVE):
        wrong = sign_in(client, username, "salah-sekali-1")
        assert wrong.status_code == 401
    locked = sign_in(client, username, "salah-sekali-1")
    assert locked.status_code == 429
    assert 0 < int(locked.headers["Retry-After"]) <= 900
    wait = "Sudah terlalu sering dicoba: tunggu 15 menit sebelum mencoba lagi."
    assert visible(locked.text).replace(f" {wait}", "") == visible(wrong.text)
    # Not even the right password tells.
    right = sign_in(client, username, PASSWORD)
    assert without_what_changes(right.text) == without_what_changes(locked.text)
    place.clock.advance(timedelta(minutes=15))
    assert sign_in(client, username, PASSWORD).status_code == (303 if username == CLERK else 401)


def test_a_locked_door_costs_as_much_work_as_a_wrong_password(
    place: WebOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts, hashed = place.composition.services.accounts, []
    hasher = accounts._hasher
    verify = hasher.verify

    def counted(password: str, stored: str) -> bool:
        hashed.append(1)
        return verify(password, stored)

    monkeypatch.setattr(hasher, "verify", counted)
    client = place.app.test_client()
    for username in (CLERK, NOBODY):
        for _ in range(FIVE + 3):
            sign_in(client, username, "salah-sekali-1")
    assert len(hashed) == 2 * (FIVE + 3)


def test_right_passwords_are_never_counted(place: WebOffice) -> None:
    for _ in range(2 * FIVE):
        assert sign_in(place.app.test_client(), CLERK, PASSWORD).status_code == 303


def test_an_attacker_at_home_does_not_lock_the_clerk_out_at_the_office(place: WebOffice) -> None:
    app = app_of(place, proxies=1)
    for host in range(15):
        attacker = app.test_client()
        for _ in range(FIVE + 1):
            form = {"username": CLERK, "password": "salah-sekali-1"}
            post(attacker, "/masuk", form, {"X-Forwarded-For": f"203.0.113.{host}"})
    form = {"username": CLERK, "password": PASSWORD}
    response = post(app.test_client(), "/masuk", form, {"X-Forwarded-For": "192.0.2.7"})
    assert response.status_code == 303


def tries_from(app: Flask, forwarded: str) -> int:
    form = {"number": UNKNOWN, "code": WRONG}
    return post(app.test_client(), "/periksa", form, {"X-Forwarded-For": forwarded}).status_code


def test_a_forged_forwarding_header_is_no_other_address(place: WebOffice) -> None:
    """Without a proxy the header is the stranger's own word; with one, all but its last part."""
    for proxies, header in ((0, "{}"), (1, "{}, 198.51.100.1"), (2, "{}, 198.51.100.2, 10.0.0.1")):
        app = app_of(place, proxies=proxies)
        for host in range(FIVE):
            assert tries_from(app, header.format(f"203.0.113.{host}")) == 200
        assert tries_from(app, header.format("203.0.113.99")) == 429
        place.clock.advance(timedelta(days=1))


def test_behind_a_proxy_each_visitor_counts_by_himself(place: WebOffice) -> None:
    app = app_of(place, proxies=1)
    for _ in range(FIVE):
        assert tries_from(app, "192.0.2.1") == 200
    assert tries_from(app, "192.0.2.1") == 429
    assert tries_from(app, "192.0.2.2") == 200


def test_security_txt_says_where_and_until_when(place: WebOffice) -> None:
    """RFC 9116: Contact, an Expires less than a year ahead, lines of ``Name: value``."""
    client = app_of(place, contact="mailto:keamanan@bojonegoro.example").test_client()
    answer = client.get("/.well-known/security.txt")
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert fields["Contact"] == "mailto:keamanan@bojonegoro.example"
    assert fields["Canonical"] == f"{BASE_URL}/.well-known/security.txt"
    assert fields["Preferred-Languages"] == "id, en"
    expires = datetime.fromisoformat(fields["Expires"]).astimezone(UTC)
    ahead = expires - place.clock.now()
    assert timedelta(days=30) < ahead < timedelta(days=365)


def test_without_a_contact_there_is_no_security_txt(place: WebOffice) -> None:
    assert app_of(place).test_client().get("/.well-known/security.txt").status_code == 404
