"""People who sign in, and their sessions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

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


@dataclass(frozen=True, slots=True, repr=False)
class SignIn:
    """A session on the server. Only the SHA-256 (hex) of its token is stored."""

    token_sha256: str
    account_id: str
    started_at_utc: datetime
    expires_at_utc: datetime
