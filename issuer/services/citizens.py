"""Residents' accounts: given out at the counter, activated at home, signed in to, removed.

Who is who is settled once, by a clerk with the KTP in his hand. From then on the account
stands for that NIK; the code the clerk gives out is of no use without the date of birth.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256

from issuer.domain.access import Actor, Permission, Role, Subject, require
from issuer.domain.accounts import Account
from issuer.domain.audit import AuditEvent
from issuer.domain.citizens import (
    COUNTER_CODE_TIME,
    MAX_SIGN_IN_NAME,
    USERNAME_PREFIX,
    Citizen,
    CounterCode,
)
from issuer.domain.codes import new_code, read_code
from issuer.domain.errors import InvalidInput, NotAuthenticated, Problem
from issuer.domain.identity_provider import FRESH_FOR
from issuer.domain.limits import Asker, Rule
from issuer.domain.messages import is_email
from issuer.domain.office import Office
from issuer.domain.people import MAX_NAME, OLDEST_BIRTH_YEAR, Nik
from issuer.domain.ports import Clock, Random, Register, UnitOfWork
from issuer.domain.text import TextRefused, plain_text
from issuer.services.accounts import Accounts
from issuer.services.limits import Limits
from issuer.services.refusals import note_refusal
from issuer.services.residents import in_charge_of
from issuer.services.sessions import Held, Sessions

_ID_BYTES = 16
_A_SWEEP = 500
_NOBODY = "tamu-"
"""Begins the name of nobody: what is counted and compared where there is no account."""


@dataclass(frozen=True, slots=True, repr=False)
class GivenCode:
    """What a clerk hands over, once. ``again`` says that the person had an account before."""

    code: str
    name: str
    nik: Nik
    until_utc: datetime
    again: bool


class Citizens:
    """Keeps residents' accounts."""

    def __init__(
        self,
        *,
        register: Register,
        accounts: Accounts,
        sessions: Sessions,
        limits: Limits,
        clock: Clock,
        random: Random,
        office: Office,
    ) -> None:
        self._register = register
        self._accounts = accounts
        self._sessions = sessions
        self._limits = limits
        self._clock = clock
        self._random = random
        self._office = office

    # --- at the counter ---------------------------------------------------------------

    def give_code(
        self, actor: Actor, agency_code: str, nik: str, born: date | None, name: str
    ) -> GivenCode:
        """Return a code for whoever stands at the counter with this KTP.

        The name of somebody who lives where the agency is in charge comes from the
        register of residents; anybody else's is typed. A code given before ends. Raises
        ``InvalidInput`` with every problem, ``NotPermitted``, ``TooManyAttempts``.
        """
        require(actor, Permission.VERIFY_CITIZENS, Subject(agency_code))
        self._limits.hit(Rule.RESIDENTS_PER_ACCOUNT, actor.id)
        now = self._clock.now()
        problems: list[Problem] = []
        number = _read_nik(nik, problems)
        day = self._read_birth(born, problems)
        if number is None or day is None:
            raise InvalidInput(problems)
        with self._register.writing() as uow:
            resident = uow.residents.by_nik(number)
            if resident is not None and resident.agency_code not in in_charge_of(uow, agency_code):
                resident = None  # what other agencies know of a person is not told here
            if resident is None:
                named = _read_name(name, problems)
            else:
                named = resident.holder.name
                if resident.holder.birth_date != day:
                    problems.append(Problem("born", "not_as_registered"))
            if problems:
                raise InvalidInput(problems)
            code = new_code(self._random.below)
            until = now + COUNTER_CODE_TIME
            given = CounterCode(self._new_id(), number, day, named, until)
            uow.citizens.give_code(given, code)
            before = uow.citizens.by_nik(number)
            subject = before.account_id if before else given.id
            facts: dict[str, str | int] = {"agency": agency_code, "again": int(bool(before))}
            uow.audit.append(AuditEvent(now, actor.id, "citizen.code_given", subject, facts))
            uow.commit()
        return GivenCode(code, named, number, until, before is not None)

    # --- at home ----------------------------------------------------------------------

    def activate(
        self, typed: str, born: date | None, new: str, again: str, asker: Asker, device: str
    ) -> str:
        """Choose a password by a code from the counter; return the token of a session.

        Who had a verified account has it still, with everything in it: the old password,
        the second factor, passkeys and every session end. Raises ``NotAuthenticated`` for a code
        and a date that do not belong together, ``InvalidInput``, ``TooManyAttempts``.
        """
        given = self._given(typed, born, asker)
        about = Citizen("", self._clock.now(), given.nik, given.born, given.name).about
        hashed = self._accounts.hash_chosen(about, new, again)
        now = self._clock.now()
        with self._register.writing() as uow:
            if not uow.citizens.take_code(given.id):
                raise NotAuthenticated
            known = uow.citizens.by_nik(given.nik)
            if known is None:
                account = self.add_account(uow, hashed)
                known = Citizen(account.id, now)
            else:
                account = replace(uow.accounts.get(known.account_id), password_hash=hashed)
                uow.accounts.save(account)
                uow.second_factors.forget(account.id)
                uow.passkeys.forget(account.id)
                uow.accounts.remove_sign_ins(account.id)
                uow.citizens.let_go(account.id, now)
            self._bind(uow, known, given)
            token = self._sessions.begin(uow, account, device)
            uow.audit.append(_event(now, account, "account.activated"))
            uow.commit()
        return token

    def sign_in(self, name: str, password: str, asker: Asker, device: str) -> tuple[str, Account]:
        """Return a fresh session token and the account; a second factor may be owed.

        By NIK, or by e-mail address where the account began with one. Raises
        ``NotAuthenticated`` and ``TooManyAttempts``, as ``Accounts.sign_in``: for a name
        that has no account too, and after as much work.
        """
        return self._accounts.sign_in(self._username(name), password, asker, device)

    def of(self, held: Held) -> Citizen:
        """Return what one's own account knows of its owner."""
        with self._register.reading() as uow:
            return self._of(uow, held.account)

    def remove(self, held: Held, password: str) -> None:
        """Remove one's own account: nobody signs in to it again, nothing of its owner is kept.

        Requests and letters stay: they are records of the office. Whoever has no password
        has signed in just now. Raises ``InvalidInput``, ``TooManyAttempts``.
        """
        if self.of(held).identity is None:
            self._accounts.prove_again(held, password)
        elif self._clock.now() - held.sign_in.started_at_utc >= FRESH_FOR:
            raise InvalidInput([Problem("password", "sign_in_anew")])
        without = self._accounts.no_password()
        with self._register.writing() as uow:
            account = uow.accounts.get(held.account.id)
            if account != held.account:
                raise NotAuthenticated
            empty_account(uow, account, without, account.actor(), self._clock.now())
            uow.commit()

    def sweep(self) -> int:
        """Forget codes and other beginnings that have ended; find older requests by their holder.

        Returns how many. Raises ``DependencyUnavailable``.
        """
        with self._register.writing() as uow:
            count = uow.citizens.forget_codes(self._clock.now())
            count += uow.citizens.forget_begun(self._clock.now())
            count += uow.requests.index_holders(_A_SWEEP)
            uow.commit()
        return count

    # --- what these share -------------------------------------------------------------

    def add_account(self, uow: UnitOfWork, password_hash: str) -> Account:
        """Add an account of a resident within the caller's transaction."""
        new_id = self._new_id()
        account = Account(
            id=new_id,
            username=USERNAME_PREFIX + new_id,
            full_name="",
            role=Role.APPLICANT,
            agency_code=None,
            password_hash=password_hash,
        )
        uow.accounts.add(account)
        return account

    def _bind(self, uow: UnitOfWork, citizen: Citizen, given: CounterCode) -> None:
        uow.citizens.save(
            replace(
                citizen,
                nik=given.nik,
                born=given.born,
                name=given.name,
                verified_at_utc=citizen.verified_at_utc or self._clock.now(),
            )
        )

    def _of(self, uow: UnitOfWork, account: Account) -> Citizen:
        return uow.citizens.find(account.id) or Citizen(account.id, self._clock.now())

    def _given(self, typed: str, born: date | None, asker: Asker) -> CounterCode:
        """Return what a code and a date of birth open; one answer for all that open nothing."""
        self._limits.hit(Rule.COUNTER_CODE_PER_ADDRESS, asker.network)
        code = read_code(typed)
        with self._register.reading() as uow:
            given = uow.citizens.by_code(code) if code else None
        if given is None or given.expires_at_utc <= self._clock.now():
            note_refusal("counter_code")
            raise NotAuthenticated
        self._limits.hit(Rule.BIRTH_DATE_PER_COUNTER_CODE, given.id)
        shown = born.isoformat() if born else "-"
        if not hmac.compare_digest(shown, given.born.isoformat()):
            note_refusal("counter_code", code=given.id)
            raise NotAuthenticated
        self._limits.give_back(Rule.BIRTH_DATE_PER_COUNTER_CODE, given.id)
        self._limits.give_back(Rule.COUNTER_CODE_PER_ADDRESS, asker.network)
        return given

    def _username(self, name: str) -> str:
        """Return the name in the table of accounts, or one that nobody has."""
        typed = name.strip()[:MAX_SIGN_IN_NAME]
        if not typed:
            raise NotAuthenticated
        try:
            nik = Nik.parse(typed)
        except ValueError:
            nik = None
        found = None
        with self._register.reading() as uow:
            if nik is not None:
                found = uow.citizens.by_nik(nik)
            elif is_email(typed):
                found = uow.citizens.by_email(typed)
        if found is not None:
            return USERNAME_PREFIX + found.account_id
        typed = nik.value if nik else typed.lower()
        digest = sha256(typed.encode("utf-8", "surrogatepass")).hexdigest()
        return _NOBODY + digest[: 2 * _ID_BYTES]

    def _read_birth(self, born: date | None, problems: list[Problem]) -> date | None:
        if born is None:
            problems.append(Problem("born", "required"))
        elif born > self._office.today(self._clock.now()):
            problems.append(Problem("born", "date_in_future"))
        elif born.year < OLDEST_BIRTH_YEAR:
            problems.append(Problem("born", "date_too_old", {"year": OLDEST_BIRTH_YEAR}))
        else:
            return born
        return None

    def _new_id(self) -> str:
        return self._random.token_bytes(_ID_BYTES).hex()


def empty_account(
    uow: UnitOfWork, account: Account, no_password: str, actor: Actor, now: datetime
) -> None:
    """Let nobody sign in to a resident's account again, and keep nothing of its owner."""
    uow.accounts.remove_sign_ins(account.id)
    uow.second_factors.forget(account.id)
    uow.passkeys.forget(account.id)
    uow.citizens.let_go(account.id, now)
    uow.citizens.remove(account.id)
    # The empty row stays: the audit trail names it.
    uow.accounts.save(replace(account, password_hash=no_password, active=False))
    uow.audit.append(AuditEvent(now, actor.id, "account.removed", account.id, {}))


def _event(now: datetime, account: Account, action: str) -> AuditEvent:
    return AuditEvent(now, account.id, action, account.id, {})


def _read_nik(typed: str, problems: list[Problem]) -> Nik | None:
    try:
        return Nik.parse(typed[:40])
    except ValueError:
        problems.append(Problem("nik", "impossible_nik"))
        return None


def _read_name(typed: str, problems: list[Problem]) -> str:
    try:
        return plain_text(typed, MAX_NAME)
    except TextRefused as refused:
        problems.append(Problem("name", refused.code, refused.facts))
        return ""
