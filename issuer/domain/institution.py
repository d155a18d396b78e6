"""Institutions (a bank, a school, a court) that check letters by machine.

One has keys, scopes and a daily quota. A key is shown once; the register holds its
SHA-256 only, which is enough for 256 random bits.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

KEY_BYTES = 32
_PREFIX = "issuer_"  # so that a scanner for leaked secrets knows one
_KEY = re.compile(_PREFIX + r"[A-Za-z0-9_-]{43}", re.ASCII)


class Scope(StrEnum):
    """What an institution may do; a stable code."""

    VERIFY = "verify"
    VERIFY_BATCH = "verify_batch"
    WEBHOOKS = "webhooks"


@dataclass(frozen=True, slots=True)
class Institution:
    """Who asks. ``daily_quota`` counts letters asked about in a day of the regency.

    ``webhook_url`` is where it wants to be told of letters it checked; its signing
    secret stays in the register.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    daily_quota: int
    created_at_utc: datetime
    active: bool = True
    webhook_url: str | None = None

    @property
    def told_by_webhook(self) -> bool:
        """Whether it is told of letters that end."""
        return self.active and self.webhook_url is not None and Scope.WEBHOOKS in self.scopes


@dataclass(frozen=True, slots=True, repr=False)
class ApiKey:
    """A key of an institution; several may be good at once, so that one can be exchanged."""

    id: str
    institution_id: str
    sha256: str
    created_at_utc: datetime
    revoked_at_utc: datetime | None = None


def key_text(key: bytes) -> str:
    """Return the key as it is shown and sent."""
    return _PREFIX + base64.urlsafe_b64encode(key).rstrip(b"=").decode()


def key_sha256(text: str) -> str | None:
    """Return what the register knows of a key, or None for what cannot be one."""
    return hashlib.sha256(text.encode()).hexdigest() if _KEY.fullmatch(text) else None
