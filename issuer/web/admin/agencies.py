"""Agencies: letterhead, numbers, and the letter types they issue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.access import Permission, Subject, require
from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_types import Bilingual
from issuer.domain.numbers import DEFAULT_PATTERN
from issuer.domain.office import Agency
from issuer.services import Services
from issuer.services.resident_tables import is_home
from issuer.web.admin.pages import MAX_SHOWN, MOST_SEARCHED, actor, may, own_agency, page
from issuer.web.errors import HTTP_STATUS

T = Bilingual
DONE = {
    "kop": T("Kop surat disimpan. Berlaku untuk surat berikutnya.", "The letterhead is kept."),
    "nomor": T("Nomor surat disimpan. Berlaku untuk surat berikutnya.", "The numbers are kept."),
    "jenis": T("Jenis surat disimpan.", "The letter types are kept."),
}
"""What a page says was done, by the word in its address."""

_LINES = ("line_1", "line_2", "line_3")
_LETTERHEAD = (*_LINES, "address", "contact", "seat")
_NUMBERING = ("number_code", "number_pattern")


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the pages of agencies to the room of administration."""
    pages = _Agencies(services)
    room.get("/perangkat")(pages.agencies)
    room.get("/perangkat/<code>")(pages.agency)
    room.post("/perangkat/<code>/kop")(pages.set_letterhead)
    room.post("/perangkat/<code>/nomor")(pages.set_numbering)
    room.post("/perangkat/<code>/jenis")(pages.switch_types)


class _Agencies:
    """The pages, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def agencies(self) -> ResponseReturnValue:
        own = own_agency()
        require(actor(), Permission.SET_LETTERHEAD, Subject(own))
        wanted = request.args.get("cari", "")[:MOST_SEARCHED].casefold().strip()
        found = [
            agency
            for agency in self._services.letters.agencies()
            if own in (None, agency.code)
            and (wanted in agency.name.casefold() or wanted in agency.code)
        ]
        return page(
            "admin/agencies.html",
            agencies=found[:MAX_SHOWN],
            left_out=len(found) - len(found[:MAX_SHOWN]),
            wanted=wanted,
        )

    def agency(self, code: str) -> ResponseReturnValue:
        require(actor(), Permission.SET_LETTERHEAD, Subject(code))
        return self._page(self._services.letters.agency(code), {})

    def set_letterhead(self, code: str) -> ResponseReturnValue:
        typed = {name: request.form.get(name, "") for name in _LETTERHEAD}
        try:
            self._services.agencies.set_letterhead(
                actor(),
                code,
                lines=[typed[name] for name in _LINES],
                address=typed["address"],
                contact=typed["contact"],
                seat=typed["seat"],
            )
        except InvalidInput as invalid:
            return self._refused(code, typed, invalid)
        return _done(code, "kop")

    def set_numbering(self, code: str) -> ResponseReturnValue:
        typed = {name: request.form.get(name, "").strip() for name in _NUMBERING}
        try:
            self._services.agencies.set_numbering(
                actor(), code, number_code=typed["number_code"], pattern=typed["number_pattern"]
            )
        except InvalidInput as invalid:
            return self._refused(code, typed, invalid)
        return _done(code, "nomor")

    def switch_types(self, code: str) -> ResponseReturnValue:
        self._services.agencies.switch(actor(), code, request.form.getlist("type"))
        return _done(code, "jenis")

    def _refused(
        self, code: str, typed: Mapping[str, str], invalid: InvalidInput
    ) -> ResponseReturnValue:
        agency = self._services.letters.agency(code)
        return self._page(agency, typed, invalid.problems), HTTP_STATUS[InvalidInput]

    def _page(
        self, agency: Agency, typed: Mapping[str, str], problems: Sequence[Problem] = ()
    ) -> str:
        today = self._services.office.today(self._services.clock.now())
        on_paper = self._services.paper_numbers.waiting(actor(), agency.code)
        return page(
            "admin/agency.html",
            on_paper=on_paper,
            on_paper_late=sum(one.overdue(today) for one in on_paper),
            agency=agency,
            typed={**_as_typed(agency), **typed},
            problems=problems,
            said=DONE.get(request.args.get("selesai", "")),
            kinds=self._services.agencies.issuable(agency),
            off=self._services.agencies.switched_off(agency.code),
            may_mandate=may(Permission.KEEP_MANDATES, agency.code),
            may_import=is_home(agency) and may(Permission.IMPORT_RESIDENTS, agency.code),
            may_message=may(Permission.KEEP_MESSAGES, agency.code),
            may_number=may(Permission.SET_NUMBERING, agency.code),
            usual_pattern=DEFAULT_PATTERN,
        )


def _as_typed(agency: Agency) -> dict[str, str]:
    head = agency.letterhead
    typed = dict.fromkeys(_LINES, "")
    typed |= dict(zip(_LINES, head.lines, strict=False))
    typed |= {"address": head.address, "contact": head.contact, "seat": agency.seat}
    typed |= {"number_code": agency.number_code, "number_pattern": agency.number_pattern or ""}
    return typed


def _done(code: str, done: str) -> ResponseReturnValue:
    return redirect(url_for("admin.agency", code=code, selesai=done), 303)
