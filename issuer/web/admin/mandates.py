"""Mandates of an agency: who holds one, giving one by decree, and ending one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.access import Permission, Subject, require
from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_types import Bilingual
from issuer.domain.mandate import MandateKind
from issuer.domain.office import Agency
from issuer.services import Services
from issuer.services.mandates import NewMandate
from issuer.web.admin.pages import actor, page
from issuer.web.errors import HTTP_STATUS

T = Bilingual
DONE = {
    "baru": T("Mandat ditambahkan.", "The mandate is added."),
    "akhir": T("Mandat diakhiri.", "The mandate is ended."),
}
"""What the page says was done, by the word in its address."""

KINDS: Mapping[MandateKind, Bilingual] = {
    MandateKind.ACTING_ABSENT: T(
        "Plh. (pejabat berhalangan sementara)", "Plh. (the head is away for a while)"
    ),
    MandateKind.ACTING_VACANT: T("Plt. (jabatan kosong)", "Plt. (the post is vacant)"),
    MandateKind.CARETAKER: T("Pj. (penjabat)", "Pj. (caretaker)"),
    MandateKind.ON_BEHALF: T("a.n. (atas nama)", "a.n. (on behalf of)"),
    MandateKind.FOR_ON_BEHALF: T("u.b. (untuk beliau)", "u.b. (for, on behalf of)"),
    MandateKind.DEFINITIVE: T("definitif", "definitive"),
}
_TYPED = (
    "signatory",
    "kind",
    "position",
    "principal",
    "via",
    "decree_number",
    "starts_on",
    "ends_on",
)


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the pages of mandates to the room of administration."""
    pages = _Mandates(services)
    room.get("/perangkat/<code>/mandat")(pages.mandates)
    room.post("/perangkat/<code>/mandat")(pages.add_mandate)
    room.post("/perangkat/<code>/mandat/akhiri")(pages.end_mandate)


class _Mandates:
    """The pages, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def mandates(self, code: str) -> ResponseReturnValue:
        require(actor(), Permission.KEEP_MANDATES, Subject(code))
        return self._page(code, {})

    def add_mandate(self, code: str) -> ResponseReturnValue:
        require(actor(), Permission.KEEP_MANDATES, Subject(code))
        typed = {name: request.form.get(name, "").strip() for name in _TYPED}
        agency = self._services.letters.agency(code)
        problems: list[Problem] = []
        starts_on = _day("starts_on", typed, problems)
        ends_on = _day("ends_on", typed, problems) if typed["ends_on"] else None
        if typed["signatory"] not in self._people(agency):
            problems.append(Problem("signatory", "required"))
        if typed["kind"] not in {kind.value for kind in MandateKind}:
            problems.append(Problem("kind", "required"))
        try:
            if problems or starts_on is None:
                raise InvalidInput(problems)
            self._services.mandates.add(
                actor(),
                NewMandate(
                    signatory_id=typed["signatory"],
                    agency_code=code,
                    kind=MandateKind(typed["kind"]),
                    position=typed["position"],
                    decree_number=typed["decree_number"],
                    starts_on=starts_on,
                    ends_on=ends_on,
                    principal=typed["principal"],
                    via=typed["via"],
                ),
            )
        except InvalidInput as invalid:
            return self._page(code, typed, invalid.problems), HTTP_STATUS[InvalidInput]
        return redirect(url_for("admin.mandates", code=code, selesai="baru"), 303)

    def end_mandate(self, code: str) -> ResponseReturnValue:
        """End one of this agency's at once; of any other agency's there is none by that id."""
        require(actor(), Permission.KEEP_MANDATES, Subject(code))
        wanted = request.form.get("mandate", "")
        held = {mandate.id for _, mandate in self._services.mandates.listed(actor(), code)}
        try:
            if wanted not in held:
                raise InvalidInput([Problem("mandate", "required")])
            self._services.mandates.end(actor(), wanted)
        except InvalidInput as invalid:
            return self._page(code, {}, invalid.problems), HTTP_STATUS[InvalidInput]
        return redirect(url_for("admin.mandates", code=code, selesai="akhir"), 303)

    def _page(self, code: str, typed: Mapping[str, str], problems: Sequence[Problem] = ()) -> str:
        services = self._services
        agency = services.letters.agency(code)
        today = services.office.today(services.clock.now())
        return page(
            "admin/mandates.html",
            agency=agency,
            today=today,
            listed=services.mandates.listed(actor(), code),
            people=self._people(agency),
            kinds=KINDS,
            typed={**dict.fromkeys(_TYPED, ""), "starts_on": today.isoformat(), **typed},
            problems=problems,
            said=DONE.get(request.args.get("selesai", "")),
        )

    def _people(self, agency: Agency) -> Mapping[str, str]:
        """Return who may be given a mandate: signatories of the agency and the one above it."""
        services = self._services
        people = {who.id: who.name for who, _ in services.mandates.listed(actor(), agency.code)}
        if agency.parent_code is not None:
            able = services.letters.signatories(agency.parent_code)
            people |= {who.id: f"{who.name}, {mandate.position}" for who, mandate in able}
        return people


def _day(name: str, typed: Mapping[str, str], problems: list[Problem]) -> date | None:
    try:
        return date.fromisoformat(typed[name])
    except ValueError:
        problems.append(Problem(name, "impossible_date"))
        return None
