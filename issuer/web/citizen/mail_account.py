"""An account by e-mail: the address, then the code from the mailbox with a password."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.devices import device_name
from issuer.domain.errors import InvalidInput, NotAuthenticated, NotFound, Problem, TooManyAttempts
from issuer.domain.messages import Language
from issuer.services import Services
from issuer.services.accounts import MIN_PASSWORD
from issuer.web.asking import asker
from issuer.web.citizen.capability import Capability
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import enter, leave, session_held
from issuer.web.language import language

MAIL_CODE = "mail_code"
"""The entry of the cookie that a code sent by mail belongs to."""

KEEP = "keep"


def add_pages(room: Blueprint, services: Services, capability: Capability) -> None:
    """Add the two pages, and what their offers ask."""
    pages = _MailAccount(services, capability)
    room.get("/akun-surel")(pages.ask_for_code)
    room.post("/akun-surel")(pages.send_code)
    room.get("/akun-surel/kode")(pages.ask_code)
    room.post("/akun-surel/kode")(pages.finish)
    room.context_processor(lambda: {"mail_accounts": services.mail_accounts.offered})


class _MailAccount:
    """The pages, one method each."""

    def __init__(self, services: Services, capability: Capability) -> None:
        self._services = services
        self._mail = services.mail_accounts
        self._capability = capability

    def ask_for_code(self) -> ResponseReturnValue:
        self._require_mail()
        held = self._capability.held()
        contact = None
        if held is not None and held.application.request_id is not None:
            contact = self._services.reaching.contact(held.token)
        return _address_page(contact.email if contact else "")

    def send_code(self) -> ResponseReturnValue:
        typed = request.form.get("email", "")
        try:
            token = self._mail.ask(typed, Language(language()), asker())
        except InvalidInput as invalid:
            return _address_page(typed, invalid.problems), HTTP_STATUS[InvalidInput]
        except TooManyAttempts as error:
            return _waiting(_address_page(typed, [_wait("email", error)]), error)
        session[MAIL_CODE] = token
        return redirect(url_for("citizen.ask_code"), 303)

    def ask_code(self) -> ResponseReturnValue:
        if not self._mail.waits(_token()):
            return redirect(url_for("citizen.ask_for_code"), 303)
        return self._code_page()

    def finish(self) -> ResponseReturnValue:
        self._require_mail()
        form = request.form
        try:
            entered = self._mail.finish(
                _token(),
                form.get("code", ""),
                form.get("new", ""),
                form.get("again", ""),
                device_name(request.user_agent.string),
            )
        except NotFound:
            ended = [Problem("email", "mail_code_ended")]
            return _address_page("", ended), HTTP_STATUS[InvalidInput]
        except NotAuthenticated:
            return self._code_page([Problem("code", "wrong_mail_code")]), HTTP_STATUS[InvalidInput]
        except InvalidInput as invalid:
            return self._code_page(invalid.problems), HTTP_STATUS[InvalidInput]
        except TooManyAttempts as error:
            return _waiting(self._code_page([Problem("code", "mail_code_tried")]), error)
        leave(self._services)
        enter(entered.token)
        if not entered.whole:
            return redirect(url_for("session.door"), 303)
        held = self._capability.held()
        if held is not None and form.get(KEEP) == "1":
            self._services.own_requests.keep(session_held(self._services), held.token)
        done = "aktif" if entered.new else "sandi"
        return redirect(url_for("citizen_account.home", selesai=done), 303)

    def _code_page(self, problems: Sequence[Problem] = ()) -> str:
        return render_template(
            "citizen/mail_code.html",
            problems=problems,
            typed=request.form,
            keeping=self._capability.held() is not None,
            keep=KEEP,
            least=MIN_PASSWORD,
            again=url_for("citizen.ask_code"),
        )

    def _require_mail(self) -> None:
        if not self._mail.offered:
            raise NotFound("page", "")


def _token() -> str:
    token = session.get(MAIL_CODE)
    return token if isinstance(token, str) else ""


def _address_page(email: str, problems: Sequence[Problem] = ()) -> str:
    return render_template(
        "citizen/mail_account.html",
        email=email[:254],
        problems=problems,
        again=url_for("citizen.ask_for_code"),
    )


def _wait(where: str, error: TooManyAttempts) -> Problem:
    return Problem(where, "too_many_mails", {"minutes": -(-error.retry_after_seconds // 60)})


def _waiting(page: str, error: TooManyAttempts) -> ResponseReturnValue:
    return page, HTTP_STATUS[TooManyAttempts], {"Retry-After": str(error.retry_after_seconds)}
