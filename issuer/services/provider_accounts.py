"""Signing in by another office: somebody is sent there, and comes back with a code.

What comes back is believed only on the browser that was sent, once, and in time; whom it is
about, the provider is asked itself. Somebody unknown gets an account that is not verified.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from issuer.domain.audit import AuditEvent
from issuer.domain.citizens import BegunSignIn, Citizen
from issuer.domain.errors import NotAuthenticated, NotFound
from issuer.domain.identity_provider import ASKED_TIME, Asked, Identity, IdentityProvider
from issuer.domain.limits import Asker, Rule
from issuer.domain.ports import Clock, Random, Register
from issuer.domain.second_factor import Owed
from issuer.services.accounts import Accounts
from issuer.services.citizens import Citizens
from issuer.services.limits import Limits
from issuer.services.refusals import note_refusal
from issuer.services.second_factors import SecondFactors
from issuer.services.sessions import TOKEN_BYTES, Sessions, hash_of

_STATE, _NONCE, _VERIFIER = "state", "nonce", "verifier"
_SECRET_BYTES = 32
MAX_CODE = 2_000


@dataclass(frozen=True, slots=True, repr=False)
class Sent:
    """Where a browser is sent, and what it has to bring back with it."""

    address: str
    token: str


class ProviderAccounts:
    """Sends people to the provider that this office has chosen, and takes them back."""

    def __init__(
        self,
        *,
        provider: IdentityProvider | None,
        register: Register,
        accounts: Accounts,
        citizens: Citizens,
        sessions: Sessions,
        second_factors: SecondFactors,
        limits: Limits,
        clock: Clock,
        random: Random,
    ) -> None:
        self._provider = provider
        self._register = register
        self._accounts = accounts
        self._citizens = citizens
        self._sessions = sessions
        self._second_factors = second_factors
        self._limits = limits
        self._clock = clock
        self._random = random

    @property
    def label(self) -> str:
        """What people know the provider by; empty where there is none."""
        return self._provider.label if self._provider else ""

    def begin(self, asker: Asker) -> Sent:
        """Return where to send somebody.

        Raises ``NotFound`` without a provider, ``DependencyUnavailable`` when it does not
        answer, ``TooManyAttempts``.
        """
        provider = self._chosen()
        self._limits.hit(Rule.PROVIDER_PER_ADDRESS, asker.network)
        asked = Asked(self._secret(), self._secret(), self._secret())
        address = provider.address(asked)
        token = self._random.token_bytes(TOKEN_BYTES).hex()
        content = {_STATE: asked.state, _NONCE: asked.nonce, _VERIFIER: asked.verifier}
        with self._register.writing() as uow:
            until = self._clock.now() + ASKED_TIME
            uow.citizens.begin(BegunSignIn(hash_of(token), content, until))
            uow.commit()
        return Sent(address, token)

    def finish(self, token: str, state: str, code: str, device: str) -> tuple[str, bool]:
        """Sign in whom the provider sent back; return a fresh session and whether it is whole.

        What was begun is gone with the first answer, whatever that is worth. Raises
        ``NotAuthenticated``, ``DependencyUnavailable``, ``NotFound`` without a provider.
        """
        provider = self._chosen()
        asked = self._taken(token)
        same = hmac.compare_digest(asked.state.encode(), state.encode("utf-8", "surrogatepass"))
        if not same or not 0 < len(code) <= MAX_CODE:
            note_refusal("provider_answer")
            raise NotAuthenticated
        identity = provider.identity(code, asked)
        # Slow, and so done before the write lock is taken.
        without = self._accounts.no_password()
        return self._let_in(identity, without, device)

    def _let_in(self, identity: Identity, without: str, device: str) -> tuple[str, bool]:
        now = self._clock.now()
        with self._register.writing() as uow:
            known = uow.citizens.by_identity(identity)
            if known is None:
                account = self._citizens.add_account(uow, without)
                uow.citizens.save(Citizen(account.id, now, identity=identity))
                uow.audit.append(
                    AuditEvent(now, account.id, "account.begun_by_provider", account.id, {})
                )
            else:
                account = uow.accounts.get(known.account_id)
            whole = self._second_factors.owed(uow, account) is Owed.NOTHING
            session = self._sessions.begin(uow, account, device, whole=whole)
            uow.audit.append(
                AuditEvent(now, account.id, "account.signed_in", account.id, {"by": "provider"})
            )
            uow.commit()
        return session, whole

    def _taken(self, token: str) -> Asked:
        """Return what this browser was sent with, and forget it. Raises ``NotAuthenticated``."""
        with self._register.writing() as uow:
            begun = uow.citizens.begun(hash_of(token))
            if begun is None or not uow.citizens.take_begun(begun.token_sha256):
                raise NotAuthenticated
            uow.commit()
        if begun.expires_at_utc <= self._clock.now() or _STATE not in begun.content:
            raise NotAuthenticated
        content = begun.content
        return Asked(content[_STATE], content[_NONCE], content[_VERIFIER])

    def _chosen(self) -> IdentityProvider:
        if self._provider is None:
            raise NotFound("page", "")
        return self._provider

    def _secret(self) -> str:
        return self._random.token_bytes(_SECRET_BYTES).hex()
