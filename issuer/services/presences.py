"""Presences: asks officers to show that it is they, by PIN or by passkey, before they sign.

Both are tries under one limit. A PIN is slow to look at and can be guessed: it is counted
and looked at before anything is written. An answer of a passkey cannot be guessed, and is
looked at in the transaction that writes what it permits: a form sent twice then meets
either nothing or all of what the first one did.
"""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.access import Actor
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.limits import Rule
from issuer.domain.officers import Officer
from issuer.domain.ports import Clock, UnitOfWork
from issuer.domain.presence import Pin, Presence
from issuer.services.limits import Limits
from issuer.services.officers import Officers
from issuer.services.passkeys import Passkeys

WRONG = Problem("passkey", "wrong_passkey")


class Presences:
    """Looks at what an officer shows, and says how it was shown."""

    def __init__(
        self, *, officers: Officers, passkeys: Passkeys, limits: Limits, clock: Clock
    ) -> None:
        self._officers = officers
        self._passkeys = passkeys
        self._limits = limits
        self._clock = clock

    def ask(self, actor: Actor, session_sha256: str, digest: bytes) -> str:
        """Return the question to a passkey about what has this SHA-256, for a browser (JSON).

        Raises ``NotPermitted``, ``InvalidInput`` without a passkey, ``TooManyAttempts``.
        """
        self._officers.of(actor)
        self._limits.require(Rule.PRESENCE_PER_OFFICER, actor.id)
        return self._passkeys.ask_to_sign(actor.id, session_sha256, digest)

    def look(self, actor: Actor, presence: Presence) -> Officer:
        """Return the officer, whose PIN is right if that is what is shown.

        Raises what ``Officers.prove`` raises.
        """
        if isinstance(presence, Pin):
            return self._officers.prove(actor, presence.typed)
        officer = self._officers.of(actor)
        self._limits.require(Rule.PRESENCE_PER_OFFICER, actor.id)
        return officer

    def confirm(
        self, uow: UnitOfWork, actor: Actor, presence: Presence, digest: bytes
    ) -> Mapping[str, str]:
        """Return how presence was shown for what has this SHA-256, for the audit trail.

        For whom ``look`` let by. Raises ``InvalidInput`` for an answer to another question,
        or to none: then nothing else must be written, and the transaction is over, so that
        the answer is of no use again.
        """
        if isinstance(presence, Pin):
            return {"presence": "pin"}
        shown = self._passkeys.shown_to_sign(uow, actor.id, presence)
        if shown is None:
            self._note(uow, actor, "officer.wrong_passkey")
            uow.commit()
            self._limits.hit(Rule.PRESENCE_PER_OFFICER, actor.id)
            raise InvalidInput([WRONG])
        facts = {"presence": "passkey", "passkey": shown.passkey.id}
        if not shown.is_about(digest):
            # Nobody is blamed: somebody else may have changed it in between.
            self._note(uow, actor, "officer.agreed_to_something_else", facts)
            uow.commit()
            raise InvalidInput([Problem("passkey", "changed_since_asked")])
        return facts

    def _note(
        self, uow: UnitOfWork, actor: Actor, action: str, facts: Mapping[str, str] | None = None
    ) -> None:
        about = dict(facts or {})
        uow.audit.append(AuditEvent(self._clock.now(), actor.id, action, actor.id, about))
