"""The officer signs: what was ticked is shown once more, signed by PIN or passkey, and told.

A form that was sent twice is one batch, by the id that it carries. What a passkey is asked
about is what stands on the page that asks; its answer comes in a form, with what the form
before it said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, NotFound, Problem, TooManyAttempts
from issuer.domain.letter_request import LetterRequest
from issuer.domain.letter_types import Bilingual
from issuer.domain.officers import MOST_DIGITS
from issuer.domain.presence import PasskeyAnswer, Pin, Presence
from issuer.domain.signing_batches import ItemState, OnError, Order
from issuer.services import Services
from issuer.services.batches import Question
from issuer.services.freezing import endorsing_district
from issuer.services.presences import WRONG
from issuer.services.proposals import Row
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import desk, held
from issuer.web.officer_inbox import ID, TICK, chosen, inbox_page, known, own_mandates
from issuer.web.outcomes import outcome_text

REFRESH_SECONDS = 2
_SIGNATORY_ID = re.compile(r"[a-z0-9-]{1,60}", re.ASCII)


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the pages of signing to the officer's room."""
    pages = _Signing(services)
    room.post("/pilihan")(pages.confirm)
    room.post("/tanda-tangan")(pages.sign)
    room.post("/passkey")(pages.ask_passkey)
    room.post("/passkey/tanda-tangan")(pages.sign_by_passkey)
    room.get("/tanda-tangan/<batch_id>")(pages.batch)
    room.post("/tanda-tangan/<batch_id>/lanjut")(pages.go_on)
    room.post("/tanda-tangan/<batch_id>/passkey")(pages.ask_passkey_to_go_on)
    room.post("/tanda-tangan/<batch_id>/passkey/lanjut")(pages.go_on_by_passkey)


class _Signing:
    """The pages of signing, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def confirm(self) -> ResponseReturnValue:
        """Show once more what was ticked, and ask for a PIN or a passkey."""
        return self._or_confirm(lambda _: self._confirm_page())

    def sign(self) -> ResponseReturnValue:
        return self._or_confirm(lambda order: self._begun(order, _typed_pin()))

    def ask_passkey(self) -> ResponseReturnValue:
        """Have the browser ask for a passkey that signs what is chosen, and that alone."""
        return self._or_confirm(self._asked)

    def sign_by_passkey(self) -> ResponseReturnValue:
        return self._or_confirm(lambda order: self._begun(order, _shown_passkey()))

    def batch(self, batch_id: str) -> ResponseReturnValue:
        return self._batch_page(batch_id)

    def go_on(self, batch_id: str) -> ResponseReturnValue:
        return self._gone_on(batch_id, _typed_pin)

    def ask_passkey_to_go_on(self, batch_id: str) -> ResponseReturnValue:
        session = held().sign_in.token_sha256
        try:
            question = self._services.batches.ask_to_go_on(desk().actor, batch_id, session)
        except InvalidInput as invalid:
            return self._batch_page(batch_id, invalid.problems)
        again = url_for("officer.batch", batch_id=batch_id)
        return self._question_page(question, again, batch_id=batch_id)

    def go_on_by_passkey(self, batch_id: str) -> ResponseReturnValue:
        return self._gone_on(batch_id, _shown_passkey)

    # --- what the pages share -------------------------------------------------------

    def _or_confirm(self, do: Callable[[Order], ResponseReturnValue]) -> ResponseReturnValue:
        """Do it with what the form says, or show what was chosen with what is wrong."""
        services = self._services
        officer = services.officers.of(desk().actor)
        order = Order(_form_id(services), chosen(), endorser_of(request.form), _on_error())
        try:
            return do(order)
        except InvalidInput as invalid:
            try:
                return self._confirm_page(invalid.problems)
            except InvalidInput:
                return inbox_page(services, officer, invalid.problems)
        except TooManyAttempts as error:
            return self._confirm_page(wait=error.retry_after_seconds)

    def _begun(self, order: Order, presence: Presence) -> ResponseReturnValue:
        batch = self._services.batches.begin(desk().actor, order, presence)
        return redirect(url_for("officer.batch", batch_id=batch.id), 303)

    def _gone_on(self, batch_id: str, shown: Callable[[], Presence]) -> ResponseReturnValue:
        try:
            self._services.batches.go_on(desk().actor, batch_id, shown())
        except InvalidInput as invalid:
            return self._batch_page(batch_id, invalid.problems)
        return redirect(url_for("officer.batch", batch_id=batch_id), 303)

    def _confirm_page(
        self, problems: Sequence[Problem] = (), wait: int | None = None
    ) -> ResponseReturnValue:
        services, ticked = self._services, chosen()
        endorser = endorser_of(request.form)
        rows = services.proposals.propose(desk().actor, ticked, endorser)
        choices = self._endorsers(rows)
        if endorser is None and choices:
            endorser = next(filter(None, (self._usual_endorser(r.request) for r in rows)), None)
            rows = services.proposals.propose(desk().actor, ticked, endorser)
        page = render_template(
            "officer/confirm.html",
            desk=desk(),
            own=own_mandates(services, services.officers.of(desk().actor)),
            rows=self._told(rows),
            able=_able(rows),
            endorsers=choices,
            endorser=endorser,
            on_error=_on_error().value,
            form_id=_form_id(services),
            tick=TICK,
            problems=problems,
            wait_minutes=None if wait is None else -(-wait // 60),
            most=MOST_DIGITS,
            **self._ways(),
            again=url_for("officer.inbox"),
        )
        if wait is not None:
            return page, HTTP_STATUS[TooManyAttempts], {"Retry-After": str(wait)}
        return page, HTTP_STATUS[InvalidInput] if problems else 200

    def _asked(self, order: Order) -> ResponseReturnValue:
        session = held().sign_in.token_sha256
        question = self._services.batches.ask(desk().actor, order, session)
        return self._question_page(question, url_for("officer.inbox"), order=order)

    def _question_page(
        self,
        question: Question,
        again: str,
        *,
        order: Order | None = None,
        batch_id: str | None = None,
    ) -> ResponseReturnValue:
        services = self._services
        return render_template(
            "officer/passkey.html",
            desk=desk(),
            own=own_mandates(services, services.officers.of(desk().actor)),
            options=question.options,
            rows=self._told(question.rows),
            count=_able(question.rows),
            order=order,
            batch_id=batch_id,
            tick=TICK,
            again=again,
        )

    def _batch_page(self, batch_id: str, problems: Sequence[Problem] = ()) -> ResponseReturnValue:
        if not ID.fullmatch(batch_id):
            raise NotFound("batch", "?")
        view = self._services.batches.one(desk().actor, batch_id)
        at_work = view.progress.waiting > 0 and not view.interrupted
        page = render_template(
            "officer/batch.html",
            desk=desk(),
            view=view,
            at_work=at_work,
            rows=self._told(view.rows),
            problems=problems,
            most=MOST_DIGITS,
            **self._ways(),
            seconds=REFRESH_SECONDS,
            again=url_for("officer.batch", batch_id=batch_id),
        )
        # As a header, so that a page without scripts shows how far it is; it ends by itself.
        headers = {"Refresh": str(REFRESH_SECONDS)} if at_work else {}
        return page, HTTP_STATUS[InvalidInput] if problems else 200, headers

    def _ways(self) -> dict[str, bool]:
        """Return by what this officer can show that it is he."""
        services = self._services
        return {
            "has_pin": services.officers.of(desk().actor).pin_hash is not None,
            "has_passkey": bool(services.passkeys.listed(held())),
        }

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

    def _told(self, rows: Sequence[Row]) -> list[tuple[Row, Bilingual, Bilingual | None]]:
        """Return letters with their titles, and why one was not or cannot be signed."""
        return [
            (
                row,
                known(self._services, row.request.letter_type)[0],
                outcome_text(row.item.outcome) if row.item.outcome else None,
            )
            for row in rows
        ]


def _able(rows: Sequence[Row]) -> int:
    """Return how many letters could be signed."""
    return sum(row.item.state is ItemState.WAITING for row in rows)


def _typed_pin() -> Pin:
    pin = request.form.get("pin", "")
    if not pin:
        raise InvalidInput([Problem("pin", "required")])
    return Pin(pin)


def _shown_passkey() -> PasskeyAnswer:
    sent = request.form.get("credential", "")
    if not sent:
        # As after a session that ended in between: no answer travels through a sign-in.
        raise InvalidInput([WRONG])
    return PasskeyAnswer(sent, held().sign_in.token_sha256)


def endorser_of(sent: Mapping[str, str], name: str = "endorser") -> str | None:
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
    return carried if ID.fullmatch(carried) else services.intake.new_request_id()
