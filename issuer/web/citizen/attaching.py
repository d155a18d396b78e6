"""Supporting documents: a photo from the telephone or a PDF for each one on the list."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, Problem
from issuer.services import Services
from issuer.web.asking import asker
from issuer.web.citizen.applying import form_of, to_open_again
from issuer.web.citizen.capability import Capability, Held
from issuer.web.errors import HTTP_STATUS
from issuer.web.showing import shown


def add_pages(room: Blueprint, services: Services, capability: Capability) -> None:
    """Add the list of documents, adding one, looking at it and removing it."""
    pages = _Attaching(services, capability)
    room.get("/permohonan/berkas")(pages.documents)
    room.post("/permohonan/berkas/<int(max=99):place>")(pages.add_document)
    room.get("/permohonan/berkas/<document_id>/lihat")(pages.document)
    room.post("/permohonan/berkas/<document_id>/hapus")(pages.remove_document)


class _Attaching:
    """The pages, one method each."""

    def __init__(self, services: Services, capability: Capability) -> None:
        self._services = services
        self._capability = capability

    def documents(self) -> ResponseReturnValue:
        held = self._capability.held()
        return to_open_again() if held is None else self._page(held)

    def add_document(self, place: int) -> ResponseReturnValue:
        held = self._capability.held()
        if held is None:
            return to_open_again()
        sent = request.files.get("file")
        try:
            self._services.documents.add(held.token, place, sent.read() if sent else b"", asker())
        except InvalidInput as refused:
            return self._page(held, place, refused.problems[0])
        return redirect(url_for("citizen.documents", _anchor=f"berkas-{place}"), 303)

    def document(self, document_id: str) -> ResponseReturnValue:
        held = self._capability.held()
        if held is None:
            return to_open_again()
        return shown(*self._services.documents.open_own(held.token, document_id))

    def remove_document(self, document_id: str) -> ResponseReturnValue:
        held = self._capability.held()
        if held is None:
            return to_open_again()
        self._services.documents.remove(held.token, document_id)
        return redirect(url_for("citizen.documents"), 303)

    def _page(
        self, held: Held, place: int = -1, problem: Problem | None = None
    ) -> ResponseReturnValue:
        page = render_template(
            "citizen/documents.html",
            held=held,
            wanted=form_of(self._services, held).letter_type.documents,
            documents=self._services.documents.own(held.token),
            place=place,
            problem=problem,
            again=url_for("citizen.documents"),
        )
        return page, HTTP_STATUS[InvalidInput] if problem else 200
