"""The start page, what machines ask, and files that everybody may have."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from issuer.domain.errors import NotFound
from issuer.services import Services
from issuer.web.settings import WebSettings

_CONTENT_TYPES = {
    "crl": "application/pkix-crl",
    "pem": "application/x-pem-file",
    "json": "application/jwk-set+json",
    "issuer-keys": "application/cose-key-set",
}
_FILE_CACHING = "public, max-age=600"
"""Ten minutes: a revocation list must not be old because of us."""


def make_blueprint(services: Services, settings: WebSettings) -> Blueprint:
    """Return the room that is open to everybody."""
    room = Blueprint("public", __name__)

    @room.get("/")
    def start() -> ResponseReturnValue:
        return render_template("public/start.html", letter_types=services.catalogue.all())

    @room.get("/healthz")
    def alive() -> ResponseReturnValue:
        return _plain("ok")

    @room.get("/readyz")
    def ready() -> ResponseReturnValue:
        services.letters.agencies()  # raises DependencyUnavailable, which is a 503
        return _plain("ok")

    @room.get("/crl/<name>")
    @room.get("/ca/<name>")
    @room.get("/.well-known/<name>")
    def file(name: str) -> ResponseReturnValue:
        read = settings.public_files.get(request.path)
        if read is None:
            raise NotFound("file", "")
        kind = _CONTENT_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
        response = Response(read(), mimetype=kind)
        response.headers["Cache-Control"] = _FILE_CACHING
        response.add_etag()
        return response.make_conditional(request)

    return room


def _plain(text: str) -> Response:
    return current_app.response_class(text, mimetype="text/plain")
