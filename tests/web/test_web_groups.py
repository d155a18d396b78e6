"""Rows of a group on the counter's form, without a script."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from tests.web.web_office import ANSWERS, CLERK, WebOffice, hidden, visible

NEW = "/loket/surat/baru/kehilangan"
ROWS = "fields.items.rows"
TYPED = {
    "fields.lost_on.day": "22",
    "fields.lost_on.month": "11",
    "fields.lost_on.year": "2026",
    "fields.place": "jalan pulang",
    "fields.police_station": "Polsek Bojonegoro",
}


@pytest.fixture
def clerk(web: WebOffice) -> FlaskClient:
    return web.client(CLERK)


def item(number: int, description: str = "Nomor 1", **cells: str) -> dict[str, str]:
    """Return a row as it is typed."""
    row = {"kind": "sim", "description": description, "owner": "Siti Aminah Contoh", **cells}
    return {f"fields.items.{number}.{name}": value for name, value in row.items()}


def begin(clerk: FlaskClient, *rows: dict[str, str], **more: str) -> dict[str, str]:
    form = {**hidden(clerk.get(NEW).text), **ANSWERS, **TYPED, ROWS: str(len(rows))}
    for row in rows:
        form |= row
    return form | more


def descriptions(page: str) -> list[str]:
    """Return what stands in the boxes for the description, row by row."""
    boxes = re.findall(r'name="fields\.items\.\d+\.description" value="([^"]*)"', page)
    return [unescape(box) for box in boxes]


def test_a_group_that_is_required_begins_with_a_row(clerk: FlaskClient) -> None:
    page = clerk.get(NEW).text
    assert descriptions(page) == [""]
    assert "Tambah baris" in page


def test_an_optional_group_begins_without_rows(clerk: FlaskClient) -> None:
    page = clerk.get("/loket/surat/baru/pengantar-pindah").text
    assert hidden(page)["fields.followers.rows"] == "0"
    assert "Hanya bila Yang pindah: Kepala keluarga dan seluruh anggota" in visible(page)


def test_a_row_is_added_and_everything_typed_stays(clerk: FlaskClient) -> None:
    form = begin(clerk, item(1, 'SIM "A"'), add_row="fields.items")
    page = clerk.post(NEW, data=form).text
    assert descriptions(page) == ['SIM "A"', ""]
    assert "Ada yang perlu diperbaiki" not in page
    assert hidden(page)["form_id"] == form["form_id"]
    assert f'name="fields.place" value="{TYPED["fields.place"]}"' in page
    assert '<option value="sim" selected>' in page


def test_a_row_is_removed_and_the_others_close_up(clerk: FlaskClient) -> None:
    rows = (item(1, "satu"), item(2, "dua"), item(3, "tiga"))
    page = clerk.post(NEW, data=begin(clerk, *rows, remove_row="fields.items.2")).text
    assert descriptions(page) == ["satu", "tiga"]


def test_there_are_never_more_rows_than_the_type_allows(clerk: FlaskClient) -> None:
    rows = [item(number, f"barang {number}") for number in range(1, 11)]
    page = clerk.post(NEW, data=begin(clerk, *rows, add_row="fields.items")).text
    assert len(descriptions(page)) == 10
    assert "Tambah baris" not in page


@pytest.mark.parametrize("count", ["500", "-1", "1e9", "²", "", "9" * 400])
def test_a_number_of_rows_of_ones_own_making_is_bounded(clerk: FlaskClient, count: str) -> None:
    form = {**begin(clerk, item(1)), ROWS: count}
    response = clerk.post(NEW, data=form)
    assert response.status_code == 200
    assert 1 <= len(descriptions(response.text)) <= 10


def test_empty_rows_are_left_out_and_a_mistake_leads_to_its_box(clerk: FlaskClient) -> None:
    empty = dict.fromkeys(item(1), "")
    form = begin(clerk, empty, item(2, "x"))
    form[ROWS] = "2"
    response = clerk.post(f"{NEW}/periksa", data=form)
    assert response.status_code == 422
    assert descriptions(response.text) == ["x"]
    assert (
        '<a href="#fields.items.1.description">Barang yang hilang 1, Nomor atau ciri: '
        "Paling sedikit 2 karakter.</a>"
    ) in response.text
    assert 'id="fields.items.1.description"' in response.text


def test_no_row_at_all_is_said_at_the_group(clerk: FlaskClient) -> None:
    response = clerk.post(f"{NEW}/periksa", data=begin(clerk))
    assert response.status_code == 422
    assert '<a href="#fields.items">Barang yang hilang: Harus diisi.</a>' in response.text
    assert 'id="fields.items"' in response.text


def test_rows_are_read_back_before_the_letter_is_issued(clerk: FlaskClient) -> None:
    checked = clerk.post(f"{NEW}/periksa", data=begin(clerk, item(1, "satu"), item(2, "dua")))
    assert checked.status_code == 200
    said = visible(checked.text)
    assert "Jenis: SIM; Nomor atau ciri: satu; Atas nama: Siti Aminah Contoh" in said
    assert "Nomor atau ciri: dua" in said
    issued = clerk.post(f"{NEW}/terbitkan", data=hidden(checked.text))
    assert issued.status_code == 303


def test_enter_does_not_press_a_button_for_rows(clerk: FlaskClient) -> None:
    """A browser presses the first button of the form."""
    form = clerk.get(NEW).text.split('action="/loket/surat/baru/kehilangan/periksa"')[1]
    first = re.search(r"<button[^>]*>", form)
    assert first is not None
    assert "formaction" not in first[0]
    assert "name=" not in first[0]


def test_an_answer_that_does_not_apply_is_refused_with_its_reason(clerk: FlaskClient) -> None:
    path = "/loket/surat/baru/izin-keramaian"
    page = clerk.get(path).text
    assert "Hanya bila Menutup jalan: Ya." in visible(page)
    form = {**hidden(page), **ANSWERS, "fields.road_closed": "tidak"}
    response = clerk.post(f"{path}/periksa", data={**form, "fields.closed_road": "Jalan Krajan"})
    assert "Jalan yang ditutup: Kosongkan:" in response.text
