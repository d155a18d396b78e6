"""An office that asks staff for a second factor, and telephones that show its codes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from pathlib import Path

import pyotp
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from issuer.config import SETTINGS_FILE
from tests.offices import Clock, compose_office
from tests.web.web_office import PASSWORD, WebOffice, hidden, open_web, post


@contextmanager
def strict_office(founded: Path, scratch: Path) -> Iterator[WebOffice]:
    """Open an office whose setting is ``required``."""
    folder = shutil.copytree(founded, scratch / "office")
    with (folder / SETTINGS_FILE).open("a", encoding="utf-8") as file:
        file.write('second_factor = "required"\n')
    clock = Clock()
    composition = compose_office(folder, clock)
    try:
        yield open_web(composition, clock)
    finally:
        composition.close()


def password_given(web: WebOffice, username: str) -> FlaskClient:
    """Return a browser that has shown the right password and no second factor."""
    client = web.app.test_client()
    post(client, "/masuk", {"username": username, "password": PASSWORD})
    return client


def typed_secret(page: str) -> str:
    """Return the secret that a page offers for typing."""
    (shown,) = re.findall(r'<p class="code">([^<]*)</p>', page)
    return unescape(shown).replace(" ", "").replace("\n", "")


def code_now(web: WebOffice, secret: str, periods: int = 0) -> str:
    """Return what a telephone shows, some periods later."""
    return pyotp.TOTP(secret).at(web.clock.now() + periods * timedelta(seconds=30))


def recovery_codes(page: str) -> list[str]:
    """Return the recovery codes that a page shows."""
    return re.findall(r'<li class="code">([^<]*)</li>', page)


def enrolled(web: WebOffice, username: str) -> tuple[FlaskClient, str, list[str]]:
    """Return a browser signed in by a fresh second factor, its secret and recovery codes."""
    client = password_given(web, username)
    secret = typed_secret(client.get("/masuk").text)
    done = post(client, "/masuk/pasang", {"code": code_now(web, secret)})
    assert done.status_code == 200, done.status_code
    return client, secret, recovery_codes(done.text)


def answer(client: FlaskClient, code: str, page: str | None = None) -> TestResponse:
    """Type a code into the page that asks for it, with what that page carries."""
    carried = hidden(page) if page is not None else hidden(client.get("/masuk").text)
    return client.post("/masuk/kode", data={**carried, "code": code})
