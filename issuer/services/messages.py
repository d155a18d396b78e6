"""Messages: who asked for a letter is told how the request stands.

What is told is written in the transaction that moves the request, so that neither is
without the other; whether a mail server answers matters to nobody but the outbox.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from issuer.domain.errors import CorruptStore, NotFound
from issuer.domain.letter import Letter
from issuer.domain.letter_request import LetterRequest, RequestAction
from issuer.domain.messages import (
    TOLD,
    AccountMail,
    Contact,
    Language,
    Message,
    MessageContent,
    MessageKind,
    Sent,
    Way,
    Wordings,
    message_id,
)
from issuer.domain.office import Office
from issuer.domain.outbox import DeliveryState
from issuer.domain.ports import Clock, LetterCatalogue, UnitOfWork


class Messages:
    """Writes what is to be told; ``MessageSending`` sends it.

    ``ways`` are those that this office has; nothing is written for another.
    ``follow_path`` is where a request is followed by its code.
    """

    def __init__(
        self,
        *,
        catalogue: LetterCatalogue,
        wordings: Wordings,
        ways: Collection[Way],
        office: Office,
        clock: Clock,
        follow_path: str,
    ) -> None:
        self._catalogue = catalogue
        self._wordings = wordings
        self._ways = sorted(ways)
        self._office = office
        self._clock = clock
        self._link = f"{office.base_url}{follow_path}"

    @property
    def ways(self) -> frozenset[Way]:
        """The ways that this office has."""
        return frozenset(self._ways)

    def tell(
        self, uow: UnitOfWork, request: LetterRequest, kind: MessageKind, number: str = ""
    ) -> None:
        """Write what is to be told of a request, as it is after the change.

        To be called in the transaction that changes it. Does nothing where nobody left
        an address; a contact that cannot be read becomes a message that is given up.
        ``number`` is the letter's, for ``MessageKind.ENDED``.
        """
        if not self._ways:
            return
        now = self._clock.now()
        try:
            contact = uow.contacts.find(request.id)
        except CorruptStore:
            for way in self._ways:
                uow.messages.add(_given_up(request, kind, way, now))
            return
        if contact is None:
            return
        for way in self._ways:
            if contact.by(way):
                content = self._content(uow, request, kind, way, contact, number)
                uow.messages.add(_message(request, kind, way, now, content))

    def tell_of_step(self, uow: UnitOfWork, moved: LetterRequest, action: RequestAction) -> None:
        """Write what is to be told of the step that led here, if anything; as ``tell``."""
        if action in TOLD:
            self.tell(uow, moved, TOLD[action])

    def tell_of_end(self, uow: UnitOfWork, letter: Letter) -> None:
        """Write that a letter is in force no more; as ``tell``, in the same transaction."""
        if not self._ways:
            return
        request = uow.requests.find(letter.request_id)
        if request is not None:
            self.tell(uow, request, MessageKind.ENDED, letter.number)

    def mail_code(
        self,
        uow: UnitOfWork,
        kind: AccountMail,
        about: str,
        email: str,
        language: Language,
        code: str,
        until_utc: datetime,
    ) -> None:
        """Write the mail with a code for an account; ``about`` makes its id.

        To be called in the transaction in which the code begins to hold.
        """
        until = until_utc.astimezone(self._office.zone)
        facts = {"code": code, "until": f"{until:%H.%M}", "agency": self._office.name}
        text = self._wordings.accounts[kind, language].filled(facts)
        now = self._clock.now()
        uow.messages.add(
            Message(
                id=message_id(kind, about, 0, Way.MAIL),
                request_id=None,
                agency_code=None,
                kind=kind,
                way=Way.MAIL,
                created_at_utc=now,
                next_at_utc=now,
                content=MessageContent(email, language, text.subject, text.body, facts),
            )
        )

    def _content(
        self,
        uow: UnitOfWork,
        request: LetterRequest,
        kind: MessageKind,
        way: Way,
        contact: Contact,
        number: str,
    ) -> MessageContent:
        language = contact.language
        facts = {
            "service": self._service(request.letter_type, language),
            "agency": uow.agencies.get(request.agency_code).name,
            "link": self._link,
        }
        if kind is MessageKind.ENDED:
            facts["number"] = number
        key = (kind, language)
        own = uow.message_texts.find(request.agency_code, key)
        text = (own or self._wordings.texts[key]).filled(facts)
        body = text.body
        if way is Way.MAIL:
            body = self._wordings.by_mail(body, facts["agency"], language)
        return MessageContent(contact.by(way), language, text.subject, body, facts)

    def _service(self, slug: str, language: Language) -> str:
        """Return what a type is called where anybody may read it."""
        try:
            kind = self._catalogue.get(slug)
        except NotFound:
            return self._wordings.some_letter[language]
        title = kind.public_title if kind.sensitive else kind.title
        return title.id if language is Language.INDONESIAN else title.en


def _message(
    request: LetterRequest, kind: MessageKind, way: Way, now: datetime, content: MessageContent
) -> Message:
    return Message(
        id=message_id(kind, request.id, request.version, way),
        request_id=request.id,
        agency_code=request.agency_code,
        kind=kind,
        way=way,
        created_at_utc=now,
        next_at_utc=now,
        content=content,
    )


def _given_up(request: LetterRequest, kind: MessageKind, way: Way, now: datetime) -> Message:
    return Message(
        id=message_id(kind, request.id, request.version, way),
        request_id=request.id,
        agency_code=request.agency_code,
        kind=kind,
        way=way,
        created_at_utc=now,
        next_at_utc=None,
        content=None,
        state=DeliveryState.DEAD,
        outcome=Sent.RECORD_DAMAGED,
    )
