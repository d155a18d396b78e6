"""Applications from home as rows: what was typed and the keys of documents are sealed."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from issuer.domain.application import Application, Document, DocumentKind
from issuer.domain.casework import OPEN
from issuer.domain.errors import CorruptStore, NotFound, StaleVersion
from issuer.domain.record import canonical_json
from issuer.storage.schema import requests
from issuer.storage.schema_applications import applications, documents, surveys
from issuer.storage.schema_citizens import account_applications
from issuer.storage.sealing import RowCipher
from issuer.storage.statements import changed, rows, stream

_CONTENT, _KEY = "applications.content", "documents.key"
_CODE, _TOKEN = "applications.code", "applications.token"
_OF = applications.c
_ADD, _ADD_DOCUMENT, _ADD_SURVEY = insert(applications), insert(documents), insert(surveys)
_BY_ID = select(applications).where(_OF.id == bindparam("key"))
_BY_CODE = select(applications).where(_OF.code_index == bindparam("key"))
_BY_TOKEN = select(applications).where(
    _OF.token_index == bindparam("key"),
    _OF.held_until_utc > bindparam("now", type_=_OF.held_until_utc.type),
)
_BY_REQUEST = select(applications).where(_OF.request_id == bindparam("key"))
_UPDATE = update(applications).where(_OF.id == bindparam("application_id"))
_EXPIRED = (
    select(_OF.id)
    .outerjoin(requests, _OF.request_id == requests.c.id)
    .where(
        or_(
            _OF.request_id.is_(None) & (_OF.saved_at_utc < bindparam("drafts_before")),
            (_OF.saved_at_utc < bindparam("all_before"))
            & requests.c.state.not_in(sorted(state.value for state in OPEN)),
        )
    )
    .order_by(_OF.saved_at_utc)
    .limit(bindparam("most"))
)
_DRAFTS = select(applications).where(_OF.request_id.is_(None))
_THERE = select(_OF.id, _OF.request_id).where(_OF.id.in_(bindparam("ids", expanding=True)))
_FILES = select(documents.c.file).where(documents.c.owner_id.in_(bindparam("ids", expanding=True)))
_REMOVE_DOCUMENTS = delete(documents).where(
    documents.c.owner_id.in_(bindparam("ids", expanding=True))
)
_LET_GO = delete(account_applications).where(
    account_applications.c.application_id.in_(bindparam("ids", expanding=True))
)
_REMOVE = delete(applications).where(_OF.id.in_(bindparam("ids", expanding=True)))
_DOCUMENTS = (
    select(documents)
    .where(documents.c.owner_id == bindparam("key"))
    .order_by(documents.c.place, documents.c.added_at_utc, documents.c.id)
)
_ALL_FILES = select(documents.c.id, documents.c.file)
_NAMED = select(documents.c.file).where(documents.c.file.in_(bindparam("names", expanding=True)))
_OF_ENDED_REQUESTS = (
    select(documents.c.id, documents.c.file)
    .join(requests, documents.c.owner_id == requests.c.id)
    .outerjoin(applications, documents.c.owner_id == _OF.id)
    .where(
        _OF.id.is_(None),
        documents.c.added_at_utc < bindparam("before"),
        requests.c.state.not_in(sorted(state.value for state in OPEN)),
    )
    .order_by(documents.c.added_at_utc)
    .limit(bindparam("most"))
)
_REMOVE_DOCUMENT = delete(documents).where(documents.c.id == bindparam("document_id"))


class SqlApplications:
    """``ApplicationRepository`` over one transaction."""

    def __init__(self, connection: Connection, cipher: RowCipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def add(
        self, application: Application, code: str, token: str, held_until_utc: datetime
    ) -> None:
        """Insert an application with the hashes of its code and token."""
        values = {
            "id": application.id,
            "code_index": self._cipher.index(_CODE, code),
            "token_index": self._cipher.index(_TOKEN, token),
            "held_until_utc": held_until_utc,
            "letter_type": application.letter_type,
            "content": self._seal(application),
            "created_at_utc": application.created_at_utc,
            "saved_at_utc": application.saved_at_utc,
            "request_id": application.request_id,
            "surveyed": application.surveyed,
        }
        changed(self._connection, _ADD, values)

    def get(self, application_id: str) -> Application:
        """Return one application. Raises ``NotFound`` or ``CorruptStore``."""
        found = self._first(_BY_ID, {"key": application_id})
        if found is None:
            raise NotFound("application", "")
        return found

    def by_code(self, code: str) -> Application | None:
        """Return the application with this code, or None. Raises ``CorruptStore``."""
        return self._first(_BY_CODE, {"key": self._cipher.index(_CODE, code)})

    def by_token(self, token: str, now: datetime) -> Application | None:
        """Return the application that this token still holds, or None."""
        return self._first(_BY_TOKEN, {"key": self._cipher.index(_TOKEN, token), "now": now})

    def by_request(self, request_id: str) -> Application | None:
        """Return the application that became this request, or None."""
        return self._first(_BY_REQUEST, {"key": request_id})

    def save(self, application: Application) -> None:
        """Write what changed. Raises ``StaleVersion`` when it is gone."""
        self._update(
            application.id,
            content=self._seal(application),
            saved_at_utc=application.saved_at_utc,
            request_id=application.request_id,
            surveyed=application.surveyed,
        )

    def hold(self, application_id: str, token: str, until_utc: datetime) -> None:
        """Let this token hold the application, and no other any more."""
        index = self._cipher.index(_TOKEN, token)
        self._update(application_id, token_index=index, held_until_utc=until_utc)

    def keep_holding(self, application_id: str, until_utc: datetime) -> None:
        """Let the token that holds it go on until then."""
        self._update(application_id, held_until_utc=until_utc)

    def expired(self, drafts_before: datetime, all_before: datetime, most: int) -> Sequence[str]:
        """Return ids of drafts, and of ended requests, saved last before these moments."""
        values = {"drafts_before": drafts_before, "all_before": all_before, "most": most}
        return [row.id for row in self._connection.execute(_EXPIRED, values)]

    def drafts(self) -> Iterator[Application]:
        """Yield what was not sent; what cannot be opened is left out."""
        for row in stream(self._connection, _DRAFTS):
            with suppress(CorruptStore):
                yield self._application(row)

    def there(self, application_ids: Collection[str], *, drafts: bool) -> Sequence[str]:
        """Return those that are there: only drafts, or only what was sent."""
        found = self._connection.execute(_THERE, {"ids": list(application_ids)})
        return [row.id for row in found if (row.request_id is None) is drafts]

    def remove(self, owner_ids: Collection[str]) -> Sequence[str]:
        """Remove applications, and the documents of these owners; return the files' names."""
        values = {"ids": list(owner_ids)}
        files = [row.file for row in self._connection.execute(_FILES, values)]
        self._connection.execute(_REMOVE_DOCUMENTS, values)
        self._connection.execute(_LET_GO, values)
        self._connection.execute(_REMOVE, values)
        return files

    def add_document(self, document: Document) -> None:
        """Insert a document of a stored application."""
        values = {
            "id": document.id,
            "owner_id": document.owner_id,
            "place": document.place,
            "kind": document.kind.value,
            "size": document.size,
            "file": document.file,
            "key": self._cipher.seal(_KEY, document.id, document.key),
            "added_at_utc": document.added_at_utc,
            "added_by": document.added_by,
        }
        changed(self._connection, _ADD_DOCUMENT, values)

    def documents(self, owner_id: str) -> Sequence[Document]:
        """Return the documents of an application or a request, by place and age.

        Raises ``CorruptStore``.
        """
        return [
            Document(
                id=row.id,
                owner_id=row.owner_id,
                place=row.place,
                kind=DocumentKind(row.kind),
                size=row.size,
                file=row.file,
                key=self._cipher.open(_KEY, row.id, row.key),
                added_at_utc=row.added_at_utc,
                added_by=row.added_by,
            )
            for row in rows(self._connection, _DOCUMENTS, {"key": owner_id})
        ]

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield every document's id and the name of its file."""
        for row in stream(self._connection, _ALL_FILES):
            yield row.id, row.file

    def named(self, names: Collection[str]) -> Collection[str]:
        """Return those of these files that a document has."""
        found = self._connection.execute(_NAMED, {"names": list(names)})
        return {row.file for row in found}

    def remove_document(self, document_id: str) -> None:
        """Remove a document; one that is gone is no error."""
        changed(self._connection, _REMOVE_DOCUMENT, {"document_id": document_id})

    def remove_documents(self, before: datetime, most: int) -> Sequence[str]:
        """Remove documents added before this to requests, since ended, without an application.

        At most so many; returns the names of the files.
        """
        values = {"before": before, "most": most}
        gone = self._connection.execute(_OF_ENDED_REQUESTS, values).all()
        for row in gone:
            self.remove_document(row.id)
        return [row.file for row in gone]

    def add_survey(
        self, survey_id: str, agency_code: str, letter_type: str, month: str, scores: Sequence[int]
    ) -> None:
        """Insert the answers of a survey; nothing in them leads to a person."""
        values = {
            "id": survey_id,
            "agency_code": agency_code,
            "letter_type": letter_type,
            "month": month,
            **{f"score_{number}": score for number, score in enumerate(scores, 1)},
        }
        changed(self._connection, _ADD_SURVEY, values)

    def _update(self, application_id: str, **values: Any) -> None:
        if changed(self._connection, _UPDATE, {"application_id": application_id, **values}) != 1:
            raise StaleVersion

    def _seal(self, application: Application) -> bytes:
        content = {
            "typed": dict(application.typed),
            "born": application.born.isoformat() if application.born else None,
        }
        return self._cipher.seal(_CONTENT, application.id, canonical_json(content))

    def _first(self, statement: Any, values: dict[str, Any]) -> Application | None:
        found = rows(self._connection, statement, values)
        return self._application(found[0]) if found else None

    def _application(self, row: Any) -> Application:
        try:
            content = json.loads(self._cipher.open(_CONTENT, row.id, row.content))
            typed, born = dict(content["typed"]), content["born"]
            read = Application(
                id=row.id,
                letter_type=row.letter_type,
                typed=typed,
                born=None,
                created_at_utc=row.created_at_utc,
                saved_at_utc=row.saved_at_utc,
                request_id=row.request_id,
                surveyed=bool(row.surveyed),
            )
            return replace(read, born=date.fromisoformat(born)) if born else read
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptStore(f"{_CONTENT} of {row.id}") from error
