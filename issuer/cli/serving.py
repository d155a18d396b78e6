"""Serving the pages with gunicorn; each worker composes its own office after the fork."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # no types

from issuer.bootstrap import Composition, compose, public_files, published_folder
from issuer.cli.log_lines import write_log_lines
from issuer.config import Settings
from issuer.domain.errors import ConfigurationError, IssuerError
from issuer.jobs.sweeping import start_sweeping
from issuer.web.app import create_app
from issuer.web.settings import DemoSignIn, WebSettings

HOUSEKEEPING_SECONDS = 600
WORKERS = 2
TIMEOUT_SECONDS = 60
_log = logging.getLogger("issuer")


def serve(
    settings: Settings, host: str, port: int, *, sign_ins: tuple[DemoSignIn, ...] = ()
) -> None:
    """Serve until stopped."""
    write_log_lines()
    _Gunicorn(settings, f"{host}:{port}", sign_ins).run()


def require_free(host: str, port: int) -> None:
    """Raise ``ConfigurationError`` when the address cannot be listened on."""
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else "no such host"
        raise ConfigurationError(
            [f"cannot listen on {host}:{port}: {why}. Choose another with --port"]
        ) from error


def make_app(settings: Settings, sign_ins: tuple[DemoSignIn, ...] = ()) -> Flask:
    """Compose an office in this process, start its housekeeping, return its pages."""
    composition = compose(settings)
    threading.Thread(target=_keep_on, args=(composition,), daemon=True).start()
    # So that a small office needs no second process; see 'issuer worker' for a large one.
    services = composition.services
    start_sweeping(threading.Event(), (services.deliveries.sweep, services.message_sending.sweep))
    try:
        secret = settings.session_key_file.read_bytes()
    except OSError as error:
        raise ConfigurationError([f"cannot read {settings.session_key_file}"]) from error
    web = WebSettings(
        secret_key=secret,
        templates=settings.templates_dir,
        secure_cookies=settings.base_url.startswith("https://"),
        demo_sign_ins=sign_ins,
        public_files=public_files(settings),
        published=published_folder(settings),
        trusted_proxies=settings.trusted_proxies,
        security_contact=settings.security_contact,
    )
    return create_app(composition.services, web)


def _keep_on(composition: Composition) -> None:
    while True:
        keep_house(composition)
        time.sleep(HOUSEKEEPING_SECONDS)


def keep_house(composition: Composition) -> None:
    """Take up letters, sweep counters, end and forget what is old, publish what is due.

    To be done at the start and every ten minutes. What fails is tried again next time,
    and does not keep the rest from being done.
    """
    for chore in (
        composition.recovery.run,
        composition.limiter.sweep,
        composition.services.applications.sweep,
        composition.services.citizens.sweep,
        composition.services.resident_imports.sweep,
        composition.services.casework.lapse,
        composition.retention.sweep,
        composition.document_files.sweep,
        composition.publication.publish,
    ):
        try:
            chore()
        except IssuerError as error:
            _log.warning("housekeeping: %s", error.code)
        except OSError as error:
            _log.warning("housekeeping: %s", type(error).__name__)


class _Gunicorn(BaseApplication):  # type: ignore[misc]  # the base has no types
    def __init__(self, settings: Settings, address: str, sign_ins: tuple[DemoSignIn, ...]) -> None:
        self._settings = settings
        self._address = address
        self._sign_ins = sign_ins
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": self._address,
            "workers": WORKERS,
            "timeout": TIMEOUT_SECONDS,
            # An access log would hold QR tokens, and so names.
            "accesslog": None,
            "loglevel": "warning",
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return make_app(self._settings, self._sign_ins)
