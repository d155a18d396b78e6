"""The officer's room (pejabat): what waits for a signature, and signing it by PIN."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

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
    TooManyAttempts,
)
from issuer.domain.letter_request import LetterRequest, RequestAction
from issuer.domain.letter_types import Bilingual
from issuer.domain.mandate import Mandate, Signatory
from issuer.domain.officers import LEAST_DIGITS, MOST_DIGITS, Officer
from issuer.domain.signing_batches import MAX_BATCH, Chosen, ItemState, OnError
from issuer.services import Services
from issuer.services.batches import Row
from issuer.services.freezing import endorsing_district
from issuer.web.errors import HTTP_STATUS, refusal_of
from issuer.web.guards import desk
from issuer.web.outcomes import outcome_text
from issuer.web.questions import LetterForm, Section, answered
from issuer.web.settings import WebSettings
from issuer.web.showing import pdf_shown

T = Bilingual
TICK = "surat."
"""Before the id of a request in the name of its check box; the value is what was shown of it."""

REFRESH_SECONDS = 2
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SIGNATORY_ID = re.compile(r"[a-z0-9-]{1,60}", re.ASCII)
_VERSION = re.compile(r"[0-9]{1,9}", re.ASCII)
_SHOWN = re.compile(r"([0-9]{1,9})\.([0-9a-f]{64}|)", re.ASCII)  # version, type's digest
_MOVED_ON = (StaleVersion, AnotherPersonNeeded, IllegalTransition)


def make_blueprint(services: Services, _settings: WebSettings) -> Blueprint:
    """Return the officer's room."""
    room = Blueprint("officer", __name__, url_prefix="/pejabat")
    pages = _Room(services)
    room.get("")(pages.inbox)
    room.post("/pilihan")(pages.confirm)
    room.post("/tanda-tangan")(pages.sign)
    room.get("/tanda-tangan/<batch_id>")(pages.batch)
    room.post("/tanda-tangan/<batch_id>/lanjut")(pages.go_on)
    room.get("/surat/<request_id>")(pages.letter)
    room.get("/surat/<request_id>/konsep")(pages.draft)
    room.post("/surat/<request_id>/kembalikan")(pages.give_back)
    room.post("/surat/<request_id>/tolak")(pages.reject)
    room.get("/terbit/<letter_id>")(pages.issued)
    room.get("/mandat")(pages.mandates)
    room.get("/pin")(pages.pin)
    room.post("/pin")(pages.change_pin)
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
        return self._inbox_page(officer)

    def confirm(self) -> ResponseReturnValue:
        """Show once more what was ticked, and ask for the PIN."""
        officer = self._services.officers.of(desk().actor)
        try:
            return self._confirm_page(_chosen())
        except InvalidInput as invalid:
            return self._inbox_page(officer, invalid.problems)

    def sign(self) -> ResponseReturnValue:
        """Begin to sign. A form sent twice is one batch, by the id that it carries."""
        officer = self._services.officers.of(desk().actor)
        chosen, pin = _chosen(), request.form.get("pin", "")
        try:
            if not pin:
                raise InvalidInput([Problem("pin", "required")])
            batch = self._services.batches.begin(
                desk().actor,
                chosen,
                pin,
                batch_id=_form_id(self._services),
                endorser_id=_endorser(request.form),
                on_error=_on_error(),
            )
        except InvalidInput as invalid:
            try:
                return self._confirm_page(chosen, invalid.problems)
            except InvalidInput:
                return self._inbox_page(officer, invalid.problems)
        except TooManyAttempts as error:
            return self._confirm_page(chosen, wait=error.retry_after_seconds)
        return redirect(url_for("officer.batch", batch_id=batch.id), 303)

    def batch(self, batch_id: str) -> ResponseReturnValue:
        return self._batch_page(batch_id)

    def go_on(self, batch_id: str) -> ResponseReturnValue:
        pin = request.form.get("pin", "")
        try:
            if not pin:
                raise InvalidInput([Problem("pin", "required")])
            self._services.batches.go_on(desk().actor, batch_id, pin)
        except InvalidInput as invalid:
            return self._batch_page(batch_id, invalid.problems)
        return redirect(url_for("officer.batch", batch_id=batch_id), 303)

    def letter(self, request_id: str) -> ResponseReturnValue:
        return self._letter_page(request_id)

    def draft(self, request_id: str) -> ResponseReturnValue:
        """Show the letter as it would be signed now, marked KONSEP."""
        services = self._services
        officer = services.officers.of(desk().actor)
        endorser = _endorser(request.args, "mengetahui")
        pdf = services.drafts.of_request(desk().actor, request_id, officer.signatory_id, endorser)
        return pdf_shown(pdf, "konsep.pdf")

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
        self._services.officers.of(desk().actor)
        return _pin_page()

    def change_pin(self) -> ResponseReturnValue:
        form = request.form
        try:
            self._services.officers.change_pin(
                desk().actor, form.get("pin", ""), form.get("new", ""), form.get("again", "")
            )
        except InvalidInput as invalid:
            return _pin_page(invalid.problems)
        return redirect(url_for("officer.inbox", selesai="pin"), 303)

    # --- what the pages share -------------------------------------------------------

    def _inbox_page(
        self, officer: Officer, problems: Sequence[Problem] = ()
    ) -> ResponseReturnValue:
        services, actor, agency = self._services, desk().actor, desk().agency.code
        waiting = services.casework.awaiting(actor, agency, limit=MAX_BATCH)
        page = render_template(
            "officer/inbox.html",
            desk=desk(),
            own=self._own_mandates(officer),
            lines=[
                (one, *self._known(one.letter_type), services.casework.late(one)) for one in waiting
            ],
            all_ticked=request.args.get("pilih") == "semua",
            ticked={one.request_id for one in _chosen()},
            tick=TICK,
            at_most=MAX_BATCH,
            recent=services.batches.recent(actor),
            said=_DONE.get(request.args.get("selesai", "")),
            problems=problems,
            again=url_for("officer.inbox"),
        )
        return page, HTTP_STATUS[InvalidInput] if problems else 200

    def _confirm_page(
        self, chosen: Sequence[Chosen], problems: Sequence[Problem] = (), wait: int | None = None
    ) -> ResponseReturnValue:
        services = self._services
        endorser = _endorser(request.form)
        rows = services.batches.propose(desk().actor, chosen, endorser)
        choices = self._endorsers(rows)
        if endorser is None and choices:
            endorser = next(filter(None, (self._usual_endorser(r.request) for r in rows)), None)
            rows = services.batches.propose(desk().actor, chosen, endorser)
        page = render_template(
            "officer/confirm.html",
            desk=desk(),
            own=self._own_mandates(services.officers.of(desk().actor)),
            rows=[(row, self._title(row.request.letter_type), _told(row)) for row in rows],
            able=[row for row in rows if row.item.state is ItemState.WAITING],
            endorsers=choices,
            endorser=endorser,
            on_error=_on_error().value,
            form_id=_form_id(services),
            tick=TICK,
            problems=problems,
            wait_minutes=None if wait is None else -(-wait // 60),
            least=LEAST_DIGITS,
            most=MOST_DIGITS,
            again=url_for("officer.inbox"),
        )
        if wait is not None:
            return page, HTTP_STATUS[TooManyAttempts], {"Retry-After": str(wait)}
        return page, HTTP_STATUS[InvalidInput] if problems else 200

    def _batch_page(self, batch_id: str, problems: Sequence[Problem] = ()) -> ResponseReturnValue:
        if not _ID.fullmatch(batch_id):
            raise NotFound("batch", "?")
        view = self._services.batches.one(desk().actor, batch_id)
        at_work = view.progress.waiting > 0 and not view.interrupted
        page = render_template(
            "officer/batch.html",
            desk=desk(),
            view=view,
            at_work=at_work,
            rows=[(row, self._title(row.request.letter_type), _told(row)) for row in view.rows],
            problems=problems,
            most=MOST_DIGITS,
            seconds=REFRESH_SECONDS,
            again=url_for("officer.batch", batch_id=batch_id),
        )
        # As a header, so that a page without scripts shows how far it is; it ends by itself.
        headers = {"Refresh": str(REFRESH_SECONDS)} if at_work else {}
        return page, HTTP_STATUS[InvalidInput] if problems else 200, headers

    def _letter_page(
        self,
        request_id: str,
        typed: tuple[RequestAction, str] | None = None,
        problems: Sequence[Problem] = (),
        refused: StaleVersion | AnotherPersonNeeded | IllegalTransition | None = None,
    ) -> ResponseReturnValue:
        case = self._services.casework.one(desk().actor, request_id)
        title, digest = self._known(case.request.letter_type)
        refusal = refusal_of(refused, self._services) if refused else None
        page = render_template(
            "officer/letter.html",
            desk=desk(),
            case=case,
            may={action.value for action in case.may},
            title=title,
            type_digest=digest,
            sections=self._sections(case.request),
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
        shown = request.form.get("version", "")
        try:
            do(int(shown) if _VERSION.fullmatch(shown) else 0)
        except InvalidInput as invalid:
            return self._letter_page(request_id, typed, invalid.problems)
        except _MOVED_ON as error:
            return self._letter_page(request_id, typed, refused=error)
        return redirect(url_for("officer.inbox", selesai=action.value), 303)

    def _own_mandates(self, officer: Officer) -> list[tuple[Signatory, Mandate]]:
        able = self._services.letters.signatories(desk().agency.code)
        return [(who, mandate) for who, mandate in able if who.id == officer.signatory_id]

    def _endorsers(self, rows: Sequence[Row]) -> Mapping[str, str]:
        """Return who may endorse what was chosen today, by id; none where nobody has to."""
        services = self._services
        districts = {
            district
            for row in rows
            if row.letter_type and (district := endorsing_district(row.letter_type, desk().agency))
        }
        return {
            who.id: f"{who.name}, {mandate.position}"
            for district in sorted(districts)
            for who, mandate in services.letters.signatories(district)
        }

    def _usual_endorser(self, asked: LetterRequest) -> str | None:
        services = self._services
        letter_type = services.catalogue.get(asked.letter_type)
        return services.letters.usual_endorser(letter_type, desk().agency)

    def _sections(self, asked: LetterRequest) -> Sequence[Section]:
        services = self._services
        try:
            letter_type = services.catalogue.get(asked.letter_type)
        except NotFound:
            return ()
        return LetterForm.of(
            letter_type, (), None, services.office.today(services.clock.now())
        ).content

    def _title(self, slug: str) -> Bilingual:
        return self._known(slug)[0]

    def _known(self, slug: str) -> tuple[Bilingual, str]:
        try:
            letter_type = self._services.catalogue.get(slug)
        except NotFound:
            return T(slug, slug), ""
        return letter_type.title, letter_type.digest


_DONE = {
    "pin": T("PIN sudah diganti.", "The PIN is changed."),
    "return": T(
        "Permohonan dikembalikan untuk diperbaiki.", "The request is returned for correction."
    ),
    "reject": T("Permohonan ditolak.", "The request is rejected."),
}
"""What the inbox says was done, by the word in its address."""


def _told(row: Row) -> Bilingual | None:
    return outcome_text(row.item.outcome) if row.item.outcome else None


def _chosen() -> list[Chosen]:
    """Return what was ticked, in the order of the page."""
    return [
        Chosen(name.removeprefix(TICK), int(shown[1]), shown[2])
        for name, value in request.form.items()
        if name.startswith(TICK)
        and _ID.fullmatch(name.removeprefix(TICK))
        and (shown := _SHOWN.fullmatch(value))
    ]


def _endorser(sent: Mapping[str, str], name: str = "endorser") -> str | None:
    """Return who was chosen to endorse; nobody, when it can be no signatory's id."""
    asked = sent.get(name, "")
    return asked if _SIGNATORY_ID.fullmatch(asked) else None


def _on_error() -> OnError:
    """Return what is to happen after an error; whatever is not known stops."""
    asked = request.form.get("on_error", OnError.CONTINUE.value)
    return OnError.CONTINUE if asked == OnError.CONTINUE.value else OnError.STOP


def _form_id(services: Services) -> str:
    """Return the id that this form carries, or a fresh one for a form that begins."""
    carried = request.form.get("form_id", "")
    return carried if _ID.fullmatch(carried) else services.intake.new_request_id()


def _pin_page(problems: Sequence[Problem] = ()) -> ResponseReturnValue:
    page = render_template(
        "officer/pin.html",
        desk=desk(),
        problems=problems,
        least=LEAST_DIGITS,
        most=MOST_DIGITS,
        again=url_for("officer.pin"),
    )
    return page, HTTP_STATUS[InvalidInput] if problems else 200
