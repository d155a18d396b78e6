"""Reaching: whoever asked from home says where to be told how the request stands."""

from __future__ import annotations

from issuer.domain.audit import AuditEvent
from issuer.domain.errors import NotFound
from issuer.domain.letter_request import LetterRequest, RequestState
from issuer.domain.messages import Contact, MessageKind, Way
from issuer.domain.ports import Clock, Register, UnitOfWork
from issuer.services.messages import Messages


class Reaching:
    """Keeps the contact of a request that somebody holds by its token."""

    def __init__(self, *, register: Register, messages: Messages, clock: Clock) -> None:
        self._register = register
        self._messages = messages
        self._clock = clock

    @property
    def ways(self) -> frozenset[Way]:
        """The ways that this office has; for another no address is asked."""
        return self._messages.ways

    def contact(self, token: str) -> Contact | None:
        """Return what was said before, or None. Raises ``NotFound`` before it is sent."""
        with self._register.reading() as uow:
            return uow.contacts.find(self._request(uow, token).id)

    def reach(self, token: str, contact: Contact) -> None:
        """Write where to tell; an empty contact ends it. Raises ``NotFound`` before it is sent.

        A request that still waits for its review is told as received at once, and once
        only, so that a wrong address is noticed early.
        """
        now = self._clock.now()
        with self._register.writing() as uow:
            request = self._request(uow, token)
            uow.contacts.save(request.id, contact)
            facts = {"email": int(bool(contact.email)), "phone": int(bool(contact.phone))}
            uow.audit.append(
                AuditEvent(now, request.created_by, "request.contact_set", request.id, facts)
            )
            if request.state is RequestState.SUBMITTED:
                self._messages.tell(uow, request, MessageKind.RECEIVED)
            uow.commit()

    def _request(self, uow: UnitOfWork, token: str) -> LetterRequest:
        held = uow.applications.by_token(token, self._clock.now())
        request = uow.requests.find(held.request_id) if held and held.request_id else None
        if request is None:
            raise NotFound("request", "")
        return request
