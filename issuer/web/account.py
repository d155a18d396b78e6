"""One's own account: where one is signed in, and with what."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_types import Bilingual
from issuer.services import Services
from issuer.services.accounts import MIN_PASSWORD
from issuer.web import own_passkeys
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import enter, held, leave
from issuer.web.homes import DOORS, STAFF_DOOR
from issuer.web.own_page import own_page
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
    room.get("/pengaman")(pages.factor)
    room.post("/pengaman")(pages.begin_factor)
    room.get("/pengaman/pasang")(pages.set_up)
    room.post("/pengaman/pasang")(pages.confirm_factor)
    room.post("/pengaman/kode")(pages.renew_codes)
    own_passkeys.add_pages(room, services)
    room.post("/sesi/<sign_in_id>/akhiri")(pages.end_session)
    room.post("/sesi-lain/akhiri")(pages.end_others)
    room.post("/sesi-semua/akhiri")(pages.end_all)
    return room


class _Account:
    """The pages of one's own account, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def home(self) -> ResponseReturnValue:
        return own_page(
            "account/home.html",
            sessions=self._services.sessions.listed(held()),
            standing=self._services.second_factors.standing(held()),
            passwordless=self._services.citizens.of(held()).identity is not None,
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
        enter(token)
        return _home("sandi")

    def factor(self) -> ResponseReturnValue:
        return self._factor_page()

    def begin_factor(self) -> ResponseReturnValue:
        try:
            self._prove_again()
        except InvalidInput as invalid:
            return self._factor_page(invalid.problems), HTTP_STATUS[InvalidInput]
        self._services.second_factors.set_up(held(), anew=True)
        return redirect(url_for("account.set_up"), 303)

    def set_up(self) -> ResponseReturnValue:
        if not self._services.second_factors.being_set_up(held()):
            return redirect(url_for("account.factor"), 303)
        return self._set_up_page()

    def confirm_factor(self) -> ResponseReturnValue:
        factors = self._services.second_factors
        if not factors.being_set_up(held()):
            return redirect(url_for("account.factor"), 303)
        try:
            proven = factors.confirm(held(), request.form.get("code", ""))
        except InvalidInput as invalid:
            return self._set_up_page(invalid.problems), HTTP_STATUS[InvalidInput]
        enter(proven.token)
        return self._codes_page(proven.recovery)

    def renew_codes(self) -> ResponseReturnValue:
        try:
            self._prove_again()
        except InvalidInput as invalid:
            return self._factor_page(invalid.problems), HTTP_STATUS[InvalidInput]
        return self._codes_page(self._services.second_factors.renew_recovery_codes(held()))

    def end_session(self, sign_in_id: str) -> ResponseReturnValue:
        self._services.sessions.end_one(held(), sign_in_id)
        return _home("sesi")

    def end_others(self) -> ResponseReturnValue:
        self._services.sessions.end_others(held())
        return _home("semua")

    def end_all(self) -> ResponseReturnValue:
        door = DOORS.get(held().account.role, STAFF_DOOR)
        self._services.sessions.end_all(held())
        leave(self._services)
        return redirect(url_for(door, selesai="keluar"), 303)

    def _prove_again(self) -> None:
        self._services.accounts.prove_again(held(), request.form.get("password", ""))

    def _factor_page(self, problems: Sequence[Problem] = ()) -> str:
        standing = self._services.second_factors.standing(held())
        return own_page("account/factor.html", standing=standing, problems=problems)

    def _set_up_page(self, problems: Sequence[Problem] = ()) -> str:
        shown = self._services.second_factors.set_up(held())
        symbol = b64encode(shown.symbol.encode()).decode()
        return own_page("account/set_up.html", typed=shown.typed, symbol=symbol, problems=problems)

    def _codes_page(self, codes: Sequence[str]) -> str:
        return own_page("account/codes.html", codes=codes)


def _home(done: str) -> ResponseReturnValue:
    return redirect(url_for("account.home", selesai=done), 303)


def _password_page(problems: Sequence[Problem] = ()) -> str:
    return own_page("account/password.html", least=MIN_PASSWORD, problems=problems)
