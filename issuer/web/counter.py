"""The counter (loket): a clerk issues a letter for somebody who is present."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import (
    InvalidInput,
    IssuerError,
    NotFound,
    Problem,
    StaleVersion,
    TooManyAttempts,
    WordingChanged,
)
from issuer.domain.handling import Handling
from issuer.domain.letter import Letter
from issuer.domain.letter_request import ORIGIN_COUNTER, ORIGIN_PAPER, LetterRequest, RequestAction
from issuer.domain.letter_types import Bilingual, FieldValue
from issuer.domain.paper_number import PaperNumber
from issuer.domain.record import canonical_json
from issuer.domain.resident import Resident
from issuer.domain.text import fits, words_of
from issuer.services import Services
from issuer.services.freezing import endorsing_district
from issuer.services.intake import LetterOrder
from issuer.web import (
    citizen_codes,
    correcting,
    counter_documents,
    handing_over,
    paper_numbers,
    register_search,
    sheets,
)
from issuer.web.errors import HTTP_STATUS, Refusal, refusal_of
from issuer.web.guards import desk
from issuer.web.questions import LetterForm, answered
from issuer.web.settings import WebSettings
from issuer.web.showing import pdf_shown

_SEEN = "type_digest"
"""The hidden input with the letter type's digest: its wording as the clerk has seen it."""

_FORM_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_USUAL_ANSWERS = {"holder.nationality": "WNI"}
_SEARCH_LABEL = Bilingual("Cari warga", "Find a resident")
_MAX_WANTED = 60
_NOT_FOR_FILE_NAMES = re.compile(r"[^A-Za-z0-9.]+", re.ASCII)


def make_blueprint(services: Services, _settings: WebSettings) -> Blueprint:
    """Return the counter's room."""
    room = Blueprint("counter", __name__, url_prefix="/loket")
    pages = _Counter(services)
    room.get("")(pages.home)
    room.get("/surat/baru")(pages.choose)
    room.get("/surat/baru/<slug>")(pages.blank)
    room.post("/surat/baru/<slug>")(pages.change)
    room.post("/surat/baru/<slug>/warga")(pages.find)
    room.post("/surat/baru/<slug>/warga/isi")(pages.fill)
    room.post("/surat/baru/<slug>/periksa")(pages.check)
    room.post("/surat/baru/<slug>/konsep")(pages.draft)
    room.post("/surat/baru/<slug>/terbitkan")(pages.issue)
    room.get("/perbaiki/<request_id>")(pages.correct)
    room.get("/surat/<letter_id>")(pages.letter)
    room.get("/surat/<letter_id>/pdf")(pages.pdf)
    sheets.add_pages(room, services)
    paper_numbers.add_pages(room, services)
    handing_over.add_pages(room, services)
    citizen_codes.add_pages(room, services)
    counter_documents.add_pages(room, services)
    return room


class _Counter:
    """The pages of the counter, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def home(self) -> ResponseReturnValue:
        letters = self._services.letters.of_today(desk().actor, desk().agency.code)
        late = self._services.paper_numbers.overdue(desk().actor, desk().agency.code)
        return render_template("counter/home.html", desk=desk(), letters=letters, paper_late=late)

    def choose(self) -> ResponseReturnValue:
        """List the types; a word of a title, in either language, leaves those that have it."""
        paper = self._paper_to_enter()
        types = self._services.agencies.offered(desk().agency)
        if paper:
            types = [t for t in types if t.series == paper.series.series]
        wanted = request.args.get("cari", "")[:_MAX_WANTED].strip()
        like = [t for t in types if fits(wanted, f"{t.title.id} {t.title.en}")]
        if wanted:
            # The shortest title is the plainest: "Domisili" before "Domisili Usaha".
            like.sort(key=lambda t: len(words_of(t.title.id)))
        if wanted and len(like) == 1:
            carried = {paper_numbers.PAPER: paper.id} if paper else {}
            return redirect(url_for("counter.blank", slug=like[0].slug, **carried), 303)  # type: ignore[arg-type]  # extra values become the query
        return render_template(
            "counter/choose.html", desk=desk(), letter_types=like, wanted=wanted, paper=paper
        )

    def blank(self, slug: str) -> ResponseReturnValue:
        self._paper_to_enter()
        form = self._form(slug)
        usual = dict(_USUAL_ANSWERS)
        usual |= {name: next(iter(who)) for name, who in form.signers.items() if len(who) == 1}
        head = self._services.letters.usual_endorser(form.letter_type, desk().agency)
        begun = {"endorser": head, **usual} if head else usual
        return self._form_page(form, begun, begins=True)

    def correct(self, request_id: str) -> ResponseReturnValue:
        """Open the form of a returned request, with what was answered in it."""
        case = self._services.casework.one(desk().actor, request_id)
        if RequestAction.SUBMIT not in case.may:
            return redirect(url_for("casework.case", request_id=request_id), 303)
        form = self._form(case.request.letter_type)
        usual = {name: next(iter(who)) for name, who in form.signers.items() if who}
        corrects = correcting.Correction(request_id, case.request.version)
        typed = {**usual, **correcting.retyped(form, case.request)}
        return self._form_page(form, typed, corrects=corrects)

    def change(self, slug: str) -> ResponseReturnValue:
        form = self._form(slug)
        return self._form_page(form, form.typed(request.form))

    def find(self, slug: str) -> ResponseReturnValue:
        """Look somebody up: a NIK fills the form, a name leads to a choice."""
        form = self._form(slug)
        typed = form.typed(request.form)
        wanted = request.form.get(register_search.SEARCH, "")
        actor, agency = desk().actor, desk().agency
        try:
            found = self._services.residents.found(actor, agency.code, wanted)
        except InvalidInput as invalid:
            return self._form_page(form, typed, invalid.problems, wanted=wanted)
        except TooManyAttempts as error:
            return self._must_wait(form, typed, error)
        if not found:
            return self._form_page(form, typed, found_nobody=True, focus=register_search.SEARCH)
        if len(found) == 1 and register_search.is_number(wanted):
            return self._filled_page(form, typed, found[0])
        return render_template(
            "counter/residents.html",
            desk=desk(),
            form=form,
            typed=typed,
            form_id=_form_id(self._services),
            corrects=correcting.carried_by(request.form),
            paper=paper_numbers.carried(self._services),
            found=found,
        )

    def fill(self, slug: str) -> ResponseReturnValue:
        """Fill the form with the resident that was chosen."""
        form = self._form(slug)
        typed = form.typed(request.form)
        chosen = request.form.get(register_search.CHOSEN, "")
        try:
            one = self._services.residents.one(desk().actor, desk().agency.code, chosen)
        except NotFound:
            return self._form_page(form, typed, found_nobody=True, focus=register_search.SEARCH)
        except TooManyAttempts as error:
            return self._must_wait(form, typed, error)
        return self._filled_page(form, typed, one)

    def check(self, slug: str) -> ResponseReturnValue:
        if register_search.is_searched(request.form):
            return self.find(slug)
        form = self._form(slug)
        typed = form.typed(request.form)
        try:
            return self._check_page(form, typed, self._order(form, typed))
        except InvalidInput as invalid:
            return self._form_page(form, typed, invalid.problems)

    def draft(self, slug: str) -> ResponseReturnValue:
        form = self._form(slug)
        typed = form.typed(request.form)
        order = self._order(form, typed)
        pdf = self._services.drafts.of_order(desk().actor, order, *_signers(typed))
        return pdf_shown(pdf, "konsep.pdf")

    def issue(self, slug: str) -> ResponseReturnValue:
        form = self._form(slug)
        typed = form.typed(request.form)
        try:
            order = self._order(form, typed)
        except InvalidInput as invalid:
            return self._form_page(form, typed, invalid.problems)
        try:
            if request.form.get(_SEEN) != order.letter_type.digest:
                raise WordingChanged
            if corrects := correcting.carried_by(request.form):
                # Its parafs are to be given anew, by whoever looks at it in the queue.
                moved = self._services.casework.submit(
                    desk().actor, corrects.request_id, corrects.version, order
                )
                return redirect(url_for("casework.case", request_id=moved.id), 303)
            opened = self._open(form, typed, order)
            if not self._handling(order).in_one_go:
                # Its place is in the queue from here on, whatever has become of it since.
                return redirect(url_for("casework.case", request_id=opened.id), 303)
            letter = self._issue(opened.id, _signers(typed), order.letter_type.digest)
        except IssuerError as error:
            return self._check_page(form, typed, order, refusal_of(error, self._services))
        return redirect(url_for("counter.letter", letter_id=letter.id), 303)

    def letter(self, letter_id: str) -> ResponseReturnValue:
        letter = self._services.letters.one(desk().actor, letter_id)
        return sheets.letter_page(self._services, letter)

    def pdf(self, letter_id: str) -> ResponseReturnValue:
        letter = self._services.letters.one(desk().actor, letter_id)
        pdf = self._services.letters.pdf(desk().actor, letter_id)
        name = _NOT_FOR_FILE_NAMES.sub("-", letter.number)
        return pdf_shown(pdf, f"surat-{name}.pdf", download="unduh" in request.args)

    # --- what the pages share -------------------------------------------------------

    def _paper_to_enter(self) -> PaperNumber | None:
        """Return the number on paper with which a form begins; it must still be there."""
        paper = paper_numbers.carried(self._services)
        return self._services.paper_numbers.to_enter(desk().actor, paper.id) if paper else None

    def _form(self, slug: str) -> LetterForm:
        services = self._services
        today = services.office.today(services.clock.now())
        letter_type = services.catalogue.get(slug)
        signing = services.letters.signatories(desk().agency.code)
        district = endorsing_district(letter_type, desk().agency)
        endorsing = None if district is None else services.letters.signatories(district)
        return LetterForm.of(letter_type, signing, endorsing, today)

    def _order(self, form: LetterForm, typed: Mapping[str, str]) -> LetterOrder:
        """Return the checked order. Raises ``InvalidInput`` with every problem."""
        problems: list[Problem] = []
        order = None
        try:
            slug = form.letter_type.slug
            order = self._services.intake.check(slug, desk().agency.code, form.data(typed))
        except InvalidInput as invalid:
            problems += invalid.problems
        problems += [
            Problem(name, "required")
            for name, who in form.signers.items()
            if typed.get(name) not in who
        ]
        if problems or order is None:
            raise InvalidInput(problems)
        return replace(order, seen=counter_documents.ticked(order.letter_type))

    def _open(
        self, form: LetterForm, typed: Mapping[str, str], order: LetterOrder
    ) -> LetterRequest:
        """Open the request of this form, once.

        Its id follows from the form and all that was typed: the same form sent twice is
        one letter, and a form changed after issue is another one.
        """
        whole = [_form_id(self._services), form.letter_type.slug, _signers(typed), form.data(typed)]
        request_id = hashlib.sha256(canonical_json(whole)).hexdigest()[:32]
        paper = paper_numbers.carried(self._services)
        return self._services.intake.open_at_counter(
            desk().actor,
            order,
            request_id=request_id,
            origin=ORIGIN_PAPER if paper else ORIGIN_COUNTER,
            paper=paper.id if paper else None,
        )

    def _issue(self, request_id: str, signers: tuple[str, str | None], seen: str) -> Letter:
        try:
            return self._services.issuance.issue(
                desk().actor, request_id, *signers, type_digest=seen
            )
        except StaleVersion:
            # The same form, sent twice at once: its letter is being signed this moment.
            return self._services.letters.of_request(desk().actor, request_id)

    def _handling(self, order: LetterOrder) -> Handling:
        return self._services.casework.asked(order.letter_type, order.agency.code)

    def _filled_page(
        self, form: LetterForm, typed: Mapping[str, str], resident: Resident
    ) -> ResponseReturnValue:
        typed = register_search.filled(typed, resident.holder)
        focus = register_search.first_unanswered(form, typed)
        return self._form_page(form, typed, focus=focus or register_search.GO_ON, resident=resident)

    def _must_wait(
        self, form: LetterForm, typed: Mapping[str, str], error: TooManyAttempts
    ) -> ResponseReturnValue:
        facts: dict[str, str | int] = {"minutes": -(-error.retry_after_seconds // 60)}
        problem = Problem(register_search.SEARCH, "searched_too_often", facts)
        page, _status = self._form_page(form, typed, [problem])
        return page, HTTP_STATUS[TooManyAttempts], {"Retry-After": str(error.retry_after_seconds)}

    def _form_page(
        self,
        form: LetterForm,
        typed: Mapping[str, str],
        problems: Sequence[Problem] = (),
        *,
        begins: bool = False,
        focus: str = "",
        wanted: str = "",
        found_nobody: bool = False,
        resident: Resident | None = None,
        corrects: correcting.Correction | None = None,
    ) -> tuple[str, int]:
        can_search = self._services.residents.any_of(desk().actor, desk().agency.code)
        if begins and can_search:
            focus = register_search.SEARCH
        elif begins:
            focus = register_search.first_unanswered(form, typed)
        inputs = {question.where: question.anchor for question in form.boxes(typed)}
        labels = {question.where: question.label for question in form.boxes(typed)}
        page = render_template(
            "counter/form.html",
            desk=desk(),
            form=form,
            typed=typed,
            form_id=_form_id(self._services),
            corrects=corrects or correcting.carried_by(request.form),
            paper=paper_numbers.carried(self._services),
            problems=problems,
            first_problems={problem.where: problem for problem in reversed(problems)},
            inputs=inputs | {register_search.SEARCH: register_search.SEARCH},
            labels=labels | {register_search.SEARCH: _SEARCH_LABEL},
            focus=focus,
            seen=counter_documents.ticked(form.letter_type),
            can_search=can_search,
            register_as_of=self._services.residents.as_of(desk().actor, desk().agency.code),
            wanted=wanted,
            found_nobody=found_nobody,
            resident=resident,
        )
        return page, HTTP_STATUS[InvalidInput] if problems else 200

    def _check_page(
        self,
        form: LetterForm,
        typed: Mapping[str, str],
        order: LetterOrder,
        refusal: Refusal | None = None,
    ) -> ResponseReturnValue:
        page = render_template(
            "counter/check.html",
            desk=desk(),
            form=form,
            typed=typed,
            form_id=_form_id(self._services),
            corrects=correcting.carried_by(request.form),
            paper=paper_numbers.carried(self._services),
            order=order,
            values=_values(order, typed),
            handling=self._handling(order),
            refusal=refusal,
        )
        return page, refusal.status if refusal else 200


def _form_id(services: Services) -> str:
    """Return the id this form carries, or a fresh one for a form that begins."""
    carried = request.form.get("form_id", "")
    return carried if _FORM_ID.fullmatch(carried) else services.intake.new_request_id()


def _signers(typed: Mapping[str, str]) -> tuple[str, str | None]:
    """Return who signs and who endorses; a form that asks for no endorser has none."""
    return typed["signatory"], typed.get("endorser")


def _values(order: LetterOrder, typed: Mapping[str, str]) -> dict[str, FieldValue]:
    """Return every answer as it will stand in the letter, and who signs it, by its place."""
    signers = {name: typed[name] for name in ("signatory", "endorser") if name in typed}
    return {**answered(order.holder, order.fields, order.purpose), **signers}
