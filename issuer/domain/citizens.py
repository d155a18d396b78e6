"""Accounts of residents (warga): what one is bound to, and the code it begins with.

A clerk who has the person with the KTP before him gives out a code for that NIK; whoever
activates it with the date of birth has a *verified* account. It sees every request and
letter about that NIK. Any other account sees what was opened with code and date of birth
while it was signed in, and never a thing by a NIK.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from issuer.domain.people import Nik

COUNTER_CODE_TIME = timedelta(days=7)
"""How long a code from the counter waits for the person who took it home."""

USERNAME_PREFIX = "warga-"
"""An account needs a name of its own in the table of accounts; nobody types this one."""

MAX_SIGN_IN_NAME = 254
MAX_LISTED = 200


@dataclass(frozen=True, slots=True, repr=False)
class Citizen:
    """What an account of a resident knows of its owner.

    ``nik``, ``born`` and ``name`` are there together, once a clerk has seen the person.
    """

    account_id: str
    created_at_utc: datetime
    nik: Nik | None = None
    born: date | None = None
    name: str = ""
    verified_at_utc: datetime | None = None

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
        return [*self.name.split(), *([self.nik.value] if self.nik else []), *days]


@dataclass(frozen=True, slots=True, repr=False)
class CounterCode:
    """What a clerk gave out for a person; of the code itself only a keyed hash is stored."""

    id: str
    nik: Nik
    born: date
    name: str
    expires_at_utc: datetime
