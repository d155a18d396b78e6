"""An agency's administrator gives and ends mandates by page."""

from __future__ import annotations

import re

from issuer.domain.mandate import MandateKind
from issuer.web.admin.mandates import KINDS
from tests.offices import DISTRICT, WARD
from tests.web.web_office import LURAH, WebOffice, post, visible

ADMIN = "admin-opd"
PLACE = f"/admin/perangkat/{WARD}/mandat"
SECRETARY = {
    "signatory": LURAH,
    "kind": "Plh.",
    "position": "Lurah Jetak",
    "decree_number": "800/77/2026",
    "starts_on": "2026-11-24",
    "ends_on": "2026-11-30",
}


def test_every_form_of_mandate_can_be_chosen() -> None:
    assert set(KINDS) == set(MandateKind)


def test_a_mandate_is_given_listed_and_ended(web: WebOffice) -> None:
    admin = web.client(ADMIN)
    assert PLACE in admin.get(f"/admin/perangkat/{WARD}").text
    given = post(admin, PLACE, SECRETARY)
    assert given.headers["Location"] == f"{PLACE}?selesai=baru"
    page = admin.get(given.headers["Location"])
    assert "Plh. Lurah Jetak · 800/77/2026" in visible(page.text)
    mandates = web.composition.services.letters.signatories(WARD)
    (mandate_id,) = [m.id for _, m in mandates if m.decree_number == "800/77/2026"]
    assert mandate_id in page.text
    ended = post(admin, f"{PLACE}/akhiri", {"mandate": mandate_id})
    assert ended.headers["Location"] == f"{PLACE}?selesai=akhir"
    assert mandate_id not in admin.get(PLACE).text
    mandates = web.composition.services.letters.signatories(WARD)
    assert "800/77/2026" not in {m.decree_number for _, m in mandates}


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
    assert post(admin, f"{PLACE}/akhiri", {"mandate": other}).status_code == 422
    still = web.composition.services.letters.signatories(DISTRICT)
    assert other in {mandate.id for _, mandate in still}
