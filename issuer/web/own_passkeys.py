"""One's own passkeys: listed, made and removed, each after the password again."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.access import Role
from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_types import Bilingual
from issuer.services import Services
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import enter, held
from issuer.web.own_page import own_page

T = Bilingual
_DONE = {
    "pasang": T(
        "Passkey sudah terpasang. Perangkat lain sudah keluar.",
        "The passkey is set up. Other devices are signed out.",
    ),
    "hapus": T(
        "Passkey sudah dihapus. Perangkat lain sudah keluar.",
        "The passkey is removed. Other devices are signed out.",
    ),
}
"""What the list says was done, by the word in its address."""


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the pages of passkeys to the room of one's own account."""
    pages = _OwnPasskeys(services)
    room.get("/passkey")(pages.passkeys)
    room.post("/passkey")(pages.ask_new_passkey)
    room.post("/passkey/simpan")(pages.keep_passkey)
    room.get("/passkey/<passkey_id>/hapus")(pages.ask_to_remove_passkey)
    room.post("/passkey/<passkey_id>/hapus")(pages.remove_passkey)


class _OwnPasskeys:
    """The pages of one's own passkeys, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def passkeys(self) -> ResponseReturnValue:
        return self._list_page()

    def ask_new_passkey(self) -> ResponseReturnValue:
        """Ask for the password; then the browser makes the passkey on the page that follows."""
        name = request.form.get("name", "")
        try:
            self._prove_again()
            options = self._services.passkeys.ask_to_make(held(), name)
        except InvalidInput as invalid:
            return self._list_page(invalid.problems), HTTP_STATUS[InvalidInput]
        return own_page(
            "account/new_passkey.html",
            options=options,
            name=name,
            again=url_for("account.passkeys"),
        )

    def keep_passkey(self) -> ResponseReturnValue:
        form = request.form
        try:
            proven = self._services.passkeys.keep(
                held(), form.get("name", ""), form.get("credential", "")
            )
        except InvalidInput as invalid:
            return self._list_page(invalid.problems), HTTP_STATUS[InvalidInput]
        enter(proven.token)
        if proven.recovery:
            return own_page("account/codes.html", codes=proven.recovery)
        return _list("pasang")

    def ask_to_remove_passkey(self, passkey_id: str) -> ResponseReturnValue:
        return self._removal_page(passkey_id)

    def remove_passkey(self, passkey_id: str) -> ResponseReturnValue:
        self._services.passkeys.one(held(), passkey_id)
        try:
            self._prove_again()
            token = self._services.passkeys.remove(held(), passkey_id)
        except InvalidInput as invalid:
            page = self._removal_page(passkey_id, invalid.problems)
            return page, HTTP_STATUS[InvalidInput]
        enter(token)
        return _list("hapus")

    def _prove_again(self) -> None:
        self._services.accounts.prove_again(held(), request.form.get("password", ""))

    def _list_page(self, problems: Sequence[Problem] = ()) -> str:
        return own_page(
            "account/passkeys.html",
            passkeys=self._services.passkeys.listed(held()),
            name=request.form.get("name", held().sign_in.device),
            signs=held().account.role is Role.SIGNATORY,
            said=_DONE.get(request.args.get("selesai", "")),
            problems=problems,
            again=url_for("account.passkeys"),
        )

    def _removal_page(self, passkey_id: str, problems: Sequence[Problem] = ()) -> str:
        return own_page(
            "account/remove_passkey.html",
            passkey=self._services.passkeys.one(held(), passkey_id),
            problems=problems,
            again=url_for("account.ask_to_remove_passkey", passkey_id=passkey_id),
        )


def _list(done: str) -> ResponseReturnValue:
    return redirect(url_for("account.passkeys", selesai=done), 303)
