"""Accounts by e-mail: a code sent to an address begins one, or gives it a new password.

Whoever reads the mailbox has proven that and nothing else: such an account is not verified.
The code works once, on the browser that asked for it, and what that browser is told does not
depend on whether there is an account: only the mail says so.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace

from issuer.domain.accounts import Account
from issuer.domain.audit import AuditEvent
from issuer.domain.citizens import MAIL_CODE_TIME, BegunSignIn, Citizen
from issuer.domain.codes import group_code, new_code, read_code
from issuer.domain.errors import InvalidInput, NotAuthenticated, NotFound, Problem
from issuer.domain.limits import Asker, Rule
from issuer.domain.messages import AccountMail, Language, Way, is_email
from issuer.domain.ports import Clock, Random, Register, UnitOfWork
from issuer.domain.second_factor import Owed
from issuer.services.accounts import Accounts
from issuer.services.citizens import Citizens
from issuer.services.limits import Limits
from issuer.services.messages import Messages
from issuer.services.refusals import note_refusal
from issuer.services.second_factors import SecondFactors
from issuer.services.sessions import TOKEN_BYTES, Sessions, hash_of

_EMAIL, _CODE = "email", "code"
_ACTOR = "citizen-door"
"""Whoever asks for a code is nobody yet."""


@dataclass(frozen=True, slots=True, repr=False)
class Entered:
    """A fresh session; ``new`` says that the account is. A second factor may be owed."""

    token: str
    new: bool
    whole: bool


class MailAccounts:
    """Sends codes, and takes each once."""

    def __init__(
        self,
        *,
        register: Register,
        accounts: Accounts,
        citizens: Citizens,
        sessions: Sessions,
        second_factors: SecondFactors,
        messages: Messages,
        limits: Limits,
        clock: Clock,
        random: Random,
    ) -> None:
        self._register = register
        self._accounts = accounts
        self._citizens = citizens
        self._sessions = sessions
        self._second_factors = second_factors
        self._messages = messages
        self._limits = limits
        self._clock = clock
        self._random = random

    @property
    def offered(self) -> bool:
        """Say whether this office sends mail at all."""
        return Way.MAIL in self._messages.ways

    def ask(self, typed: str, language: Language, asker: Asker) -> str:
        """Send a code to an address; return what this browser has to bring with it.

        Raises ``InvalidInput`` for what is no address, ``TooManyAttempts``, and
        ``NotFound`` where the office sends no mail.
        """
        self._require_mail()
        email = typed.strip()
        if not is_email(email):
            raise InvalidInput([Problem("email", "bad_email")])
        self._limits.hit(Rule.MAIL_CODE_PER_ADDRESS, asker.network)
        self._limits.hit(Rule.MAIL_CODE_PER_MAILBOX, email.lower())
        now, code = self._clock.now(), new_code(self._random.below)
        token = self._random.token_bytes(TOKEN_BYTES).hex()
        content = {_EMAIL: email, _CODE: _hash_of_code(token, code)}
        begun = BegunSignIn(hash_of(token), content, now + MAIL_CODE_TIME)
        with self._register.writing() as uow:
            known = uow.citizens.by_email(email)
            uow.citizens.begin(begun)
            kind = AccountMail.KNOWN if known else AccountMail.NEW
            self._messages.mail_code(
                uow,
                kind,
                about=begun.token_sha256,
                # To the address that proved itself, not to one that differs by its letters.
                email=known.email if known else email,
                language=language,
                code=group_code(code),
                until_utc=begun.expires_at_utc,
            )
            subject = known.account_id if known else begun.token_sha256
            uow.audit.append(AuditEvent(now, _ACTOR, "account.code_mailed", subject, {}))
            uow.commit()
        return token

    def waits(self, token: str) -> bool:
        """Say whether a code still waits for the browser that has this token."""
        try:
            self._begun(token)
        except NotFound:
            return False
        return True

    def finish(self, token: str, typed: str, new: str, again: str, device: str) -> Entered:
        """Choose a password by the code; begin the account if there is none, and sign in.

        Of an account that there is, every session ends; a second factor stays, and is
        owed. Raises ``NotFound`` when nothing waits, ``NotAuthenticated`` for a wrong
        code, ``InvalidInput`` for the password, ``TooManyAttempts``.
        """
        self._require_mail()
        begun = self._begun(token)
        self._limits.hit(Rule.GUESS_PER_MAIL_CODE, begun.token_sha256)
        code = read_code(typed) or ""
        if not hmac.compare_digest(_hash_of_code(token, code), begun.content[_CODE]):
            note_refusal("mail_code")
            raise NotAuthenticated
        self._limits.give_back(Rule.GUESS_PER_MAIL_CODE, begun.token_sha256)
        now, email = self._clock.now(), begun.content[_EMAIL]
        fresh = Citizen("", now, email=email)
        hashed = self._accounts.hash_chosen(fresh.about, new, again)
        with self._register.writing() as uow:
            if not uow.citizens.take_begun(begun.token_sha256):
                raise NotFound("code", "")
            known = uow.citizens.by_email(email)
            if known is None:
                account = self._citizens.add_account(uow, hashed)
                uow.citizens.save(replace(fresh, account_id=account.id))
                action = "account.begun_by_mail"
            else:
                account = self._with_password(uow, known, hashed)
                action = "account.password_reset"
            whole = self._second_factors.owed(uow, account) is Owed.NOTHING
            session = self._sessions.begin(uow, account, device, whole=whole)
            uow.audit.append(AuditEvent(now, account.id, action, account.id, {}))
            uow.commit()
        return Entered(session, known is None, whole)

    def _with_password(self, uow: UnitOfWork, known: Citizen, hashed: str) -> Account:
        account = replace(uow.accounts.get(known.account_id), password_hash=hashed)
        uow.accounts.save(account)
        uow.accounts.remove_sign_ins(account.id)
        uow.citizens.let_go(account.id, self._clock.now())
        return account

    def _begun(self, token: str) -> BegunSignIn:
        with self._register.reading() as uow:
            begun = uow.citizens.begun(hash_of(token))
        if begun is None or begun.expires_at_utc <= self._clock.now():
            raise NotFound("code", "")
        return begun

    def _require_mail(self) -> None:
        if not self.offered:
            raise NotFound("page", "")


def _hash_of_code(token: str, code: str) -> str:
    """Return what is stored of a code: keyed by the token, which only its browser has."""
    return hmac.digest(token.encode("utf-8", "surrogatepass"), code.encode(), hashlib.sha256).hex()
