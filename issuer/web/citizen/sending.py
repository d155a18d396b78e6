"""Checking all answers, declaring that they are true, sending, and the receipt."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.codes import group_code
from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_request import RequestState
from issuer.services import Services
from issuer.web.citizen.applying import form_of, order_of, to_open_again
from issuer.web.citizen.capability import Capability, Held
from issuer.web.citizen.home_form import AGENCY, filled_rows, values_of
from issuer.web.citizen.link_qr import link_qr
from issuer.web.citizen.words import STATES
from issuer.web.errors import HTTP_STATUS

DECLARATION = "declared"


def add_pages(room: Blueprint, services: Services, capability: Capability) -> None:
    """Add the list of all answers, sending it, and the receipt."""
    pages = _Sending(services, capability)
    room.get("/permohonan/periksa")(pages.check)
    room.post("/permohonan/kirim")(pages.send)
    room.get("/permohonan/tanda-terima")(pages.receipt)


class _Sending:
    """The pages, one method each."""

    def __init__(self, services: Services, capability: Capability) -> None:
        self._services = services
        self._capability = capability

    def check(self) -> ResponseReturnValue:
        held = self._capability.held()
        if held is None:
            return to_open_again()
        if not self._open(held):
            return redirect(url_for("citizen.own"), 303)
        return self._check_page(held)

    def send(self) -> ResponseReturnValue:
        held = self._capability.held()
        if held is None:
            return to_open_again()
        if not self._open(held):
            return redirect(url_for("citizen.receipt"), 303)
        if request.form.get(DECLARATION) != "1":
            return self._check_page(held, Problem(DECLARATION, "not_declared"))
        form = form_of(self._services, held)
        try:
            order = order_of(self._services, form, held.application.typed)
        except InvalidInput:
            return self._check_page(held)
        self._services.applications.submit(held.token, order)
        return redirect(url_for("citizen.receipt"), 303)

    def receipt(self) -> ResponseReturnValue:
        held = self._capability.held()
        if held is None:
            return to_open_again()
        _application, where, own = self._services.applications.own(held.token)
        if own is None:
            return redirect(url_for("citizen.check"), 303)
        link = ""
        if held.code:
            address = url_for("citizen.follow", code=group_code(held.code))
            link = self._services.office.base_url + address
        agency = self._services.letters.agency(own.request.agency_code)
        return render_template(
            "citizen/receipt.html",
            held=held,
            where=where,
            agency=agency,
            link=link,
            qr=link_qr(link) if link else None,
            words=STATES[where.state],
        )

    def _open(self, held: Held) -> bool:
        """Say whether its applicant may still write in it."""
        where = self._services.applications.own(held.token)[1]
        return where.state in (RequestState.DRAFT, RequestState.RETURNED)

    def _check_page(self, held: Held, problem: Problem | None = None) -> ResponseReturnValue:
        form = form_of(self._services, held)
        typed = held.application.typed
        problems: tuple[Problem, ...] = (problem,) if problem else ()
        order = None
        try:
            order = order_of(self._services, form, typed)
        except InvalidInput as invalid:
            problems = invalid.problems
        pages = {page.name for page in form.pages(typed)}
        page = render_template(
            "citizen/check.html",
            held=held,
            form=form,
            typed=typed,
            order=order,
            values=values_of(order) if order else {},
            rows=filled_rows,
            wanted=form.letter_type.documents,
            documents=self._services.documents.own(held.token),
            agency=self._services.letters.agency(typed[AGENCY]),
            labels=lambda name: next(
                question.label for _, question in form.asked(typed) if question.where == name
            ),
            problems=[(one, _page_of(one.where, pages)) for one in problems],
            undeclared=problem is not None,
        )
        return page, HTTP_STATUS[InvalidInput] if problems else 200


def _page_of(where: str, pages: set[str]) -> str | None:
    """Return the page on which a problem can be mended."""
    while where:
        if where in pages:
            return where
        where = where.rpartition(".")[0]
    return None
