"""Requests whose people left an address, and a way out that writes down what it was given."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from issuer.bootstrap import Composition, SystemRandom
from issuer.bootstrap.messaging import FOLLOW_PATH
from issuer.config import SETTINGS_FILE
from issuer.domain.letter_request import LetterRequest
from issuer.domain.message_ports import MessageSender
from issuer.domain.messages import Contact, Message, MessageKind, Sent, Way
from issuer.services.message_sending import MessageSending
from issuer.services.messages import Messages
from issuer.services.outbox_sending import LEASE
from issuer.texts.messages import WORDINGS
from tests.offices import Clock, open_request

EMAIL, PHONE = "warga@contoh.example", "+6281234567890"
BOTH = Contact(EMAIL, PHONE)


def add_mail(folder: Path, url: str = "smtp://localhost:9") -> None:
    """Let an office send mail; nobody listens on the discard port."""
    with (folder / SETTINGS_FILE).open("a", encoding="utf-8") as file:
        file.write(f'smtp_url = "{url}"\nmail_from = "surat@bojonegoro.example"\n')


@dataclass
class Notebook:
    """A ``MessageSender`` that sends nothing; it answers as told, else ``HANDED_OVER``."""

    answers: list[Sent] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> Sent:
        self.sent.append(message)
        return self.answers.pop(0) if self.answers else Sent.HANDED_OVER


def messages_of(office: Composition, *ways: Way) -> Messages:
    """Return what writes messages in the office, as if it had these ways; both if none."""
    services = office.services
    return Messages(
        catalogue=services.catalogue,
        wordings=WORDINGS,
        ways=ways or tuple(Way),
        office=services.office,
        clock=services.clock,
        follow_path=FOLLOW_PATH,
    )


def sending_by(
    office: Composition, *, mail: MessageSender, gateway: MessageSender | None = None
) -> MessageSending:
    """Return a worker of the office with these ways out; one for both if only one is given."""
    return MessageSending(
        register=office.register,
        senders={Way.MAIL: mail, Way.GATEWAY: gateway or mail},
        clock=office.services.clock,
        random=SystemRandom(),
    )


def asked(office: Composition, contact: Contact = BOTH, slug: str = "domisili") -> LetterRequest:
    """Open a request whose person left this address."""
    request_id = open_request(office, slug)
    with office.register.writing() as uow:
        uow.contacts.save(request_id, contact)
        found = uow.requests.find(request_id)
        uow.commit()
    assert found is not None
    return found


def tell(
    office: Composition,
    request: LetterRequest,
    kind: MessageKind = MessageKind.RECEIVED,
    number: str = "",
) -> None:
    """Tell of a request in a transaction of its own."""
    with office.register.writing() as uow:
        messages_of(office).tell(uow, request, kind, number)
        uow.commit()


def of(office: Composition, request: LetterRequest) -> list[Message]:
    """Return the messages of a request, mail last."""
    with office.register.reading() as uow:
        found = uow.messages.list(request_id=request.id, most=100)
    return sorted(found, key=lambda message: message.way)


def empty_outbox(office: Composition, clock: Clock) -> None:
    """Send all that waits to nobody."""
    clock.advance(LEASE)
    while sending_by(office, mail=Notebook()).sweep():
        pass
