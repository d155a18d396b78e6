"""Residents who have an account, or are about to have one."""

from __future__ import annotations

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.citizen.citizen_browser import BORN, NAME
from tests.offices import WARD, example, issue
from tests.web.web_office import ANSWERS, CLERK, LURAH, WebOffice, post, visible

NIK = ANSWERS["holder.nik"].replace(" ", "")
PASSWORD = "sawah hijau dekat bengawan"
CHOSEN = {"new": PASSWORD, "again": PASSWORD}
SEEN = {"nik": NIK, "name": NAME, "seen": "1", **BORN}
OTHER = {
    "nik": "3522990101850002",
    "name": "Budi Contoh",
    "seen": "1",
    "born.day": "1",
    "born.month": "1",
    "born.year": "1985",
}


def code_on(page: str) -> str:
    found = re.search(r"code bigcode\">([0-9A-Z-]{14})<", page)
    assert found, visible(page)
    return found[1]


def given_code(web: WebOffice, seen: dict[str, str] = SEEN) -> str:
    answer = post(web.client(CLERK), "/loket/akun-warga", seen)
    assert answer.status_code == 200, visible(answer.text)
    return code_on(answer.text)


def activate(web: WebOffice, code: str, **typed: str) -> tuple[FlaskClient, TestResponse]:
    client = web.client()
    answer = post(client, "/aktifkan/warga", {"code": code, **BORN, **CHOSEN, **typed})
    return client, answer


def active(web: WebOffice, seen: dict[str, str] = SEEN) -> FlaskClient:
    born = {name: seen[name] for name in BORN}
    client, answer = activate(web, given_code(web, seen), **born)
    assert answer.headers["Location"] == "/akun-saya?selesai=aktif", visible(answer.text)
    return client


def sign_in(web: WebOffice, name: str = NIK, password: str = PASSWORD) -> TestResponse:
    return post(web.client(), "/masuk/warga", {"name": name, "password": password})


def letter_about(web: WebOffice, **holder: str) -> str:
    """Issue a letter about somebody; return the id of its request."""
    data = example(web.composition)
    known = data["holder"]
    assert isinstance(known, dict)
    known = {**known, "nik": NIK, "name": NAME, "birth_date": "1990-08-17", "sex": "P", **holder}
    return issue(
        web.composition, agency=WARD, signatory=LURAH, data={**data, "holder": known}
    ).request_id
