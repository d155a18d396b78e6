"""Supporting documents: photos from the telephone or PDFs for each one on the list."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput
from issuer.services import Services
from issuer.web.asking import asker
from issuer.web.chosen_files import Refused, keep_each
from issuer.web.citizen.applying import form_of, to_open_again
from issuer.web.citizen.capability import Capability, Held
from issuer.web.errors import HTTP_STATUS
from issuer.web.showing import shown

REMOVE, STAY = "remove", "stay"
"""Buttons of the form: remove this document; keep what was chosen and come back here."""


def add_pages(room: Blueprint, services: Services, capability: Capability) -> None:
    """Add the list of documents, keeping what was chosen, and looking at one."""
    pages = _Attaching(services, capability)
    room.get("/permohonan/berkas")(pages.documents)
    room.post("/permohonan/berkas")(pages.keep_documents)
    room.get("/permohonan/berkas/<document_id>/lihat")(pages.document)


class _Attaching:
    """The pages, one method each."""

    def __init__(self, services: Services, capability: Capability) -> None:
        self._services = services
        self._capability = capability

    def documents(self) -> ResponseReturnValue:
        held = self._capability.held()
        return to_open_again() if held is None else self._page(held)

    def keep_documents(self) -> ResponseReturnValue:
        """Keep whatever was chosen, whichever button was pressed: nothing is lost."""
        held = self._capability.held()
        if held is None:
            return to_open_again()
        gone = request.form.get(REMOVE)
        if gone:
            self._services.documents.remove(held.token, gone)
        kept, refused = keep_each(
            len(form_of(self._services, held).letter_type.documents),
            lambda place, data: self._services.documents.add(held.token, place, data, asker()),
        )
        if refused:
            return self._page(held, kept, refused)
        stays = gone or STAY in request.form
        return redirect(url_for("citizen.documents" if stays else "citizen.check"), 303)

    def document(self, document_id: str) -> ResponseReturnValue:
        held = self._capability.held()
        if held is None:
            return to_open_again()
        return shown(*self._services.documents.open_own(held.token, document_id))

    def _page(
        self, held: Held, kept: int = 0, refused: Sequence[Refused] = ()
    ) -> ResponseReturnValue:
        page = render_template(
            "citizen/documents.html",
            held=held,
            wanted=form_of(self._services, held).letter_type.documents,
            documents=self._services.documents.own(held.token),
            kept=kept,
            refused=refused,
            again=url_for("citizen.documents"),
        )
        return page, HTTP_STATUS[InvalidInput] if refused else 200
