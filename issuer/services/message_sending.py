"""Sending messages to residents, as ``services.outbox_sending`` says."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import IllegalTransition
from issuer.domain.message_ports import MessageRepository, MessageSender
from issuer.domain.messages import SERVER_AWAY, Message, Sent, Way
from issuer.domain.outbox import DeliveryState
from issuer.domain.ports import Clock, Random, Register, UnitOfWork
from issuer.services.outbox_sending import OutboxSending

MAX_LISTED = 500


class MessageSending(OutboxSending[Message, Sent]):
    """Sends what is due by the ways that the office has, and answers for what it sent."""

    AWAY = SERVER_AWAY

    def __init__(
        self,
        *,
        register: Register,
        senders: Mapping[Way, MessageSender],
        clock: Clock,
        random: Random,
    ) -> None:
        super().__init__(register=register, clock=clock, random=random)
        self._senders = senders

    @property
    def ways(self) -> frozenset[Way]:
        """The ways that this office has."""
        return frozenset(self._senders)

    def listed(
        self,
        actor: Actor,
        *,
        agency_code: str | None = None,
        state: DeliveryState | None = None,
    ) -> list[Message]:
        """Return the newest 500 messages, without their content. Raises ``NotPermitted``."""
        require(actor, Permission.KEEP_MESSAGES, Subject(agency_code))
        with self._register.reading() as uow:
            return list(uow.messages.list(agency_code=agency_code, state=state, most=MAX_LISTED))

    def of_request(self, actor: Actor, request_id: str, agency_code: str) -> list[Message]:
        """Return what was told of an agency's request, without content, the newest first.

        Raises ``NotPermitted``.
        """
        require(actor, Permission.READ_REGISTER, Subject(agency_code))
        with self._register.reading() as uow:
            return list(
                uow.messages.list(agency_code=agency_code, request_id=request_id, most=MAX_LISTED)
            )

    def resend(self, actor: Actor, message_id: str) -> Message:
        """Send a message that was given up again from the first try on, under its old id.

        Raises ``NotFound``, ``NotPermitted``, or ``IllegalTransition`` when it waits, was
        handed over, cannot be read, or held a code, which has ended long since.
        """
        now = self._clock.now()
        with self._register.writing() as uow:
            before = uow.messages.get(message_id)
            require(actor, Permission.KEEP_MESSAGES, Subject(before.agency_code))
            about = before.request_id
            if before.state is not DeliveryState.DEAD or before.content is None or about is None:
                raise IllegalTransition(before.state, "resend")
            again = before.again(now)
            uow.messages.save(before, again)
            facts = {"message": again.id}
            uow.audit.append(AuditEvent(now, actor.id, "message.resent", about, facts))
            uow.commit()
        return again

    def _outbox(self, uow: UnitOfWork) -> MessageRepository:
        return uow.messages

    def _send(self, outgoing: Message) -> Sent:
        sender = self._senders.get(outgoing.way)
        if outgoing.content is None:
            return Sent.RECORD_DAMAGED
        return Sent.NOT_SET_UP if sender is None else sender.send(outgoing)
