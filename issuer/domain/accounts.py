"""People who sign in, and their sessions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from issuer.domain.access import Actor, Role

USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}", re.ASCII)


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """A member of staff or a resident with a way to sign in."""

    id: str
    username: str
    full_name: str
    role: Role
    agency_code: str | None
    password_hash: str
    active: bool = True

    def __repr__(self) -> str:
        return f"Account(username={self.username!r}, role={self.role.value!r})"

    def actor(self) -> Actor:
        """Return this person as somebody who acts."""
        return Actor(self.id, self.role, self.agency_code)


SESSION_LENGTH = timedelta(hours=8)
SESSION_IDLE = timedelta(hours=1)
"""A working day, and a lunch break: whoever leaves a counter open is asked again."""

SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is known when a session was last used; finer would be a write a page."""


@dataclass(frozen=True, slots=True, repr=False)
class SignIn:
    """A session on the server. Only the SHA-256 (hex) of its token is stored.

    ``id`` names it in lists, where its token may not stand; ``device`` is what the
    browser calls itself, in two words. One that is not ``whole`` knows the password and
    still owes the second factor: it opens nothing but the way to that.
    """

    token_sha256: str
    account_id: str
    started_at_utc: datetime
    expires_at_utc: datetime
    id: str
    last_seen_at_utc: datetime
    device: str
    whole: bool = True

    def live(self, now_utc: datetime) -> bool:
        """Say whether it still holds: not too old, and not left alone for too long."""
        return now_utc < self.expires_at_utc and now_utc - self.last_seen_at_utc < SESSION_IDLE
