"""Texts of messages: an agency may say to its residents in its own words what happened."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.messages import (
    MAX_BODY,
    MAX_SUBJECT,
    PLACEHOLDERS,
    MessageKind,
    MessageText,
    TextKey,
    Wordings,
    unknown_placeholders,
)
from issuer.domain.ports import Clock, Register
from issuer.domain.text import TextRefused, plain_text


class MessageTexts:
    """Shows and sets the texts of an agency."""

    def __init__(self, *, register: Register, wordings: Wordings, clock: Clock) -> None:
        self._register = register
        self._wordings = wordings
        self._clock = clock

    def of(self, actor: Actor, agency_code: str) -> Mapping[TextKey, tuple[MessageText, bool]]:
        """Return every text that the agency sends, and whether it is its own.

        Raises ``NotFound`` or ``NotPermitted``.
        """
        require(actor, Permission.KEEP_MESSAGES, Subject(agency_code))
        with self._register.reading() as uow:
            uow.agencies.get(agency_code)
            own = uow.message_texts.of(agency_code)
        return {key: (own.get(key, text), key in own) for key, text in self._wordings.texts.items()}

    def default(self, key: TextKey) -> MessageText:
        """Return the office's own text, which holds where an agency has none."""
        return self._wordings.texts[key]

    def set(
        self, actor: Actor, agency_code: str, key: TextKey, subject: str, body: str
    ) -> MessageText:
        """Set a text of the agency's own, for messages from now on.

        Raises ``NotFound``, ``NotPermitted``, or ``InvalidInput`` about ``subject`` and
        ``body``: at most 80 and 400 characters, with known placeholders only.
        """
        require(actor, Permission.KEEP_MESSAGES, Subject(agency_code))
        text = _text(key, subject, body)
        self._write(actor, agency_code, key, text)
        return text

    def example(
        self,
        actor: Actor,
        agency_code: str,
        key: TextKey,
        subject: str,
        body: str,
        facts: Mapping[str, str],
    ) -> MessageText:
        """Return the e-mail that such a text would make, without keeping or sending it.

        ``facts`` has the placeholders of ``key`` but the agency. Raises as ``set``.
        """
        require(actor, Permission.KEEP_MESSAGES, Subject(agency_code))
        with self._register.reading() as uow:
            agency = uow.agencies.get(agency_code).name
        text = _text(key, subject, body).filled({**facts, "agency": agency})
        return MessageText(text.subject, self._wordings.by_mail(text.body, agency, key[1]))

    def reset(self, actor: Actor, agency_code: str, key: TextKey) -> None:
        """Go back to the office's text. Raises ``NotFound`` or ``NotPermitted``."""
        require(actor, Permission.KEEP_MESSAGES, Subject(agency_code))
        self._write(actor, agency_code, key, None)

    def _write(
        self, actor: Actor, agency_code: str, key: TextKey, text: MessageText | None
    ) -> None:
        kind, language = key
        facts = {"kind": kind.value, "language": language.value}
        action = "message.text_reset" if text is None else "message.text_set"
        with self._register.writing() as uow:
            uow.agencies.get(agency_code)
            uow.message_texts.save(agency_code, key, text)
            uow.audit.append(AuditEvent(self._clock.now(), actor.id, action, agency_code, facts))
            uow.commit()


def _text(key: TextKey, subject: str, body: str) -> MessageText:
    kind, _ = key
    problems: list[Problem] = []
    text = MessageText(
        _checked(kind, "subject", subject, MAX_SUBJECT, problems),
        _checked(kind, "body", body, MAX_BODY, problems),
    )
    if problems:
        raise InvalidInput(problems)
    return text


def _checked(kind: MessageKind, where: str, value: str, limit: int, problems: list[Problem]) -> str:
    try:
        text = plain_text(value, limit)
    except TextRefused as refused:
        problems.append(Problem(where, refused.code, refused.facts))
        return ""
    if unknown := unknown_placeholders(kind, text):
        known = ", ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS[kind]))
        names = ", ".join(unknown[:5])
        problems.append(Problem(where, "unknown_placeholder", {"names": names, "known": known}))
    return text
