"""Coming back with the code: where it stands for whoever has it, more for its applicant."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.codes import group_code, read_code
from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.letter_request import RequestState
from issuer.services import Services
from issuer.web.asking import asker
from issuer.web.citizen.applying import form_of, to_open_again
from issuer.web.citizen.capability import Capability
from issuer.web.citizen.home_form import BORN
from issuer.web.citizen.words import STATES
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import citizen_signed_in
from issuer.web.questions import DATE_PARTS, HOLDER_QUESTIONS, Question

_DATE = next(
    Question.of("holder", spec) for spec in HOLDER_QUESTIONS if f"holder.{spec.name}" == BORN
)


def add_pages(room: Blueprint, services: Services, capability: Capability) -> None:
    """Add the page that asks for a code, the one of a code, and the applicant's own."""
    pages = _Following(services, capability)
    room.get("/ikuti")(pages.resume)
    room.post("/ikuti")(pages.find)
    room.get("/ikuti/<code>")(pages.follow)
    room.post("/ikuti/<code>")(pages.open)
    room.get("/permohonan")(pages.own)
    room.post("/permohonan/selesai")(pages.leave)
    room.post("/permohonan/akun")(pages.keep)
    room.get("/permohonan/batal")(pages.ask_to_cancel)
    room.post("/permohonan/batal")(pages.cancel)


class _Following:
    """The pages, one method each."""

    def __init__(self, services: Services, capability: Capability) -> None:
        self._services = services
        self._capability = capability

    def resume(self) -> ResponseReturnValue:
        return render_template("citizen/resume.html", problem=None, typed="")

    def find(self) -> ResponseReturnValue:
        typed = request.form.get("code", "")
        code = read_code(typed)
        if code is None:
            return self._no_such(typed, Problem("code", "no_such_application"))
        return redirect(url_for("citizen.follow", code=group_code(code)), 303)

    def follow(self, code: str) -> ResponseReturnValue:
        return self._code_page(code)

    def open(self, code: str) -> ResponseReturnValue:
        day, month, year = (request.form.get(f"born.{part}", "").strip() for part in DATE_PARTS)
        born = None
        if day or month or year:
            try:
                born = date.fromisoformat(f"{year}-{month:0>2}-{day:0>2}")
            except ValueError:
                return self._code_page(code, Problem("born", "impossible_date"))
        try:
            opened = self._services.applications.open(code, born, asker())
        except NotFound:
            return self._no_such(code, Problem("code", "no_such_application"))
        if opened is None:
            return self._code_page(code, Problem("born", "another_birth_date"))
        response = make_response(redirect(url_for("citizen.own"), 303))
        return self._capability.give(response, opened)

    def own(self) -> ResponseReturnValue:
        held = self._capability.held()
        if held is None:
            return to_open_again()
        application, where, own = self._services.applications.own(held.token)
        if own is None:
            form = form_of(self._services, held)
            missing = form.unanswered(held.application.typed)
            return redirect(
                url_for("citizen.question", name=missing) if missing else url_for("citizen.check"),
                303,
            )
        agency = self._services.letters.agency(own.request.agency_code)
        signed_in = citizen_signed_in(self._services)
        kept = signed_in and self._services.own_requests.holds(signed_in, application)
        return render_template(
            "citizen/own.html",
            held=held,
            where=where,
            own=own,
            surveyed=application.surveyed,
            agency=agency,
            words=STATES,
            signed_in=signed_in,
            kept=kept,
            may_cancel=own.request.state in _MAY_CANCEL,
        )

    def keep(self) -> ResponseReturnValue:
        """Let the account that is signed in hold what this device has open."""
        held, signed_in = self._capability.held(), citizen_signed_in(self._services)
        if held is None or signed_in is None:
            return to_open_again()
        self._services.own_requests.keep(signed_in, held.token)
        return redirect(url_for("citizen_account.home", selesai="simpan"), 303)

    def leave(self) -> ResponseReturnValue:
        response = make_response(redirect(url_for("citizen.offers"), 303))
        return self._capability.take_away(response)

    def ask_to_cancel(self) -> ResponseReturnValue:
        held = self._capability.held()
        return to_open_again() if held is None else render_template("citizen/cancel.html")

    def cancel(self) -> ResponseReturnValue:
        held = self._capability.held()
        if held is None:
            return to_open_again()
        self._services.applications.cancel(held.token)
        if held.application.request_id is None:
            return self.leave()
        return redirect(url_for("citizen.own"), 303)

    def _code_page(self, code: str, problem: Problem | None = None) -> ResponseReturnValue:
        try:
            where = self._services.applications.whereabouts(code, asker())
        except NotFound:
            return self._no_such(code, Problem("code", "no_such_application"))
        page = render_template(
            "citizen/follow.html",
            code=code,
            where=where,
            words=STATES[where.state],
            problem=problem,
            parts=DATE_PARTS,
            again=url_for("citizen.follow", code=code),
        )
        return page, HTTP_STATUS[InvalidInput] if problem else 200

    def _no_such(self, typed: str, problem: Problem) -> ResponseReturnValue:
        page = render_template("citizen/resume.html", problem=problem, typed=typed[:40])
        return page, HTTP_STATUS[NotFound]


_MAY_CANCEL = frozenset(
    {
        RequestState.SUBMITTED,
        RequestState.RETURNED,
        RequestState.REVIEWED,
        RequestState.AWAITING_SIGNATURE,
    }
)
