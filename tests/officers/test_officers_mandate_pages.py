"""An agency's administrator gives and ends mandates by page."""

from __future__ import annotations

import re
from datetime import date

import pytest

from issuer.domain.access import Actor, Role
from issuer.domain.errors import NoMandate
from issuer.domain.mandate import Mandate, MandateKind
from issuer.web.admin.mandates import KINDS
from tests.offices import DISTRICT, WARD, issue
from tests.web.web_office import LURAH, WebOffice, post, visible

ADMIN = "admin-opd"
HEAD = "camat-352215"
PLACE = f"/admin/perangkat/{WARD}/mandat"
SECRETARY = {
    "signatory": LURAH,
    "kind": "Plh.",
    "position": "Lurah Jetak",
    "decree_number": "800/77/2026",
    "starts_on": "2026-11-24",
    "ends_on": "2026-11-30",
    "scope": "semua",
}


def by_decree(web: WebOffice, decree: str) -> Mandate:
    """Return a mandate of the ward, of any date."""
    listed = web.composition.services.mandates.listed(Actor("a", Role.AGENCY_ADMIN, WARD), WARD)
    return next(mandate for _, mandate in listed if mandate.decree_number == decree)


def test_every_form_of_mandate_can_be_chosen() -> None:
    assert set(KINDS) == set(MandateKind)


def test_a_mandate_is_given_listed_and_ended(web: WebOffice) -> None:
    admin = web.client(ADMIN)
    assert PLACE in admin.get(f"/admin/perangkat/{WARD}").text
    given = post(admin, PLACE, SECRETARY)
    assert given.headers["Location"] == f"{PLACE}?selesai=baru"
    page = admin.get(given.headers["Location"])
    assert "Plh. Lurah Jetak · 800/77/2026" in visible(page.text)
    ending = f"{PLACE}/{by_decree(web, '800/77/2026').id}/akhiri"
    assert f'href="{ending}"' in page.text
    asked = visible(admin.get(ending).text)
    assert "Akhiri mandat ini?" in asked
    assert "mandat terakhir" not in asked
    assert by_decree(web, "800/77/2026").ends_on == date(2026, 11, 30), "asking ended it"
    ended = post(admin, ending)
    assert ended.headers["Location"] == f"{PLACE}?selesai=akhir"
    assert ending not in admin.get(PLACE).text
    assert "Mandat ini sudah berakhir." in visible(admin.get(ending).text)
    mandates = web.composition.services.letters.signatories(WARD)
    assert "800/77/2026" not in {m.decree_number for _, m in mandates}


def test_a_mandate_for_some_types_permits_these_and_no_others(web: WebOffice) -> None:
    admin, signatory = web.client(ADMIN), HEAD
    chosen = {**SECRETARY, "decree_number": "800/88/2026", "scope": "pilih"}
    for nothing in ({}, {"letter_type": "tidak-ada"}, {"scope": "", "letter_type": "domisili"}):
        answer = post(admin, PLACE, {**chosen, **nothing})
        assert answer.status_code == 422
        assert 'id="letter_types-wrong"' in answer.text
    kept = post(admin, PLACE, {**chosen, "letter_type": "usaha", "decree_number": ""}).text
    assert 'name="letter_type" value="usaha" checked' in kept
    assert 'name="scope" value="pilih" checked' in kept
    given = {**chosen, "signatory": signatory, "letter_type": "usaha"}
    assert post(admin, PLACE, given).status_code == 303
    assert "Hanya: Surat Keterangan Usaha" in visible(admin.get(PLACE).text)
    assert issue(web.composition, "usaha", WARD, signatory).record.signer.id == signatory
    with pytest.raises(NoMandate):
        issue(web.composition, "domisili", WARD, signatory)
    clerk = web.client("petugas")
    for slug, able in (("usaha", True), ("domisili", False)):
        form = clerk.get(f"/loket/surat/baru/{slug}").text
        assert (f'name="signatory" value="{signatory}"' in form) is able


def test_the_types_to_choose_from_are_those_the_agency_signs_or_endorses(web: WebOffice) -> None:
    services = web.composition.services
    for code in (WARD, DISTRICT):
        agency = services.letters.agency(code)
        kinds = services.mandates.signable(agency)
        assert "domisili-usaha" in {kind.slug for kind in kinds}
        assert {kind.slug for kind in services.agencies.issuable(agency)} <= {
            kind.slug for kind in kinds
        }


def test_the_last_mandate_in_force_is_told_before_it_is_ended(web: WebOffice) -> None:
    admin = web.client(ADMIN)
    able = web.composition.services.letters.signatories(WARD)
    assert post(admin, PLACE, {**SECRETARY, "decree_number": "800/99/2026"}).status_code == 303
    for _, mandate in able:
        ending = f"{PLACE}/{mandate.id}/akhiri"
        assert "mandat terakhir" not in visible(admin.get(ending).text)
        assert post(admin, ending).status_code == 303
    last = f"{PLACE}/{by_decree(web, '800/99/2026').id}/akhiri"
    assert "Ini mandat terakhir yang berlaku." in visible(admin.get(last).text)
    for wrong in ("kapan", "2026-12-24", "2026-11-01"):
        refused = post(admin, last, {"ends_on": wrong})
        assert refused.status_code == 422
        assert f'value="{wrong}"' in refused.text
    assert post(admin, last, {"ends_on": "2026-11-27"}).status_code == 303
    assert by_decree(web, "800/99/2026").ends_on == date(2026, 11, 27)


def test_what_is_wrong_is_told_and_what_was_typed_stays(web: WebOffice) -> None:
    admin = web.client(ADMIN)
    typed = {**SECRETARY, "decree_number": "", "ends_on": "", "position": "Lurah Kosong"}
    answer = post(admin, PLACE, typed)
    assert answer.status_code == 422
    assert re.search(r'id="decree_number-wrong"', answer.text)
    assert re.search(r'id="ends_on-wrong"', answer.text)
    assert 'value="Lurah Kosong"' in answer.text
    for changes in ({"signatory": "camat-999"}, {"kind": "raja"}, {"starts_on": "kapan"}):
        assert post(admin, PLACE, {**SECRETARY, **changes}).status_code == 422


def test_an_administrator_keeps_to_the_own_agency(web: WebOffice) -> None:
    admin = web.client(ADMIN)
    place = f"/admin/perangkat/{DISTRICT}/mandat"
    assert admin.get(place).status_code == 403
    assert post(admin, place, SECRETARY).status_code == 403
    other = web.composition.services.letters.signatories(DISTRICT)[0][1].id
    for path in (f"{PLACE}/{other}/akhiri", f"{PLACE}/{'x' * 80}/akhiri"):
        assert admin.get(path).status_code == 404
        assert post(admin, path).status_code == 404
    still = web.composition.services.letters.signatories(DISTRICT)
    assert other in {mandate.id for _, mandate in still}
