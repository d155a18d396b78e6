"""Accounts of residents (warga): what one is bound to, and the code it begins with.

A clerk who has the person with the KTP before him gives out a code for that NIK; whoever
activates it with the date of birth has a *verified* account. It sees every request and
letter about that NIK. Any other account, begun with a code sent by e-mail, sees what was
opened with code and date of birth while it was signed in, and never a thing by a NIK.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from issuer.domain.identity_provider import Identity
from issuer.domain.people import Nik

COUNTER_CODE_TIME = timedelta(days=7)
"""How long a code from the counter waits for the person who took it home."""

MAIL_CODE_TIME = timedelta(minutes=30)
"""How long a code sent by e-mail waits, on the device that asked for it and no other."""

USERNAME_PREFIX = "warga-"
"""An account needs a name of its own in the table of accounts; nobody types this one."""

MAX_SIGN_IN_NAME = 254
MAX_LISTED = 200


@dataclass(frozen=True, slots=True, repr=False)
class Citizen:
    """What an account of a resident knows of its owner.

    ``nik``, ``born`` and ``name`` are there together, once a clerk has seen the person.
    Whoever has an ``identity`` signs in by its provider and has no password here.
    """

    account_id: str
    created_at_utc: datetime
    nik: Nik | None = None
    born: date | None = None
    name: str = ""
    verified_at_utc: datetime | None = None
    email: str = ""
    identity: Identity | None = None

    def __repr__(self) -> str:
        return f"Citizen(account_id={self.account_id!r}, verified={self.verified})"

    @property
    def verified(self) -> bool:
        """Whether a clerk has seen whose account it is."""
        return self.nik is not None

    @property
    def about(self) -> list[str]:
        """What somebody who knows the person would try as a password."""
        born = self.born
        days = [f"{born:%d%m%Y}", f"{born:%Y%m%d}", f"{born:%d%m%y}"] if born else []
        mail = [self.email, *re.split(r"[^A-Za-z0-9]+", self.email)] if self.email else []
        return [*self.name.split(), *([self.nik.value] if self.nik else []), *days, *mail]


@dataclass(frozen=True, slots=True, repr=False)
class CounterCode:
    """What a clerk gave out for a person; of the code itself only a keyed hash is stored."""

    id: str
    nik: Nik
    born: date
    name: str
    expires_at_utc: datetime


@dataclass(frozen=True, slots=True, repr=False)
class BegunSignIn:
    """What a browser has begun and is to come back with: found by a token it alone has.

    Stored by the SHA-256 (hex) of the token; ``content`` is sealed.
    """

    token_sha256: str
    content: Mapping[str, str]
    expires_at_utc: datetime
