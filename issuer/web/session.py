"""Signing in and out. The cookie holds a random token; everything else is on the server.

Who owes a second factor after the password holds a session that opens nothing but the
pages here. It becomes another one, under a new token, when the second factor is shown.
"""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.devices import device_name
from issuer.domain.errors import InvalidInput, NotAuthenticated, Problem, TooManyAttempts
from issuer.services import Services
from issuer.services.sessions import Held
from issuer.web import activation, citizen_door, passkey_door, problems, provider_door
from issuer.web.asking import asker
from issuer.web.errors import HTTP_STATUS, trouble_of
from issuer.web.guards import enter, leave, session_begun
from issuer.web.homes import DOORS, HOMES, STAFF_DOOR
from issuer.web.interrupted import CARRIED, Interrupted
from issuer.web.second_step import go_on, next_step, set_up_done
from issuer.web.settings import WebSettings

CITIZEN_ROOM = "citizen_account"
"""The room whose people sign in at a door of their own."""


def make_blueprint(services: Services, _settings: WebSettings) -> Blueprint:
    """Return the room where people sign in."""
    room = Blueprint("session", __name__)
    pages = _Door(services)
    room.get("/masuk")(pages.door)
    room.post("/masuk")(pages.sign_in)
    room.post("/masuk/kode")(pages.prove)
    room.post("/masuk/pasang")(pages.confirm)
    room.post("/keluar")(pages.sign_out)
    activation.add_pages(room, services)
    citizen_door.add_pages(room, services)
    passkey_door.add_pages(room, services)
    provider_door.add_pages(room, services)
    room.app_errorhandler(NotAuthenticated)(pages.ask_to_sign_in)
    return room


class _Door:
    """The pages at the door, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def door(self) -> ResponseReturnValue:
        try:
            begun = session_begun(self._services)
        except NotAuthenticated:
            return self._sign_in_page(Interrupted())
        if begun.sign_in.whole:
            home = HOMES.get(begun.account.role)
            return render_template("session/signed_in.html", account=begun.account, home=home)
        return next_step(self._services, begun, Interrupted())

    def sign_in(self) -> ResponseReturnValue:
        interrupted = Interrupted.carried_by(request.form)
        try:
            token, account = self._services.accounts.sign_in(
                request.form.get("username", "").strip(),
                request.form.get("password", ""),
                asker(),
                device_name(request.user_agent.string),
            )
        except NotAuthenticated:
            return self._sign_in_page(interrupted, refused=True), 401
        except TooManyAttempts as error:
            # The page of a wrong password, so that what was typed elsewhere is carried on.
            page = self._sign_in_page(interrupted, refused=True, wait=True)
            return page, 429, {"Retry-After": str(error.retry_after_seconds)}
        leave(self._services)
        enter(token)
        begun = session_begun(self._services)
        if begun.sign_in.whole:
            return go_on(account, interrupted)
        if not interrupted.path:
            return redirect(url_for("session.door"), 303)
        return next_step(self._services, begun, interrupted)

    def prove(self) -> ResponseReturnValue:
        begun = session_begun(self._services)
        interrupted = Interrupted.carried_by(request.form)
        if begun.sign_in.whole:
            return go_on(begun.account, interrupted)
        try:
            proven = self._services.second_factors.prove(begun, request.form.get("code", ""))
        except (InvalidInput, TooManyAttempts) as error:
            return self._refused(begun, interrupted, error)
        enter(proven.token)
        return go_on(begun.account, interrupted)

    def confirm(self) -> ResponseReturnValue:
        begun = session_begun(self._services)
        interrupted = Interrupted.carried_by(request.form)
        if begun.sign_in.whole:
            return go_on(begun.account, interrupted)
        try:
            proven = self._services.second_factors.confirm(begun, request.form.get("code", ""))
        except (InvalidInput, TooManyAttempts) as error:
            return self._refused(begun, interrupted, error)
        enter(proven.token)
        return set_up_done(begun.account, proven, interrupted)

    def sign_out(self) -> ResponseReturnValue:
        try:
            role = session_begun(self._services).account.role
        except NotAuthenticated:
            role = None
        leave(self._services)
        return redirect(url_for(DOORS.get(role, STAFF_DOOR) if role else STAFF_DOOR), 303)

    def ask_to_sign_in(self, error: NotAuthenticated) -> ResponseReturnValue:
        if problems.wanted():
            return problems.response(trouble_of(error, self._services))
        at_the_door = request.blueprint == "session"
        interrupted = Interrupted() if at_the_door else Interrupted.of_this_request()
        try:
            begun = session_begun(self._services)
        except NotAuthenticated:
            if request.blueprint == CITIZEN_ROOM:
                return citizen_door.page(self._services), 401
            return self._sign_in_page(interrupted), 401
        if begun.sign_in.whole:
            return self._sign_in_page(interrupted), 401
        return next_step(self._services, begun, interrupted), 401

    def _refused(
        self, begun: Held, interrupted: Interrupted, error: InvalidInput | TooManyAttempts
    ) -> ResponseReturnValue:
        """Return the same page with what is wrong, so that what was typed is carried on."""
        if isinstance(error, InvalidInput):
            page = next_step(self._services, begun, interrupted, error.problems)
            return page, HTTP_STATUS[InvalidInput]
        minutes = -(-error.retry_after_seconds // 60)
        wait = Problem("code", "too_many_codes", {"minutes": minutes})
        page = next_step(self._services, begun, interrupted, [wait])
        return page, HTTP_STATUS[TooManyAttempts], {"Retry-After": str(error.retry_after_seconds)}

    def _sign_in_page(
        self, interrupted: Interrupted, *, refused: bool = False, wait: bool = False
    ) -> str:
        return render_template(
            "session/sign_in.html",
            interrupted=interrupted,
            refused=refused,
            wait=wait,
            activated=request.args.get("selesai") == "aktif",
            carried=CARRIED,
            username=request.form.get("username", "") if refused else "",
        )
