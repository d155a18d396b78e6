"""Signing in by passkey: alone, as the second step after a password, and set up as the first.

Each page here has the browser ask its owner; what the browser answers comes in a form.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from issuer.domain.devices import device_name
from issuer.domain.errors import InvalidInput, NotAuthenticated, Problem
from issuer.services import Services
from issuer.services.sessions import Held
from issuer.web.asking import asker
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import enter, session_begun
from issuer.web.interrupted import CARRIED, Interrupted
from issuer.web.second_step import go_on, next_step, set_up_done

VISITOR = "visitor"
"""The entry of the cookie that a question to a browser without a session belongs to."""


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the pages of passkeys to the room where people sign in."""
    pages = _PasskeyDoor(services)
    room.post("/masuk/passkey")(pages.ask_passkey)
    room.post("/masuk/passkey/tunjuk")(pages.show_passkey)
    room.post("/masuk/pasang/passkey")(pages.ask_new_passkey)
    room.post("/masuk/pasang/passkey/simpan")(pages.keep_passkey)


class _PasskeyDoor:
    """The pages of passkeys at the door, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def ask_passkey(self) -> ResponseReturnValue:
        interrupted, begun = Interrupted.carried_by(request.form), self._begun()
        if begun is not None and begun.sign_in.whole:
            return go_on(begun.account, interrupted)
        return self._passkey_page(begun, interrupted)

    def show_passkey(self) -> ResponseReturnValue:
        interrupted, begun = Interrupted.carried_by(request.form), self._begun()
        passkeys, sent = self._services.passkeys, request.form.get("credential", "")
        if begun is not None and begun.sign_in.whole:
            return go_on(begun.account, interrupted)
        try:
            if begun is not None:
                account, token = begun.account, passkeys.prove(begun, sent)
            else:
                visitor = str(cookie.get(VISITOR, ""))
                device = device_name(request.user_agent.string)
                token, account = passkeys.sign_in(visitor, sent, device)
        except InvalidInput as invalid:
            page = self._passkey_page(begun, interrupted, invalid.problems)
            return page, HTTP_STATUS[InvalidInput]
        enter(token)
        return go_on(account, interrupted)

    def ask_new_passkey(self) -> ResponseReturnValue:
        begun = session_begun(self._services)
        interrupted = Interrupted.carried_by(request.form)
        if begun.sign_in.whole:
            return go_on(begun.account, interrupted)
        return self._new_passkey_page(begun, interrupted)

    def keep_passkey(self) -> ResponseReturnValue:
        begun = session_begun(self._services)
        interrupted = Interrupted.carried_by(request.form)
        if begun.sign_in.whole:
            return go_on(begun.account, interrupted)
        form = request.form
        try:
            proven = self._services.passkeys.keep(
                begun, form.get("name", ""), form.get("credential", "")
            )
        except InvalidInput as invalid:
            return self._new_passkey_page(begun, interrupted, invalid.problems)
        enter(proven.token)
        return set_up_done(begun.account, proven, interrupted)

    def _begun(self) -> Held | None:
        try:
            return session_begun(self._services)
        except NotAuthenticated:
            return None

    def _passkey_page(
        self, begun: Held | None, interrupted: Interrupted, problems: Sequence[Problem] = ()
    ) -> str:
        if begun is not None:
            options = self._services.passkeys.ask_again(begun)
        else:
            asked = self._services.passkeys.ask_visitor(asker())
            options, cookie[VISITOR] = asked.options, asked.visitor
        return render_template(
            "session/passkey.html",
            options=options,
            interrupted=interrupted,
            carried=CARRIED,
            problems=problems,
            again=url_for("session.door"),
        )

    def _new_passkey_page(
        self, begun: Held, interrupted: Interrupted, problems: Sequence[Problem] = ()
    ) -> ResponseReturnValue:
        name = request.form.get("name", "")
        try:
            options = self._services.passkeys.ask_to_make(begun, name)
        except InvalidInput as invalid:
            page = next_step(self._services, begun, interrupted, invalid.problems)
            return page, HTTP_STATUS[InvalidInput]
        page = render_template(
            "session/new_passkey.html",
            options=options,
            name=name,
            interrupted=interrupted,
            carried=CARRIED,
            problems=problems,
            again=url_for("session.door"),
        )
        return page, HTTP_STATUS[InvalidInput] if problems else 200
