"""What a device shows to go on with an application: a cookie with its code and token.

No script reads it, no other site sends it, and it ends with the browser. The code is in
it so that every page can show it; the server itself does not know it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Response, request

from issuer.domain.application import Application
from issuer.domain.codes import read_code
from issuer.domain.errors import NotFound
from issuer.services import Services
from issuer.services.applications import Opened
from issuer.web.settings import WebSettings

_TOKEN = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """What this device has open."""

    application: Application
    code: str
    token: str


class Capability:
    """Reads and writes the cookie. The prefix ties it to this host and to https."""

    def __init__(self, services: Services, settings: WebSettings) -> None:
        self._services = services
        self._secure = settings.secure_cookies
        self._name = "__Host-permohonan" if settings.secure_cookies else "permohonan"

    def held(self) -> Held | None:
        """Return what this device has open, or None where it must ask again."""
        code, _, token = request.cookies.get(self._name, "").partition(".")
        # A request that an account opened is held without its code, which nobody typed.
        if (code and read_code(code) != code) or not _TOKEN.fullmatch(token):
            return None
        try:
            return Held(self._services.applications.held_by(token), code, token)
        except NotFound:
            return None

    def give(self, response: Response, opened: Opened) -> Response:
        """Let this device hold what it opened."""
        response.set_cookie(
            self._name,
            f"{opened.code}.{opened.token}",
            secure=self._secure,
            httponly=True,
            samesite="Lax",
            path="/",
        )
        return response

    def take_away(self, response: Response) -> Response:
        """Let this device hold nothing."""
        response.delete_cookie(self._name, secure=self._secure, httponly=True, path="/")
        return response
