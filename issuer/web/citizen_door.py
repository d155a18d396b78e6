"""Where residents sign in, and where their accounts begin with a code from the counter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.citizens import MAX_SIGN_IN_NAME
from issuer.domain.devices import device_name
from issuer.domain.errors import InvalidInput, NotAuthenticated, Problem, TooManyAttempts
from issuer.domain.letter_types import Bilingual
from issuer.services import Services
from issuer.services.accounts import MIN_PASSWORD
from issuer.web.asking import asker
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import enter, leave
from issuer.web.homes import HOMES
from issuer.web.questions import DATE_PARTS

T = Bilingual
DONE = {
    "keluar": T("Anda sudah keluar dari semua perangkat.", "You are signed out on all devices."),
    "hapus": T("Akun Anda sudah dihapus.", "Your account is removed."),
}
"""What the page says was done, by the word in its address."""


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the residents' pages to the room where people sign in."""
    pages = _Door(services)
    room.get("/masuk/warga")(pages.citizen_door)
    room.post("/masuk/warga")(pages.citizen_sign_in)
    room.get("/aktifkan/warga")(pages.citizen_activation)
    room.post("/aktifkan/warga")(pages.activate_citizen)


class _Door:
    """The pages, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def citizen_door(self) -> ResponseReturnValue:
        return page(self._services)

    def citizen_sign_in(self) -> ResponseReturnValue:
        try:
            token, account = self._services.citizens.sign_in(
                request.form.get("name", ""), request.form.get("password", ""), asker(), _device()
            )
        except NotAuthenticated:
            return page(self._services, refused=True), 401
        except TooManyAttempts as error:
            waiting = page(self._services, refused=True, wait=True)
            return waiting, 429, {"Retry-After": str(error.retry_after_seconds)}
        leave(self._services)
        enter(token)
        # Who chose a second factor is asked for it there, and then led on.
        whole = self._services.sessions.begun_by(token).sign_in.whole
        return redirect(url_for(HOMES[account.role] if whole else "session.door"), 303)

    def citizen_activation(self) -> ResponseReturnValue:
        return _activation_page()

    def activate_citizen(self) -> ResponseReturnValue:
        form = request.form
        try:
            token = self._services.citizens.activate(
                form.get("code", ""),
                read_birth(),
                form.get("new", ""),
                form.get("again", ""),
                asker(),
                _device(),
            )
        except NotAuthenticated:
            # One answer for no such code, another date, and a code that has ended.
            wrong = [Problem("code", "wrong_counter_code")]
            return _activation_page(wrong), HTTP_STATUS[InvalidInput]
        except InvalidInput as invalid:
            return _activation_page(invalid.problems), HTTP_STATUS[InvalidInput]
        leave(self._services)
        enter(token)
        return redirect(url_for("citizen_account.home", selesai="aktif"), 303)


def page(
    services: Services,
    *,
    refused: bool = False,
    wait: bool = False,
    turned_away: bool = False,
    provider_away: bool = False,
) -> str:
    """Return the page where residents sign in, with what went wrong here or at the provider."""
    return render_template(
        "session/citizen_sign_in.html",
        mail=services.mail_accounts.offered,
        provider=services.provider_accounts.label,
        refused=refused,
        wait=wait,
        turned_away=turned_away,
        provider_away=provider_away,
        said=DONE.get(request.args.get("selesai", "")),
        name=request.form.get("name", "")[:MAX_SIGN_IN_NAME] if refused else "",
        again=url_for("session.citizen_door"),
    )


def read_birth() -> date | None:
    """Return the date in the three boxes of a form, or None where there is none such."""
    day, month, year = (request.form.get(f"born.{part}", "").strip() for part in DATE_PARTS)
    try:
        return date.fromisoformat(f"{year}-{month:0>2}-{day:0>2}")
    except ValueError:
        return None


def _device() -> str:
    return device_name(request.user_agent.string)


def _activation_page(problems: Sequence[Problem] = ()) -> str:
    return render_template(
        "session/citizen_activation.html",
        problems=problems,
        typed=request.form,
        least=MIN_PASSWORD,
        again=url_for("session.citizen_activation"),
    )
