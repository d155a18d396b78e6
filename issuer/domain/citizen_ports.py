"""What residents' accounts need from the register, as a protocol."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from issuer.domain.citizens import BegunSignIn, Citizen, CounterCode
from issuer.domain.identity_provider import Identity
from issuer.domain.people import Nik


class CitizenRepository(Protocol):
    """Residents' accounts by NIK and e-mail, what they begin with, and what they hold."""

    def save(self, citizen: Citizen) -> None:
        """Insert or write what an account knows of its owner."""

    def find(self, account_id: str) -> Citizen | None: ...
    def by_nik(self, nik: Nik) -> Citizen | None: ...
    def by_email(self, email: str) -> Citizen | None:
        """Return the account with this address, in whatever case it is written, or None."""

    def by_identity(self, identity: Identity) -> Citizen | None:
        """Return the account of somebody whom a provider knows, or None."""

    def used(self, account_id: str, now: datetime) -> None:
        """Note that somebody signed in; of an account that is no resident's, nothing."""

    def unused(self, before_utc: datetime, most: int) -> Sequence[str]:
        """Return the ids of accounts to which nobody has signed in since before then."""

    def remove(self, account_id: str) -> None:
        """Forget the owner of an account and what it holds; twice is once."""

    def give_code(self, given: CounterCode, code: str) -> None:
        """Store a code in the place of any other for this NIK."""

    def by_code(self, code: str) -> CounterCode | None:
        """Return what was given out with this code, ended or not, or None."""

    def code_of(self, nik: Nik) -> CounterCode | None:
        """Return what was given out for this person, ended or not, or None."""

    def take_code(self, code_id: str) -> bool:
        """Remove a code; False when it was gone already."""

    def forget_codes(self, before_utc: datetime) -> int:
        """Remove the codes that ended before; return how many."""

    def begin(self, begun: BegunSignIn) -> None:
        """Keep what a browser has begun."""

    def begun(self, token_sha256: str) -> BegunSignIn | None:
        """Return what a browser has begun, ended or not, or None. Raises ``CorruptStore``."""

    def take_begun(self, token_sha256: str) -> bool:
        """Remove what a browser has begun; False when it was gone already."""

    def forget_begun(self, before_utc: datetime) -> int:
        """Remove what ended before; return how many."""

    def hold(self, account_id: str, application_id: str) -> None:
        """Let an account hold an application; twice is once."""

    def let_go(self, account_id: str, now: datetime) -> None:
        """Let no device have open what an account holds; it is opened anew."""

    def holds(self, account_id: str, application_id: str) -> bool: ...
    def held(self, account_id: str, most: int) -> Sequence[str]:
        """Return the ids of the applications that an account holds, the newest first."""
