"""Officers: which account is which signatory, and the PIN by which he agrees to sign."""

from __future__ import annotations

from issuer.domain.access import Actor, Permission, Role, Subject, require
from issuer.domain.account_ports import PasswordHasher
from issuer.domain.accounts import Account
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, NotFound, NotPermitted, Problem
from issuer.domain.limits import Rule
from issuer.domain.officers import MOST_DIGITS, Officer, check_new_pin
from issuer.domain.ports import Clock, Register, UnitOfWork
from issuer.services.limits import Limits


class Officers:
    """Links accounts to signatories, and asks for PINs."""

    def __init__(
        self, *, register: Register, hasher: PasswordHasher, limits: Limits, clock: Clock
    ) -> None:
        self._register = register
        self._hasher = hasher
        self._limits = limits
        self._clock = clock

    def link(self, actor: Actor, username: str, signatory_id: str, pin: str | None) -> Officer:
        """Say which signatory an account is, and give it a PIN or none; both replace what was.

        Raises ``NotPermitted``, ``NotFound``, and ``InvalidInput`` for a PIN that is easily
        guessed or an account that is not a signatory's.
        """
        require(actor, Permission.KEEP_OFFICERS, Subject())
        if pin is not None:
            check_new_pin(pin, pin)
        hashed = None if pin is None else self._hasher.hash(pin)
        with self._register.writing() as uow:
            account = uow.accounts.by_username(username)
            if account is None:
                raise NotFound("account", username)
            if account.role is not Role.SIGNATORY or account.agency_code is None:
                raise InvalidInput([Problem("username", "no_signatory_s_account")])
            uow.signatories.get(signatory_id)
            officer = Officer(account.id, signatory_id, hashed)
            uow.officers.put(officer)
            has_pin = "no" if pin is None else "yes"
            self._note(
                uow, actor, "officer.linked", account.id, signatory=signatory_id, pin=has_pin
            )
            uow.commit()
        return officer

    def listed(self, actor: Actor) -> list[tuple[Account, Officer]]:
        """Return every officer with the account. Raises ``NotPermitted``."""
        require(actor, Permission.KEEP_OFFICERS, Subject())
        with self._register.reading() as uow:
            return [(uow.accounts.get(one.account_id), one) for one in uow.officers.list()]

    def of(self, actor: Actor) -> Officer:
        """Return the officer that somebody is. Raises ``NotPermitted``."""
        require(actor, Permission.ISSUE_LETTER, Subject(actor.agency_code, actor.id))
        with self._register.reading() as uow:
            officer = uow.officers.find(actor.id)
        if officer is None:
            raise NotPermitted("sign_as_officer")
        return officer

    def prove(self, actor: Actor, pin: str) -> Officer:
        """Return the officer whose PIN this is.

        Counted before it is looked at, so that a thousand tries at one moment are a
        thousand. Raises ``NotPermitted``, ``InvalidInput`` for a wrong PIN or an officer
        who has none, and ``TooManyAttempts``.
        """
        officer = self.of(actor)
        if officer.pin_hash is None:
            raise InvalidInput([Problem("pin", "no_pin")])
        self._limits.hit(Rule.PRESENCE_PER_OFFICER, actor.id)
        if not self._hasher.verify(pin[: MOST_DIGITS + 1], officer.pin_hash):
            with self._register.writing() as uow:
                self._note(uow, actor, "officer.wrong_pin", actor.id)
                uow.commit()
            raise InvalidInput([Problem("pin", "wrong_pin")])
        self._limits.give_back(Rule.PRESENCE_PER_OFFICER, actor.id)
        return officer

    def change_pin(self, actor: Actor, pin: str, new: str, again: str) -> None:
        """Replace one's own PIN. Raises what ``prove`` raises, and ``InvalidInput``."""
        officer = self.prove(actor, pin)
        check_new_pin(new, again)
        changed = Officer(officer.account_id, officer.signatory_id, self._hasher.hash(new))
        with self._register.writing() as uow:
            if uow.officers.find(actor.id) != officer:
                raise NotPermitted("sign_as_officer")
            uow.officers.put(changed)
            self._note(uow, actor, "officer.pin_changed", actor.id)
            uow.commit()

    def _note(
        self, uow: UnitOfWork, actor: Actor, action: str, account_id: str, **facts: str | int
    ) -> None:
        uow.audit.append(AuditEvent(self._clock.now(), actor.id, action, account_id, facts))
