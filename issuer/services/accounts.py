"""Accounts: who there is, their passwords, and signing in with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from issuer.domain.access import Actor, Role
from issuer.domain.account_ports import PasswordHasher, PasswordJudge
from issuer.domain.accounts import USERNAME, Account
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import (
    InvalidInput,
    NotAuthenticated,
    NotFound,
    Problem,
    TooManyAttempts,
)
from issuer.domain.limits import PASSWORD_GUESSES, Asker, Rule
from issuer.domain.ports import Clock, Random, Register
from issuer.domain.second_factor import Owed
from issuer.services.limits import Limits
from issuer.services.refusals import NOBODY, note_refusal
from issuer.services.second_factors import SecondFactors
from issuer.services.sessions import TOKEN_BYTES, Held, Sessions

MIN_PASSWORD = 10
MAX_PASSWORD = 200


class Accounts:
    """Makes accounts, signs people in, and changes their passwords."""

    def __init__(
        self,
        *,
        register: Register,
        hasher: PasswordHasher,
        judge: PasswordJudge,
        sessions: Sessions,
        second_factors: SecondFactors,
        limits: Limits,
        clock: Clock,
        random: Random,
    ) -> None:
        self._register = register
        self._hasher = hasher
        self._judge = judge
        self._sessions = sessions
        self._second_factors = second_factors
        self._limits = limits
        self._clock = clock
        self._random = random
        # An unknown name costs the same time as a wrong password.
        self._decoy = self.no_password()

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
        right = self._hasher.verify(password[: MAX_PASSWORD + 1], stored)
        if not right or account is None or not account.active:
            note_refusal("sign_in", account=account.id if account else NOBODY)
            raise NotAuthenticated
        return account

    def sign_in(
        self, username: str, password: str, asker: Asker, device: str = "?"
    ) -> tuple[str, Account]:
        """Return a fresh session token and the account; a second factor may be owed.

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
        with self._register.writing() as uow:
            whole = self._second_factors.owed(uow, account) is Owed.NOTHING
            token = self._sessions.begin(uow, account, device, whole=whole)
            action = "account.signed_in" if whole else "account.password_given"
            uow.audit.append(self._event(account, action))
            uow.commit()
        return token, account

    def actor(self, username: str) -> Actor:
        """Return whoever has this name, for a command in that name. Raises ``NotFound``."""
        with self._register.reading() as uow:
            account = uow.accounts.by_username(username)
        if account is None or not account.active:
            raise NotFound("account", username)
        return account.actor()

    def prove_again(self, held: Held, password: str) -> None:
        """Ask who is signed in for the password, before what a thief of the session wants.

        Raises ``InvalidInput`` for a wrong one, ``TooManyAttempts``.
        """
        who = held.account.id
        self._limits.hit(Rule.PASSWORD_AGAIN_PER_ACCOUNT, who)
        if not self._hasher.verify(password[: MAX_PASSWORD + 1], held.account.password_hash):
            note_refusal("password_again", account=who)
            raise InvalidInput([Problem("password", "wrong_password")])
        self._limits.give_back(Rule.PASSWORD_AGAIN_PER_ACCOUNT, who)

    def change_password(self, held: Held, password: str, new: str, again: str) -> str:
        """Replace one's own password, end every session, and return a new one's token.

        Raises ``InvalidInput`` with every problem, ``TooManyAttempts``.
        """
        self.prove_again(held, password)
        with self._register.reading() as uow:
            citizen = uow.citizens.find(held.account.id)
        about = citizen.about if citizen else names_of(held.account)
        hashed = self.hash_chosen(about, new, again)
        with self._register.writing() as uow:
            account = uow.accounts.get(held.account.id)
            if account != held.account:
                # Changed, moved or closed meanwhile, which ended this session too.
                raise NotAuthenticated
            uow.accounts.save(replace(account, password_hash=hashed))
            uow.accounts.remove_sign_ins(account.id)
            uow.citizens.let_go(account.id, self._clock.now())
            token = self._sessions.begin(uow, account, held.sign_in.device)
            uow.audit.append(self._event(account, "account.password_changed"))
            uow.commit()
        return token

    def hash_chosen(self, about: Sequence[str], new: str, again: str) -> str:
        """Return what to store of a password that a person chose. Raises ``InvalidInput``.

        ``about`` is what whoever knows the person tries first.
        """
        problems = []
        if not MIN_PASSWORD <= len(new) <= MAX_PASSWORD:
            problems.append(Problem("new", "bad_password", {"least": MIN_PASSWORD}))
        elif self._judge.easily_guessed(new, about):
            problems.append(Problem("new", "easy_password"))
        if new != again:
            problems.append(Problem("again", "not_the_same"))
        if problems:
            raise InvalidInput(problems)
        return self._hasher.hash(new)

    def no_password(self) -> str:
        """Return what nothing that can be typed fits."""
        return self._hasher.hash(self._random.token_bytes(TOKEN_BYTES).hex())

    def _event(self, account: Account, action: str) -> AuditEvent:
        return AuditEvent(self._clock.now(), account.id, action, account.id, {})


def names_of(account: Account) -> list[str]:
    """Return the names that no password of this account may consist of."""
    return [account.username, *account.full_name.split()]
