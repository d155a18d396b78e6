"""The addresses from which machines of every site fetch lists and keys."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from issuer.bootstrap import compose_public
from issuer.domain.status_list import StatusValue
from issuer.signing.credential_keys import CredentialKeySet
from issuer.signing.key_sets import read_first
from tests.offices import BASE_URL, OPERATOR
from tests.web.web_office import WebOffice, make_app

COMMON = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
A_WHILE, FOR_GOOD = "public, max-age=300", "public, max-age=31536000, immutable"
COSE = 'application/cose; cose-type="cose-sign1"'
PEM = "application/x-pem-file"
FILES = {
    "/status": ("application/json", A_WHILE),
    "/status/2026": ("application/statuslist+cwt", A_WHILE),
    "/.well-known/issuer-keys": (COSE, A_WHILE),
    "/.well-known/issuer-keys/1": (COSE, FOR_GOOD),
    "/.well-known/jwks.json": ("application/jwk-set+json", A_WHILE),
    "/crl/root.crl": ("application/pkix-crl", A_WHILE),
    "/crl/issuing.crl": ("application/pkix-crl", A_WHILE),
    "/ca/root.pem": (PEM, A_WHILE),
    "/ca/issuing.pem": (PEM, A_WHILE),
}


@pytest.fixture(scope="module", autouse=True)
def published(web: WebOffice) -> None:
    web.composition.publication.publish()


@pytest.mark.parametrize("path", FILES)
def test_a_published_file_has_exactly_these_headers(web: WebOffice, path: str) -> None:
    response = web.client().get(path)
    assert response.status_code == 200
    found = dict(response.headers)
    assert int(found.pop("Content-Length")) == len(response.data) > 0
    assert found.pop("ETag").startswith('"')
    assert found.pop("Date")
    kind, caching = FILES[path]
    assert found == {**COMMON, "Content-Type": kind, "Cache-Control": caching}


@pytest.mark.parametrize("path", FILES)
def test_whoever_has_it_already_is_told_so(web: WebOffice, path: str) -> None:
    client = web.client()
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    assert again.headers["Cache-Control"] == FILES[path][1]
    assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    head = client.head(path)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag)


def test_the_aggregation_names_every_list(web: WebOffice) -> None:
    """Token Status List, §9.3."""
    found = json.loads(web.client().get("/status").data)
    assert found == {"status_lists": [f"{BASE_URL}/status/2026"]}


def test_what_is_served_is_what_was_signed(web: WebOffice) -> None:
    public = compose_public(web.composition.settings)
    token = web.client().get("/status/2026").data
    assert token == public.published_files.get("status", 2026)
    first = web.client().get("/.well-known/issuer-keys/1").data
    assert first == web.client().get("/.well-known/issuer-keys").data
    jwks = CredentialKeySet.from_jwks(web.client().get("/.well-known/jwks.json").data)
    assert read_first(first).keys == jwks.keys


def test_no_other_page_may_be_read_by_other_sites(web: WebOffice) -> None:
    for path in ("/", "/periksa", "/v/123", "/masuk", "/healthz", "/status/1999"):
        assert "Access-Control-Allow-Origin" not in web.client().get(path).headers


@pytest.mark.parametrize(
    "path",
    [
        "/status/2025",
        "/status/26",
        "/status/20260",
        "/status/2026/",
        "/status/2026.cwt",
        "/status/..%2f2026",
        "/status/%2e%2e",
        "/status/.new-abc",
        "/.well-known/issuer-keys/0",
        "/.well-known/issuer-keys/2",
        "/.well-known/issuer-keys/-1",
        "/.well-known/issuer-keys/9999999999",
        "/.well-known/issuer-keys/..",
        "/.well-known/other",
        "/crl/other.crl",
        "/ca/root.key",
    ],
)
def test_what_is_not_there_is_not_found_and_not_kept(web: WebOffice, path: str) -> None:
    response = web.client().get(path)
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers


def test_the_addresses_only_give(web: WebOffice) -> None:
    for path in FILES:
        for method in ("POST", "PUT", "DELETE"):
            response = web.client().open(path, method=method)
            assert response.status_code in (400, 405)


def test_a_public_site_serves_them_without_any_private_key(web: WebOffice) -> None:
    app = make_app(web.composition, audiences=("public", "verify"))
    hidden = web.composition.settings.keys_dir / "private"
    away = hidden.rename(hidden.with_name("away"))
    try:
        assert {app.test_client().get(path).status_code for path in FILES} == {200}
    finally:
        away.rename(hidden)


def test_a_file_that_grew_too_large_is_not_sent(web: WebOffice) -> None:
    path: Path = web.composition.settings.data_dir / "published" / "status" / "2024"
    path.write_bytes(bytes(2_000_000))
    try:
        assert web.client().get("/status/2024").status_code == 404
    finally:
        path.unlink()


def test_after_a_rotation_old_versions_stay_where_they_were(web: WebOffice) -> None:
    client = web.client()
    before = client.get("/.well-known/issuer-keys")
    web.composition.publication.rotate_keys(OPERATOR)
    after = client.get(
        "/.well-known/issuer-keys", headers={"If-None-Match": before.headers["ETag"]}
    )
    assert after.status_code == 200
    assert after.data == client.get("/.well-known/issuer-keys/2").data != before.data
    assert client.get("/.well-known/issuer-keys/1").data == before.data
    keys = json.loads(client.get("/.well-known/jwks.json").data)["keys"]
    assert len(keys) == 2


def test_a_revocation_is_seen_at_the_next_publication(web: WebOffice) -> None:
    letter, composition = web.letter, web.composition
    client = web.client()
    before = client.get("/status/2026")
    composition.services.letters.revoke(OPERATOR, letter.id, "Salah alamat")
    web.clock.advance(timedelta(minutes=1))
    composition.publication.publish()
    after = client.get("/status/2026", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    reader = compose_public(composition.settings).published
    assert reader.status_list(2026).value_at(letter.status_index) is StatusValue.INVALID
