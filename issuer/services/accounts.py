"""Accounts: sign in, stay signed in, sign out.

The cookie holds a random token; the server stores its hash only and looks the
role up on every request, so that a withdrawn role ends at once.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from issuer.domain.access import Actor, Role
from issuer.domain.accounts import USERNAME, Account, SignIn
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import (
    InvalidInput,
    NotAuthenticated,
    NotFound,
    Problem,
    TooManyAttempts,
)
from issuer.domain.limits import PASSWORD_GUESSES, Asker
from issuer.domain.ports import Clock, PasswordHasher, Random, Register
from issuer.services.limits import Limits

SESSION_LENGTH = timedelta(hours=8)
MIN_PASSWORD = 10
MAX_PASSWORD = 200
_TOKEN_BYTES = 32


class Accounts:
    """Signs people in and out."""

    def __init__(
        self,
        *,
        register: Register,
        hasher: PasswordHasher,
        limits: Limits,
        clock: Clock,
        random: Random,
    ) -> None:
        self._register = register
        self._hasher = hasher
        self._limits = limits
        self._clock = clock
        self._random = random
        # An unknown name costs the same time as a wrong password.
        self._decoy = hasher.hash(random.token_bytes(_TOKEN_BYTES).hex())

    def create(
        self, *, username: str, password: str, full_name: str, role: Role, agency_code: str | None
    ) -> Account:
        """Add an account. Raises ``InvalidInput`` for an unusable name or password."""
        problems = []
        if not USERNAME.fullmatch(username):
            problems.append(Problem("username", "bad_username"))
        if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
            problems.append(Problem("password", "bad_password", {"least": MIN_PASSWORD}))
        if problems:
            raise InvalidInput(problems)
        account = Account(
            id=self._random.token_bytes(16).hex(),
            username=username,
            full_name=full_name,
            role=role,
            agency_code=agency_code,
            password_hash=self._hasher.hash(password),
        )
        with self._register.writing() as uow:
            uow.accounts.add(account)
            uow.audit.append(self._event(account, "account.created"))
            uow.commit()
        return account

    def authenticate(self, username: str, password: str) -> Account:
        """Return the account of a name and its password. Raises ``NotAuthenticated``."""
        with self._register.reading() as uow:
            account = uow.accounts.by_username(username) if USERNAME.fullmatch(username) else None
        stored = account.password_hash if account else self._decoy
        if not self._hasher.verify(password[: MAX_PASSWORD + 1], stored):
            raise NotAuthenticated
        if account is None or not account.active:
            raise NotAuthenticated
        return account

    def sign_in(self, username: str, password: str, asker: Asker) -> tuple[str, Account]:
        """Return a fresh session token and the account.

        Raises ``NotAuthenticated``, and ``TooManyAttempts`` after as much work, whether
        there is such an account or not.
        """
        if not USERNAME.fullmatch(username):
            raise NotAuthenticated
        # What an address may do at all tells nothing of an account and is refused at once.
        self._limits.require(PASSWORD_GUESSES.all, asker.network)
        try:
            right = self._limits.guess(PASSWORD_GUESSES, asker, username)
        except TooManyAttempts:
            self._hasher.verify(password[: MAX_PASSWORD + 1], self._decoy)
            raise
        account = self.authenticate(username, password)
        right()
        token = self._random.token_bytes(_TOKEN_BYTES).hex()
        now = self._clock.now()
        with self._register.writing() as uow:
            uow.accounts.add_sign_in(SignIn(_hash(token), account.id, now, now + SESSION_LENGTH))
            uow.audit.append(self._event(account, "account.signed_in"))
            uow.commit()
        return token, account

    def actor(self, username: str) -> Actor:
        """Return whoever has this name, for a command in that name. Raises ``NotFound``."""
        with self._register.reading() as uow:
            account = uow.accounts.by_username(username)
        if account is None or not account.active:
            raise NotFound("account", username)
        return account.actor()

    def whoever_holds(self, token: str) -> Account:
        """Return the account of a session token. Raises ``NotAuthenticated``."""
        with self._register.reading() as uow:
            sign_in = uow.accounts.find_sign_in(_hash(token))
            if sign_in is None or sign_in.expires_at_utc <= self._clock.now():
                raise NotAuthenticated
            account = uow.accounts.get(sign_in.account_id)
        if not account.active:
            raise NotAuthenticated
        return account

    def sign_out(self, token: str) -> None:
        """End a session; ending it twice is no error."""
        with self._register.writing() as uow:
            uow.accounts.remove_sign_in(_hash(token))
            uow.commit()

    def _event(self, account: Account, action: str) -> AuditEvent:
        return AuditEvent(self._clock.now(), account.id, action, account.id, {})


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
