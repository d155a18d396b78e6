"""Erasing what is held of a person: look by NIK, confirm by NIK and password, done.

The NIK stands in no address and in no page: it is typed on each of the two, and the second
carries a keyed hash of the first, so that nobody is erased but who was looked at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.access import Permission, Subject, require
from issuer.domain.erasure import Erasure
from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.people import Nik
from issuer.services import Services
from issuer.texts.erasure import ALSO_STAYS, GOES, STAYS
from issuer.web.admin.pages import actor, page
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import held

_MAX_TYPED = 40
_PERSON = re.compile(r"[0-9a-f]{32}", re.ASCII)


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the pages of erasing to the room of administration."""
    pages = _Erasing(services)
    room.get("/hapus-data")(pages.ask_to_erase)
    room.post("/hapus-data")(pages.plan_erasure)
    room.post("/hapus-data/hapus")(pages.erase)


class _Erasing:
    """The pages, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def ask_to_erase(self) -> ResponseReturnValue:
        require(actor(), Permission.ERASE_PERSONAL_DATA, Subject())
        person = request.args.get("selesai", "")
        return _first(person=person if _PERSON.fullmatch(person) else "")

    def plan_erasure(self) -> ResponseReturnValue:
        """Show what would go and what stays."""
        require(actor(), Permission.ERASE_PERSONAL_DATA, Subject())
        try:
            planned = self._services.erasing.plan(actor(), _typed_nik())
        except InvalidInput as invalid:
            return _first(invalid.problems), HTTP_STATUS[InvalidInput]
        return self._second(planned, planned.person)

    def erase(self) -> ResponseReturnValue:
        """Erase who was shown, if the one who was shown is typed again."""
        require(actor(), Permission.ERASE_PERSONAL_DATA, Subject())
        shown = request.form.get("person", "")
        if not _PERSON.fullmatch(shown):
            return redirect(url_for("admin.ask_to_erase"), 303)
        services, planned = self._services, None
        try:
            nik = _typed_nik()
            if not services.erasing.is_person(nik, shown):
                raise InvalidInput([Problem("nik", "another_nik")])
            planned = services.erasing.plan(actor(), nik)
            services.accounts.prove_again(held(), request.form.get("password", ""))
            services.erasing.erase(actor(), nik)
        except InvalidInput as invalid:
            # Without the NIK nobody knows what would go: it was shown, and is not again.
            return self._second(planned, shown, invalid.problems), HTTP_STATUS[InvalidInput]
        return redirect(url_for("admin.ask_to_erase", selesai=shown), 303)

    def _second(
        self, planned: Erasure | None, person: str, problems: Sequence[Problem] = ()
    ) -> str:
        waiting = planned.open if planned else ()
        return page(
            "admin/erase_plan.html",
            planned=planned,
            person=person,
            goes=GOES,
            stays=STAYS,
            also=ALSO_STAYS,
            waiting=[(one, self._services.letters.agency(one.agency_code)) for one in waiting],
            problems=problems,
        )


def _first(problems: Sequence[Problem] = (), *, person: str = "") -> str:
    return page("admin/erase.html", problems=problems, person=person)


def _typed_nik() -> Nik:
    try:
        return Nik.parse(request.form.get("nik", "")[:_MAX_TYPED])
    except ValueError:
        raise InvalidInput([Problem("nik", "impossible_nik")]) from None
