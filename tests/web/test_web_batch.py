"""Many files at once: a row for each, whatever the others are."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape
from urllib.parse import unquote

import pytest
from werkzeug.test import TestResponse

from issuer.domain.limits import ALLOWANCES, Rule
from issuer.services.verification import MAX_FILE_BYTES, Verifier
from issuer.web.app import MAX_BATCH_BYTES
from issuer.web.verify.batch import MAX_FILES, TIME_ALLOWED
from tests.offices import pdf_of
from tests.web.web_office import WebOffice, csrf, visible

VALID = "ASLI DAN BERLAKU"


def send(web: WebOffice, *files: tuple[bytes, str]) -> TestResponse:
    """Send files without the test client's own temporary files."""
    client = web.client()
    head = b'--x\r\nContent-Disposition: form-data; name="'
    parts = [head + b'csrf_token"\r\n\r\n' + csrf(client).encode() + b"\r\n"]
    for data, name in files:
        parts += [head, b'files"; filename="', name.encode(), b'"\r\n\r\n', data, b"\r\n"]
    kind = "multipart/form-data; boundary=x"
    return client.post("/periksa/banyak", data=b"".join((*parts, b"--x--\r\n")), content_type=kind)


def rows_of(page: str) -> list[str]:
    return [visible(row) for row in re.findall(r'<li class="row.*?</li>', page, re.S)]


def table_of(page: str) -> list[dict[str, str]]:
    """Read the table that the page offers, as a spreadsheet would."""
    (address,) = re.findall(r'href="data:text/csv;charset=utf-8,([^"]*)" download="', page)
    text = unquote(unescape(address))
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=";"))


def test_every_file_has_its_own_answer(web: WebOffice) -> None:
    pdf = pdf_of(web.composition, web.letter)
    page = send(web, (pdf, "a.pdf"), (b"hello", "b.txt"), (pdf + b"\n", "c.pdf"), (pdf, "d.pdf"))
    assert page.status_code == 200
    rows = rows_of(page.text)
    assert [VALID in row for row in rows] == [True, False, False, True]
    assert "TIDAK DIKENAL" in rows[1]
    assert "ISI BERUBAH" in rows[2]
    assert web.letter.number in rows[0]
    assert "2 dari 4 berkas asli dan berlaku." in page.text
    for secret in (web.letter.record.holder["name"], web.letter.record.holder["nik"]):
        assert secret not in page.text


def test_the_table_says_what_the_page_says(web: WebOffice) -> None:
    pdf = pdf_of(web.composition, web.letter)
    first, second = table_of(send(web, (pdf, "a;b.pdf"), (b"", "kosong.pdf")).text)
    assert first["file"] == "a;b.pdf"
    assert web.letter.pdf is not None
    assert first["sha256"] == web.letter.pdf.sha256
    assert (first["verdict"], first["number"]) == ("VALID", web.letter.number)
    assert first["issued_on"] == "2026-11-24"
    assert second["verdict"] == "UNKNOWN"
    assert second["number"] == ""


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t="])
def test_no_cell_is_a_formula(web: WebOffice, sign: str) -> None:
    (row,) = table_of(send(web, (b"x", f"{sign}HYPERLINK(1).pdf")).text)
    assert not row["file"].startswith(("=", "+", "-", "@", "\t"))
    assert "HYPERLINK(1).pdf" in row["file"]


def test_a_file_name_is_text_and_short(web: WebOffice) -> None:
    page = send(web, (b"x", "<script>a\u202eb.pdf"), (b"x", "n" * 5000 + ".pdf")).text
    assert "<script" not in page
    assert "\u202e" not in page
    assert "n" * 100 not in page


def test_a_file_that_breaks_the_program_spoils_no_other(
    web: WebOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    by_file = Verifier.by_file

    def breaks(self: Verifier, data: bytes) -> object:
        if data == b"bad":
            raise RuntimeError("Siti Aminah")
        return by_file(self, data)

    monkeypatch.setattr(Verifier, "by_file", breaks)
    pdf = pdf_of(web.composition, web.letter)
    page = send(web, (b"bad", "a.pdf"), (pdf, "b.pdf"))
    assert [VALID in row for row in rows_of(page.text)] == [False, True]
    assert "Berkas tidak dapat dibaca" in rows_of(page.text)[0]
    assert "RuntimeError" in caplog.text
    assert "Siti" not in caplog.text + page.text


def test_when_time_is_up_the_rest_is_to_be_sent_again(
    web: WebOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_file = Verifier.by_file

    def slow(self: Verifier, data: bytes) -> object:
        web.clock.advance(TIME_ALLOWED + timedelta(seconds=1))
        return by_file(self, data)

    monkeypatch.setattr(Verifier, "by_file", slow)
    pdf = pdf_of(web.composition, web.letter)
    rows = rows_of(send(web, (pdf, "a.pdf"), (pdf, "b.pdf")).text)
    assert VALID in rows[0]
    assert "Belum sempat diperiksa" in rows[1]
    assert VALID not in rows[1]


def test_at_the_limit_of_uploads_the_rest_is_said_to_be_unchecked(web: WebOffice) -> None:
    allowance = ALLOWANCES[Rule.UPLOAD_PER_ADDRESS]
    web.clock.advance(allowance.period)
    rows = []
    for _ in range(allowance.attempts // MAX_FILES + 1):
        rows += rows_of(send(web, *[(b"x", "x.pdf")] * MAX_FILES).text)
    assert ["Belum diperiksa" in row for row in rows].index(True) == allowance.attempts
    assert all("Belum diperiksa" in row for row in rows[allowance.attempts :])
    web.clock.advance(allowance.period)


def test_none_and_too_many_are_asked_again(web: WebOffice) -> None:
    nothing = send(web, (b"", ""))
    assert nothing.status_code == 422
    assert "Pilih berkas surat dulu." in nothing.text
    many = send(web, *[(b"x", "x.pdf")] * (MAX_FILES + 1))
    assert many.status_code == 422
    assert "paling banyak 20 berkas" in many.text


def test_bodies_have_a_limit_and_files_too(web: WebOffice) -> None:
    big = (b"%PDF-" + b"0" * MAX_FILE_BYTES, "besar.pdf")
    page = send(web, big, (pdf_of(web.composition, web.letter), "b.pdf"))
    assert [VALID in row for row in rows_of(page.text)] == [False, True]
    assert send(web, (b"0" * MAX_BATCH_BYTES, "x")).status_code == 413
