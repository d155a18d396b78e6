"""Deliveries: institutions are told when a letter they found genuine has ended.

The row is the truth. It is written in the transaction that ends the letter, leased by
whoever sends it, and tried again until it is received or given up. A worker that dies
in between leaves a lease that runs out: the message may then come twice, under the
same id, and never not at all.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import CorruptStore, IllegalTransition, NotFound, StaleVersion
from issuer.domain.institution_ports import Courier
from issuer.domain.letter import Letter
from issuer.domain.ports import Clock, Random, Register, UnitOfWork
from issuer.domain.webhook import (
    EVENTS,
    Delivery,
    DeliveryState,
    Outcome,
    body_of,
    delivery_of,
    headers_of,
)

LEASE = timedelta(minutes=5)
"""Several times as long as all tries of one sweep may take."""

_AT_A_TIME = 5


def announce(uow: UnitOfWork, letter: Letter, at_utc: datetime) -> None:
    """Write what institutions are to be told of a letter that has just ended.

    To be called in the transaction that ends it, so that neither is without the other.
    """
    event = EVENTS.get(letter.state)
    if event is None:
        return
    for institution in uow.institutions.watching(letter.id):
        if institution.told_by_webhook:
            uow.deliveries.add(delivery_of(event, letter.id, institution.id, at_utc))


class Deliveries:
    """Empties the outbox; any number of processes may do so at once."""

    def __init__(
        self, *, register: Register, courier: Courier, clock: Clock, random: Random
    ) -> None:
        self._register = register
        self._courier = courier
        self._clock = clock
        self._worker = random.token_bytes(8).hex()

    def sweep(self) -> int:
        """Try every delivery that is due once; return how many were tried."""
        tried = 0
        while taken := self._take():
            for delivery in taken:
                self._try(delivery)
            tried += len(taken)
        return tried

    def listed(
        self,
        actor: Actor,
        *,
        institution_id: str | None = None,
        state: DeliveryState | None = None,
    ) -> list[Delivery]:
        """Return deliveries, the newest first. Raises ``NotPermitted``."""
        require(actor, Permission.KEEP_INSTITUTIONS, Subject())
        with self._register.reading() as uow:
            return list(uow.deliveries.list(institution_id=institution_id, state=state))

    def resend(self, actor: Actor, delivery_id: str) -> Delivery:
        """Send a delivery again from the first try on, under its old id.

        Raises ``NotFound``, ``NotPermitted``, or ``IllegalTransition`` while it waits.
        """
        require(actor, Permission.KEEP_INSTITUTIONS, Subject())
        now = self._clock.now()
        with self._register.writing() as uow:
            before = uow.deliveries.get(delivery_id)
            if before.state is DeliveryState.WAITING:
                raise IllegalTransition(before.state, "resend")
            again = before.again(now)
            uow.deliveries.save(before, again)
            facts = {"delivery": again.id}
            uow.audit.append(
                AuditEvent(now, actor.id, "delivery.resent", again.institution_id, facts)
            )
            uow.commit()
        return again

    def _take(self) -> list[Delivery]:
        now = self._clock.now()
        # Most sweeps find nothing, and readers wait for nobody.
        with self._register.reading() as uow:
            if not uow.deliveries.any_due(now):
                return []
        with self._register.writing() as uow:
            taken = uow.deliveries.take(self._worker, now, now + LEASE, _AT_A_TIME)
            uow.commit()
        return list(taken)

    def _try(self, delivery: Delivery) -> None:
        try:
            outcome = self._send(delivery)
        except (CorruptStore, NotFound):
            # It must not stand in the way of the others.
            outcome = Outcome.RECORD_DAMAGED
        after = delivery.tried(outcome, self._clock.now())
        try:
            with self._register.writing() as uow:
                uow.deliveries.save(delivery, after)
                uow.commit()
        except StaleVersion:
            pass  # the lease had run out and somebody else has tried it since

    def _send(self, delivery: Delivery) -> Outcome:
        with self._register.reading() as uow:
            institution = uow.institutions.get(delivery.institution_id)
            secret = uow.institutions.webhook_secret(delivery.institution_id)
            number = uow.letters.get(delivery.letter_id).number
        if institution.webhook_url is None or secret is None or not institution.told_by_webhook:
            return Outcome.NO_WEBHOOK
        body = body_of(delivery, number)
        headers = headers_of(delivery, secret, body, self._clock.now())
        return self._courier.post(institution.webhook_url, headers, body)
