"""Codes of authenticator applications (TOTP, RFC 6238)."""

from __future__ import annotations

from datetime import datetime
from typing import Final, final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from issuer.domain.second_factor import CODE_DIGITS, CODE_PERIOD_SECONDS

_NEIGHBOURS: Final = (-1, 0, 1)
"""A telephone's clock may be half a minute off; RFC 6238, section 5.2, allows one period."""


@final
class TimedCodes:
    """A ``OneTimeCodes``. ``issuer`` stands beside the user name in the application."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    def step(self, secret: bytes, code: str, at_utc: datetime) -> int | None:
        """Return the period whose code this is, the present one or a neighbour, or None.

        All three are compared, each in constant time.
        """
        now = int(at_utc.timestamp()) // CODE_PERIOD_SECONDS
        found = None
        for step in (now + offset for offset in _NEIGHBOURS):
            if step >= 0 and _is_of(secret, code, step):
                found = step
        return found

    def address(self, secret: bytes, username: str) -> str:
        """Return the ``otpauth://`` address that an application takes the secret from."""
        return _generator(secret).get_provisioning_uri(username, self._issuer)


def _is_of(secret: bytes, code: str, step: int) -> bool:
    try:
        _generator(secret).verify(code.encode("ascii"), step * CODE_PERIOD_SECONDS)
    except InvalidToken:
        return False
    return True


def _generator(secret: bytes) -> TOTP:
    # SHA-1 as a MAC is sound, and the only one that every application knows.
    return TOTP(secret, CODE_DIGITS, SHA1(), CODE_PERIOD_SECONDS)  # noqa: S303
