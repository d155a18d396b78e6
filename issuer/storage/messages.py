"""What residents are told, as rows: contacts, messages, texts."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select

from issuer.domain.errors import CorruptStore
from issuer.domain.messages import (
    AccountMail,
    Contact,
    Language,
    Message,
    MessageContent,
    MessageKind,
    MessageText,
    Sent,
    TextKey,
    Way,
)
from issuer.domain.outbox import DeliveryState
from issuer.domain.record import canonical_json
from issuer.storage.outbox import SqlOutbox, Statements, common
from issuer.storage.schema import requests
from issuer.storage.schema_messages import contacts, message_texts, messages
from issuer.storage.sealing import RowCipher
from issuer.storage.statements import Upsert, rows

_CONTACT, _CONTENT = "contacts.content", "messages.content"
_COLUMN = messages.c

_SAVE_CONTACT = Upsert(
    contacts,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[contacts.c.request_id], set_={"content": insert.excluded.content}
    ),
)
_CONTACT_OF = select(contacts).where(contacts.c.request_id == bindparam("key"))
_REMOVE_CONTACT = delete(contacts).where(contacts.c.request_id == bindparam("key"))

_REMOVE_CONTACTS = delete(contacts).where(
    contacts.c.request_id.in_(bindparam("ids", expanding=True))
)
_REMOVE_MESSAGES = delete(messages).where(
    messages.c.request_id.in_(bindparam("ids", expanding=True))
)

_BEFORE = bindparam("before", type_=_COLUMN.created_at_utc.type)
_OLD_CONTACTS = (
    select(contacts.c.request_id)
    .join(requests, requests.c.id == contacts.c.request_id)
    .where(requests.c.created_at_utc < _BEFORE)
    .limit(bindparam("most"))
)
_FORGET_CONTACTS = delete(contacts).where(contacts.c.request_id.in_(_OLD_CONTACTS))

_TEXT = message_texts.c
_SAVE_TEXT = Upsert(
    message_texts,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[_TEXT.agency_code, _TEXT.kind, _TEXT.language],
        set_={"subject": insert.excluded.subject, "body": insert.excluded.body},
    ),
)
_ONE_TEXT = (
    _TEXT.agency_code == bindparam("agency"),
    _TEXT.kind == bindparam("of_kind"),
    _TEXT.language == bindparam("in_language"),
)
_FIND_TEXT = select(message_texts).where(*_ONE_TEXT)
_REMOVE_TEXT = delete(message_texts).where(*_ONE_TEXT)


class SqlContacts:
    """``ContactRepository`` over one transaction."""

    def __init__(self, connection: Connection, cipher: RowCipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def save(self, request_id: str, contact: Contact) -> None:
        """Write the contact of a request; an empty one removes it."""
        if not contact:
            self._connection.execute(_REMOVE_CONTACT, {"key": request_id})
            return
        sealed = self._cipher.seal(_CONTACT, request_id, canonical_json(asdict(contact)))
        values = {"request_id": request_id, "content": sealed}
        self._connection.execute(_SAVE_CONTACT.on(self._connection), values)

    def find(self, request_id: str) -> Contact | None:
        """Return the contact, or None. Raises ``CorruptStore``."""
        found = rows(self._connection, _CONTACT_OF, {"key": request_id})
        if not found:
            return None
        try:
            stored = json.loads(self._cipher.open(_CONTACT, request_id, found[0].content))
            return Contact(stored["email"], stored["phone"], Language(stored["language"]))
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptStore(f"{_CONTACT} of {request_id}") from error

    def remove(self, request_ids: Collection[str]) -> int:
        """Remove the contacts of these requests; return how many."""
        return self._connection.execute(_REMOVE_CONTACTS, {"ids": list(request_ids)}).rowcount

    def forget(self, before_utc: datetime, most: int) -> int:
        """Remove at most so many whose request was made before then; return how many."""
        values = {"before": before_utc, "most": most}
        return self._connection.execute(_FORGET_CONTACTS, values).rowcount


class SqlMessages(SqlOutbox[Message]):
    """``MessageRepository`` over one transaction."""

    statements = Statements(messages)
    subject = "message"

    def __init__(self, connection: Connection, cipher: RowCipher) -> None:
        super().__init__(connection)
        self._cipher = cipher

    def list(
        self,
        *,
        agency_code: str | None = None,
        request_id: str | None = None,
        state: DeliveryState | None = None,
        most: int,
    ) -> Sequence[Message]:
        """Return messages, the newest first, without their content."""
        query = select(messages).order_by(_COLUMN.created_at_utc.desc(), _COLUMN.id).limit(most)
        if agency_code is not None:
            query = query.where(_COLUMN.agency_code == agency_code)
        if request_id is not None:
            query = query.where(_COLUMN.request_id == request_id)
        if state is not None:
            query = query.where(_COLUMN.state == state.value)
        return [_message(row) for row in self._connection.execute(query)]

    def remove(self, request_ids: Collection[str]) -> int:
        """Remove what these requests' people were told, or wait for; return how many."""
        return self._connection.execute(_REMOVE_MESSAGES, {"ids": list(request_ids)}).rowcount

    def _own(self, outgoing: Message) -> Mapping[str, object]:
        sealed = None
        if outgoing.content is not None:
            plain = canonical_json(asdict(outgoing.content))
            sealed = self._cipher.seal(_CONTENT, outgoing.id, plain)
        return {
            "request_id": outgoing.request_id,
            "agency_code": outgoing.agency_code,
            "kind": outgoing.kind.value,
            "way": outgoing.way.value,
            "content": sealed,
        }

    def _own_changing(self, after: Message) -> Mapping[str, object]:
        return {"content": None} if after.state is DeliveryState.DELIVERED else {}

    def _whole(self, row: Row[Any]) -> Message:
        return replace(_message(row), content=self._readable(row))

    def _readable(self, row: Row[Any]) -> MessageContent | None:
        if row.content is None:
            return None
        try:
            stored = json.loads(self._cipher.open(_CONTENT, row.id, row.content))
            return MessageContent(**{**stored, "language": Language(stored["language"])})
        except (CorruptStore, ValueError, KeyError, TypeError):
            # One damaged row must not stand in the way of the others.
            return None


class SqlMessageTexts:
    """``MessageTextRepository`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, agency_code: str, key: TextKey) -> MessageText | None:
        """Return the agency's own text, or None."""
        row = self._connection.execute(_FIND_TEXT, _place(agency_code, key)).first()
        return None if row is None else MessageText(row.subject, row.body)

    def of(self, agency_code: str) -> Mapping[TextKey, MessageText]:
        """Return every text of its own that the agency has."""
        query = select(message_texts).where(_TEXT.agency_code == agency_code)
        return {
            (MessageKind(row.kind), Language(row.language)): MessageText(row.subject, row.body)
            for row in self._connection.execute(query)
        }

    def save(self, agency_code: str, key: TextKey, text: MessageText | None) -> None:
        """Write an agency's own text; None goes back to the office's."""
        if text is None:
            self._connection.execute(_REMOVE_TEXT, _place(agency_code, key))
            return
        kind, language = key
        values = {"agency_code": agency_code, "kind": kind.value, "language": language.value}
        written = {**values, "subject": text.subject, "body": text.body}
        self._connection.execute(_SAVE_TEXT.on(self._connection), written)


def _place(agency_code: str, key: TextKey) -> dict[str, str]:
    kind, language = key
    return {"agency": agency_code, "of_kind": kind.value, "in_language": language.value}


def _message(row: Row[Any]) -> Message:
    return Message(
        **common(row),
        request_id=row.request_id,
        agency_code=row.agency_code,
        kind=(AccountMail if row.request_id is None else MessageKind)(row.kind),
        way=Way(row.way),
        content=None,
        outcome=Sent(row.outcome) if row.outcome else None,
    )
