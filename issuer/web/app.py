"""The application factory: one blueprint per audience, each with its guard."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from flask import Blueprint, Flask, Request, request
from flask_bootstrap import Bootstrap5  # type: ignore[import-untyped]  # publishes no types
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]  # publishes no types
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from issuer.services import Services
from issuer.web import (
    account,
    admin,
    api,
    casework,
    citizen,
    compression,
    counter,
    errors,
    guards,
    headers,
    language,
    officer,
    offline,
    public,
    session,
    texts,
    translated,
    verify,
)
from issuer.web.api.questions import FILE_TYPES
from issuer.web.citizen import own_account
from issuer.web.cookies import SessionsByCookie
from issuer.web.settings import WebSettings

MAX_UPLOAD_BYTES = 26_000_000
"""A little more than the largest file the verifier reads, for the form around it."""

MAX_TYPED_BYTES = 200_000
MAX_FORM_PARTS = 100
MAX_BATCH_BYTES = 60_000_000
TAKE_FILES = {
    "verify.answer": (MAX_UPLOAD_BYTES, frozenset({"multipart/form-data"})),
    "verify.answer_many": (MAX_BATCH_BYTES, frozenset({"multipart/form-data"})),
    "admin.begin_import": (MAX_UPLOAD_BYTES, frozenset({"multipart/form-data"})),
    "counter.keep_documents": (MAX_BATCH_BYTES, frozenset({"multipart/form-data"})),
    "citizen.keep_documents": (MAX_BATCH_BYTES, frozenset({"multipart/form-data"})),
    "api.verify": (MAX_UPLOAD_BYTES, frozenset(FILE_TYPES)),
}
"""Where a large body is expected, by endpoint: how large, and of which types."""

NEVER_ON_DISK = frozenset({"admin.begin_import"})
"""Whose files stay in memory: everybody of a village in one of them."""


@dataclass(frozen=True, slots=True)
class Audience:
    """A room, and the guard at its door."""

    make: Callable[[Services, WebSettings], Blueprint]
    guard: Callable[[Services], guards.Guard]
    forms: bool = True
    """Whether a form token is asked for. A room without one must read no cookie."""


AUDIENCES: dict[str, Audience] = {
    "public": Audience(public.make_blueprint, guards.anyone),
    "citizen": Audience(citizen.make_blueprint, guards.anyone),
    "citizen_account": Audience(own_account.make_blueprint, guards.citizens),
    "verify": Audience(verify.make_blueprint, guards.anyone),
    "offline": Audience(offline.make_blueprint, guards.anyone),
    "api": Audience(api.make_blueprint, guards.key_holder, forms=False),
    "session": Audience(session.make_blueprint, guards.anyone),
    "account": Audience(account.make_blueprint, guards.signed_in),
    "admin": Audience(admin.make_blueprint, guards.administration),
    "casework": Audience(casework.make_blueprint, guards.case_staff),
    "officer": Audience(officer.make_blueprint, guards.officers),
    "counter": Audience(counter.make_blueprint, guards.counter_staff),
}
ALL = tuple(AUDIENCES)


def create_app(
    services: Services, settings: WebSettings, audiences: tuple[str, ...] = ALL
) -> Flask:
    """Return the application with the rooms of these audiences.

    A public verification site takes ``("public", "verify", "offline")`` and nothing else.
    """
    app = _Application(
        "issuer.web",
        template_folder=str((settings.templates / "web").absolute()),
        static_folder=str((settings.templates / "static").absolute()),
        static_url_path="/static",
    )
    _configure(app, settings)
    for name in audiences:
        audience = AUDIENCES[name]
        blueprint = audience.make(services, settings)
        blueprint.before_request(audience.guard(services))
        app.register_blueprint(blueprint)
        if not audience.forms:
            app.extensions["csrf"].exempt(blueprint)
    app.before_request_funcs["bootstrap"] = [guards.anyone(services)]
    texts.register(app, services.office)
    headers.register(app, settings)
    compression.register(app)
    errors.register(app, services)
    if settings.trusted_proxies:
        # Each adds one entry; what a stranger wrote before them is not believed.
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask documents it
            app.wsgi_app,
            x_for=settings.trusted_proxies,
            x_proto=settings.trusted_proxies,
            x_host=0,
        )
    return app


class _Request(Request):
    """A request whose files go to disk, as werkzeug does with large ones, only where they may."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self.endpoint in NEVER_ON_DISK:
            return io.BytesIO()
        return super()._get_file_stream(
            total_content_length, content_type, filename, content_length
        )


class _Application(Flask):
    """Flask without coroutines: none of our functions is one."""

    request_class = _Request

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function as it is; asking each, each time, takes longer than most."""
        return func


def _configure(app: Flask, settings: WebSettings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        # The prefix makes browsers refuse such a cookie from a neighbour domain or over http.
        SESSION_COOKIE_NAME="__Host-sesi" if settings.secure_cookies else "sesi",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=MAX_TYPED_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_TYPED_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        # A form may stay open as long as its session: nothing typed is lost to a timer.
        WTF_CSRF_TIME_LIMIT=None,
        # Verification pages send no referrer; the token and SameSite already say who posts.
        WTF_CSRF_SSL_STRICT=False,
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    app.session_interface = SessionsByCookie()
    said = language.read_sentences(settings)
    asset = _assets(app, settings.templates / "static")
    translated.register(app, said, asset)
    language.register(app, settings, said)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=asset, rooms=app.blueprints, demo_sign_ins=settings.demo_sign_ins
    )
    # Before the form token is looked for, which reads the body.
    app.before_request(_allow_uploads)
    CSRFProtect(app)
    Bootstrap5(app)


def _allow_uploads() -> None:
    """Let a large body in where a file is expected; a form's files go to disk."""
    expected = TAKE_FILES.get(request.endpoint or "")
    if expected and request.mimetype in expected[1]:
        request.max_content_length = expected[0]


def _assets(app: Flask, folder: Path) -> Callable[[str], str]:
    """Return a function that gives a static file's address with its digest in it.

    Such an address never changes its content, so browsers may keep it for good.
    """
    addresses: dict[str, str] = {}

    def asset(name: str) -> str:
        if name not in addresses:
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:8]
            addresses[name] = translated.address(app, "static", filename=name, v=digest)
        return addresses[name]

    return asset
