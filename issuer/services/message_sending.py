"""Sending messages: the outbox is emptied by any number of processes at once.

The row is the truth. It is leased by whoever sends it, and tried again until it is
handed over or given up. A worker that dies in between leaves a lease that runs out: the
message may then come twice, under the same id, and never not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import IllegalTransition, StaleVersion
from issuer.domain.message_ports import MessageSender
from issuer.domain.messages import SERVER_AWAY, Message, Sent, Way
from issuer.domain.ports import Clock, Random, Register
from issuer.domain.webhook import DeliveryState

LEASE = timedelta(minutes=5)
"""Several times as long as all tries of one round may take."""

MAX_LISTED = 500
_AT_A_TIME = 5


class MessageSending:
    """Sends what is due by the ways that the office has, and answers for what it sent."""

    def __init__(
        self,
        *,
        register: Register,
        senders: Mapping[Way, MessageSender],
        clock: Clock,
        random: Random,
    ) -> None:
        self._register = register
        self._senders = senders
        self._clock = clock
        self._worker = random.token_bytes(8).hex()

    @property
    def ways(self) -> frozenset[Way]:
        """The ways that this office has."""
        return frozenset(self._senders)

    def sweep(self) -> int:
        """Try what is due once; return how many were tried.

        Stops early when a server is away: the rest stays due, and would fare no better.
        """
        tried = 0
        while taken := self._take():
            outcomes = {self._try(message) for message in taken}
            tried += len(taken)
            if outcomes & SERVER_AWAY:
                break
        return tried

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
        handed over, or cannot be read.
        """
        now = self._clock.now()
        with self._register.writing() as uow:
            before = uow.messages.get(message_id)
            require(actor, Permission.KEEP_MESSAGES, Subject(before.agency_code))
            if before.state is not DeliveryState.DEAD or before.content is None:
                raise IllegalTransition(before.state, "resend")
            again = before.again(now)
            uow.messages.save(before, again)
            facts = {"message": again.id}
            uow.audit.append(AuditEvent(now, actor.id, "message.resent", again.request_id, facts))
            uow.commit()
        return again

    def _take(self) -> list[Message]:
        now = self._clock.now()
        # Most sweeps find nothing, and readers wait for nobody.
        with self._register.reading() as uow:
            if not uow.messages.any_due(now):
                return []
        with self._register.writing() as uow:
            taken = uow.messages.take(self._worker, now, now + LEASE, _AT_A_TIME)
            uow.commit()
        return list(taken)

    def _try(self, message: Message) -> Sent:
        sender = self._senders.get(message.way)
        if message.content is None:
            outcome = Sent.RECORD_DAMAGED
        elif sender is None:
            outcome = Sent.NOT_SET_UP
        else:
            outcome = sender.send(message)
        after = message.tried(outcome, self._clock.now())
        try:
            with self._register.writing() as uow:
                uow.messages.save(message, after)
                uow.commit()
        except StaleVersion:
            pass  # the lease had run out and somebody else has tried it since
        return outcome
