"""Every input that a stranger has, with every kind of value that nobody means.

The answer is one of those documented for the place, never a failure of ours, never a
letter in force, and what was sent comes back escaped or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from urllib.parse import quote_from_bytes

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.web_office import WebOffice, csrf

CANARY = b"<svg onload=alert(7)>"
VALUES: Mapping[str, bytes] = {
    "empty": b"",
    "blank": b" \t\r\n",
    "huge": b"9" * 90_000,
    "no UTF-8": b"\xff\xfe\xfd",
    "overlong": b"\xc0\xaf\xe0\x80\xaf",
    "lone surrogate": b"\xed\xa0\x80",
    "UTF-16": "\ufeff400.12/1/2026".encode("utf-16"),
    "NUL": b"400\x00.12",
    "right to left": "\u202e6202/1/004".encode(),
    "markup": CANARY,
    "template": b"{{7*7}}{%raw%}" + CANARY,
    "header": b"a\r\nSet-Cookie: sesi=1\r\n\r\n" + CANARY,
}
_ADDRESS = (f"198.51.{place // 250}.{place % 250 + 1}" for place in count())
"""Everybody comes from somewhere else, so that no limit hides an answer."""

Send = Callable[[FlaskClient, WebOffice, bytes], TestResponse]


def _form(path: str, field: str, **others: str) -> Send:
    """Return the way to send a value in a field of a form, the field sent twice."""

    def send(client: FlaskClient, _web: WebOffice, value: bytes) -> TestResponse:
        pairs = {**others, "csrf_token": csrf(client)}
        body = "&".join(f"{name}={quote_from_bytes(text.encode())}" for name, text in pairs.items())
        twice = f"&{field}={quote_from_bytes(value)}" * 2
        return client.post(
            path, data=body + twice, content_type="application/x-www-form-urlencoded"
        )

    return send


def _upload(path: str, field: str) -> Send:
    """Return the way to upload a value, twice, under a file name that is the canary."""

    def send(client: FlaskClient, _web: WebOffice, value: bytes) -> TestResponse:
        head = b'--x\r\nContent-Disposition: form-data; name="'
        named = b'"; filename="a' + CANARY + b'.pdf"\r\n\r\n'
        token = head + b'csrf_token"\r\n\r\n' + csrf(client).encode() + b"\r\n"
        part = head + field.encode() + named + value + b"\r\n"
        body = token + part + part + b"--x--\r\n"
        return client.post(path, data=body, content_type="multipart/form-data; boundary=x")

    return send


def _address(before: str, after: str = "") -> Send:
    """Return the way to open an address with the value in it."""

    def send(client: FlaskClient, _web: WebOffice, value: bytes) -> TestResponse:
        return client.get(before + quote_from_bytes(value[:4000], safe="") + after)

    return send


def _proof(client: FlaskClient, web: WebOffice, value: bytes) -> TestResponse:
    """Ask for more of a true letter with a value as its proof."""
    path = "/v/" + (web.letter.qr_text or "").rpartition("/")[2]
    return _form(f"{path}/lengkap", "proof")(client, web, value)


def _body(path: str, kind: str) -> Send:
    """Return the way to send a value as a whole body to the API."""
    return lambda client, _web, value: client.post(path, data=value, content_type=kind)


def _json(path: str, before: bytes, after: bytes) -> Send:
    """Return the way to send a value as it is within JSON."""
    return lambda client, _web, value: client.post(
        path, data=before + value + after, content_type="application/json"
    )


ANSWERED, NOT_THERE = {200}, {200, 308, 404}
ASKED_AGAIN = {200, 422}
API = {400, 413, 415, 422}

INPUTS: Mapping[str, tuple[Send, set[int]]] = {
    "token": (_address("/v/"), NOT_THERE),
    "token, more": (_address("/v/", "/lengkap"), NOT_THERE),
    "drawing": (_address("/roset/", ".svg"), {404}),
    "language": (_address("/periksa?lang="), {200}),
    "number": (_form("/periksa", "number", code="0000-0000-0000"), ASKED_AGAIN),
    "code": (_form("/periksa", "code", number="400.12/1/2026"), ASKED_AGAIN),
    "file": (_upload("/periksa", "file"), ANSWERED),
    "files": (_upload("/periksa/banyak", "files"), ANSWERED),
    "proof": (_proof, {422, 429}),
    "report, finding": (_form("/lapor", "finding", detail="x"), {422}),
    "report, number": (_form("/lapor", "number", finding="other", detail="x"), ASKED_AGAIN),
    "report, detail": (_form("/lapor", "detail", finding="other"), ASKED_AGAIN),
    "report, contact": (_form("/lapor", "contact", finding="other", detail="x"), ASKED_AGAIN),
    "user name": (_form("/masuk", "username", password="x"), {401, 422}),
    "password": (_form("/masuk", "password", username="x"), {401, 422}),
    "API, JSON": (_body("/api/v1/verify", "application/json"), API),
    "API, file": (_body("/api/v1/verify", "application/pdf"), {200, 422}),
    "API, QR": (_json("/api/v1/verify", b'{"qr": "', b'"}'), {200, *API}),
    "API, number": (_json("/api/v1/verify", b'{"number": "', b'", "code": "0"}'), {200, *API}),
    "API, number twice": (_json("/api/v1/verify", b'{"qr": "1", "qr": "', b'"}'), {200, *API}),
    "API, status": (_json("/api/v1/status", b'{"qr": "', b'"}'), {200, *API}),
    "API, batch": (_json("/api/v1/verify/batch", b'[{"qr": "', b'"}]'), {401}),
}
"""How a value is sent, and the statuses that may follow."""

FORMS = ("/periksa", "/periksa/banyak", "/lapor", "/v/1/lengkap", "/masuk")


@pytest.mark.parametrize("name", INPUTS)
def test_nothing_that_is_sent_fails_passes_or_comes_back_as_markup(
    web: WebOffice, name: str
) -> None:
    send, statuses = INPUTS[name]
    for kind, value in VALUES.items():
        client = web.client()
        client.environ_base["REMOTE_ADDR"] = next(_ADDRESS)
        answer = send(client, web, value)
        assert answer.status_code in statuses, (kind, answer.status_code)
        assert "ASLI DAN BERLAKU" not in answer.text, kind
        assert '"VALID"' not in answer.text, kind
        if answer.mimetype == "text/html":
            assert CANARY.decode() not in answer.text, kind
        else:
            assert answer.headers["X-Content-Type-Options"] == "nosniff", kind
        assert "sesi=1" not in answer.headers.getlist("Set-Cookie"), kind


@pytest.mark.parametrize("path", [*FORMS, "/v/1", "/api/v1/verify", "/api/v1/status"])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "PROPFIND", "TRACE"])
def test_another_method_is_refused_with_those_that_there_are(
    web: WebOffice, path: str, method: str
) -> None:
    answer = web.client().open(path, method=method)
    # The token of a form is looked for before its method.
    assert answer.status_code in {400, 405}
    assert (answer.status_code == 400) or "Allow" in answer.headers


@pytest.mark.parametrize("path", FORMS)
def test_a_form_without_its_token_does_nothing(web: WebOffice, path: str) -> None:
    for body in (b"", b"csrf_token=", b"csrf_token=\xff", b"csrf_token=" + b"9" * 100_000):
        kind = "application/x-www-form-urlencoded"
        assert web.client().post(path, data=body, content_type=kind).status_code == 400
