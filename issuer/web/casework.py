"""The queue (antrean): requests between their applicant and the officer who signs."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.casework import OPEN, WAITS_FOR_OFFICE, Case, CaseSummary
from issuer.domain.erasure import was_erased
from issuer.domain.errors import (
    AnotherPersonNeeded,
    IllegalTransition,
    InvalidInput,
    NotFound,
    Problem,
    StaleVersion,
)
from issuer.domain.letter_request import RequestAction, RequestState
from issuer.domain.letter_types import Bilingual
from issuer.domain.mandate import Mandate, Signatory
from issuer.services import Services
from issuer.web import supporting
from issuer.web.errors import HTTP_STATUS, refusal_of
from issuer.web.guards import desk
from issuer.web.questions import LetterForm, Section, answered
from issuer.web.settings import WebSettings
from issuer.web.showing import pdf_shown, shown
from issuer.web.told import told

T = Bilingual
PAGE = 50
_VERSION = re.compile(r"[0-9]{1,9}", re.ASCII)
_REQUEST_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SIGNATORY_ID = re.compile(r"[a-z0-9-]{1,60}", re.ASCII)
_MOVED_ON = (StaleVersion, AnotherPersonNeeded, IllegalTransition)


@dataclass(frozen=True, slots=True)
class View:
    """A part of the queue: its name, and the states in it; None is what is late."""

    name: Bilingual
    states: Collection[RequestState] | None


VIEWS: Mapping[str, View] = {
    "": View(T("Semua yang menunggu kantor", "All that wait for the office"), WAITS_FOR_OFFICE),
    "periksa": View(T("Perlu diperiksa", "To be reviewed"), {RequestState.SUBMITTED}),
    "paraf": View(T("Sudah diparaf", "Reviewed"), {RequestState.REVIEWED}),
    "tanda-tangan": View(
        T("Menunggu tanda tangan", "Awaiting signature"), {RequestState.AWAITING_SIGNATURE}
    ),
    "dikembalikan": View(T("Dikembalikan", "Returned"), {RequestState.RETURNED}),
    "terlambat": View(T("Terlambat", "Late"), None),
}
"""The parts of the queue, by the word in the address."""


def make_blueprint(services: Services, _settings: WebSettings) -> Blueprint:
    """Return the room of the queue."""
    room = Blueprint("casework", __name__, url_prefix="/loket/antrean")
    pages = _Queue(services)
    room.get("")(pages.queue)
    room.get("/<request_id>")(pages.case)
    room.get("/<request_id>/berkas/<document_id>")(pages.document)
    room.get("/<request_id>/konsep")(pages.draft)
    room.post("/<request_id>/paraf")(pages.review)
    room.post("/<request_id>/teruskan")(pages.forward)
    room.post("/<request_id>/kembalikan")(pages.give_back)
    room.post("/<request_id>/tolak")(pages.reject)
    room.post("/<request_id>/batalkan")(pages.cancel)
    room.post("/<request_id>/ajukan")(pages.submit)
    return room


class _Queue:
    """The pages of the queue, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._casework = services.casework

    def queue(self) -> ResponseReturnValue:
        chosen = request.args.get("keadaan", "")
        if chosen not in VIEWS:
            raise NotFound("queue", "")
        after = request.args.get("setelah", "")
        page = self._page(VIEWS[chosen], after if _REQUEST_ID.fullmatch(after) else None)
        return render_template(
            "casework/queue.html",
            desk=desk(),
            views=VIEWS,
            chosen=chosen,
            lines=[(one, self._title(one.letter_type), self._casework.late(one)) for one in page],
            further=page[-1].id if len(page) == PAGE and VIEWS[chosen].states else None,
        )

    def case(self, request_id: str) -> ResponseReturnValue:
        return self._case_page(request_id)

    def document(self, request_id: str, document_id: str) -> ResponseReturnValue:
        found = self._services.documents.open(desk().actor, request_id, document_id)
        return shown(*found)

    def draft(self, request_id: str) -> ResponseReturnValue:
        """Show the letter as it would be signed now, marked KONSEP."""
        asked = request.args.get("pejabat", "")
        signatory = asked if _SIGNATORY_ID.fullmatch(asked) else None
        pdf = self._services.drafts.of_request(desk().actor, request_id, signatory)
        return pdf_shown(pdf, "konsep.pdf")

    def review(self, request_id: str) -> ResponseReturnValue:
        """Give a paraf; the last of a chain also forwards, where one person may do both."""
        case = self._casework.one(desk().actor, request_id)

        def paraf(version: int) -> None:
            self._casework.review(desk().actor, request_id, version)
            if ends_the_chain(case):
                self._casework.forward(desk().actor, request_id, version + 1)

        return self._step(request_id, paraf)

    def forward(self, request_id: str) -> ResponseReturnValue:
        return self._step(
            request_id,
            lambda version: self._casework.forward(desk().actor, request_id, version),
        )

    def give_back(self, request_id: str) -> ResponseReturnValue:
        reason = request.form.get("reason", "")
        return self._step(
            request_id,
            lambda version: self._casework.return_(desk().actor, request_id, version, reason),
            (RequestAction.RETURN, reason),
        )

    def reject(self, request_id: str) -> ResponseReturnValue:
        reason = request.form.get("reason", "")
        return self._step(
            request_id,
            lambda version: self._casework.reject(desk().actor, request_id, version, reason),
            (RequestAction.REJECT, reason),
        )

    def cancel(self, request_id: str) -> ResponseReturnValue:
        reason = request.form.get("reason", "")
        return self._step(
            request_id,
            lambda version: self._casework.cancel(desk().actor, request_id, version, reason),
            (RequestAction.CANCEL, reason),
        )

    def submit(self, request_id: str) -> ResponseReturnValue:
        return self._step(
            request_id,
            lambda version: self._casework.submit(desk().actor, request_id, version),
        )

    # --- what the pages share -------------------------------------------------------

    def _page(self, view: View, after: str | None) -> Sequence[CaseSummary]:
        actor, agency = desk().actor, desk().agency.code
        if view.states is None:
            return self._casework.overdue(actor, agency, limit=PAGE)
        return self._casework.queue(actor, agency, view.states, limit=PAGE, after=after)

    def _step(
        self,
        request_id: str,
        do: Callable[[int], object],
        typed: tuple[RequestAction, str] | None = None,
    ) -> ResponseReturnValue:
        """Take a step, or show the case as it is now with what was typed still there."""
        shown = request.form.get("version", "")
        version = int(shown) if _VERSION.fullmatch(shown) else 0
        try:
            do(version)
        except InvalidInput as invalid:
            return self._case_page(request_id, typed=typed, problems=invalid.problems)
        except _MOVED_ON as error:
            return self._case_page(request_id, typed=typed, refused=error)
        return redirect(url_for("casework.case", request_id=request_id), 303)

    def _case_page(
        self,
        request_id: str,
        *,
        typed: tuple[RequestAction, str] | None = None,
        problems: Sequence[Problem] = (),
        refused: StaleVersion | AnotherPersonNeeded | IllegalTransition | None = None,
    ) -> ResponseReturnValue:
        case = self._casework.one(desk().actor, request_id)
        refusal = refusal_of(refused, self._services) if refused else None
        page = render_template(
            "casework/case.html",
            desk=desk(),
            case=case,
            may={action.value for action in case.may},
            title=self._title(case.request.letter_type),
            erased=was_erased(case.request),
            sections=() if was_erased(case.request) else self._sections(case),
            messages=told(
                self._services.message_sending.of_request(
                    desk().actor, request_id, case.request.agency_code
                )
            ),
            values=answered(case.request.holder, case.request.fields, case.request.purpose),
            ends_the_chain=ends_the_chain(case),
            supporting=supporting.of_request(self._services, case.request),
            signers=self._signers(case),
            typed=typed[1] if typed else "",
            typed_for=typed[0].value if typed else None,
            problems=problems,
            refusal=refusal,
            again=url_for("casework.case", request_id=request_id),
        )
        if refusal:
            return page, refusal.status
        return page, HTTP_STATUS[InvalidInput] if problems else 200

    def _signers(self, case: Case) -> Sequence[tuple[Signatory, Mandate]]:
        """Return who may sign what is not yet signed; nobody for what has ended."""
        if case.request.state not in OPEN:
            return ()
        return self._services.drafts.signers(desk().actor, case.request.id)

    def _sections(self, case: Case) -> Sequence[Section]:
        services = self._services
        try:
            letter_type = services.catalogue.get(case.request.letter_type)
        except NotFound:
            return ()  # the type was taken away; its requests can still be ended
        form = LetterForm.of(letter_type, (), None, services.office.today(services.clock.now()))
        return form.content

    def _title(self, slug: str) -> Bilingual:
        try:
            return self._services.catalogue.get(slug).title
        except NotFound:
            return T(slug, slug)


def ends_the_chain(case: Case) -> bool:
    """Say whether the next paraf is the last, and whoever gives it may forward as well."""
    return case.reviews_done + 1 == case.reviews_needed and not case.handling.four_eyes
