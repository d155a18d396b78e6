"""Deliveries: institutions are told when a letter they found genuine has ended.

The row is written in the transaction that ends the letter, and sent as
``services.outbox_sending`` says.
"""

from __future__ import annotations

from datetime import datetime

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import CorruptStore, IllegalTransition, NotFound
from issuer.domain.institution_ports import Courier, DeliveryRepository
from issuer.domain.letter import Letter
from issuer.domain.outbox import DeliveryState
from issuer.domain.ports import Clock, Random, Register, UnitOfWork
from issuer.domain.webhook import (
    EVENTS,
    Delivery,
    Outcome,
    body_of,
    delivery_of,
    headers_of,
)
from issuer.services.outbox_sending import OutboxSending


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


class Deliveries(OutboxSending[Delivery, Outcome]):
    """Sends what institutions are to be told, and answers for what it sent."""

    def __init__(
        self, *, register: Register, courier: Courier, clock: Clock, random: Random
    ) -> None:
        super().__init__(register=register, clock=clock, random=random)
        self._courier = courier

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

    def _outbox(self, uow: UnitOfWork) -> DeliveryRepository:
        return uow.deliveries

    def _send(self, outgoing: Delivery) -> Outcome:
        try:
            with self._register.reading() as uow:
                institution = uow.institutions.get(outgoing.institution_id)
                secret = uow.institutions.webhook_secret(outgoing.institution_id)
                number = uow.letters.get(outgoing.letter_id).number
        except (CorruptStore, NotFound):
            # It must not stand in the way of the others.
            return Outcome.RECORD_DAMAGED
        if institution.webhook_url is None or secret is None or not institution.told_by_webhook:
            return Outcome.NO_WEBHOOK
        body = body_of(outgoing, number)
        headers = headers_of(outgoing, secret, body, self._clock.now())
        return self._courier.post(institution.webhook_url, headers, body)
