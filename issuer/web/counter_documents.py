"""Documents at the counter: what was seen in original, and photos or scans of it."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput
from issuer.domain.letter_types import LetterType
from issuer.services import Services
from issuer.web import supporting
from issuer.web.chosen_files import Refused, keep_each
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import desk

SEEN = "seen"
"""The name of the check boxes; the value is the document's place on the type's list."""

REMOVE = "remove"


def ticked(letter_type: LetterType) -> tuple[int, ...]:
    """Return the places of the documents that this form says were seen in original."""
    said = set(request.form.getlist(SEEN))
    return tuple(place for place in range(len(letter_type.documents)) if str(place) in said)


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the page of a request's documents to the counter's room."""
    pages = _Documents(services)
    room.get("/berkas/<request_id>")(pages.documents)
    room.post("/berkas/<request_id>")(pages.keep_documents)


class _Documents:
    """The page, and what it sends."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def documents(self, request_id: str) -> ResponseReturnValue:
        return self._page(request_id)

    def keep_documents(self, request_id: str) -> ResponseReturnValue:
        """Keep whatever was chosen, whichever button was pressed: nothing is lost."""
        actor, documents = desk().actor, self._services.documents
        case = self._services.casework.one(actor, request_id)
        if gone := request.form.get(REMOVE):
            documents.remove_at_counter(actor, request_id, gone)
        kept, refused = keep_each(
            len(supporting.wanted(self._services, case.request.letter_type)),
            lambda place, data: documents.add_at_counter(actor, request_id, place, data),
        )
        if refused:
            return self._page(request_id, kept, refused)
        return redirect(url_for("counter.documents", request_id=request_id, selesai=kept), 303)

    def _page(
        self, request_id: str, kept: int = 0, refused: Sequence[Refused] = ()
    ) -> ResponseReturnValue:
        case = self._services.casework.one(desk().actor, request_id)
        asked = case.request
        page = render_template(
            "counter/documents.html",
            desk=desk(),
            asked=asked,
            letter_id=case.letter_id,
            title=self._services.catalogue.get(asked.letter_type).title,
            wanted=supporting.wanted(self._services, asked.letter_type),
            documents=self._services.documents.list(desk().actor, request_id),
            kept=kept,
            refused=refused,
            done=request.args.get("selesai", ""),
            again=url_for("counter.documents", request_id=request_id),
        )
        return page, HTTP_STATUS[InvalidInput] if refused else 200
