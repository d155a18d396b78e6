"""Institutions: who may check letters by machine, how much, and what they are told."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from math import ceil

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import (
    InvalidInput,
    NotAuthenticated,
    NotPermitted,
    Problem,
    TooManyAttempts,
)
from issuer.domain.institution import (
    KEY_BYTES,
    ApiKey,
    Institution,
    Scope,
    key_sha256,
    key_text,
)
from issuer.domain.office import Office
from issuer.domain.ports import Clock, Random, Register, UnitOfWork
from issuer.domain.text import TextRefused, plain_text
from issuer.domain.verdict import Verdict, Verification
from issuer.domain.webhook import SECRET_BYTES, is_webhook_url, secret_text
from issuer.services.refusals import NOBODY, note_refusal

MAX_NAME = 120
MAX_QUOTA = 1_000_000
_GENUINE = (Verdict.VALID, Verdict.EXPIRED)


class Institutions:
    """Keeps institutions and their keys, and lets them in."""

    def __init__(self, *, register: Register, clock: Clock, random: Random, office: Office) -> None:
        self._register = register
        self._clock = clock
        self._random = random
        self._office = office

    # --- by the operator -------------------------------------------------------------

    def add(
        self, actor: Actor, name: str, scopes: Iterable[Scope], daily_quota: int
    ) -> tuple[Institution, str]:
        """Add an institution; return it with its first key, which is not shown again.

        Raises ``InvalidInput`` or ``NotPermitted``.
        """
        require(actor, Permission.KEEP_INSTITUTIONS, Subject())
        try:
            name = plain_text(name, MAX_NAME)
        except TextRefused as refused:
            raise InvalidInput([Problem("name", refused.code, refused.facts)]) from refused
        if daily_quota < 1:
            raise InvalidInput([Problem("daily_quota", "too_small", {"limit": 1})])
        if daily_quota > MAX_QUOTA:
            raise InvalidInput([Problem("daily_quota", "too_large", {"limit": MAX_QUOTA})])
        granted = frozenset(scopes)
        if not granted:
            raise InvalidInput([Problem("scopes", "required")])
        institution = Institution(
            id=self._random.token_bytes(8).hex(),
            name=name,
            scopes=granted,
            daily_quota=daily_quota,
            created_at_utc=self._clock.now(),
        )
        with self._register.writing() as uow:
            uow.institutions.add(institution)
            self._note(
                uow,
                actor,
                "institution.added",
                institution.id,
                {"scopes": " ".join(sorted(granted)), "daily_quota": daily_quota},
            )
            _, text = self._give_key(uow, actor, institution.id)
            uow.commit()
        return institution, text

    def listed(self, actor: Actor) -> list[tuple[Institution, Sequence[ApiKey], int]]:
        """Return every institution with its keys and the checks of today."""
        require(actor, Permission.KEEP_INSTITUTIONS, Subject())
        today = self._office.today(self._clock.now())
        with self._register.reading() as uow:
            store = uow.institutions
            return [(one, store.keys(one.id), store.used(one.id, today)) for one in store.list()]

    def new_key(self, actor: Actor, institution_id: str) -> tuple[ApiKey, str]:
        """Return a further key with its text, which is not shown again.

        Raises ``NotFound`` or ``NotPermitted``.
        """
        require(actor, Permission.KEEP_INSTITUTIONS, Subject())
        with self._register.writing() as uow:
            institution = uow.institutions.get(institution_id)
            given = self._give_key(uow, actor, institution.id)
            uow.commit()
        return given

    def revoke_key(self, actor: Actor, key_id: str) -> ApiKey:
        """End a key at once. Raises ``NotFound`` or ``NotPermitted``."""
        require(actor, Permission.KEEP_INSTITUTIONS, Subject())
        with self._register.writing() as uow:
            key = uow.institutions.revoke_key(key_id, self._clock.now())
            facts = {"key": key.id}
            self._note(uow, actor, "institution.key_revoked", key.institution_id, facts)
            uow.commit()
        return key

    def set_active(self, actor: Actor, institution_id: str, active: bool) -> None:
        """Shut an institution out with all its keys, or let it in again.

        Raises ``NotFound`` or ``NotPermitted``.
        """
        require(actor, Permission.KEEP_INSTITUTIONS, Subject())
        with self._register.writing() as uow:
            uow.institutions.set_active(institution_id, active)
            action = "institution.enabled" if active else "institution.disabled"
            self._note(uow, actor, action, institution_id, {})
            uow.commit()

    def set_webhook(self, actor: Actor, institution_id: str, url: str | None) -> str | None:
        """Register where it is told; return the new signing secret, not shown again.

        None removes the webhook. Raises ``InvalidInput`` for an address we would never
        call or an institution without the scope, ``NotFound`` or ``NotPermitted``.
        """
        require(actor, Permission.KEEP_INSTITUTIONS, Subject())
        if url is not None and not is_webhook_url(url):
            raise InvalidInput([Problem("url", "bad_webhook_url")])
        secret = None if url is None else self._random.token_bytes(SECRET_BYTES)
        with self._register.writing() as uow:
            institution = uow.institutions.get(institution_id)
            if url is not None and Scope.WEBHOOKS not in institution.scopes:
                raise InvalidInput([Problem("url", "scope_missing", {"scope": Scope.WEBHOOKS})])
            uow.institutions.set_webhook(institution_id, url, secret)
            action = "institution.webhook_removed" if url is None else "institution.webhook_set"
            self._note(uow, actor, action, institution_id, {})
            uow.commit()
        return None if secret is None else secret_text(secret)

    # --- by the institution ----------------------------------------------------------

    def whoever_holds(self, text: str) -> Institution:
        """Return the institution of a key. Raises ``NotAuthenticated``."""
        sha256 = key_sha256(text)
        if sha256 is None:
            note_refusal("key", institution=NOBODY)
            raise NotAuthenticated
        with self._register.reading() as uow:
            key = uow.institutions.find_key(sha256)
            if key is None or not hmac.compare_digest(key.sha256, sha256):
                note_refusal("key", institution=NOBODY)
                raise NotAuthenticated
            institution = uow.institutions.get(key.institution_id)
        if key.revoked_at_utc is not None or not institution.active:
            note_refusal("key", institution=institution.id)
            raise NotAuthenticated
        return institution

    def spend(self, institution: Institution, scope: Scope, count: int = 1) -> None:
        """Count checks against the quota of the day, before they are made.

        Raises ``NotPermitted`` without the scope, and ``TooManyAttempts``, counting
        nothing, when not so many are left today.
        """
        if scope not in institution.scopes:
            raise NotPermitted(scope)
        now = self._clock.now()
        today = self._office.today(now)
        with self._register.writing() as uow:
            most = institution.daily_quota
            if not uow.institutions.spend(institution.id, today, count, most):
                left = self._office.begins(today + timedelta(days=1)) - now
                raise TooManyAttempts(ceil(left.total_seconds()))
            uow.commit()

    def found(self, institution: Institution, answers: Iterable[Verification]) -> None:
        """Remember which letters an institution found genuine, to tell it when they end."""
        numbers = {
            found.letter.number
            for found in answers
            if found.letter is not None and found.verdict in _GENUINE
        }
        # Who is never told of anything is not remembered either.
        if not numbers or Scope.WEBHOOKS not in institution.scopes:
            return
        with self._register.writing() as uow:
            letters = [uow.letters.by_number(number) for number in sorted(numbers)]
            known = [letter.id for letter in letters if letter is not None]
            uow.institutions.checked(institution.id, known, self._clock.now())
            uow.commit()

    # --- shared ----------------------------------------------------------------------

    def _give_key(self, uow: UnitOfWork, actor: Actor, institution_id: str) -> tuple[ApiKey, str]:
        text = key_text(self._random.token_bytes(KEY_BYTES))
        sha256 = key_sha256(text)
        assert sha256 is not None  # noqa: S101 - it has the form of a key; for mypy
        key = ApiKey(self._random.token_bytes(4).hex(), institution_id, sha256, self._clock.now())
        uow.institutions.add_key(key)
        self._note(uow, actor, "institution.key_given", institution_id, {"key": key.id})
        return key, text

    def _note(
        self,
        uow: UnitOfWork,
        actor: Actor,
        action: str,
        institution_id: str,
        facts: Mapping[str, str | int],
    ) -> None:
        uow.audit.append(AuditEvent(self._clock.now(), actor.id, action, institution_id, facts))
