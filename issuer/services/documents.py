"""Supporting documents: added by the applicant, read by him and by his agency's staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.application import MAX_DOCUMENTS, Application, Document
from issuer.domain.application_ports import DocumentReader, SealedFiles
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.limits import Asker, Rule
from issuer.domain.ports import Clock, LetterCatalogue, Random, Register, UnitOfWork
from issuer.services.applications import held_by_token, must_be_open
from issuer.services.limits import Limits


class Documents:
    """Keeps documents encrypted, each under a key of its own."""

    def __init__(
        self,
        *,
        register: Register,
        catalogue: LetterCatalogue,
        reader: DocumentReader,
        files: SealedFiles,
        limits: Limits,
        clock: Clock,
        random: Random,
    ) -> None:
        self._register = register
        self._catalogue = catalogue
        self._reader = reader
        self._files = files
        self._limits = limits
        self._clock = clock
        self._random = random

    # --- the applicant --------------------------------------------------------------

    def add(self, token: str, place: int, data: bytes, asker: Asker) -> Document:
        """Keep a file as the document at this place of the type's list.

        The same file sent twice for one place is one document. Raises ``InvalidInput``
        about ``file``, ``NotFound``, ``StaleVersion`` once the application was sent,
        ``TooManyAttempts`` and ``DependencyUnavailable``.
        """
        now = self._clock.now()
        with self._register.reading() as uow:
            self._may_add(uow, token, place)
        self._limits.hit(Rule.DOCUMENT_PER_ADDRESS, asker.network)
        kind, kept = self._reader.take_in(data)
        # The file first: a row always has its file, and a file without a row has no key.
        name, key = self._files.put(kept)
        with self._register.writing() as uow:
            application = self._may_add(uow, token, place)
            there = uow.applications.documents(application.id)
            if (twin := self._twin(there, place, kept)) is not None:
                self._files.remove(name)
                return twin
            if len(there) >= MAX_DOCUMENTS:
                self._files.remove(name)
                raise _too_many()
            document = Document(
                id=self._random.token_bytes(16).hex(),
                application_id=application.id,
                place=place,
                kind=kind,
                size=len(kept),
                file=name,
                key=key,
                added_at_utc=now,
            )
            uow.applications.add_document(document)
            uow.applications.save(replace(application, saved_at_utc=now))
            uow.commit()
        return document

    def remove(self, token: str, document_id: str) -> None:
        """Remove a document of one's own; one that is gone is no error.

        Raises ``NotFound`` without an application and ``StaleVersion`` once it was sent.
        """
        with self._register.writing() as uow:
            application = held_by_token(uow, token, self._clock.now())
            must_be_open(uow, application)
            mine = uow.applications.documents(application.id)
            gone = [document for document in mine if document.id == document_id]
            for document in gone:
                uow.applications.remove_document(document.id)
            uow.commit()
        for document in gone:
            self._files.remove(document.file)

    def own(self, token: str) -> Sequence[Document]:
        """Return the documents of the application that this token holds. Raises ``NotFound``."""
        with self._register.reading() as uow:
            return uow.applications.documents(held_by_token(uow, token, self._clock.now()).id)

    def open_own(self, token: str, document_id: str) -> tuple[Document, bytes]:
        """Return one of one's own documents with its bytes. Raises ``NotFound``."""
        return self._opened(self.own(token), document_id)

    # --- the agency -----------------------------------------------------------------

    def list(self, actor: Actor, request_id: str) -> Sequence[Document]:
        """Return the documents of a request. Raises ``NotFound`` or ``NotPermitted``."""
        with self._register.reading() as uow:
            return self._of_request(uow, actor, request_id)

    def open(self, actor: Actor, request_id: str, document_id: str) -> tuple[Document, bytes]:
        """Return a document of a request with its bytes; every look is recorded.

        Raises ``NotFound``, also for a document of another request, and ``NotPermitted``.
        """
        with self._register.writing() as uow:
            found = self._opened(self._of_request(uow, actor, request_id), document_id)
            facts = {"document": document_id}
            event = AuditEvent(self._clock.now(), actor.id, "document.opened", request_id, facts)
            uow.audit.append(event)
            uow.commit()
        return found

    # --- what they share ------------------------------------------------------------

    def _may_add(self, uow: UnitOfWork, token: str, place: int) -> Application:
        application = held_by_token(uow, token, self._clock.now())
        must_be_open(uow, application)
        if not 0 <= place < len(self._catalogue.get(application.letter_type).documents):
            raise NotFound("document", "")
        return application

    def _twin(self, documents: Sequence[Document], place: int, kept: bytes) -> Document | None:
        """Return the document of this place with these bytes, or None."""
        like = [one for one in documents if (one.place, one.size) == (place, len(kept))]
        same = (one for one in like if self._files.get(one.file, one.key) == kept)
        return next(same, None)

    def _of_request(self, uow: UnitOfWork, actor: Actor, request_id: str) -> Sequence[Document]:
        request = uow.requests.find(request_id)
        if request is None:
            raise NotFound("request", "")
        subject = Subject(request.agency_code, request.created_by)
        require(actor, Permission.READ_REQUEST, subject)
        application = uow.applications.by_request(request_id)
        return uow.applications.documents(application.id) if application else ()

    def _opened(self, documents: Sequence[Document], document_id: str) -> tuple[Document, bytes]:
        for document in documents:
            if document.id == document_id:
                return document, self._files.get(document.file, document.key)
        raise NotFound("document", "")


def _too_many() -> InvalidInput:
    return InvalidInput([Problem("file", "too_many_documents", {"limit": MAX_DOCUMENTS})])
