"""Sessions: begun at sign-in, looked up on every request, listed and ended by their owner.

The cookie holds a random token; the server stores its hash only and looks the account
up on every request, so that a withdrawn role ends at once. What a resident's account has
open on a device (``Applications.open_again``) is closed with every session that ends.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from issuer.domain.accounts import SEEN_EVERY, SESSION_LENGTH, Account, SignIn
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import NotAuthenticated
from issuer.domain.ports import Clock, Random, Register, UnitOfWork
from issuer.domain.second_factor import SET_UP_TIME

TOKEN_BYTES = 32
_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class Held:
    """Who is signed in, and by which session."""

    account: Account
    sign_in: SignIn


class Sessions:
    """Begins, finds, lists and ends sessions."""

    def __init__(self, *, register: Register, clock: Clock, random: Random) -> None:
        self._register = register
        self._clock = clock
        self._random = random

    def begin(self, uow: UnitOfWork, account: Account, device: str, *, whole: bool = True) -> str:
        """Add a session within the caller's transaction and return its fresh token.

        One that is not ``whole`` waits a quarter of an hour for its second factor.
        """
        token = self._random.token_bytes(TOKEN_BYTES).hex()
        now = self._clock.now()
        for old in uow.accounts.sign_ins(account.id):
            if not old.live(now):
                uow.accounts.remove_sign_in(old.token_sha256)
        uow.accounts.add_sign_in(
            SignIn(
                token_sha256=hash_of(token),
                account_id=account.id,
                started_at_utc=now,
                expires_at_utc=now + (SESSION_LENGTH if whole else SET_UP_TIME),
                id=self._random.token_bytes(_ID_BYTES).hex(),
                last_seen_at_utc=now,
                device=device,
                whole=whole,
            )
        )
        uow.citizens.used(account.id, now)
        return token

    def held_by(self, token: str) -> Held:
        """Return who holds the token of a whole session. Raises ``NotAuthenticated``.

        Notes that the session is in use, once in a few minutes.
        """
        held = self.begun_by(token)
        if not held.sign_in.whole:
            raise NotAuthenticated
        now = self._clock.now()
        if now - held.sign_in.last_seen_at_utc >= SEEN_EVERY:
            with self._register.writing() as uow:
                uow.accounts.seen(held.sign_in.token_sha256, now)
                uow.commit()
        return held

    def begun_by(self, token: str) -> Held:
        """Return who holds a token, though a second factor may be owed: it permits nothing.

        Raises ``NotAuthenticated``.
        """
        with self._register.reading() as uow:
            sign_in = uow.accounts.find_sign_in(hash_of(token))
            if sign_in is None or not sign_in.live(self._clock.now()):
                raise NotAuthenticated
            account = uow.accounts.get(sign_in.account_id)
        if not account.active:
            raise NotAuthenticated
        return Held(account, sign_in)

    def rotate(self, uow: UnitOfWork, held: Held) -> str:
        """End a session within the caller's transaction and return the token of a whole one.

        Raises ``NotAuthenticated`` when it, or the account as it was, has ended meanwhile.
        """
        there = uow.accounts.find_sign_in(held.sign_in.token_sha256)
        account = uow.accounts.get(held.account.id)
        if there is None or account != held.account:
            raise NotAuthenticated
        uow.accounts.remove_sign_in(there.token_sha256)
        return self.begin(uow, account, there.device)

    def listed(self, held: Held) -> list[SignIn]:
        """Return one's own sessions that still hold, the newest first."""
        now = self._clock.now()
        with self._register.reading() as uow:
            every = uow.accounts.sign_ins(held.account.id)
        return [one for one in every if one.whole and one.live(now)]

    def end(self, token: str) -> None:
        """End a session by its token; ending it twice is no error."""
        with self._register.writing() as uow:
            sign_in = uow.accounts.find_sign_in(hash_of(token))
            if sign_in is not None:
                uow.accounts.remove_sign_in(sign_in.token_sha256)
                uow.citizens.let_go(sign_in.account_id, self._clock.now())
            uow.commit()

    def end_one(self, held: Held, sign_in_id: str) -> None:
        """End one of one's own sessions; of anybody else's there is none by that id."""
        with self._register.writing() as uow:
            for one in uow.accounts.sign_ins(held.account.id):
                if one.id == sign_in_id:
                    uow.accounts.remove_sign_in(one.token_sha256)
                    uow.citizens.let_go(held.account.id, self._clock.now())
                    uow.audit.append(self._event(held, "account.session_ended"))
            uow.commit()

    def end_others(self, held: Held) -> None:
        """End every session of one's own but this one."""
        with self._register.writing() as uow:
            uow.accounts.remove_sign_ins(held.account.id, but=held.sign_in.token_sha256)
            uow.citizens.let_go(held.account.id, self._clock.now())
            uow.audit.append(self._event(held, "account.signed_out_elsewhere"))
            uow.commit()

    def end_all(self, held: Held) -> None:
        """End every session of one's own, this one too."""
        with self._register.writing() as uow:
            uow.accounts.remove_sign_ins(held.account.id)
            uow.citizens.let_go(held.account.id, self._clock.now())
            uow.audit.append(self._event(held, "account.signed_out_everywhere"))
            uow.commit()

    def _event(self, held: Held, action: str) -> AuditEvent:
        account = held.account
        return AuditEvent(self._clock.now(), account.id, action, account.id, {})


def hash_of(token: str) -> str:
    """Return what is stored of a token: with 256 random bits a plain hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
