"""Accounts of others: invited, given another role, closed, and let in again.

Nobody is ever told a password. An account begins, and begins again, with a code that is
shown once, works once and ends in a week; with it its owner chooses the password.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest

from issuer.domain.access import Actor, Permission, Role, Subject, require
from issuer.domain.account_ports import PasswordHasher
from issuer.domain.accounts import USERNAME, Account
from issuer.domain.administration import (
    ACTIVATION_TIME,
    GRANTS,
    WITHIN_AN_AGENCY,
    Activation,
    new_activation_code,
    read_activation_code,
    require_over,
    require_over_account,
    shown_activation_code,
)
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, NotAuthenticated, NotFound, Problem
from issuer.domain.limits import PASSWORD_GUESSES, Asker
from issuer.domain.ports import Clock, Random, Register, UnitOfWork
from issuer.domain.text import TextRefused, plain_text
from issuer.services.accounts import Accounts, names_of
from issuer.services.limits import Limits
from issuer.services.refusals import NOBODY, note_refusal

MAX_NAME = 80
_ID_BYTES = 16


@dataclass(frozen=True, slots=True)
class Dossier:
    """An account as its administrator sees it."""

    account: Account
    code_until_utc: datetime | None
    second_factor_since_utc: datetime | None
    sessions: int


@dataclass(frozen=True, slots=True, repr=False)
class Invitation:
    """What is handed over, once: the account, its code as printed, and until when it works."""

    account: Account
    code: str
    until_utc: datetime


class Administration:
    """Manages the accounts of others."""

    def __init__(
        self,
        *,
        register: Register,
        accounts: Accounts,
        hasher: PasswordHasher,
        limits: Limits,
        clock: Clock,
        random: Random,
    ) -> None:
        self._register = register
        self._accounts = accounts
        self._hasher = hasher
        self._limits = limits
        self._clock = clock
        self._random = random

    def grantable(self, actor: Actor) -> list[Role]:
        """Return the roles that the actor may give, in the order of the table."""
        return [role for role in Role if role in GRANTS[actor.role]]

    def listed(self, actor: Actor, agency_code: str | None = None) -> list[Account]:
        """Return the accounts of an agency, or all. Raises ``NotPermitted``."""
        require(actor, Permission.MANAGE_ACCOUNTS, Subject(agency_code))
        with self._register.reading() as uow:
            return list(uow.accounts.list(agency_code))

    def one(self, actor: Actor, account_id: str) -> Dossier:
        """Return one account. Raises ``NotFound`` or ``NotPermitted``."""
        now = self._clock.now()
        with self._register.reading() as uow:
            account = uow.accounts.get(account_id)
            require(actor, Permission.MANAGE_ACCOUNTS, Subject(account.agency_code))
            activation = uow.accounts.activation(account_id)
            generator = uow.second_factors.generator(account_id)
            sessions = [one for one in uow.accounts.sign_ins(account_id) if one.live(now)]
        until = activation.expires_at_utc if activation else None
        since = generator.confirmed_at_utc if generator else None
        return Dossier(account, until, since, len(sessions))

    def may_change(self, actor: Actor, account: Account) -> bool:
        """Say whether the table lets the actor change this account at all."""
        return actor.id != account.id and account.role in GRANTS[actor.role]

    def invite(
        self, actor: Actor, *, username: str, full_name: str, role: str, agency_code: str | None
    ) -> Invitation:
        """Add an account that waits for its first password.

        Raises ``InvalidInput`` with every problem, ``NotPermitted``.
        """
        require(actor, Permission.MANAGE_ACCOUNTS, Subject(actor.agency_code))
        problems = []
        if not USERNAME.fullmatch(username):
            problems.append(Problem("username", "bad_username"))
        name = _checked_name(full_name, problems)
        given = _checked_role(role, problems)
        code = agency_code or None
        if given is not None:
            code = self._place_of(given, code, problems)
        if given is None or problems:
            raise InvalidInput(problems)
        require_over(actor, given, code)
        account = Account(
            id=self._random.token_bytes(_ID_BYTES).hex(),
            username=username,
            full_name=name,
            role=given,
            agency_code=code,
            password_hash=self._no_password(),
        )
        with self._register.writing() as uow:
            if uow.accounts.by_username(username) is not None:
                raise InvalidInput([Problem("username", "username_taken")])
            uow.accounts.add(account)
            self._record(uow, actor, account, "account.created")
            invitation = self._invited(uow, account)
            uow.commit()
        return invitation

    def invite_again(self, actor: Actor, account_id: str) -> Invitation:
        """Let somebody who lost the password or the telephone begin anew.

        The password, the second factor and every session end now. Raises ``NotPermitted``.
        """
        without = self._no_password()
        with self._register.writing() as uow:
            account = uow.accounts.get(account_id)
            require_over_account(actor, account)
            account = replace(account, password_hash=without)
            uow.accounts.save(account)
            uow.second_factors.forget(account.id)
            uow.passkeys.forget(account.id)
            uow.accounts.remove_sign_ins(account.id)
            self._record(uow, actor, account, "account.reset")
            invitation = self._invited(uow, account)
            uow.commit()
        return invitation

    def set_role(
        self, actor: Actor, account_id: str, role: str, agency_code: str | None
    ) -> Account:
        """Give another role, perhaps elsewhere; every session ends.

        Raises ``InvalidInput``, ``NotPermitted``.
        """
        require(actor, Permission.MANAGE_ACCOUNTS, Subject(actor.agency_code))
        problems: list[Problem] = []
        given = _checked_role(role, problems)
        code = agency_code or None
        if given is not None:
            code = self._place_of(given, code, problems)
        if given is None or problems:
            raise InvalidInput(problems)
        role_now = given

        def moved(old: Account) -> Account:
            return replace(old, role=role_now, agency_code=code)

        return self._changed(actor, account_id, "account.role_set", moved)

    def set_active(self, actor: Actor, account_id: str, *, active: bool) -> Account:
        """Close an account, or open it again; every session ends. Raises ``NotPermitted``."""
        action = "account.opened" if active else "account.closed"
        return self._changed(actor, account_id, action, lambda old: replace(old, active=active))

    def activate(self, username: str, typed: str, new: str, again: str, asker: Asker) -> Account:
        """Choose the first password by the code that was handed over; the code then ends.

        Raises ``NotAuthenticated`` for a name and a code that do not belong together,
        ``InvalidInput`` for a password that will not do, ``TooManyAttempts``.
        """
        if not USERNAME.fullmatch(username):
            raise NotAuthenticated
        right = self._limits.guess(PASSWORD_GUESSES, asker, username)
        code_sha256 = _hash(read_activation_code(typed))
        account = self._waiting(username, code_sha256)
        right()
        hashed = self._accounts.hash_chosen(names_of(account), new, again)
        with self._register.writing() as uow:
            activation = uow.accounts.activation(account.id)
            if activation is None or uow.accounts.get(account.id) != account:
                raise NotAuthenticated
            account = replace(account, password_hash=hashed)
            uow.accounts.save(account)
            uow.accounts.remove_activation(account.id)
            self._record(uow, account.actor(), account, "account.activated")
            uow.commit()
        return account

    # --- what these share ------------------------------------------------------------

    def _waiting(self, username: str, code_sha256: str) -> Account:
        with self._register.reading() as uow:
            account = uow.accounts.by_username(username)
            activation = uow.accounts.activation(account.id) if account else None
        stored = activation.code_sha256 if activation else _hash("")
        fits = compare_digest(code_sha256, stored)
        if account is None or activation is None or not fits or not account.active:
            note_refusal("activation", account=account.id if account else NOBODY)
            raise NotAuthenticated
        if activation.expires_at_utc <= self._clock.now():
            raise NotAuthenticated
        return account

    def _changed(
        self, actor: Actor, account_id: str, action: str, change: Callable[[Account], Account]
    ) -> Account:
        with self._register.writing() as uow:
            before = uow.accounts.get(account_id)
            require_over_account(actor, before)
            account = change(before)
            require_over(actor, account.role, account.agency_code)
            uow.accounts.save(account)
            uow.accounts.remove_sign_ins(account.id)
            if not account.active:
                uow.accounts.remove_activation(account.id)
            self._record(uow, actor, account, action)
            uow.commit()
        return account

    def _place_of(self, role: Role, agency_code: str | None, problems: list[Problem]) -> str | None:
        """Return where a role is held: in an agency that there is, or in none."""
        if role not in WITHIN_AN_AGENCY:
            return None
        if agency_code is None:
            problems.append(Problem("agency", "required"))
            return None
        try:
            with self._register.reading() as uow:
                return uow.agencies.get(agency_code).code
        except NotFound:
            problems.append(Problem("agency", "no_such_agency"))
            return None

    def _invited(self, uow: UnitOfWork, account: Account) -> Invitation:
        code = new_activation_code(self._random.below)
        until = self._clock.now() + ACTIVATION_TIME
        uow.accounts.set_activation(Activation(account.id, _hash(code), until))
        return Invitation(account, shown_activation_code(code), until)

    def _no_password(self) -> str:
        """Return what nothing that can be typed fits."""
        return self._hasher.hash(self._random.token_bytes(_ID_BYTES * 2).hex())

    def _record(self, uow: UnitOfWork, actor: Actor, account: Account, action: str) -> None:
        facts = {"role": account.role.value, "agency": account.agency_code or "-"}
        uow.audit.append(AuditEvent(self._clock.now(), actor.id, action, account.id, facts))


def _checked_name(full_name: str, problems: list[Problem]) -> str:
    try:
        return plain_text(full_name, MAX_NAME)
    except TextRefused as refused:
        problems.append(Problem("full_name", refused.code, refused.facts))
        return ""


def _checked_role(role: str, problems: list[Problem]) -> Role | None:
    if role in set(Role):
        return Role(role)
    problems.append(Problem("role", "required"))
    return None


def _hash(code: str) -> str:
    return sha256(code.encode("utf-8", "surrogatepass")).hexdigest()
