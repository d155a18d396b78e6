"""The counter's form filled from the register, as a browser without scripts does it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from issuer.domain.access import Actor, Role
from issuer.domain.limits import ALLOWANCES, Rule
from tests.offices import WARD, Clock, compose_office
from tests.residents.resident_tables import BUDI, SINTA, SITI, imported
from tests.web.web_office import (
    CLERK,
    LURAH,
    OTHER_CLERK,
    SLUG,
    WebOffice,
    hidden,
    open_web,
    post,
    visible,
)

CHOOSE = "/loket/surat/baru"
FORM = f"{CHOOSE}/{SLUG}"
OWN = {"fields.residence_address": "Jalan Contoh Nomor 1", "purpose": "melamar pekerjaan"}


@pytest.fixture(scope="module")
def web(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebOffice]:
    """An office whose ward has three residents."""
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("web") / "office")
    clock = Clock()
    composition = compose_office(folder, clock)
    imported(composition.services.residents, SITI, BUDI, SINTA, agency=WARD)
    yield open_web(composition, clock)
    composition.close()


@pytest.fixture
def clerk(web: WebOffice) -> FlaskClient:
    return web.client(CLERK)


def values(page: str) -> dict[str, str]:
    """Return what a browser would send: filled boxes, chosen options and radios."""
    boxes = re.findall(r'<input class="input[^"]*" id="[^"]*" name="([^"]*)" value="([^"]*)"', page)
    boxes += re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>([^<]*)</textarea>', page)
    boxes += re.findall(r'<input type="radio"[^>]* name="([^"]*)" value="([^"]*)" checked', page)
    for select in re.findall(r"<select.*?</select>", page, re.DOTALL):
        (name,) = re.findall(r' name="([^"]*)"', select)
        boxes += [(name, value) for value in re.findall(r'value="([^"]*)" selected', select)]
    return {unescape(name): unescape(value) for name, value in boxes if value}


def focused(page: str) -> list[str]:
    """Return the ids of what has the focus when the page opens."""
    main = page.split("<main", 1)[1]
    tags = [tag for tag in re.findall(r"<[a-z]+ [^>]*>", main) if tag.endswith(" autofocus>")]
    return [
        (re.findall(r' id="([^"]*)"', tag) or re.findall(r' name="([^"]*)"', tag))[0]
        for tag in tags
    ]


SITI_TYPED = {
    "holder.nik": SITI[0],
    "holder.name": "Siti Aminah Contoh",
    "holder.birth_place": "Bojonegoro",
    "holder.birth_date.day": "17",
    "holder.birth_date.month": "8",
    "holder.birth_date.year": "1990",
    "holder.sex": "P",
    "holder.religion": "Islam",
    "holder.marital_status": "Kawin",
    "holder.occupation": "Petani/Pekebun",
    "holder.nationality": "WNI",
    "holder.address": "Dusun Contoh, RT 003 RW 001, Desa Ngunut",
}


def test_a_nik_and_enter_fill_the_form_and_the_next_empty_box_waits(clerk: FlaskClient) -> None:
    begun = clerk.get(FORM).text
    assert focused(begun) == ["resident"]
    # Enter in a box sends the form without any button's name.
    page = post(clerk, f"{FORM}/periksa", {**hidden(begun), "resident": "3522 9957 0890 0001"})
    assert page.status_code == 200
    assert {k: v for k, v in values(page.text).items() if k in SITI_TYPED} == SITI_TYPED
    assert focused(page.text) == ["fields.residence_address"]
    assert "diambil dari register warga" in visible(page.text)
    assert 'id="resident" name="resident" value=""' in page.text


def test_a_name_leads_to_a_choice_and_nothing_typed_is_lost(clerk: FlaskClient) -> None:
    found = post(clerk, f"{FORM}/periksa", {**OWN, "resident": "amin", "form_id": "a" * 32})
    said = visible(found.text)
    assert said.index("Sinta Aminarti Contoh") < said.index("Siti Aminah Contoh")
    assert "3522••••••••0001 · Bojonegoro, 17 Agustus 1990" in said
    assert SITI[0] not in found.text
    assert focused(found.text) == ["resident.1"]
    ids = re.findall(r'name="resident_id" value="([0-9a-f]{32})"', found.text)
    carried = hidden(found.text)
    assert carried["form_id"] == "a" * 32
    page = post(clerk, f"{FORM}/warga/isi", {**carried, "resident_id": ids[1]}).text
    assert {k: v for k, v in values(page).items() if k in SITI_TYPED} == SITI_TYPED
    assert {k: v for k, v in values(page).items() if k in OWN} == OWN
    assert hidden(page)["form_id"] == "a" * 32
    back = post(clerk, FORM, {**carried, "resident_id": ids[1]}).text
    assert values(back)["purpose"] == OWN["purpose"]
    assert "holder.nik" not in values(back)


def test_what_is_filled_is_issued(clerk: FlaskClient) -> None:
    begun = hidden(clerk.get(FORM).text)
    page = post(clerk, f"{FORM}/warga", {**begun, "resident": BUDI[0]}).text
    more = {
        **OWN,
        "fields.since.day": "1",
        "fields.since.month": "2",
        "fields.since.year": "2015",
        "fields.residence_status": "tetap",
        "signatory": LURAH,
        "go": "1",
    }
    checked = post(clerk, f"{FORM}/periksa", {**hidden(page), **values(page), **more})
    assert "Budi Ma'ruf Misal" in visible(checked.text)
    issued = post(clerk, f"{FORM}/terbitkan", hidden(checked.text))
    assert issued.status_code == 303
    assert "Budi Ma'ruf Misal" in visible(clerk.get(issued.headers["Location"]).text)


@pytest.mark.parametrize("wanted", ["Wayan", "3522990101900009"])
def test_nobody_found_says_so_and_keeps_what_was_typed(clerk: FlaskClient, wanted: str) -> None:
    page = post(clerk, f"{FORM}/periksa", {**OWN, "resident": wanted})
    assert page.status_code == 200
    assert "Tidak ada warga yang cocok" in visible(page.text)
    assert values(page.text)["purpose"] == OWN["purpose"]
    # The box is empty again: Enter elsewhere in the form goes on.
    assert wanted not in page.text
    assert focused(page.text) == ["resident"]


@pytest.mark.parametrize("wanted", ["", "si", "3522"])
def test_too_little_is_a_problem_of_the_box(clerk: FlaskClient, wanted: str) -> None:
    page = post(clerk, f"{FORM}/warga", {**OWN, "resident": wanted})
    assert page.status_code == 422
    assert '<a href="#resident">Cari warga: ' in page.text
    assert 'aria-describedby="resident-wrong resident-hint" aria-invalid="true"' in page.text
    assert values(page.text)["purpose"] == OWN["purpose"]


def test_the_button_goes_on_whatever_stands_in_the_box(clerk: FlaskClient) -> None:
    page = post(clerk, f"{FORM}/periksa", {**OWN, "resident": "amin", "go": "1"})
    assert page.status_code == 422
    assert "NIK: Harus diisi." in visible(page.text)


def test_somebody_of_elsewhere_or_nobody_fills_nothing(web: WebOffice, clerk: FlaskClient) -> None:
    found = post(clerk, f"{FORM}/warga", {"resident": "siti"}).text
    (resident_id,) = re.findall(r'name="resident_id" value="([0-9a-f]{32})"', found)
    for who, chosen in ((OTHER_CLERK, resident_id), (CLERK, ""), (CLERK, "0" * 32)):
        page = post(web.client(who), f"{FORM}/warga/isi", {**OWN, "resident_id": chosen})
        assert page.status_code == 200
        assert "Siti" not in page.text
        assert values(page.text)["purpose"] == OWN["purpose"]


def test_a_counter_without_a_register_begins_with_the_nik(web: WebOffice) -> None:
    page = web.client(OTHER_CLERK).get(FORM).text
    assert 'id="resident"' not in page
    assert focused(page) == ["holder.nik"]


def test_who_searches_too_often_waits_and_goes_on_by_hand(
    web: WebOffice, clerk: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = ALLOWANCES[Rule.RESIDENTS_PER_ACCOUNT]._replace(attempts=1)
    monkeypatch.setitem(ALLOWANCES, Rule.RESIDENTS_PER_ACCOUNT, allowed)
    for path, sent in (("warga", {"resident": "siti"}), ("warga/isi", {"resident_id": "0" * 32})):
        page = post(clerk, f"{FORM}/{path}", {**OWN, **sent})
        assert page.status_code == 429
        assert 0 < int(page.headers["Retry-After"]) <= 3600
        assert "Tunggu 60 menit, atau isi formulir langsung." in visible(page.text)
        assert values(page.text)["purpose"] == OWN["purpose"]


def test_a_word_of_the_title_leaves_the_types_that_have_it(clerk: FlaskClient) -> None:
    everything = clerk.get(CHOOSE)
    assert focused(everything.text) == ["cari"]
    several = clerk.get(CHOOSE, query_string={"cari": "keterangan"})
    assert several.text.count('<li class="card">') > 1
    two = clerk.get(CHOOSE, query_string={"cari": "domis"}).text
    # The plain one comes first and has the focus: Enter opens it.
    assert re.findall(r'<a href="([^"]*)"( autofocus)?>', two.split("<ul", 1)[1]) == [
        (FORM, " autofocus"),
        (f"{FORM}-usaha", ""),
    ]
    for wanted in ("usaha DOMIS", "business domicile"):
        one = clerk.get(CHOOSE, query_string={"cari": wanted})
        assert (one.status_code, one.headers.get("Location")) == (303, f"{FORM}-usaha"), wanted
    none = clerk.get(CHOOSE, query_string={"cari": "</li>xyz"})
    assert "Tidak ada jenis surat dengan kata itu." in visible(none.text)
    assert "</li>xyz" not in none.text


def test_no_look_is_written_by_a_page_that_searches_nothing(
    web: WebOffice, clerk: FlaskClient
) -> None:
    def looks() -> int:
        with web.composition.register.reading() as uow:
            events = [entry.event for entry in uow.audit.entries()]
        return sum("resident" in event.action for event in events)

    before = looks()
    clerk.get(FORM)
    post(clerk, f"{FORM}/periksa", OWN)
    post(clerk, FORM, OWN)
    assert looks() == before
    web.composition.services.residents.found(Actor("x", Role.COUNTER, WARD), WARD, "siti")
    assert looks() == before + 1
