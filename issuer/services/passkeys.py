"""Passkeys: made, shown to sign in or to sign letters, listed and removed.

Whoever shows one is asked by the device who he is, so a passkey alone makes a whole
session. A challenge is kept as its hash, belongs to one browser and one purpose, and is
gone with the first answer, whatever that is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from issuer.domain.accounts import Account
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, NotAuthenticated, NotFound, Problem
from issuer.domain.limits import Asker, Rule
from issuer.domain.passkey_ports import PasskeyCeremonies
from issuer.domain.passkeys import (
    CHALLENGE_BYTES,
    CHALLENGE_TIME,
    MAX_PASSKEY_NAME,
    MAX_PASSKEYS,
    NONCE_BYTES,
    Challenge,
    Claimed,
    Passkey,
    Purpose,
    Shown,
)
from issuer.domain.ports import Clock, Random, Register, UnitOfWork
from issuer.domain.presence import PasskeyAnswer
from issuer.domain.second_factor import Owed
from issuer.domain.text import TextRefused, plain_text
from issuer.services.limits import Limits
from issuer.services.second_factors import Proven, SecondFactors
from issuer.services.sessions import TOKEN_BYTES, Held, Sessions, hash_of

_ID_BYTES = 8
REFUSED = Problem("passkey", "passkey_refused")


@dataclass(frozen=True, slots=True, repr=False)
class AskedVisitor:
    """What a browser without a session is asked, and what it has to bring with the answer."""

    options: str
    visitor: str


class Passkeys:
    """Makes, asks for, lists and removes passkeys."""

    def __init__(
        self,
        *,
        register: Register,
        ceremonies: PasskeyCeremonies,
        second_factors: SecondFactors,
        sessions: Sessions,
        limits: Limits,
        clock: Clock,
        random: Random,
    ) -> None:
        self._register = register
        self._ceremonies = ceremonies
        self._second_factors = second_factors
        self._sessions = sessions
        self._limits = limits
        self._clock = clock
        self._random = random

    def listed(self, held: Held) -> Sequence[Passkey]:
        """Return one's own passkeys, the oldest first."""
        with self._register.reading() as uow:
            return uow.passkeys.of(held.account.id)

    def one(self, held: Held, passkey_id: str) -> Passkey:
        """Return one of one's own passkeys. Raises ``NotFound``."""
        for passkey in self.listed(held):
            if passkey.id == passkey_id:
                return passkey
        raise NotFound("passkey", "?")

    # --- made and removed ------------------------------------------------------------

    def ask_to_make(self, held: Held, name: str) -> str:
        """Return what the browser makes a passkey by (JSON).

        For whoever just gave the password again, or owes a first second factor. Raises
        ``InvalidInput`` for a name that will not do or too many passkeys,
        ``NotAuthenticated``, ``TooManyAttempts``.
        """
        _checked_name(name)
        owner = held.account
        self._limits.hit(Rule.PASSKEY_PER_ACCOUNT, owner.id)
        with self._register.writing() as uow:
            self._check_may_add(uow, held)
            there = uow.passkeys.of(owner.id)
            if len(there) >= MAX_PASSKEYS:
                raise InvalidInput([Problem("name", "too_many_passkeys", {"limit": MAX_PASSKEYS})])
            challenge = self._ask(uow, Purpose.REGISTER, held.sign_in.token_sha256)
            uow.commit()
        return self._ceremonies.to_create(challenge, owner, there)

    def keep(self, held: Held, name: str, sent: str) -> Proven:
        """Keep the passkey that this session asked for; every other session ends.

        Recovery codes come with it where there are none. Raises ``InvalidInput`` for
        anything but the answer to the question, and ``NotAuthenticated``.
        """
        called, owner, now = _checked_name(name), held.account, self._clock.now()
        claimed = self._ceremonies.claimed(sent)
        with self._register.reading() as uow:
            codeless = not uow.second_factors.recovery_codes(owner.id)
        # Slow, and so done before the write lock is taken.
        hashed, shown = self._second_factors.fresh_recovery_codes() if codeless else ([], ())
        with self._register.writing() as uow:
            self._check_may_add(uow, held)
            asked = self._taken(uow, claimed, Purpose.REGISTER, held.sign_in.token_sha256, now)
            key = self._ceremonies.created(sent, asked.challenge) if asked else None
            there = uow.passkeys.of(owner.id)
            if (
                key is None
                or len(there) >= MAX_PASSKEYS
                or uow.passkeys.by_credential(key.credential_id)
            ):
                self._record(uow, owner.id, "account.passkey_refused")
                uow.commit()
                raise InvalidInput([REFUSED])
            passkey = Passkey(self._fresh_id(), owner.id, called, key, now)
            uow.passkeys.add(passkey)
            if codeless:
                uow.second_factors.set_recovery_codes(owner.id, hashed)
            token = self._alone(uow, held)
            self._record(uow, owner.id, "account.passkey_added", passkey)
            uow.commit()
        return Proven(token, shown)

    def remove(self, held: Held, passkey_id: str) -> str:
        """Remove one of one's own passkeys; every other session ends. Return a new token.

        For whoever just gave the password again. Raises ``NotFound``, and
        ``InvalidInput`` for the last second factor of somebody who owes one.
        """
        owner = held.account
        with self._register.writing() as uow:
            there = {passkey.id: passkey for passkey in uow.passkeys.of(owner.id)}
            passkey = there.get(passkey_id)
            if passkey is None:
                raise NotFound("passkey", "?")
            uow.passkeys.remove(owner.id, passkey_id)
            owed = self._second_factors.owed(uow, owner)
            if owed is Owed.SET_UP:
                raise InvalidInput([Problem("password", "last_second_factor")])
            if owed is Owed.NOTHING:
                uow.second_factors.set_recovery_codes(owner.id, [])
            token = self._alone(uow, held)
            self._record(uow, owner.id, "account.passkey_removed", passkey)
            uow.commit()
        return token

    # --- shown -----------------------------------------------------------------------

    def ask_visitor(self, asker: Asker) -> AskedVisitor:
        """Return what a browser without a session is asked. Raises ``TooManyAttempts``."""
        self._limits.hit(Rule.PASSKEY_PER_ADDRESS, asker.network)
        visitor = self._random.token_bytes(TOKEN_BYTES).hex()
        with self._register.writing() as uow:
            challenge = self._ask(uow, Purpose.SIGN_IN, hash_of(visitor))
            uow.commit()
        return AskedVisitor(self._ceremonies.to_show(challenge, ()), visitor)

    def ask_again(self, held: Held) -> str:
        """Return what somebody is asked who gave the password and owes a second factor."""
        self._limits.hit(Rule.PASSKEY_PER_ACCOUNT, held.account.id)
        with self._register.writing() as uow:
            there = uow.passkeys.of(held.account.id)
            challenge = self._ask(uow, Purpose.SIGN_IN, held.sign_in.token_sha256)
            uow.commit()
        return self._ceremonies.to_show(challenge, there)

    def ask_to_sign(self, account_id: str, session_sha256: str, digest: bytes) -> str:
        """Return what an officer is asked who is about to sign, and to sign this alone.

        Raises ``InvalidInput`` for somebody without a passkey, and ``TooManyAttempts``.
        """
        self._limits.hit(Rule.PASSKEY_PER_ACCOUNT, account_id)
        with self._register.writing() as uow:
            there = uow.passkeys.of(account_id)
            if not there:
                raise InvalidInput([Problem("passkey", "no_passkey")])
            challenge = self._ask(uow, Purpose.SIGN_LETTERS, session_sha256, digest)
            uow.commit()
        return self._ceremonies.to_show(challenge, there)

    def shown_to_sign(
        self, uow: UnitOfWork, account_id: str, answer: PasskeyAnswer
    ) -> Shown | None:
        """Return what an officer showed within the caller's transaction, or None.

        The question is gone either way, once the caller commits.
        """
        purpose, session = Purpose.SIGN_LETTERS, answer.session_sha256
        return self._shown(uow, answer.sent, purpose, session, account_id)

    def sign_in(self, visitor: str, sent: str, device: str = "?") -> tuple[str, Account]:
        """Return the token of a whole session, by a passkey alone, and whose it is.

        One answer, ``InvalidInput``, for a passkey that is unknown, of a closed account,
        or not shown as it was asked for.
        """
        with self._register.writing() as uow:
            shown = self._shown(uow, sent, Purpose.SIGN_IN, hash_of(visitor))
            account = uow.accounts.get(shown.passkey.account_id) if shown else None
            if shown is None or account is None or not account.active:
                uow.commit()
                raise InvalidInput([REFUSED])
            token = self._sessions.begin(uow, account, device)
            self._record(uow, account.id, "account.signed_in", shown.passkey)
            uow.commit()
        return token, account

    def prove(self, held: Held, sent: str) -> str:
        """Make a session whole by one of its owner's passkeys; return its new token.

        Raises ``InvalidInput``.
        """
        with self._register.writing() as uow:
            bound_to, owner_id = held.sign_in.token_sha256, held.account.id
            shown = self._shown(uow, sent, Purpose.SIGN_IN, bound_to, owner_id)
            if shown is None:
                self._record(uow, owner_id, "account.second_factor_failed")
                uow.commit()
                raise InvalidInput([REFUSED])
            token = self._sessions.rotate(uow, held)
            self._record(uow, owner_id, "account.signed_in", shown.passkey)
            uow.commit()
        return token

    # --- what these share ------------------------------------------------------------

    def _shown(
        self,
        uow: UnitOfWork,
        sent: str,
        purpose: Purpose,
        bound_to: str,
        owner_id: str | None = None,
    ) -> Shown | None:
        """Return the passkey that was shown as it was asked for, counted on; else None.

        Where nobody is known yet (``owner_id`` None) the device has to say whose it is
        (WebAuthn, section 7.2, step 6).
        """
        now = self._clock.now()
        asked = self._taken(uow, self._ceremonies.claimed(sent), purpose, bound_to, now)
        passkey = uow.passkeys.by_credential(asked.credential_id) if asked else None
        if asked is None or passkey is None:
            return None
        believed = asked.owner_id or owner_id
        if believed != passkey.account_id or owner_id not in (None, believed):
            return None
        count = self._ceremonies.shown(sent, asked.challenge, passkey)
        if count is None:
            return None
        if not passkey.counted(count):
            self._record(uow, passkey.account_id, "account.passkey_count_fell", passkey)
            return None
        uow.passkeys.save(passkey.used(count, now))
        return Shown(passkey, asked.challenge)

    def _ask(
        self, uow: UnitOfWork, purpose: Purpose, bound_to: str, digest: bytes | None = None
    ) -> bytes:
        """Keep a question, about something if there is a digest, and return it."""
        size, now = CHALLENGE_BYTES if digest is None else NONCE_BYTES, self._clock.now()
        challenge = self._random.token_bytes(size) + (digest or b"")
        asked = Challenge(_hash(challenge), purpose, bound_to, now + CHALLENGE_TIME)
        uow.passkeys.ask(asked, now)
        return challenge

    def _taken(
        self,
        uow: UnitOfWork,
        claimed: Claimed | None,
        purpose: Purpose,
        bound_to: str,
        now: datetime,
    ) -> Claimed | None:
        """Return the claim if it answers what was asked there; then nothing is asked any more."""
        if claimed is None:
            return None
        taken = uow.passkeys.take(_hash(claimed.challenge), purpose, bound_to, now)
        return claimed if taken else None

    def _check_may_add(self, uow: UnitOfWork, held: Held) -> None:
        """Raise ``NotAuthenticated`` for who gave the password and owes a factor he has."""
        if (
            not held.sign_in.whole
            and self._second_factors.owed(uow, held.account) is not Owed.SET_UP
        ):
            raise NotAuthenticated

    def _alone(self, uow: UnitOfWork, held: Held) -> str:
        token = self._sessions.rotate(uow, held)
        uow.accounts.remove_sign_ins(held.account.id, but=hash_of(token))
        return token

    def _fresh_id(self) -> str:
        return self._random.token_bytes(_ID_BYTES).hex()

    def _record(
        self, uow: UnitOfWork, account_id: str, action: str, passkey: Passkey | None = None
    ) -> None:
        facts: dict[str, str | int] = {"passkey": passkey.id} if passkey else {}
        uow.audit.append(AuditEvent(self._clock.now(), account_id, action, account_id, facts))


def _checked_name(name: str) -> str:
    try:
        return plain_text(name, MAX_PASSKEY_NAME)
    except TextRefused as refused:
        raise InvalidInput([Problem("name", refused.code, refused.facts)]) from None


def _hash(challenge: bytes) -> str:
    return sha256(challenge).hexdigest()
