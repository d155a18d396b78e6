"""Applying from home: one question a page, each answer on the server before the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.letter_types import Channel, LetterType
from issuer.domain.office import Agency, AgencyKind
from issuer.services import Services
from issuer.services.applications import Opened
from issuer.services.intake import LetterOrder
from issuer.web.asking import asker
from issuer.web.citizen.capability import Capability, Held
from issuer.web.citizen.home_form import (
    AGENCY,
    BORN,
    USUAL_ANSWERS,
    HomeForm,
    Page,
    born_as_typed,
    filled_rows,
    without_row,
)
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import citizen_signed_in
from issuer.web.questions import ROWS

_FEW = 12
CHECKING = "periksa"
"""In an address: whoever answers goes back to the list of all answers."""


def add_pages(room: Blueprint, services: Services, capability: Capability) -> None:
    """Add the first page, the questions, and the page that says how to go on later."""
    pages = _Applying(services, capability)
    room.get("/ajukan/<slug>")(pages.start)
    room.post("/ajukan/<slug>")(pages.begin)
    room.get("/permohonan/isi/<name>")(pages.question)
    room.post("/permohonan/isi/<name>")(pages.answer)
    room.post("/permohonan/isi/<name>/hapus")(pages.remove_row)
    room.get("/permohonan/simpan")(pages.saved)


class _Applying:
    """The pages, one method each."""

    def __init__(self, services: Services, capability: Capability) -> None:
        self._services = services
        self._capability = capability

    def start(self, slug: str) -> ResponseReturnValue:
        return self._start_page(self._letter_type(slug))

    def begin(self, slug: str) -> ResponseReturnValue:
        letter_type = self._letter_type(slug)
        agency = request.form.get(AGENCY, "")
        if agency not in {one.code for one in self._issuers(letter_type)}:
            return self._start_page(letter_type, Problem(AGENCY, "required"))
        opened = self._begun(letter_type, agency)
        first = HomeForm(letter_type).pages({})[0].name
        response = redirect(url_for("citizen.question", name=first), 303)
        return self._capability.give(make_response(response), opened)

    def _begun(self, letter_type: LetterType, agency: str) -> Opened:
        """Begin a draft; whoever is signed in holds it, filled with what is known of him."""
        typed = {AGENCY: agency}
        signed_in = citizen_signed_in(self._services)
        if signed_in is None:
            return self._services.applications.begin(letter_type.slug, typed, asker())
        known = HomeForm(letter_type).filled(self._services.own_requests.known(signed_in))
        born = born_as_typed(known)
        typed |= known
        opened = self._services.applications.begin(letter_type.slug, typed, asker(), born)
        self._services.own_requests.keep(signed_in, opened.token)
        return opened

    def question(self, name: str) -> ResponseReturnValue:
        held = self._capability.held()
        if held is None:
            return to_open_again()
        form = form_of(self._services, held)
        page = form.page(name, held.application.typed)
        if page is None:
            raise NotFound("question", "")
        return _question_page(form, held, page, held.application.typed)

    def answer(self, name: str) -> ResponseReturnValue:
        held = self._capability.held()
        if held is None:
            return to_open_again()
        form, typed = form_of(self._services, held), held.application.typed
        page = form.page(name, typed)
        if page is None:
            raise NotFound("question", "")
        if page.group is not None and not page.row:
            return self._after_the_rows(form, held, page)
        boxes = {box: request.form.get(box, "") for box in page.inputs}
        if page.group is not None:
            if not any(text.strip() for text in boxes.values()):
                return redirect(_address(page.group.where), 303)
            rows = max(page.row, len(filled_rows(page.group, typed)))
            boxes[f"{page.group.where}.{ROWS}"] = str(rows)
        now = {**typed, **boxes}
        problems = page.of_this_page(problems_of(self._services, form, now))
        if problems:
            return _question_page(form, held, page, now, problems)
        born = born_as_typed(now) if name == BORN else None
        saved = self._services.applications.save(held.token, boxes, born)
        if page.group is not None:
            return redirect(_address(page.group.where), 303)
        return redirect(_next(form, name, saved.typed), 303)

    def remove_row(self, name: str) -> ResponseReturnValue:
        held = self._capability.held()
        if held is None:
            return to_open_again()
        typed = held.application.typed
        page = form_of(self._services, held).page(name, typed)
        if page is None or page.group is None or not page.row:
            raise NotFound("question", "")
        where = page.group.where
        left = without_row(page.group, typed, page.row)
        self._services.applications.save(held.token, left, None, forget=f"{where}.")
        return redirect(_address(where), 303)

    def saved(self) -> ResponseReturnValue:
        held = self._capability.held()
        if held is None:
            return to_open_again()
        return render_template("citizen/saved.html", held=held)

    def _after_the_rows(self, form: HomeForm, held: Held, page: Page) -> ResponseReturnValue:
        typed = held.application.typed
        problems = page.of_this_page(problems_of(self._services, form, typed))
        if problems:
            return _question_page(form, held, page, typed, problems)
        return redirect(_next(form, page.name, typed), 303)

    # --- the office -----------------------------------------------------------------

    def _letter_type(self, slug: str) -> LetterType:
        letter_type = self._services.catalogue.get(slug)
        if letter_type.channel is not Channel.FROM_HOME:
            raise NotFound("letter type", slug)
        return letter_type

    def _issuers(self, letter_type: LetterType) -> list[Agency]:
        return self._services.agencies.issuing(letter_type)

    def _start_page(
        self, letter_type: LetterType, problem: Problem | None = None
    ) -> ResponseReturnValue:
        issuers = self._issuers(letter_type)
        districts: list[Agency] = []
        chosen = request.args.get("kec", "")
        if len(issuers) > _FEW:
            parents = {one.parent_code for one in issuers if one.kind is not AgencyKind.DISTRICT}
            known = self._services.letters.agencies()
            districts = [one for one in known if one.code in parents]
            if any(one.code == chosen for one in districts):
                issuers = [one for one in issuers if chosen in (one.code, one.parent_code)]
                districts = []
        page = render_template(
            "citizen/start.html",
            letter_type=letter_type,
            districts=districts,
            issuers=() if districts else issuers,
            unfinished=self._capability.held(),
            problem=problem,
            chosen=chosen,
        )
        return page, HTTP_STATUS[InvalidInput] if problem else 200


# --- what the other pages use too -----------------------------------------------------


def form_of(services: Services, held: Held) -> HomeForm:
    """Return the questions of what this device has open."""
    return HomeForm(services.catalogue.get(held.application.letter_type))


def order_of(services: Services, form: HomeForm, typed: Mapping[str, str]) -> LetterOrder:
    """Return the checked order that the answers make. Raises ``InvalidInput``."""
    agency = typed.get(AGENCY, "")
    return services.intake.check(form.letter_type.slug, agency, form.data(typed))


def problems_of(
    services: Services, form: HomeForm, typed: Mapping[str, str]
) -> tuple[Problem, ...]:
    """Return everything that is wrong with the answers so far, and what is missing."""
    try:
        order_of(services, form, typed)
    except InvalidInput as invalid:
        return invalid.problems
    return ()


def to_open_again() -> Response:
    """Lead whoever has nothing open to the page that asks for the code."""
    return make_response(redirect(url_for("citizen.resume"), 303))


def _next(form: HomeForm, name: str, typed: Mapping[str, str]) -> str:
    if CHECKING in request.args:
        missing = form.unanswered(typed)
        return _address(missing) if missing else url_for("citizen.check")
    following = form.after(name, typed)
    if following:
        return url_for("citizen.question", name=following)
    return url_for("citizen.documents" if form.letter_type.documents else "citizen.check")


def _address(name: str) -> str:
    """Return a question's address, which still leads back to where one came from."""
    more = {CHECKING: 1} if CHECKING in request.args else {}
    return url_for("citizen.question", name=name, **more)  # type: ignore[arg-type]  # extra values become the query


def _question_page(
    form: HomeForm,
    held: Held,
    page: Page,
    typed: Mapping[str, str],
    problems: Sequence[Problem] = (),
) -> ResponseReturnValue:
    names = [one.name for one in form.pages(typed)]
    of = page.group.where if page.group else page.name
    before = form.before(of, typed) if not page.row else of
    rendered = render_template(
        "citizen/question.html",
        form=form,
        held=held,
        page=page,
        typed={**USUAL_ANSWERS, **typed},
        rows=filled_rows(page.group, typed) if page.group and not page.row else (),
        problems=problems,
        first_problems={problem.where: problem for problem in reversed(problems)},
        inputs={question.where: question.anchor for question in page.questions},
        labels={question.where: question.label for question in page.questions},
        number=names.index(of) + 1,
        count=len(names),
        back=_address(before) if before else None,
        here=_address(page.name),
        address=_address,
        focus="" if problems else page.inputs[0],
    )
    return rendered, HTTP_STATUS[InvalidInput] if problems else 200
