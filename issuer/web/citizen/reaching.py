"""Where somebody wants to be told how the request stands: asked after it was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.messages import Contact, Language
from issuer.services import Services
from issuer.web.citizen.applying import to_open_again
from issuer.web.citizen.capability import Capability
from issuer.web.errors import HTTP_STATUS
from issuer.web.language import language


def add_pages(room: Blueprint, services: Services, capability: Capability) -> None:
    """Add the page that asks for an address, and its link to the others."""
    pages = _Reaching(services, capability)
    room.get("/permohonan/kabar")(pages.ask_to_reach)
    room.post("/permohonan/kabar")(pages.reach)
    room.context_processor(lambda: {"ways": services.reaching.ways})


class _Reaching:
    """The pages, one method each."""

    def __init__(self, services: Services, capability: Capability) -> None:
        self._reaching = services.reaching
        self._capability = capability

    def ask_to_reach(self) -> ResponseReturnValue:
        held = self._capability.held()
        if held is None:
            return to_open_again()
        self._require_a_way()
        known = self._reaching.contact(held.token) or Contact("", "")
        return _page({"email": known.email, "phone": known.phone})

    def reach(self) -> ResponseReturnValue:
        held = self._capability.held()
        if held is None:
            return to_open_again()
        self._require_a_way()
        typed = {name: request.form.get(name, "") for name in ("email", "phone")}
        try:
            contact = Contact.parse(**typed, language=Language(language()))
        except InvalidInput as invalid:
            return _page(typed, invalid.problems), HTTP_STATUS[InvalidInput]
        self._reaching.reach(held.token, contact)
        return redirect(url_for("citizen.own"), 303)

    def _require_a_way(self) -> None:
        if not self._reaching.ways:
            raise NotFound("page", "")


def _page(typed: Mapping[str, str], problems: Sequence[Problem] = ()) -> str:
    wrong = {problem.where: problem for problem in problems}
    return render_template("citizen/reach.html", typed=typed, wrong=wrong)
