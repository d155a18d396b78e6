"""Security headers, in one place.

Threats: a foreign page that frames or reads ours, injected markup that runs, a
referrer or a cache that passes on the address of a letter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, request

from issuer.web.settings import WebSettings

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_OFFLINE_POLICY = "; ".join(
    (
        CONTENT_SECURITY_POLICY,
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
    )
)
_PASSKEY_POLICY = f"{CONTENT_SECURITY_POLICY}; script-src 'self'"
EVERYWHERE = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
FOR_EVERY_SITE = {**EVERYWHERE, "Cross-Origin-Resource-Policy": "cross-origin"}
"""Signed files for machines: lists, keys, certificates; they say so by their CORS header."""

VERIFICATION = {
    **EVERYWHERE,
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
OFFLINE = {
    **VERIFICATION,
    "Content-Security-Policy": _OFFLINE_POLICY,
    "Permissions-Policy": EVERYWHERE["Permissions-Policy"].replace("camera=()", "camera=(self)"),
}
"""The offline verifier and its service worker; it reads QR codes by camera."""
PASSKEY = {**EVERYWHERE, "Content-Security-Policy": _PASSKEY_POLICY}
"""Pages where the browser makes or shows a passkey; no other page of staff runs a script."""

STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
FOR_GOOD = "public, max-age=31536000, immutable"
FOR_A_DAY = "public, max-age=86400"
ASK_AGAIN = "no-cache"
_PLACES_OF_VERIFICATION = (
    "/v/",
    "/periksa",
    "/roset/",
    "/lapor",
    "/api/v1/",
    "/ikuti",
    "/permohonan",
)
SCRIPTED = frozenset({"offline.page", "offline.worker", "offline.file"})
ASK_FOR_PASSKEYS = frozenset(
    {
        "session.ask_passkey",
        "session.show_passkey",
        "session.ask_new_passkey",
        "session.keep_passkey",
        "account.ask_new_passkey",
        "officer.ask_passkey",
        "officer.ask_passkey_to_go_on",
    }
)

FOR_MACHINES = frozenset(
    f"public.{name}"
    for name in ("file", "status_lists", "status_list", "key_set", "key_set_version")
)


_BY_ENDPOINT = {
    **dict.fromkeys(SCRIPTED, OFFLINE),
    **dict.fromkeys(ASK_FOR_PASSKEYS, PASSKEY),
    **dict.fromkeys(FOR_MACHINES, FOR_EVERY_SITE),
}
_CHOSEN = "issuer.headers"
_KEPT = "Cache-Control"


def register(app: Flask, settings: WebSettings) -> None:
    """Give every response its headers.

    All but one go on as the response leaves, ready made: set one by one they would take
    longer than finding a letter. So no page can leave without them, or with others.
    """
    app.wsgi_app = _with_headers(app.wsgi_app, settings.secure_cookies)  # type: ignore[assignment,method-assign]  # as Flask documents it

    @app.after_request
    def choose(response: Response) -> Response:
        endpoint = request.endpoint
        if endpoint in _BY_ENDPOINT:
            request.environ[_CHOSEN] = _BY_ENDPOINT[endpoint]
        response.headers[_KEPT] = _caching(response, endpoint)
        return response


def _with_headers(inner: WSGIApplication, encrypted: bool) -> WSGIApplication:
    always = {"Strict-Transport-Security": STRICT_TRANSPORT} if encrypted else {}
    ready = {
        id(kind): [(name, value) for name, value in {**kind, **always}.items() if name != _KEPT]
        for kind in (EVERYWHERE, VERIFICATION, *_BY_ENDPOINT.values())
    }

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(
            status: str, headers: list[tuple[str, str]], exc_info: OptExcInfo | None = None
        ) -> Callable[[bytes], object]:
            # Also the pages that say "not found" under these addresses.
            verification = environ["PATH_INFO"].startswith(_PLACES_OF_VERIFICATION)
            kind = environ.get(_CHOSEN) or (VERIFICATION if verification else EVERYWHERE)
            return start_response(status, [*headers, *ready[id(kind)]], exc_info)

        return inner(environ, start)

    return application


def _caching(response: Response, endpoint: str | None) -> str:
    """Return how long a response may be kept: not at all, but for public files."""
    ok = response.status_code in (200, 304)
    by_content = endpoint == "static" and "v" in request.args
    if ok and (by_content or endpoint in ("verify.rosette", "offline.file")):
        return FOR_GOOD
    if ok and endpoint in ("static", "bootstrap.static"):
        return FOR_A_DAY
    if ok and endpoint in ("offline.worker", "offline.manifest", "offline.names"):
        return ASK_AGAIN
    if ok and endpoint in FOR_MACHINES:
        return response.headers["Cache-Control"]
    return EVERYWHERE["Cache-Control"]
