"""The room of a resident who has an account: one's own requests and letters."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.letter_types import Bilingual
from issuer.services import Services
from issuer.web.citizen.capability import Capability
from issuer.web.citizen.receiving import letter_file
from issuer.web.citizen.words import STATES
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import held, leave
from issuer.web.settings import WebSettings

T = Bilingual
SOME_LETTER = T("Surat", "Letter")
"""What a letter of a type that exists no more is called."""

DONE = {
    "aktif": T("Akun Anda aktif.", "Your account is active."),
    "sandi": T(
        "Kata sandi baru berlaku. Semua perangkat lain sudah keluar.",
        "The new password holds. All other devices are signed out.",
    ),
    "simpan": T(
        "Permohonan itu sekarang ada di akun Anda.", "That request is in your account now."
    ),
}
"""What the page says was done, by the word in its address."""


def make_blueprint(services: Services, settings: WebSettings) -> Blueprint:
    """Return the room of residents' accounts."""
    room = Blueprint("citizen_account", __name__, url_prefix="/akun-saya")
    pages = _OwnAccount(services, Capability(services, settings))
    room.get("")(pages.home)
    room.get("/permohonan/<case_id>")(pages.case)
    room.post("/permohonan/<case_id>/buka")(pages.open)
    room.get("/permohonan/<case_id>/surat.pdf")(pages.letter)
    room.get("/hapus")(pages.ask_to_remove)
    room.post("/hapus")(pages.remove)
    return room


class _OwnAccount:
    """The pages, one method each."""

    def __init__(self, services: Services, capability: Capability) -> None:
        self._services = services
        self._capability = capability

    def home(self) -> ResponseReturnValue:
        cases = self._services.own_requests.listed(held())
        return render_template(
            "citizen/account.html",
            citizen=self._services.citizens.of(held()),
            cases=cases,
            titles={case.letter_type: self._title(case.letter_type) for case in cases},
            words=STATES,
            said=DONE.get(request.args.get("selesai", "")),
        )

    def case(self, case_id: str) -> ResponseReturnValue:
        case = self._services.own_requests.one(held(), case_id)
        code = case.agency_code
        return render_template(
            "citizen/account_case.html",
            case=case,
            words=STATES[case.state],
            title=self._title(case.letter_type),
            agency=self._services.letters.agency(code) if code else None,
        )

    def open(self, case_id: str) -> ResponseReturnValue:
        """Open what the account may go on with on this device, as its code would."""
        opened = self._services.own_requests.open(held(), case_id)
        response = make_response(redirect(url_for("citizen.own"), 303))
        return self._capability.give(response, opened)

    def letter(self, case_id: str) -> Response:
        return letter_file(*self._services.own_requests.letter(held(), case_id))

    def ask_to_remove(self) -> ResponseReturnValue:
        return self._remove_page()

    def remove(self) -> ResponseReturnValue:
        try:
            self._services.citizens.remove(held(), request.form.get("password", ""))
        except InvalidInput as invalid:
            return self._remove_page(invalid.problems), HTTP_STATUS[InvalidInput]
        leave(self._services)
        return redirect(url_for("session.citizen_door", selesai="hapus"), 303)

    def _remove_page(self, problems: Sequence[Problem] = ()) -> str:
        return render_template(
            "citizen/account_remove.html",
            problems=problems,
            passwordless=self._services.citizens.of(held()).identity is not None,
            again=url_for("citizen_account.ask_to_remove"),
        )

    def _title(self, slug: str) -> Bilingual:
        try:
            return self._services.catalogue.get(slug).title
        except NotFound:
            return SOME_LETTER
