"""Telling a resident how a request stands, by e-mail and by a gateway for SMS or WhatsApp.

A message is a row, written in the transaction that moves the request, and tried until
it is handed over or given up. It says that something happened and where to look: never
a name, a NIK, a reason or the code that opens the request.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_request import RequestAction
from issuer.domain.outbox import DeliveryState, Outgoing

MAX_EMAIL = 254
MAX_SUBJECT = 80
MAX_BODY = 400
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(
    rf"(?=.{{1,{MAX_EMAIL}}}\Z)(?=[^@]{{1,64}}@){_LOCAL}(?:\.{_LOCAL})*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}",
    re.ASCII,
)
_PHONE_SIGNS = re.compile(r"[ ().-]")
_PHONE = re.compile(r"\+(?:628\d{8,11}|(?!62)[1-9]\d{7,14})", re.ASCII)
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
_BRACE = re.compile(r"[{}]")


class Language(StrEnum):
    """The language somebody is written to in."""

    INDONESIAN = "id"
    ENGLISH = "en"


class Way(StrEnum):
    """How a message leaves the office."""

    MAIL = "mail"
    GATEWAY = "gateway"


class MessageKind(StrEnum):
    """What is told. ``ended`` is of a letter: it was revoked, or another took its place."""

    RECEIVED = "received"
    RETURNED = "returned"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    ISSUED = "issued"
    ENDED = "ended"


class AccountMail(StrEnum):
    """What is sent about an account of a resident: a code for a new one, or for one there is."""

    NEW = "account_new"
    KNOWN = "account_known"


TOLD: Mapping[RequestAction, MessageKind] = {
    RequestAction.SUBMIT: MessageKind.RECEIVED,
    RequestAction.RETURN: MessageKind.RETURNED,
    RequestAction.REJECT: MessageKind.REJECTED,
    RequestAction.CANCEL: MessageKind.CANCELLED,
    RequestAction.LAPSE: MessageKind.LAPSED,
    RequestAction.ISSUE: MessageKind.ISSUED,
}
"""The steps of a request that its person is told of; the others are the office's own."""

_ALWAYS = frozenset({"service", "agency", "link"})
PLACEHOLDERS: Mapping[MessageKind, frozenset[str]] = {
    MessageKind.RECEIVED: _ALWAYS,
    MessageKind.RETURNED: _ALWAYS,
    MessageKind.REJECTED: _ALWAYS,
    MessageKind.CANCELLED: _ALWAYS,
    MessageKind.LAPSED: _ALWAYS,
    MessageKind.ISSUED: _ALWAYS,
    MessageKind.ENDED: _ALWAYS | {"number"},
}
"""What a text may name in braces, such as ``{agency}``; it knows nothing else."""

OF_ACCOUNTS = frozenset({"agency", "code", "until"})
"""What the texts about accounts name; no agency writes these."""


class Sent(StrEnum):
    """How one try ended."""

    HANDED_OVER = "handed_over"
    REFUSED = "refused"
    ADDRESS_REFUSED = "address_refused"
    NOT_LET_IN = "not_let_in"
    ADDRESS_FORBIDDEN = "address_forbidden"
    NAME_UNKNOWN = "name_unknown"
    NO_CONNECTION = "no_connection"
    TLS_FAILED = "tls_failed"
    TIMED_OUT = "timed_out"
    NOT_SET_UP = "not_set_up"
    RECORD_DAMAGED = "record_damaged"


SERVER_AWAY = frozenset(
    {Sent.NO_CONNECTION, Sent.NAME_UNKNOWN, Sent.TIMED_OUT, Sent.TLS_FAILED, Sent.NOT_LET_IN}
)
"""The server is at fault: the next message would fare no better now."""


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """Where somebody wants to be told; either may be empty.

    ``phone`` is in E.164, such as ``+628123456789``.
    """

    email: str
    phone: str
    language: Language = Language.INDONESIAN

    def __repr__(self) -> str:
        return "Contact(<hidden>)"

    def __bool__(self) -> bool:
        return bool(self.email or self.phone)

    @classmethod
    def parse(
        cls, email: str = "", phone: str = "", language: Language = Language.INDONESIAN
    ) -> Contact:
        """Return the contact as typed; both may be left empty.

        Raises ``InvalidInput`` with the problems of ``email`` and ``phone``.
        """
        problems = []
        mail, number = email.strip(), _PHONE_SIGNS.sub("", phone.strip())
        if mail and not is_email(mail):
            problems.append(Problem("email", "bad_email"))
        if number:
            number = _international(number)
            if not _PHONE.fullmatch(number):
                problems.append(Problem("phone", "bad_phone"))
        if problems:
            raise InvalidInput(problems)
        return cls(mail, number, language)

    def by(self, way: Way) -> str:
        """Return the address for a way, or an empty text."""
        return {Way.MAIL: self.email, Way.GATEWAY: self.phone}[way]


def is_email(text: str) -> bool:
    """Say whether this is an e-mail address that any server takes: ASCII, a name with dots."""
    return _EMAIL.fullmatch(text) is not None


def _international(number: str) -> str:
    """Return a number as it is dialled from anywhere, if it is one as written here."""
    if number.startswith("0"):
        return f"+62{number[1:]}"
    return f"+{number}" if number.startswith("62") else number


@dataclass(frozen=True, slots=True)
class MessageText:
    """Subject and body with placeholders; the body alone is what a gateway sends."""

    subject: str
    body: str

    def filled(self, facts: Mapping[str, str]) -> MessageText:
        """Return both with the facts in place of the placeholders."""
        return MessageText(_fill(self.subject, facts), _fill(self.body, facts))


def _fill(text: str, facts: Mapping[str, str]) -> str:
    # Not ``str.format``: an agency writes these texts, and its braces reach attributes.
    return _PLACEHOLDER.sub(lambda found: facts[found[1]], text)


def unknown_placeholders(kind: MessageKind, text: str) -> list[str]:
    """Return the placeholders that such a message does not know, a lone brace as itself."""
    named = [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS[kind]]
    return named + _BRACE.findall(_PLACEHOLDER.sub("", text))


TextKey = tuple[MessageKind, Language]


@dataclass(frozen=True, slots=True)
class Wordings:
    """The office's own texts, one for each kind and language.

    ``footers`` close every e-mail; ``some_letter`` names a type that exists no more.
    ``accounts`` are whole e-mails about an account.
    """

    texts: Mapping[TextKey, MessageText]
    footers: Mapping[Language, str]
    some_letter: Mapping[Language, str]
    accounts: Mapping[tuple[AccountMail, Language], MessageText]

    def by_mail(self, body: str, agency: str, language: Language) -> str:
        """Return the body as an e-mail has it: with the agency's name and the footer."""
        return f"{body}\n\n{agency}\n\n{self.footers[language]}"


@dataclass(frozen=True, slots=True, repr=False)
class MessageContent:
    """What is sent: to whom, in words, and the same as facts for a gateway's own template."""

    address: str
    language: Language
    subject: str
    body: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Outgoing[Sent]):
    """One event for one address.

    ``content`` is None once it was handed over or forgotten, when it could not be read,
    and in lists. ``request_id`` and ``agency_code`` are None in mail about an account.
    """

    ENDS: ClassVar[Mapping[StrEnum, DeliveryState]] = {
        Sent.HANDED_OVER: DeliveryState.DELIVERED,
        # The message is at fault: it will not become another by itself.
        Sent.ADDRESS_REFUSED: DeliveryState.DEAD,
        Sent.RECORD_DAMAGED: DeliveryState.DEAD,
    }

    request_id: str | None
    agency_code: str | None
    kind: MessageKind | AccountMail
    way: Way
    content: MessageContent | None


def message_id(kind: MessageKind | AccountMail, about: str, version: int, way: Way) -> str:
    """Return the id of an event's message. It follows from the event: once is once."""
    told = "\n".join((kind, about, str(version), way)).encode()
    return f"msg_{hashlib.sha256(told).hexdigest()[:32]}"
