"""Another office that says who somebody is, by OpenID Connect: what is asked and answered.

It vouches for an account, not for a person of the register: what it says of a name or a
NIK is not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

ASKED_TIME = timedelta(minutes=10)
"""How long somebody may take to sign in there."""

FRESH_FOR = timedelta(minutes=10)
"""How long after a sign-in who has no password here needs prove himself no further."""

RETURN_PATH = "/masuk/sso/kembali"
"""Where that office sends people back to; registered there."""

MAX_SUBJECT = 255
"""OpenID Connect Core 1.0, section 2."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody, as one provider knows him: neither part says anything without the other."""

    issuer: str
    subject: str


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """The secrets of one sign-in, which its answer has to fit.

    ``state`` comes back in the address, ``nonce`` in the signed token; ``verifier`` is
    shown to the provider alone, with the code (RFC 7636).
    """

    state: str
    nonce: str
    verifier: str


class IdentityProvider(Protocol):
    """The provider that this office has chosen. Both raise ``DependencyUnavailable``."""

    @property
    def label(self) -> str:
        """What people know it by."""

    def address(self, asked: Asked) -> str:
        """Return the page of the provider that the browser is sent to."""

    def identity(self, code: str, asked: Asked) -> Identity:
        """Return whom the provider signed in. Raises ``NotAuthenticated`` for any other answer."""


class IdTokens(Protocol):
    """Reads the provider's signed statements."""

    def subject(
        self,
        token: str,
        keys: Mapping[str, object],
        *,
        nonce: str,
        access_token: str,
        now: datetime,
    ) -> str:
        """Return whom a token is about.

        Raises ``UnknownKey`` when none of the keys is named in it, and
        ``NotAuthenticated`` for everything that is not as it must be.
        """


class UnknownKey(Exception):
    """The token names a key that is not among those known: they may have changed."""
