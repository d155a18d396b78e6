"""A table of residents through the pages of administration, as a browser without scripts."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient
from werkzeug import formparser
from werkzeug.test import TestResponse

from issuer.services.resident_imports import ResidentImports
from tests.offices import DISTRICT, WARD, Clock, compose_office
from tests.residents.resident_tables import BUDI, SINTA, SITI, imported, write_csv
from tests.web.web_office import CLERK, SLUG, WebOffice, csrf, hidden, open_web, post, visible

ADMIN, REGENCY = "admin-opd", "admin-kabupaten"
HERE = f"/admin/perangkat/{WARD}/warga"
BAD = ("3522995708900001", "Q" * 200, *SITI[2:])


@pytest.fixture
def web(founded: Path, tmp_path: Path) -> Iterator[WebOffice]:
    clock = Clock()
    composition = compose_office(shutil.copytree(founded, tmp_path / "office"), clock)
    yield open_web(composition, clock)
    composition.close()


def send(client: FlaskClient, data: bytes, **more: str) -> TestResponse:
    """Post a table as a browser does; the test client itself would write a large one to disk."""
    head = "Content-Disposition: form-data; name="
    typed = {"csrf_token": csrf(client), **more}
    parts = [f'{head}"{name}"\r\n\r\n{text}'.encode() for name, text in typed.items()]
    parts.append(f'{head}"file"; filename="penduduk.csv"\r\n\r\n'.encode() + data)
    body = b"".join(b"--limit\r\n" + part + b"\r\n" for part in parts) + b"--limit--\r\n"
    return client.post(HERE, data=body, content_type="multipart/form-data; boundary=limit")


def test_from_the_empty_register_to_the_counter(web: WebOffice, tmp_path: Path) -> None:
    admin = web.client(ADMIN)
    assert f'href="{HERE}"' in admin.get(f"/admin/perangkat/{WARD}").text
    empty = visible(admin.get(HERE).text)
    assert "Register ini masih kosong" in empty
    assert "NIK, Nama, Tempat lahir, Tanggal lahir" in empty
    sample = admin.get(f"{HERE}/contoh.xlsx").data
    sheet = openpyxl.load_workbook(io.BytesIO(sample)).active
    assert sheet is not None
    assert all(cell.number_format == "@" for row in sheet.iter_rows() for cell in row)

    extra = [(*row, "diam-diam") for row in (SITI, BUDI, BAD)]
    path = write_csv(tmp_path / "x.csv", *extra)
    data = path.read_bytes().replace(b"Alamat\r", b"Alamat;Golongan darah\r")
    answer = send(admin, data)
    assert answer.status_code == 303
    preview = admin.get(answer.headers["Location"]).text
    said = visible(preview)
    assert "Warga baru 2" in said
    assert "Baris 4 Nama: Paling banyak 100" in said
    assert "Dilewati, tidak disimpan: Golongan darah." in said
    for secret in (SITI[0], "Siti", "Budi", "QQQ", "diam-diam"):
        assert secret not in preview
    assert "Register ini masih kosong" in visible(admin.get(HERE).text)
    done = post(admin, answer.headers["Location"], hidden(preview))
    page = visible(admin.get(done.headers["Location"]).text)
    assert "Impor selesai" in page
    assert "Ternyata keliru?" in page
    assert "2 baru, 0 berubah, 0 dihapus" in visible(admin.get(HERE).text)
    assert "Orang Contoh" in visible(admin.get(HERE).text)

    form = web.client(CLERK).get(f"/loket/surat/baru/{SLUG}").text
    assert "Register ini diimpor 24 November 2026" in visible(form)


def test_a_register_that_changed_meanwhile_is_shown_again(web: WebOffice, tmp_path: Path) -> None:
    admin = web.client(ADMIN)
    where = send(admin, write_csv(tmp_path / "x", SITI).read_bytes()).headers["Location"]
    agreed = hidden(admin.get(where).text)
    imported(web.composition.services.residents, SITI, agency=WARD)
    again = post(admin, where, agreed)
    assert again.status_code == 409
    assert "Register berubah sesudah tabel ini diperiksa" in visible(again.text)
    # Nothing is left to be done, and so there is nothing to confirm.
    assert "Tidak ada yang perlu disimpan" in visible(again.text)
    assert 'name="agreed"' not in again.text
    dropped = post(admin, f"{where}/buang")
    assert "Tabel itu dibuang" in visible(admin.get(dropped.headers["Location"]).text)
    assert admin.get(where).status_code == 404


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Harus diisi"),
        (b"nik;nama\n1;2\n", "Alamat: Kolom ini tidak ada"),
        (b"PK\x03\x04 no archive", "bukan CSV atau XLSX yang utuh"),
        (b"n;" * 5_000_000, "paling banyak 8 MB"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_what_to_do(
    web: WebOffice, data: bytes, said: str
) -> None:
    answer = send(web.client(ADMIN), data, complete="1")
    assert answer.status_code == 422
    assert said in visible(answer.text)
    assert re.search(r'name="complete" value="1" checked', answer.text)


def test_a_table_never_lies_on_a_disk_as_it_was_sent(
    web: WebOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_disk(*_: object, **__: object) -> None:
        raise AssertionError("written to disk")

    monkeypatch.setattr(formparser, "SpooledTemporaryFile", on_disk)
    taken: list[int] = []
    begin = ResidentImports.begin

    def counting(self: ResidentImports, *given: object, **more: object) -> object:
        taken.append(len(given[2]))  # type: ignore[arg-type]
        return begin(self, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(ResidentImports, "begin", counting)
    long = (*SINTA[:8], "x" * 2_000)
    data = write_csv(tmp_path / "x", SINTA, *[long] * 600).read_bytes()
    assert send(web.client(ADMIN), data).status_code == 303
    assert taken == [len(data)]
    assert len(data) > 1_000_000
    found = [path for path in (tmp_path / "office").rglob("*") if path.is_file()]
    assert found
    assert not [path for path in found if b"Sinta" in path.read_bytes()]


def test_a_district_has_no_register_and_another_admin_sees_nothing(
    web: WebOffice, tmp_path: Path
) -> None:
    regency = web.client(REGENCY)
    page = regency.get(f"/admin/perangkat/{DISTRICT}/warga").text
    assert "Kantor ini bukan desa atau kelurahan" in visible(page)
    assert 'type="file"' not in page
    assert "/warga" not in regency.get(f"/admin/perangkat/{DISTRICT}").text
    data = write_csv(tmp_path / "x", SITI).read_bytes()
    where = send(web.client(ADMIN), data).headers["Location"]
    assert regency.get(where).status_code == 404
    assert web.client(CLERK).get(HERE).status_code == 403


def test_both_languages_say_it_all(web: WebOffice, tmp_path: Path) -> None:
    admin = web.client(ADMIN)
    where = send(admin, write_csv(tmp_path / "x", SITI, BAD).read_bytes()).headers["Location"]
    english = visible(admin.get(f"{where}?lang=en").text)
    for said in ("Check before it is stored", "New residents 1", "Row 3 Name: ", "Columns Read:"):
        assert said in unescape(english)
