"""The officer's room (pejabat): what waits for a signature, each letter, mandates and the PIN."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import (
    AnotherPersonNeeded,
    IllegalTransition,
    InvalidInput,
    NotFound,
    NotPermitted,
    Problem,
    StaleVersion,
)
from issuer.domain.letter_request import LetterRequest, RequestAction
from issuer.domain.officers import LEAST_DIGITS, MOST_DIGITS, Officer
from issuer.services import Services
from issuer.web import officer_batches, supporting
from issuer.web.errors import HTTP_STATUS, refusal_of
from issuer.web.guards import desk
from issuer.web.officer_batches import endorser_of
from issuer.web.officer_inbox import TICK, inbox_page, known
from issuer.web.questions import LetterForm, Section, answered
from issuer.web.settings import WebSettings
from issuer.web.showing import pdf_shown, shown

_VERSION = re.compile(r"[0-9]{1,9}", re.ASCII)
_MOVED_ON = (StaleVersion, AnotherPersonNeeded, IllegalTransition)


def make_blueprint(services: Services, _settings: WebSettings) -> Blueprint:
    """Return the officer's room."""
    room = Blueprint("officer", __name__, url_prefix="/pejabat")
    pages = _Room(services)
    room.get("")(pages.inbox)
    room.get("/surat/<request_id>")(pages.letter)
    room.get("/surat/<request_id>/konsep")(pages.draft)
    room.get("/surat/<request_id>/berkas/<document_id>")(pages.document)
    room.post("/surat/<request_id>/kembalikan")(pages.give_back)
    room.post("/surat/<request_id>/tolak")(pages.reject)
    room.get("/terbit/<letter_id>")(pages.issued)
    room.get("/mandat")(pages.mandates)
    room.get("/pin")(pages.pin)
    room.post("/pin")(pages.change_pin)
    officer_batches.add_pages(room, services)
    return room


class _Room:
    """The pages of the officer's room, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def inbox(self) -> ResponseReturnValue:
        """Show what waits, nothing ticked; ``pilih=semua`` ticks all, by a link."""
        try:
            officer = self._services.officers.of(desk().actor)
        except NotPermitted:
            page = render_template("officer/unlinked.html", desk=desk())
            return page, HTTP_STATUS[NotPermitted]
        return inbox_page(self._services, officer)

    def letter(self, request_id: str) -> ResponseReturnValue:
        return self._letter_page(request_id)

    def draft(self, request_id: str) -> ResponseReturnValue:
        """Show the letter as it would be signed now, marked KONSEP."""
        services = self._services
        officer = services.officers.of(desk().actor)
        endorser = endorser_of(request.args, "mengetahui")
        pdf = services.drafts.of_request(desk().actor, request_id, officer.signatory_id, endorser)
        return pdf_shown(pdf, "konsep.pdf")

    def document(self, request_id: str, document_id: str) -> ResponseReturnValue:
        return shown(*self._services.documents.open(desk().actor, request_id, document_id))

    def give_back(self, request_id: str) -> ResponseReturnValue:
        casework, actor = self._services.casework, desk().actor
        reason = request.form.get("reason", "")
        return self._refuse(
            request_id,
            RequestAction.RETURN,
            lambda version: casework.return_(actor, request_id, version, reason),
        )

    def reject(self, request_id: str) -> ResponseReturnValue:
        casework, actor = self._services.casework, desk().actor
        reason = request.form.get("reason", "")
        return self._refuse(
            request_id,
            RequestAction.REJECT,
            lambda version: casework.reject(actor, request_id, version, reason),
        )

    def issued(self, letter_id: str) -> ResponseReturnValue:
        return pdf_shown(self._services.letters.pdf(desk().actor, letter_id), "surat.pdf")

    def mandates(self) -> ResponseReturnValue:
        able = self._services.letters.signatories(desk().agency.code)
        return render_template("officer/mandates.html", desk=desk(), able=able)

    def pin(self) -> ResponseReturnValue:
        return _pin_page(self._services.officers.of(desk().actor))

    def change_pin(self) -> ResponseReturnValue:
        form, officers = request.form, self._services.officers
        officer = officers.of(desk().actor)
        try:
            officers.change_pin(
                desk().actor, form.get("pin", ""), form.get("new", ""), form.get("again", "")
            )
        except InvalidInput as invalid:
            return _pin_page(officer, invalid.problems)
        return redirect(url_for("officer.inbox", selesai="pin"), 303)

    # --- what the pages share -------------------------------------------------------

    def _letter_page(
        self,
        request_id: str,
        typed: tuple[RequestAction, str] | None = None,
        problems: Sequence[Problem] = (),
        refused: StaleVersion | AnotherPersonNeeded | IllegalTransition | None = None,
    ) -> ResponseReturnValue:
        case = self._services.casework.one(desk().actor, request_id)
        title, digest = known(self._services, case.request.letter_type)
        refusal = refusal_of(refused, self._services) if refused else None
        page = render_template(
            "officer/letter.html",
            desk=desk(),
            case=case,
            may={action.value for action in case.may},
            title=title,
            type_digest=digest,
            sections=self._sections(case.request),
            supporting=supporting.of_request(self._services, case.request),
            values=answered(case.request.holder, case.request.fields, case.request.purpose),
            tick=TICK,
            typed=typed[1] if typed else "",
            typed_for=typed[0].value if typed else None,
            problems=problems,
            refusal=refusal,
            again=url_for("officer.letter", request_id=request_id),
        )
        if refusal:
            return page, refusal.status
        return page, HTTP_STATUS[InvalidInput] if problems else 200

    def _refuse(
        self, request_id: str, action: RequestAction, do: Callable[[int], object]
    ) -> ResponseReturnValue:
        """Return or reject, or show the letter as it is now with the reason still there."""
        typed = action, request.form.get("reason", "")
        version = request.form.get("version", "")
        try:
            do(int(version) if _VERSION.fullmatch(version) else 0)
        except InvalidInput as invalid:
            return self._letter_page(request_id, typed, invalid.problems)
        except _MOVED_ON as error:
            return self._letter_page(request_id, typed, refused=error)
        return redirect(url_for("officer.inbox", selesai=action.value), 303)

    def _sections(self, asked: LetterRequest) -> Sequence[Section]:
        services = self._services
        try:
            letter_type = services.catalogue.get(asked.letter_type)
        except NotFound:
            return ()
        return LetterForm.of(
            letter_type, (), None, services.office.today(services.clock.now())
        ).content


def _pin_page(officer: Officer, problems: Sequence[Problem] = ()) -> ResponseReturnValue:
    page = render_template(
        "officer/pin.html",
        desk=desk(),
        has_pin=officer.pin_hash is not None,
        problems=problems,
        least=LEAST_DIGITS,
        most=MOST_DIGITS,
        again=url_for("officer.pin"),
    )
    return page, HTTP_STATUS[InvalidInput] if problems else 200
