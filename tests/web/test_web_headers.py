"""Headers, pinned whole: a header that appears or goes is seen here."""

from __future__ import annotations

import base64
import hmac

import pytest

from tests.web.web_office import CLERK, WebOffice, make_app

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
EVERYWHERE = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
PAGE = {**EVERYWHERE, "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
ORDINARY = {**PAGE, "Referrer-Policy": "same-origin"}
VERIFICATION = {**PAGE, "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", ORDINARY),
        ("/tidak-ada", ORDINARY),
        ("/v/123", VERIFICATION),
        ("/v/", VERIFICATION),
        ("/v/12/34", VERIFICATION),
    ],
)
def test_a_page_without_a_session_has_exactly_these_headers(
    web: WebOffice, path: str, headers: dict[str, str]
) -> None:
    found = dict(web.client().get(path).headers)
    found.pop("Content-Length")
    assert found == headers


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/periksa", VERIFICATION),
        ("/masuk", ORDINARY),
        ("/loket", ORDINARY),
        ("/loket/surat/{letter}", ORDINARY),
    ],
)
def test_a_page_with_a_session_varies_by_it_and_is_never_kept(
    web: WebOffice, path: str, headers: dict[str, str]
) -> None:
    found = dict(web.client(CLERK).get(path.format(letter=web.letter.id)).headers)
    found.pop("Content-Length")
    found.pop("Set-Cookie", None)
    assert found == {**headers, "Vary": "Cookie"}


@pytest.mark.parametrize(
    "path", ["/", "/v/123", "/periksa/luring", "/status", "/api/v1/verify", "/static/office.css"]
)
def test_no_header_is_said_twice_whatever_a_page_says_itself(web: WebOffice, path: str) -> None:
    with web.client().get(path) as response:
        names = [name.lower() for name, _ in response.headers]
    assert sorted(names) == sorted(set(names))
    assert set(map(str.lower, EVERYWHERE)) | {"referrer-policy", "cache-control"} <= set(names)


def test_a_page_that_breaks_has_the_headers_too(
    web: WebOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_response: object) -> None:
        raise RuntimeError

    app = make_app(web.composition)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setattr("issuer.web.headers._caching", broken)
    response = app.test_client().get("/v/123")
    assert response.status_code == 500
    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_a_letter_is_never_kept_by_a_browser_or_proxy(web: WebOffice) -> None:
    response = web.client(CLERK).get(f"/loket/surat/{web.letter.id}/pdf")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Type"] == "application/pdf"


def test_static_files_are_kept_under_the_address_of_their_content(web: WebOffice) -> None:
    client = web.client()
    with client.get("/static/office.css?v=12345678") as named:
        assert named.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    with client.get("/static/office.css") as unnamed:
        assert unnamed.headers["Cache-Control"] == "public, max-age=86400"
    with client.get("/static/none.css?v=12345678") as missing:
        assert missing.headers["Cache-Control"] == "no-store"


def test_a_revocation_list_is_what_the_office_publishes_and_can_be_asked_again(
    web: WebOffice,
) -> None:
    client = web.client()
    published = web.composition.settings.keys_dir / "trust" / "root.crl"
    with client.get("/crl/root.crl") as first:
        assert first.data == published.read_bytes()
        assert first.headers["Content-Type"] == "application/pkix-crl"
        assert first.headers["Cache-Control"] == "public, max-age=300"
        tag = first.headers["ETag"]
    with client.get("/crl/root.crl", headers={"If-None-Match": tag}) as again:
        assert (again.status_code, again.data) == (304, b"")
    with client.get("/ca/root.pem") as root:
        assert root.data == published.with_suffix(".pem").read_bytes()
    assert client.get("/crl/..%2Froot.crl").status_code == 404
    assert client.get("/crl/other.crl").status_code == 404


def test_the_session_cookie_is_bound_to_this_host_over_https(web: WebOffice) -> None:
    (cookie,) = web.client().get("/periksa").headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-sesi=")
    assert {part.strip() for part in cookie.split(";")[1:]} == {
        "Secure",
        "HttpOnly",
        "Path=/",
        "SameSite=Lax",
    }


def test_the_session_cookie_is_signed_with_sha_256(web: WebOffice) -> None:
    """Checked by hand: itsdangerous derives a key by HMAC and signs what stands before it."""
    (cookie,) = web.client().get("/periksa").headers.getlist("Set-Cookie")
    signed, _, signature = cookie.removeprefix("__Host-sesi=").partition(";")[0].rpartition(".")
    key = hmac.digest(b"k" * 32, b"cookie-session", "sha256")
    wanted = base64.urlsafe_b64encode(hmac.digest(key, signed.encode(), "sha256"))
    assert signature == wanted.decode().rstrip("=")


def test_the_demo_over_http_has_a_plain_cookie_and_no_strict_transport(web: WebOffice) -> None:
    app = make_app(web.composition, secure_cookies=False)
    response = app.test_client().get("/periksa")
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert cookie.startswith("sesi=")
    assert "Secure" not in cookie
    assert "Strict-Transport-Security" not in response.headers


def test_verification_leaves_no_cookie_behind(web: WebOffice) -> None:
    assert web.client().get("/v/123").headers.getlist("Set-Cookie") == []
