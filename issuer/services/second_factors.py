"""The second factor: set up, asked for at every sign-in, and done without it once.

A sign-in with the right password alone is a session that is not whole. Here it becomes
one, under a new token; nothing else ever makes it so.
"""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass, replace
from datetime import datetime

from issuer.domain.account_ports import OneTimeCodes, PasswordHasher, SymbolDrawer
from issuer.domain.accounts import Account
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, NotAuthenticated, NotFound, Problem
from issuer.domain.limits import Rule
from issuer.domain.ports import Clock, Random, Register, UnitOfWork
from issuer.domain.second_factor import (
    OWE_SECOND_FACTOR,
    RECOVERY_PLACES,
    SECRET_BYTES,
    CodeGenerator,
    Owed,
    RecoveryCode,
    new_recovery_code,
    read_one_time_code,
    read_recovery_code,
    shown_recovery_code,
)
from issuer.services.limits import Limits
from issuer.services.sessions import Held, Sessions, hash_of


@dataclass(frozen=True, slots=True, repr=False)
class SetUp:
    """What an authenticator application takes a secret from: typed, or as a symbol (SVG)."""

    typed: str
    symbol: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Since when an account has an application, its passkeys, and the recovery codes left."""

    since_utc: datetime | None
    recovery_left: int
    passkeys: int = 0

    @property
    def any(self) -> bool:
        """Say whether there is a second factor at all."""
        return self.since_utc is not None or self.passkeys > 0


@dataclass(frozen=True, slots=True, repr=False)
class Proven:
    """The token of a whole session, and the recovery codes if they are new: shown once."""

    token: str
    recovery: tuple[str, ...] = ()


class SecondFactors:
    """Sets second factors up and asks for them.

    ``required``: staff without one are let in nowhere before they have one.
    """

    def __init__(
        self,
        *,
        register: Register,
        codes: OneTimeCodes,
        symbols: SymbolDrawer,
        hasher: PasswordHasher,
        sessions: Sessions,
        limits: Limits,
        clock: Clock,
        random: Random,
        required: bool,
    ) -> None:
        self._register = register
        self._codes = codes
        self._symbols = symbols
        self._hasher = hasher
        self._sessions = sessions
        self._limits = limits
        self._clock = clock
        self._random = random
        self._required = required

    def owed(self, uow: UnitOfWork, account: Account) -> Owed:
        """Return what an account owes after the right password."""
        if _has_factor(uow, account):
            return Owed.CODE
        if self._required and account.role in OWE_SECOND_FACTOR:
            return Owed.SET_UP
        return Owed.NOTHING

    def owed_by(self, held: Held) -> Owed:
        """Return what the holder of a session still owes."""
        if held.sign_in.whole:
            return Owed.NOTHING
        with self._register.reading() as uow:
            return self.owed(uow, held.account)

    def standing(self, held: Held) -> Standing:
        """Return how one's own second factor stands."""
        with self._register.reading() as uow:
            generator = uow.second_factors.generator(held.account.id)
            codes = uow.second_factors.recovery_codes(held.account.id)
            passkeys = len(uow.passkeys.of(held.account.id))
        since = generator.confirmed_at_utc if generator else None
        return Standing(since, sum(code.used_at_utc is None for code in codes), passkeys)

    def being_set_up(self, held: Held) -> bool:
        """Say whether this session was shown a secret that still waits for its first code."""
        with self._register.reading() as uow:
            known = uow.second_factors.generator(held.account.id)
        return bool(known and known.pending_of(held.sign_in.id, self._clock.now()))

    def set_up(self, held: Held, *, anew: bool = False) -> SetUp:
        """Return the secret that waits for its first code, the same until it is too old.

        ``anew`` is for whoever is signed in and just gave the password again. Raises
        ``NotAuthenticated`` where neither that nor a first set-up was begun here.
        """
        owner, now = held.account, self._clock.now()
        with self._register.writing() as uow:
            first = not held.sign_in.whole and self.owed(uow, owner) is Owed.SET_UP
            known = uow.second_factors.generator(owner.id) or CodeGenerator(owner.id)
            pending = None if anew else known.pending_of(held.sign_in.id, now)
            if pending is None:
                if not first and not (anew and held.sign_in.whole):
                    raise NotAuthenticated
                pending = self._random.token_bytes(SECRET_BYTES)
                uow.second_factors.save_generator(
                    replace(
                        known,
                        pending=pending,
                        pending_since_utc=now,
                        pending_for=held.sign_in.id,
                    )
                )
                uow.commit()
        address = self._codes.address(pending, owner.username)
        return SetUp(b32encode(pending).decode(), self._symbols.svg(address))

    def confirm(self, held: Held, typed: str) -> Proven:
        """Make the secret that this session was shown count, as its first code is right.

        Other sessions end. Raises ``InvalidInput`` for a wrong code, ``TooManyAttempts``,
        and ``NotAuthenticated`` when nothing is pending here.
        """
        owner, now = held.account, self._clock.now()
        self._limits.hit(Rule.SECOND_FACTOR_PER_ACCOUNT, owner.id)
        with self._register.reading() as uow:
            known = uow.second_factors.generator(owner.id)
        pending = known.pending_of(held.sign_in.id, now) if known else None
        if known is None or pending is None:
            raise NotAuthenticated
        step = self._step(pending, typed, now)
        if step is None:
            raise InvalidInput([Problem("code", "wrong_one_time_code")])
        # Slow, and so done before the write lock is taken.
        hashed, shown = self.fresh_recovery_codes()
        with self._register.writing() as uow:
            if uow.second_factors.generator(owner.id) != known:
                raise NotAuthenticated
            # Whoever has one shows it first, and does not replace it by the password alone.
            if not held.sign_in.whole and self.owed(uow, owner) is not Owed.SET_UP:
                raise NotAuthenticated
            uow.second_factors.save_generator(CodeGenerator(owner.id, pending, now, step))
            uow.second_factors.set_recovery_codes(owner.id, hashed)
            token = self._sessions.rotate(uow, held)
            uow.accounts.remove_sign_ins(owner.id, but=hash_of(token))
            self._record(uow, owner, "account.second_factor_set")
            uow.commit()
        self._limits.give_back(Rule.SECOND_FACTOR_PER_ACCOUNT, owner.id)
        return Proven(token, shown)

    def prove(self, held: Held, typed: str) -> Proven:
        """Make a session whole by a one-time code or a recovery code, under a new token.

        Raises ``InvalidInput`` for a wrong code, ``TooManyAttempts``.
        """
        owner, now = held.account, self._clock.now()
        # Whoever gets here knows the password, so all of them together have few attempts.
        self._limits.hit(Rule.SECOND_FACTOR_PER_ACCOUNT, owner.id)
        with self._register.writing() as uow:
            if not (
                self._took_code(uow, owner, typed, now) or self._took_recovery(uow, owner, typed)
            ):
                self._record(uow, owner, "account.second_factor_failed")
                uow.commit()
                raise InvalidInput([Problem("code", "wrong_second_factor")])
            token = self._sessions.rotate(uow, held)
            self._record(uow, owner, "account.signed_in")
            uow.commit()
        self._limits.give_back(Rule.SECOND_FACTOR_PER_ACCOUNT, owner.id)
        return Proven(token)

    def renew_recovery_codes(self, held: Held) -> tuple[str, ...]:
        """Return fresh recovery codes, shown once; those before end.

        For whoever just gave the password again. Raises ``NotFound`` without a second factor.
        """
        hashed, shown = self.fresh_recovery_codes()
        with self._register.writing() as uow:
            if not _has_factor(uow, held.account):
                raise NotFound("second factor", held.account.id)
            uow.second_factors.set_recovery_codes(held.account.id, hashed)
            self._record(uow, held.account, "account.recovery_codes_renewed")
            uow.commit()
        return shown

    # --- what the doors share -------------------------------------------------------

    def _step(self, secret: bytes, typed: str, now: datetime) -> int | None:
        code = read_one_time_code(typed)
        return None if code is None else self._codes.step(secret, code, now)

    def _took_code(self, uow: UnitOfWork, owner: Account, typed: str, now: datetime) -> bool:
        """Say whether this is a code not seen before; then it never counts again."""
        known = uow.second_factors.generator(owner.id)
        if known is None or known.secret is None:
            return False
        step = self._step(known.secret, typed, now)
        if step is None or step <= known.last_step:
            return False
        uow.second_factors.save_generator(replace(known, last_step=step))
        return True

    def _took_recovery(self, uow: UnitOfWork, owner: Account, typed: str) -> bool:
        """Say whether this is a recovery code not used before; then it is used."""
        typed_code = read_recovery_code(typed)
        if typed_code is None:
            return False
        codes = list(uow.second_factors.recovery_codes(owner.id))
        for position, code in enumerate(codes):
            if code.place == typed_code[0] and code.used_at_utc is None:
                if not self._hasher.verify(typed_code, code.hashed):
                    return False
                codes[position] = replace(code, used_at_utc=self._clock.now())
                uow.second_factors.set_recovery_codes(owner.id, codes)
                self._record(uow, owner, "account.recovery_code_used")
                return True
        return False

    def fresh_recovery_codes(self) -> tuple[list[RecoveryCode], tuple[str, ...]]:
        """Return ten new recovery codes, to be kept and to be shown; nothing is written."""
        fresh = [new_recovery_code(place, self._random.below) for place in RECOVERY_PLACES]
        hashed = [RecoveryCode(code[0], self._hasher.hash(code)) for code in fresh]
        return hashed, tuple(map(shown_recovery_code, fresh))

    def _record(self, uow: UnitOfWork, account: Account, action: str) -> None:
        uow.audit.append(AuditEvent(self._clock.now(), account.id, action, account.id, {}))


def _has_factor(uow: UnitOfWork, account: Account) -> bool:
    generator = uow.second_factors.generator(account.id)
    set_up = generator is not None and generator.secret is not None
    return set_up or bool(uow.passkeys.of(account.id))
