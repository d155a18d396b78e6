"""One's own account: where one is signed in, and with what."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_types import Bilingual
from issuer.services import Services
from issuer.services.accounts import MIN_PASSWORD
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import TOKEN, held
from issuer.web.homes import HOMES
from issuer.web.settings import WebSettings

T = Bilingual
DONE = {
    "sandi": T(
        "Kata sandi sudah diganti. Perangkat lain sudah keluar.",
        "The password is changed. Other devices are signed out.",
    ),
    "sesi": T("Perangkat itu sudah keluar.", "That device is signed out."),
    "semua": T("Semua perangkat lain sudah keluar.", "All other devices are signed out."),
}
"""What a page says was done, by the word in its address."""


def make_blueprint(services: Services, _settings: WebSettings) -> Blueprint:
    """Return the room of one's own account."""
    room = Blueprint("account", __name__, url_prefix="/akun")
    pages = _Account(services)
    room.get("")(pages.home)
    room.get("/sandi")(pages.password)
    room.post("/sandi")(pages.change_password)
    room.post("/sesi/<sign_in_id>/akhiri")(pages.end_session)
    room.post("/sesi-lain/akhiri")(pages.end_others)
    return room


class _Account:
    """The pages of one's own account, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def home(self) -> ResponseReturnValue:
        return render_template(
            "account/home.html",
            held=held(),
            home=HOMES.get(held().account.role),
            sessions=self._services.sessions.listed(held()),
            said=DONE.get(request.args.get("selesai", "")),
        )

    def password(self) -> ResponseReturnValue:
        return _password_page()

    def change_password(self) -> ResponseReturnValue:
        form = request.form
        try:
            token = self._services.accounts.change_password(
                held(), form.get("password", ""), form.get("new", ""), form.get("again", "")
            )
        except InvalidInput as invalid:
            return _password_page(invalid.problems), HTTP_STATUS[InvalidInput]
        # A fresh form token too: nothing of the session before goes on.
        cookie.clear()
        cookie[TOKEN] = token
        return _home("sandi")

    def end_session(self, sign_in_id: str) -> ResponseReturnValue:
        self._services.sessions.end_one(held(), sign_in_id)
        return _home("sesi")

    def end_others(self) -> ResponseReturnValue:
        self._services.sessions.end_others(held())
        return _home("semua")


def _home(done: str) -> ResponseReturnValue:
    return redirect(url_for("account.home", selesai=done), 303)


def _password_page(problems: Sequence[Problem] = ()) -> str:
    return render_template(
        "account/password.html",
        held=held(),
        home=HOMES.get(held().account.role),
        least=MIN_PASSWORD,
        problems=problems,
    )
