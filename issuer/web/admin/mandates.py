"""Mandates of an agency: who holds one, giving one by decree, and ending one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.access import Permission, Subject, require
from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.letter_types import Bilingual
from issuer.domain.mandate import Mandate, MandateKind, Signatory
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
    "scope",
)
ALL_TYPES, SOME_TYPES = "semua", "pilih"
_TYPE = "letter_type"


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the pages of mandates to the room of administration."""
    pages = _Mandates(services)
    room.get("/perangkat/<code>/mandat")(pages.mandates)
    room.post("/perangkat/<code>/mandat")(pages.add_mandate)
    room.get("/perangkat/<code>/mandat/<mandate_id>/akhiri")(pages.ask_to_end_mandate)
    room.post("/perangkat/<code>/mandat/<mandate_id>/akhiri")(pages.end_mandate)


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
        types = self._chosen_types(agency, typed["scope"], problems)
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
                    letter_types=types,
                ),
            )
        except InvalidInput as invalid:
            return self._page(code, typed, invalid.problems), HTTP_STATUS[InvalidInput]
        return redirect(url_for("admin.mandates", code=code, selesai="baru"), 303)

    def ask_to_end_mandate(self, code: str, mandate_id: str) -> ResponseReturnValue:
        return self._ending_page(code, mandate_id, "")

    def end_mandate(self, code: str, mandate_id: str) -> ResponseReturnValue:
        """End one of this agency's, at once or after a last day."""
        self._held(code, mandate_id)
        typed = {"ends_on": request.form.get("ends_on", "").strip()}
        problems: list[Problem] = []
        last_day = _day("ends_on", typed, problems) if typed["ends_on"] else None
        try:
            if problems:
                raise InvalidInput(problems)
            self._services.mandates.end(actor(), mandate_id, last_day)
        except InvalidInput as invalid:
            page = self._ending_page(code, mandate_id, typed["ends_on"], invalid.problems)
            return page, HTTP_STATUS[InvalidInput]
        return redirect(url_for("admin.mandates", code=code, selesai="akhir"), 303)

    # --- what the pages share -------------------------------------------------------

    def _page(self, code: str, typed: Mapping[str, str], problems: Sequence[Problem] = ()) -> str:
        services = self._services
        agency = services.letters.agency(code)
        begun = {"starts_on": self._today().isoformat(), "scope": ALL_TYPES}
        return page(
            "admin/mandates.html",
            agency=agency,
            today=self._today(),
            listed=services.mandates.listed(actor(), code),
            people=self._people(agency),
            kinds=KINDS,
            types=services.mandates.signable(agency),
            chosen=request.form.getlist(_TYPE),
            titles=self._titles(),
            typed={**dict.fromkeys(_TYPED, ""), **begun, **typed},
            problems=problems,
            said=DONE.get(request.args.get("selesai", "")),
        )

    def _ending_page(
        self, code: str, mandate_id: str, typed: str, problems: Sequence[Problem] = ()
    ) -> str:
        who, mandate = self._held(code, mandate_id)
        able = self._services.letters.signatories(code)
        return page(
            "admin/end_mandate.html",
            agency=self._services.letters.agency(code),
            who=who,
            mandate=mandate,
            titles=self._titles(),
            ended=mandate.ends_on is not None and mandate.ends_on < self._today(),
            last_one=not any(other.id != mandate_id for _, other in able),
            typed=typed,
            problems=problems,
        )

    def _held(self, code: str, mandate_id: str) -> tuple[Signatory, Mandate]:
        """Return one of this agency's; of any other's there is none by that id."""
        require(actor(), Permission.KEEP_MANDATES, Subject(code))
        for who, mandate in self._services.mandates.listed(actor(), code):
            if mandate.id == mandate_id:
                return who, mandate
        raise NotFound("mandate", mandate_id[:40])

    def _chosen_types(self, agency: Agency, scope: str, problems: list[Problem]) -> Sequence[str]:
        """Return the types a mandate is to cover, none for all; all must have been said."""
        if scope == ALL_TYPES:
            return ()
        known = {kind.slug for kind in self._services.mandates.signable(agency)}
        chosen = [slug for slug in request.form.getlist(_TYPE) if slug in known]
        if scope != SOME_TYPES or not chosen:
            problems.append(Problem("letter_types", "required"))
        return chosen

    def _titles(self) -> Mapping[str, Bilingual]:
        return {kind.slug: kind.title for kind in self._services.catalogue.all()}

    def _today(self) -> date:
        return self._services.office.today(self._services.clock.now())

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
