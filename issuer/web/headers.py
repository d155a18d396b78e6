"""Security headers, in one place.

Threats: a foreign page that frames or reads ours, injected markup that runs, a
referrer or a cache that passes on the address of a letter.
"""

from __future__ import annotations

from flask import Flask, Response, request

from issuer.web.settings import WebSettings

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

STRICT_TRANSPORT = "max-age=31536000"
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
    }
)

FOR_MACHINES = frozenset(
    f"public.{name}"
    for name in ("file", "status_lists", "status_list", "key_set", "key_set_version")
)


def register(app: Flask, settings: WebSettings) -> None:
    """Give every response its headers."""

    @app.after_request
    def add_headers(response: Response) -> Response:
        # Also the pages that say "not found" under these addresses.
        verification = request.path.startswith(_PLACES_OF_VERIFICATION)
        headers = VERIFICATION if verification else EVERYWHERE
        endpoint = request.endpoint
        if endpoint in SCRIPTED:
            headers = OFFLINE
        if endpoint in ASK_FOR_PASSKEYS:
            headers = PASSKEY
        if endpoint in FOR_MACHINES:
            headers = FOR_EVERY_SITE
        for name, value in headers.items():
            if name != "Cache-Control":
                response.headers[name] = value
        response.headers["Cache-Control"] = _caching(response, endpoint)
        if settings.secure_cookies:
            response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
        return response


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
