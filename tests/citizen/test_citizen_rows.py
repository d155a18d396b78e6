"""Rows of a group, one a page, and the choice of the office in a large regency."""

from __future__ import annotations

import re

import pytest

from issuer.web.citizen import applying
from tests.citizen.citizen_browser import LAST, Resident
from tests.offices import OPERATOR, VILLAGE, WARD, WARDS_DISTRICT
from tests.web.web_office import WebOffice, post, visible

GROUP = "/permohonan/isi/fields.items"


def row(number: int, what: str) -> dict[str, str]:
    """Return one lost thing as it is typed."""
    return {
        f"fields.items.{number}.kind": "lainnya",
        f"fields.items.{number}.description": what,
        f"fields.items.{number}.owner": "Siti Aminah Contoh",
    }


@pytest.fixture
def resident(web: WebOffice) -> Resident:
    resident = Resident(web)
    resident.begin("kehilangan")
    return resident


def kinds(page: str) -> list[str]:
    return re.findall(r'value="([a-z_]+)"', page)


def add(resident: Resident, number: int, what: str) -> None:
    page = resident.client.get(f"{GROUP}.{number}").text
    kind = next(value for value in kinds(page) if value)
    given = {**row(number, what), f"fields.items.{number}.kind": kind}
    assert resident.sent(post(resident.client, f"{GROUP}.{number}", given)) == GROUP


def test_rows_are_added_changed_and_removed(resident: Resident) -> None:
    add(resident, 1, "Dompet kulit hitam")
    add(resident, 2, "Kartu ATM biru")
    add(resident, 3, "Kunci motor")
    add(resident, 2, "Kartu ATM hijau")
    resident.sent(post(resident.client, f"{GROUP}.1/hapus"))
    page = visible(resident.client.get(GROUP).text)
    assert "Dompet" not in page
    assert "biru" not in page
    assert page.index("Kartu ATM hijau") < page.index("Kunci motor")
    assert resident.client.get(f"{GROUP}.3").status_code == 200
    assert resident.client.get(f"{GROUP}.4").status_code == 404


def test_a_row_that_is_wrong_is_shown_again_and_one_left_empty_is_none(resident: Resident) -> None:
    wrong = post(resident.client, f"{GROUP}.1", row(1, "x") | {"fields.items.1.kind": "emas"})
    assert wrong.status_code == 422
    assert "Ada yang perlu diperbaiki" in wrong.text
    assert resident.sent(post(resident.client, f"{GROUP}.1", {})) == GROUP
    none = post(resident.client, GROUP)
    assert none.status_code == 422
    assert f'href="{GROUP}.1"' in none.text


def test_what_nobody_asks_cannot_be_answered(resident: Resident) -> None:
    for name in ("agency", "fields.nothing", "fields.items.99", "fields.items.x", "holder"):
        address = f"/permohonan/isi/{name}"
        assert resident.client.get(address).status_code == 404
        assert post(resident.client, address, {"agency": VILLAGE}).status_code == 404


def test_all_answers_are_not_shown_as_whole_while_one_is_missing(resident: Resident) -> None:
    page = resident.client.get(LAST)
    assert page.status_code == 422
    assert "/permohonan/kirim" not in page.text
    assert 'href="/permohonan/isi/holder.nik?periksa=1"' in page.text


def test_in_a_large_regency_the_district_is_chosen_first(
    web: WebOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "_FEW", 1)
    client = web.client()
    page = client.get("/ajukan/domisili").text
    assert f'value="{WARDS_DISTRICT}"' in page
    assert WARD not in page
    page = client.get(f"/ajukan/domisili?kec={WARDS_DISTRICT}").text
    assert f'value="{WARD}"' in page
    assert VILLAGE not in page
    resident = Resident(web)
    resident.begin(agency=VILLAGE)
    assert web.composition.services.casework.queue(OPERATOR, VILLAGE) == []


def test_an_office_that_does_not_issue_the_letter_is_not_taken(web: WebOffice) -> None:
    for agency in (WARDS_DISTRICT, "35.22", "", "x" * 5000):
        assert post(web.client(), "/ajukan/domisili", {"agency": agency}).status_code == 422
