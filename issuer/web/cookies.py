"""Sessions of those who bring a cookie, and of those who are about to get one."""

from __future__ import annotations

import hashlib

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface


class SessionsByCookie(SecureCookieSessionInterface):
    """Flask's signed cookie. Most visitors verify a letter and never have one.

    Making what checks the signature takes longer than seeing that there is none.
    """

    # Flask's own is SHA-1, which is for what exists already and for nothing new.
    digest_method = staticmethod(hashlib.sha256)

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the session of the cookie, or an empty one."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)
