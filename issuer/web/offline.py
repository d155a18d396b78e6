"""The offline verifier: a page that the device keeps and that then needs no office.

What it keeps, its *shell*, is named by content: the modules lie under an address with
the digest of them all, and the service worker knows the SHA-256 of each thing it may
keep. So a device has one version whole, or the one before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import NotFound
from issuer.domain.verdict import Check, Reason, Verdict
from issuer.services import Services
from issuer.web.language import LANGUAGES, language, speaking
from issuer.web.settings import WebSettings

PAGE = "/periksa/luring"
_WORKER = "sw.js"
_VENDOR = "vendor/zxing/reader/index.js"
_CONTENT_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
}
_ONLY_WITHOUT_OWN_READER = "vendor/zxing/"
"""A browser that reads QR codes by itself need not keep these."""

VERDICTS = (
    Verdict.VALID,
    Verdict.EXPIRED,
    Verdict.REVOKED,
    Verdict.SUPERSEDED,
    Verdict.ALTERED,
    Verdict.UNKNOWN,
    Verdict.INDETERMINATE,
)
REASONS = (
    Reason.SIGNATURE_HOLDS,
    Reason.ISSUER_TRUSTED,
    Reason.IN_FORCE,
    Reason.EXPIRED,
    Reason.REVOKED,
    Reason.SUPERSEDED,
    Reason.SIGNATURE_BROKEN,
    Reason.ISSUER_NOT_TRUSTED,
    Reason.CREDENTIAL_MALFORMED,
    Reason.CREDENTIAL_FOREIGN_HOST,
    Reason.CREDENTIAL_UNKNOWN_KEY,
    Reason.FILE_TOO_LARGE,
    Reason.FILE_UNREADABLE,
    Reason.QR_NOT_FOUND,
)
"""What the page can say; of two more reasons it says in its own words what a device knows."""


class _Shell:
    """The files of the page and the digest of them all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """Every file by name; none where the packages from npm are missing."""
        if not (self._folder / _VENDOR).is_file():
            return {}
        paths = sorted(path for path in self._folder.rglob("*") if path.suffix in _CONTENT_TYPES)
        return {path.relative_to(self._folder).as_posix(): path.read_bytes() for path in paths}

    @cached_property
    def version(self) -> str:
        """Twelve hex digits of the SHA-256 over names and contents."""
        whole = hashlib.sha256()
        for name, data in self.files.items():
            whole.update(name.encode() + hashlib.sha256(data).digest())
        return whole.hexdigest()[:12]


def make_blueprint(services: Services, settings: WebSettings) -> Blueprint:
    """Return the room of the offline verifier."""
    room = Blueprint("offline", __name__)
    shell = _Shell(settings.templates / "offline")

    @cache
    def page_text(code: str) -> str:
        # In a request of its own: the page is the same whoever was the first to ask.
        with current_app.test_request_context(PAGE), speaking(code):
            where = url_for("offline.file", version=shell.version, name="")
            return render_template(
                "offline/page.html",
                files=where.rstrip("/") if shell.files else None,
                verdicts=VERDICTS,
                checks=tuple(Check),
                reasons=REASONS,
            )

    def places() -> Iterator[dict[str, str | bool]]:
        """Yield what the service worker keeps: address, SHA-256, whether a browser's own does."""
        for code in LANGUAGES:
            yield _place(f"{PAGE}?lang={code}", page_text(code).encode())
        for name in ("office.css", "mark.svg"):
            data = (settings.templates / "static" / name).read_bytes()
            yield _place(url_for("static", filename=name, v=_digest(data)[:8]), data)
        for name, data in shell.files.items():
            if name != _WORKER:
                own = name.startswith(_ONLY_WITHOUT_OWN_READER)
                address = url_for("offline.file", version=shell.version, name=name)
                yield _place(address, data, own=own)

    @cache
    def worker_source() -> str:
        kept = json.dumps(list(places()), indent=0)
        constants = f'const VERSION = "{_digest(kept.encode())[:12]}", PAGE = "{PAGE}";\n'
        return constants + f"const SHELL = {kept};\n" + shell.files[_WORKER].decode()

    @room.get(PAGE)
    def page() -> ResponseReturnValue:
        return page_text(language())

    @room.get(f"{PAGE}/{_WORKER}")
    def worker() -> ResponseReturnValue:
        if not shell.files:
            raise NotFound("file", "")
        response = Response(worker_source(), mimetype=_CONTENT_TYPES[".js"])
        response.headers["Service-Worker-Allowed"] = "/"
        return response

    @room.get(f"{PAGE}/berkas/<version>/<path:name>")
    def file(version: str, name: str) -> ResponseReturnValue:
        data = shell.files.get(name)
        if version != shell.version or data is None:
            raise NotFound("file", "")
        return Response(data, mimetype=_CONTENT_TYPES[Path(name).suffix])

    @room.get(f"{PAGE}/manifest.webmanifest")
    def manifest() -> ResponseReturnValue:
        where = url_for("offline.file", version=shell.version, name="")
        return Response(
            json.dumps(_manifest(services.office.name, where)),
            mimetype="application/manifest+json",
        )

    @room.get(f"{PAGE}/nama.json")
    def names() -> ResponseReturnValue:
        named = services.naming.all()
        plain = {
            "types": {code: {"id": t.id, "en": t.en} for code, t in named.types.items()},
            "agencies": dict(named.agencies),
            "signatories": dict(named.signatories),
        }
        whole = json.dumps(plain, ensure_ascii=False, sort_keys=True)
        version = _digest(whole.encode())[:16]
        response = Response(
            json.dumps({"version": version, **plain}, ensure_ascii=False, separators=(",", ":")),
            mimetype="application/json",
        )
        response.set_etag(version)
        return response.make_conditional(request)

    return room


def _manifest(office: str, files: str) -> dict[str, object]:
    icons = [("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any maskable")]
    return {
        "name": f"Periksa surat {office}",
        "short_name": "Periksa surat",
        "lang": "id",
        "id": PAGE,
        "start_url": PAGE,
        "scope": "/",
        "display": "standalone",
        "background_color": "#faf7f0",
        "theme_color": "#10454a",
        "icons": [
            {"src": files + name, "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in icons
        ],
    }


def _place(url: str, data: bytes, *, own: bool = False) -> dict[str, str | bool]:
    return {"url": url, "sha256": _digest(data), "own": own}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
