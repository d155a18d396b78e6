"""Accounts of others: listed, invited, given another role, closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_types import Bilingual
from issuer.services import Services
from issuer.services.administration import Dossier, Invitation
from issuer.web.admin.pages import MAX_SHOWN, MOST_SEARCHED, actor, own_agency, page
from issuer.web.errors import HTTP_STATUS

T = Bilingual
DONE = {
    "peran": T(
        "Peran sudah diganti. Pemilik akun harus masuk lagi.",
        "The role is changed. The account's owner must sign in again.",
    ),
    "tutup": T(
        "Akun ditutup dan sudah keluar di semua perangkat.",
        "The account is closed and signed out everywhere.",
    ),
    "buka": T("Akun dibuka lagi.", "The account is open again."),
}
"""What a page says was done, by the word in its address."""


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the pages of accounts to the room of administration."""
    pages = _Accounts(services)
    room.get("/akun")(pages.accounts)
    room.get("/akun/baru")(pages.new_account)
    room.post("/akun/baru")(pages.invite)
    room.get("/akun/<account_id>")(pages.account)
    room.post("/akun/<account_id>/peran")(pages.set_role)
    room.post("/akun/<account_id>/tutup")(pages.close)
    room.post("/akun/<account_id>/buka")(pages.reopen)
    room.post("/akun/<account_id>/kode")(pages.invite_again)


class _Accounts:
    """The pages, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def accounts(self) -> ResponseReturnValue:
        wanted = request.args.get("cari", "")[:MOST_SEARCHED].casefold().strip()
        found = [
            account
            for account in self._services.administration.listed(actor(), own_agency())
            if wanted in account.username or wanted in account.full_name.casefold()
        ]
        return page(
            "admin/accounts.html",
            accounts=found[:MAX_SHOWN],
            left_out=len(found) - len(found[:MAX_SHOWN]),
            wanted=wanted,
            names=self._names(),
        )

    def new_account(self) -> ResponseReturnValue:
        # Whoever may not list may not invite either; said before anything is typed.
        self._services.administration.listed(actor(), own_agency())
        return self._form({})

    def invite(self) -> ResponseReturnValue:
        typed = {name: request.form.get(name, "").strip() for name in ("username", "full_name")}
        typed |= _typed_role()
        try:
            invitation = self._services.administration.invite(
                actor(),
                username=typed["username"],
                full_name=typed["full_name"],
                role=typed["role"],
                agency_code=typed["agency"],
            )
        except InvalidInput as invalid:
            return self._form(typed, invalid.problems), HTTP_STATUS[InvalidInput]
        return _invitation(invitation)

    def account(self, account_id: str) -> ResponseReturnValue:
        dossier = self._services.administration.one(actor(), account_id)
        typed = {"role": dossier.account.role.value, "agency": dossier.account.agency_code or ""}
        return self._dossier(dossier, typed)

    def set_role(self, account_id: str) -> ResponseReturnValue:
        administration, typed = self._services.administration, _typed_role()
        try:
            administration.set_role(actor(), account_id, typed["role"], typed["agency"])
        except InvalidInput as invalid:
            dossier = administration.one(actor(), account_id)
            return self._dossier(dossier, typed, invalid.problems), HTTP_STATUS[InvalidInput]
        return _done(account_id, "peran")

    def close(self, account_id: str) -> ResponseReturnValue:
        self._services.administration.set_active(actor(), account_id, active=False)
        return _done(account_id, "tutup")

    def reopen(self, account_id: str) -> ResponseReturnValue:
        self._services.administration.set_active(actor(), account_id, active=True)
        return _done(account_id, "buka")

    def invite_again(self, account_id: str) -> ResponseReturnValue:
        return _invitation(self._services.administration.invite_again(actor(), account_id))

    # --- what the pages share -------------------------------------------------------

    def _names(self) -> dict[str, str]:
        return {agency.code: agency.name for agency in self._services.letters.agencies()}

    def _form(self, typed: Mapping[str, str], problems: Sequence[Problem] = ()) -> str:
        return page("admin/new_account.html", typed=typed, problems=problems, **self._choices())

    def _dossier(
        self, dossier: Dossier, typed: Mapping[str, str], problems: Sequence[Problem] = ()
    ) -> str:
        return page(
            "admin/account.html",
            dossier=dossier,
            typed=typed,
            problems=problems,
            changeable=self._services.administration.may_change(actor(), dossier.account),
            said=DONE.get(request.args.get("selesai", "")),
            **self._choices(),
        )

    def _choices(self) -> dict[str, object]:
        return {
            "roles": self._services.administration.grantable(actor()),
            "names": self._names(),
            "own": own_agency(),
        }


def _typed_role() -> dict[str, str]:
    agency = own_agency() or request.form.get("agency", "").strip()
    return {"role": request.form.get("role", ""), "agency": agency}


def _invitation(invitation: Invitation) -> str:
    address = url_for("session.activation")
    return page("admin/invitation.html", invitation=invitation, address=address)


def _done(account_id: str, done: str) -> ResponseReturnValue:
    return redirect(url_for("admin.account", account_id=account_id, selesai=done), 303)
