"""Publication: everything a stranger needs is signed and put where everybody may read it.

Whatever has changed or grown old is due, found by comparing and not by remembering, so
that a lost process or a failed attempt needs no mending: the next round does it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from issuer.domain import status_list
from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import IssuerError
from issuer.domain.office import Office
from issuer.domain.ports import Clock, Register, UnitOfWork
from issuer.domain.publication import (
    KEY_SETS,
    RENEW_AFTER,
    STATUS_LISTS,
    KeySetPublisher,
    NewKey,
    PublishedFiles,
    RevocationLists,
    StatusListSigner,
)
from issuer.domain.status_list import StatusList
from issuer.services.published import UNREADABLE, PublishedState

CRLS = "crl"


class Publication:
    """Publishes revocation lists, key sets and status lists when they are due."""

    def __init__(
        self,
        *,
        register: Register,
        files: PublishedFiles,
        published: PublishedState,
        signer: StatusListSigner,
        key_sets: KeySetPublisher,
        revocation_lists: RevocationLists,
        clock: Clock,
        office: Office,
    ) -> None:
        self._register = register
        self._files = files
        self._published = published
        self._signer = signer
        self._key_sets = key_sets
        self._revocation_lists = revocation_lists
        self._clock = clock
        self._office = office

    def publish(self) -> list[str]:
        """Publish what is due; return its names: ``crl/issuing``, ``status/2026``.

        Raises ``KeyUnavailable`` and ``DependencyUnavailable``; what was published
        before that stays.
        """
        now = self._clock.now()
        done = [f"{CRLS}/{name}" for name in self._revocation_lists.refresh_crls(now)]
        with self._files.changing():
            version = self._key_sets.publish(now)
            if version is not None:
                done.append(f"{KEY_SETS}/{version}")
            # One snapshot, taken under the lock: no older one is ever written after it.
            with self._register.reading() as uow:
                years = {series.year for series in uow.numbers.highest()}
                for year in sorted({*years, self._office.today(now).year}):
                    if self._publish_list(uow, year, now):
                        done.append(f"{STATUS_LISTS}/{year}")
        return done

    def publish_if_possible(self) -> bool:
        """Publish after a change; False when it could not be done, and must wait."""
        try:
            self.publish()
        except IssuerError:
            return False
        return True

    def rotate_keys(self, actor: Actor, *, at_once: bool = False) -> NewKey:
        """Make and publish the next QR key; what the old ones signed verifies for ever.

        Raises ``NotPermitted``, ``KeyUnavailable``, or ``ConfigurationError`` where a
        rotation would be unsafe.
        """
        require(actor, Permission.ROTATE_KEYS, Subject())
        now = self._clock.now()
        with self._register.writing() as uow, self._files.changing():
            made = self._key_sets.rotate(now, at_once=at_once)
            starts = made.signs_from_utc.isoformat()
            facts: dict[str, str | int] = {"version": made.version, "signs_from": starts}
            uow.audit.append(AuditEvent(now, actor.id, "key.rotated", made.id, facts))
            uow.commit()
        return made

    def _publish_list(self, uow: UnitOfWork, year: int, now: datetime) -> bool:
        wanted = status_list.build(year, uow.letters.ended(year), now)
        if not self._is_due(wanted):
            return False
        self._files.put(STATUS_LISTS, year, self._signer.seal(wanted))
        return True

    def _is_due(self, wanted: StatusList) -> bool:
        try:
            current = self._published.status_list(wanted.year)
        except UNREADABLE:
            return True
        age = wanted.issued_at_utc - current.issued_at_utc
        # A list from the future, made by a clock that was wrong, is replaced too.
        return current.packed != wanted.packed or not timedelta(0) <= age < RENEW_AFTER
