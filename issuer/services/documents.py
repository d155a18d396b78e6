"""Supporting documents: added by the applicant or at the counter, read by the agency's staff.

What a clerk added is his agency's: the applicant neither sees nor removes it, and the clerk
does not remove what the applicant sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.application import MAX_DOCUMENTS, Application, Document
from issuer.domain.application_ports import DocumentReader, SealedFiles
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, NotFound, Problem, StaleVersion
from issuer.domain.letter_request import LetterRequest, RequestState
from issuer.domain.limits import Asker, Rule
from issuer.domain.ports import Clock, LetterCatalogue, Random, Register, UnitOfWork
from issuer.services.applications import held_by_token, must_be_open
from issuer.services.limits import Limits

_GAVE_UP = frozenset({RequestState.REJECTED, RequestState.CANCELLED, RequestState.LAPSED})
"""Nothing is added to what ended without a letter; a letter's file is completed afterwards too."""


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
        taken, kept = self._taken_in(place, data)
        with self._register.writing() as uow:
            application = self._may_add(uow, token, place)
            added = self._add(uow, replace(taken, owner_id=application.id), kept)
            if added.id == taken.id:
                uow.applications.save(replace(application, saved_at_utc=now))
                uow.commit()
        return added

    def remove(self, token: str, document_id: str) -> None:
        """Remove a document of one's own; one that is gone is no error.

        Raises ``NotFound`` without an application and ``StaleVersion`` once it was sent.
        """
        with self._register.writing() as uow:
            application = held_by_token(uow, token, self._clock.now())
            must_be_open(uow, application)
            gone = [one for one in _own(uow, application) if one.id == document_id]
            for document in gone:
                uow.applications.remove_document(document.id)
            uow.commit()
        for document in gone:
            self._files.remove(document.file)

    def own(self, token: str) -> Sequence[Document]:
        """Return what the applicant whose token this is added. Raises ``NotFound``."""
        with self._register.reading() as uow:
            return _own(uow, held_by_token(uow, token, self._clock.now()))

    def open_own(self, token: str, document_id: str) -> tuple[Document, bytes]:
        """Return one of one's own documents with its bytes. Raises ``NotFound``."""
        return self._opened(self.own(token), document_id)

    # --- the counter ----------------------------------------------------------------

    def add_at_counter(self, actor: Actor, request_id: str, place: int, data: bytes) -> Document:
        """Keep a photo or a scan that a clerk made as the document at this place.

        The same file twice for one place is one document. Raises ``NotFound``,
        ``NotPermitted``, ``InvalidInput`` about ``file``, ``StaleVersion`` for a request
        that ended without a letter, ``TooManyAttempts`` and ``DependencyUnavailable``.
        """
        with self._register.reading() as uow:
            self._may_add_at_counter(uow, actor, request_id, place)
        self._limits.hit(Rule.DOCUMENT_PER_ACCOUNT, actor.id)
        taken, kept = self._taken_in(place, data)
        with self._register.writing() as uow:
            self._may_add_at_counter(uow, actor, request_id, place)
            mine = replace(taken, owner_id=request_id, added_by=actor.id)
            added = self._add(uow, mine, kept)
            if added.id == taken.id:
                self._note(uow, actor, "document.added", added)
                uow.commit()
        return added

    def remove_at_counter(self, actor: Actor, request_id: str, document_id: str) -> None:
        """Remove what was added at the counter by mistake; one that is gone is no error.

        Raises ``NotFound``, ``NotPermitted``, and ``StaleVersion`` as ``add_at_counter``.
        """
        with self._register.writing() as uow:
            self._may_add_at_counter(uow, actor, request_id)
            there = uow.applications.documents(request_id)
            gone = [one for one in there if one.id == document_id and one.added_by is not None]
            for document in gone:
                uow.applications.remove_document(document.id)
                self._note(uow, actor, "document.removed", document)
            uow.commit()
        for document in gone:
            self._files.remove(document.file)

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
            self._note(uow, actor, "document.opened", found[0])
            uow.commit()
        return found

    # --- what they share ------------------------------------------------------------

    def _may_add(self, uow: UnitOfWork, token: str, place: int) -> Application:
        application = held_by_token(uow, token, self._clock.now())
        must_be_open(uow, application)
        if not 0 <= place < len(self._catalogue.get(application.letter_type).documents):
            raise NotFound("document", "")
        return application

    def _may_add_at_counter(
        self, uow: UnitOfWork, actor: Actor, request_id: str, place: int | None = None
    ) -> None:
        request = self._request(uow, request_id)
        require(actor, Permission.SUBMIT_REQUEST, Subject(request.agency_code))
        if request.state in _GAVE_UP:
            raise StaleVersion
        wanted = self._catalogue.get(request.letter_type).documents
        if place is not None and not 0 <= place < len(wanted):
            raise NotFound("document", "")

    def _taken_in(self, place: int, data: bytes) -> tuple[Document, bytes]:
        """Return a document of nobody yet, and its bytes as they are kept."""
        kind, kept = self._reader.take_in(data)
        # The file first: a row always has its file, and a file without a row has no key.
        name, key = self._files.put(kept)
        document = Document(
            id=self._random.token_bytes(16).hex(),
            owner_id="",
            place=place,
            kind=kind,
            size=len(kept),
            file=name,
            key=key,
            added_at_utc=self._clock.now(),
        )
        return document, kept

    def _add(self, uow: UnitOfWork, document: Document, kept: bytes) -> Document:
        """Add it and return it, or the one of its owner that has the same bytes already."""
        there = uow.applications.documents(document.owner_id)
        twin = self._twin(there, document.place, kept)
        if twin is not None or len(there) >= MAX_DOCUMENTS:
            self._files.remove(document.file)
            if twin is None:
                raise _too_many()
            return twin
        uow.applications.add_document(document)
        return document

    def _note(self, uow: UnitOfWork, actor: Actor, action: str, document: Document) -> None:
        facts = {"document": document.id}
        event = AuditEvent(self._clock.now(), actor.id, action, document.owner_id, facts)
        uow.audit.append(event)

    def _twin(self, documents: Sequence[Document], place: int, kept: bytes) -> Document | None:
        """Return the document of this place with these bytes, or None."""
        like = [one for one in documents if (one.place, one.size) == (place, len(kept))]
        same = (one for one in like if self._files.get(one.file, one.key) == kept)
        return next(same, None)

    def _of_request(self, uow: UnitOfWork, actor: Actor, request_id: str) -> Sequence[Document]:
        request = self._request(uow, request_id)
        subject = Subject(request.agency_code, request.created_by)
        require(actor, Permission.READ_REQUEST, subject)
        return uow.applications.documents(request_id)

    def _request(self, uow: UnitOfWork, request_id: str) -> LetterRequest:
        request = uow.requests.find(request_id)
        if request is None:
            raise NotFound("request", "")
        return request

    def _opened(self, documents: Sequence[Document], document_id: str) -> tuple[Document, bytes]:
        for document in documents:
            if document.id == document_id:
                return document, self._files.get(document.file, document.key)
        raise NotFound("document", "")


def _own(uow: UnitOfWork, application: Application) -> Sequence[Document]:
    return [one for one in uow.applications.documents(application.id) if one.added_by is None]


def _too_many() -> InvalidInput:
    return InvalidInput([Problem("file", "too_many_documents", {"limit": MAX_DOCUMENTS})])
