"""The start page, what machines ask, and files that everybody may have."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from issuer.domain.errors import NotFound
from issuer.domain.publication import KEY_SETS, STATUS_LISTS
from issuer.services import Services
from issuer.web.settings import WebSettings

_CONTENT_TYPES = {
    "crl": "application/pkix-crl",
    "pem": "application/x-pem-file",
    "json": "application/jwk-set+json",
}
_STATUS_LIST = "application/statuslist+cwt"
_KEY_SET = 'application/cose; cose-type="cose-sign1"'
_A_WHILE = "public, max-age=300"
"""Five minutes: a revocation must not be late because of us."""

_REPEATED = timedelta(days=90)
"""After that a copy of security.txt is not to be believed any more."""

_FOR_GOOD = "public, max-age=31536000, immutable"


def make_blueprint(services: Services, settings: WebSettings) -> Blueprint:
    """Return the room that is open to everybody."""
    room = Blueprint("public", __name__)

    @room.get("/")
    def start() -> ResponseReturnValue:
        return render_template("public/start.html")

    @room.get("/healthz")
    def alive() -> ResponseReturnValue:
        return _plain("ok")

    @room.get("/readyz")
    def ready() -> ResponseReturnValue:
        services.letters.agencies()  # raises DependencyUnavailable, which is a 503
        return _plain("ok")

    @room.get("/.well-known/security.txt")
    def security() -> ResponseReturnValue:
        """Say where to report a weakness (RFC 9116)."""
        if settings.security_contact is None:
            raise NotFound("file", "")
        expires = services.clock.now().replace(hour=0, minute=0, second=0) + _REPEATED
        return _plain(
            f"Contact: {settings.security_contact}\n"
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}\n"
            "Preferred-Languages: id, en\n"
            f"Canonical: {services.office.base_url}/.well-known/security.txt\n"
        )

    @room.get("/crl/<name>")
    @room.get("/ca/<name>")
    @room.get("/.well-known/<name>")
    def file(name: str) -> ResponseReturnValue:
        read = settings.public_files.get(request.path)
        if read is None:
            raise NotFound("file", "")
        kind = _CONTENT_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
        return _for_machines(read(), kind)

    def published(folder: str, number: int) -> bytes:
        if settings.published is None:
            raise NotFound("file", "")
        return settings.published.get(folder, number)

    def numbers(folder: str) -> Sequence[int]:
        return () if settings.published is None else settings.published.numbers(folder)

    @room.get("/status")
    def status_lists() -> ResponseReturnValue:
        """Answer as Token Status List, §9.3, wants it."""
        base = f"{services.office.base_url}/status"
        listed = {"status_lists": [f"{base}/{year}" for year in numbers(STATUS_LISTS)]}
        return _for_machines(json.dumps(listed).encode(), "application/json")

    @room.get("/status/<int(fixed_digits=4):year>")
    def status_list(year: int) -> ResponseReturnValue:
        return _for_machines(published(STATUS_LISTS, year), _STATUS_LIST)

    @room.get("/.well-known/issuer-keys")
    def key_set() -> ResponseReturnValue:
        versions = numbers(KEY_SETS)
        if not versions:
            raise NotFound("file", "")
        return _for_machines(published(KEY_SETS, versions[-1]), _KEY_SET)

    @room.get("/.well-known/issuer-keys/<int(max=999999999):version>")
    def key_set_version(version: int) -> ResponseReturnValue:
        return _for_machines(published(KEY_SETS, version), _KEY_SET, _FOR_GOOD)

    return room


def _for_machines(data: bytes, kind: str, caching: str = _A_WHILE) -> Response:
    """Return a file that any page of any site may read, or 304 to whoever has it."""
    response = Response(data, content_type=kind)
    response.headers["Cache-Control"] = caching
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    response.make_conditional(request)
    return response


def _plain(text: str) -> Response:
    return current_app.response_class(text, mimetype="text/plain")
