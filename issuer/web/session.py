"""Signing in and out. The cookie holds a random token; everything else is on the server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from issuer.domain.accounts import Account
from issuer.domain.devices import device_name
from issuer.domain.errors import NotAuthenticated, TooManyAttempts
from issuer.services import Services
from issuer.web import problems
from issuer.web.asking import asker
from issuer.web.errors import trouble_of
from issuer.web.guards import TOKEN, whoever_is_signed_in
from issuer.web.homes import HOMES
from issuer.web.settings import WebSettings

_LOCAL_PATH = re.compile(r"/[a-z0-9][A-Za-z0-9/_-]*", re.ASCII)
CARRIED = "carried:"


@dataclass(frozen=True, slots=True)
class Interrupted:
    """What somebody was doing when the session was missing: where, and what was typed.

    It travels through the sign-in form itself, so that the server keeps nothing of a
    person who is not signed in.
    """

    path: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_this_request(cls) -> Interrupted:
        """Return the request that is being refused."""
        typed = {name: value for name, value in request.form.items() if name != "csrf_token"}
        return cls(request.path, typed)

    @classmethod
    def carried_by(cls, form: Mapping[str, str]) -> Interrupted:
        """Return what a sign-in form carries. A path that is not ours is dropped."""
        path = form.get("back", "")
        typed = {
            name.removeprefix(CARRIED): value
            for name, value in form.items()
            if name.startswith(CARRIED)
        }
        return cls(path, typed) if _LOCAL_PATH.fullmatch(path) else cls()


def make_blueprint(services: Services, settings: WebSettings) -> Blueprint:
    """Return the room where people sign in."""
    room = Blueprint("session", __name__)

    @room.get("/masuk")
    def door() -> ResponseReturnValue:
        try:
            account = whoever_is_signed_in(services)
        except NotAuthenticated:
            return _page(settings, Interrupted())
        return render_template(
            "session/signed_in.html", account=account, home=HOMES.get(account.role)
        )

    @room.post("/masuk")
    def sign_in() -> ResponseReturnValue:
        try:
            token, account = services.accounts.sign_in(
                request.form.get("username", "").strip(),
                request.form.get("password", ""),
                asker(),
                device_name(request.user_agent.string),
            )
        except NotAuthenticated:
            return _page(settings, Interrupted.carried_by(request.form), refused=True), 401
        except TooManyAttempts as error:
            # The page of a wrong password, so that what was typed elsewhere is carried on.
            page = _page(settings, Interrupted.carried_by(request.form), refused=True, wait=True)
            return page, 429, {"Retry-After": str(error.retry_after_seconds)}
        _forget(services)
        cookie[TOKEN] = token
        return _go_on(account, Interrupted.carried_by(request.form))

    @room.post("/keluar")
    def sign_out() -> ResponseReturnValue:
        _forget(services)
        return redirect(url_for("session.door"), 303)

    @room.app_errorhandler(NotAuthenticated)
    def ask_to_sign_in(error: NotAuthenticated) -> ResponseReturnValue:
        if problems.wanted():
            return problems.response(trouble_of(error, services))
        return _page(settings, Interrupted.of_this_request()), 401

    return room


def _page(
    settings: WebSettings, interrupted: Interrupted, *, refused: bool = False, wait: bool = False
) -> str:
    return render_template(
        "session/sign_in.html",
        interrupted=interrupted,
        refused=refused,
        wait=wait,
        carried=CARRIED,
        username=request.form.get("username", "") if refused else "",
        demo_sign_ins=settings.demo_sign_ins,
    )


def _go_on(account: Account, interrupted: Interrupted) -> ResponseReturnValue:
    if interrupted.typed:
        return render_template("session/go_on.html", interrupted=interrupted)
    home = HOMES.get(account.role, "session.door")
    return redirect(interrupted.path or url_for(home), 303)


def _forget(services: Services) -> None:
    """End the session of this browser, on the server too."""
    token = cookie.get(TOKEN)
    if isinstance(token, str):
        services.sessions.end(token)
    cookie.clear()
