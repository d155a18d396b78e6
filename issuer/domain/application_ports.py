"""What applications from home need from the register and the files, as protocols."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from issuer.domain.application import Application, Document, DocumentKind


class ApplicationRepository(Protocol):
    """Applications by code, token and request, their documents, and the survey."""

    def add(
        self, application: Application, code: str, token: str, held_until_utc: datetime
    ) -> None: ...
    def get(self, application_id: str) -> Application:
        """Raises ``NotFound``."""

    def by_code(self, code: str) -> Application | None: ...
    def by_token(self, token: str, now: datetime) -> Application | None:
        """Return the application that this token still holds, or None."""

    def by_request(self, request_id: str) -> Application | None: ...
    def save(self, application: Application) -> None:
        """Write what changed. Raises ``StaleVersion`` when it is gone."""

    def hold(self, application_id: str, token: str, until_utc: datetime) -> None:
        """Let this token hold the application, and no other any more."""

    def keep_holding(self, application_id: str, until_utc: datetime) -> None:
        """Let the token that holds it go on until then."""

    def expired(self, drafts_before: datetime, all_before: datetime, most: int) -> Sequence[str]:
        """Return ids of drafts, and of ended requests, saved last before these moments."""

    def drafts(self) -> Iterator[Application]:
        """Yield what was not sent; what cannot be opened is left out."""

    def there(self, application_ids: Collection[str], *, drafts: bool) -> Sequence[str]:
        """Return those that are there: only drafts, or only what was sent."""

    def remove(self, owner_ids: Collection[str]) -> Sequence[str]:
        """Remove applications, and the documents of these owners; return the files' names."""

    def add_document(self, document: Document) -> None: ...
    def documents(self, owner_id: str) -> Sequence[Document]:
        """Return the documents of an application or a request, by place and age."""

    def remove_documents(self, before: datetime, most: int) -> Sequence[str]:
        """Remove documents added before this to requests, since ended, without an application.

        At most so many; returns the names of the files.
        """

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield every document's id and the name of its file."""

    def named(self, names: Collection[str]) -> Collection[str]:
        """Return those of these files that a document has."""

    def remove_document(self, document_id: str) -> None: ...
    def add_survey(
        self, survey_id: str, agency_code: str, letter_type: str, month: str, scores: Sequence[int]
    ) -> None: ...


class SealedFiles(Protocol):
    """Encrypted files; each has a key of its own."""

    def put(self, data: bytes) -> tuple[str, bytes]:
        """Store bytes durably; return the file's name and its key."""

    def get(self, name: str, key: bytes) -> bytes:
        """Return the bytes. Raises ``NotFound`` or ``CorruptStore``."""

    def remove(self, name: str) -> None:
        """Remove a file; one that is gone is no error."""

    def has(self, name: str) -> bool: ...
    def names_before(self, moment: datetime) -> Iterator[str]:
        """Yield the names of the files that were stored before a moment, by the store's clock."""


class DocumentReader(Protocol):
    """Makes of a stranger's file what may be kept."""

    def take_in(self, data: bytes) -> tuple[DocumentKind, bytes]:
        """Return the kind and the bytes to keep.

        Raises ``InvalidInput`` about ``file``, and ``DependencyUnavailable``.
        """
