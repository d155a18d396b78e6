"""What leaves the server: every answer says what it is, and nothing else is to be had."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest

from tests.web.test_web_access import ROUTES
from tests.web.web_office import CLERK, NOBODY, WebOffice

_BEGINS = {
    "text/html": (b"<!doctype html>", b"<!DOCTYPE html>"),
    "application/pdf": (b"%PDF-",),
    "application/x-pem-file": (b"-----BEGIN ",),
    "application/pkix-crl": (b"\x30",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (b"PK\x03\x04",),
    "image/png": (b"\x89PNG",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/svg+xml": (b"<svg ", b"<?xml "),
}
_JSON = frozenset({"application/json", "application/jwk-set+json", "application/manifest+json"})
_OTHER = frozenset({"text/css", "text/javascript", "text/plain", "application/problem+json"})


@pytest.mark.parametrize("who", [NOBODY, CLERK, "admin-kabupaten", "penandatangan"])
def test_every_answer_says_what_it_is_and_a_text_in_which_signs(web: WebOffice, who: str) -> None:
    client = web.client(who)
    seen = set()
    there = {"letter": web.letter.id, "request": web.letter.request_id}
    for (method, endpoint), (pattern, _, _) in ROUTES.items():
        if method != "GET":
            continue
        path = pattern.format_map(defaultdict(lambda: "0", there))
        with client.get(path) as answer:
            body, kind = answer.data, answer.mimetype or ""
            said = answer.headers.get("Content-Type", "")
            for cookie in answer.headers.getlist("Set-Cookie"):
                assert cookie.startswith("__Host-"), endpoint
                assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
        if not body:
            continue
        seen.add(kind)
        if kind.startswith("text/") or kind.endswith("+xml"):
            assert said == f"{kind}; charset=utf-8", endpoint
            body.decode()
        if kind in _BEGINS:
            assert body.lstrip().startswith(_BEGINS[kind]), endpoint
        elif kind in _JSON:
            json.loads(body)
        else:
            assert kind in _OTHER, (endpoint, kind)
    assert {"text/html", "text/css", "text/plain", "application/json"} <= seen


@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.git/HEAD",
        "/.env",
        "/setup.cfg",
        "/issuer.toml",
        "/register.db",
        "/keys/private/data.key",
        "/static",
        "/static/",
        "/static/web/layout.html",
        "/static/letters/domisili/type.toml",
        "/static/../web/layout.html",
        "/static/%2e%2e/web/layout.html",
        "/static/..%2fweb/layout.html",
        "/static//etc/passwd",
        "/bootstrap/static/",
        "/bootstrap/static/css/",
        "/crl/",
        "/ca/../private/root.key",
        "/.well-known/",
        "/letters/",
        "/console",
        "/metrics",
        "/openapi.json",
        "/docs",
    ],
)
@pytest.mark.parametrize("who", [NOBODY, "admin-kabupaten"])
def test_nothing_that_lies_beside_the_pages_is_served(web: WebOffice, who: str, path: str) -> None:
    assert web.client(who).get(path, follow_redirects=True).status_code == 404
