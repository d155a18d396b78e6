"""What the public sees: by QR, by number and code, by file."""

from __future__ import annotations

import gzip
import re
import socket
from io import BytesIO

import pytest
import qrcode
from werkzeug.test import TestResponse

from issuer.domain.limits import ALLOWANCES, Rule
from issuer.domain.verdict import Verdict
from issuer.web.texts import VERDICT_TONES
from tests.browser.serving import served
from tests.offices import BASE_URL, OPERATOR, WARD, issue, pdf_of, take_register_away
from tests.web.web_office import LURAH, WebOffice, csrf, post, visible

WIRE_GOAL = 15_000
"""What comes over the wire at the first visit; the page itself is not compressed here."""


def path_of(web: WebOffice) -> str:
    assert web.letter.qr_text is not None
    return web.letter.qr_text.removeprefix(BASE_URL)


def upload(web: WebOffice, data: bytes, name: str = "surat.pdf") -> TestResponse:
    client = web.client()
    form = {"csrf_token": csrf(client), "file": (BytesIO(data), name)}
    return client.post("/periksa", data=form)


def picture_of(text: str) -> bytes:
    made = BytesIO()
    qrcode.make(text).save(made)
    return made.getvalue()


def test_the_qr_of_a_letter_is_answered_with_everything_that_was_checked(web: WebOffice) -> None:
    page = visible(web.client().get(path_of(web)).text)
    for part in (
        "ASLI DAN BERLAKU",
        "CONTOH.",
        f"Nomor {web.letter.number}",
        "Penerbit Kelurahan Jetak",
        "Tanggal terbit 24 November 2026",
        "Isi utuh, tidak berubah? Ya",
        "Berlaku menurut register? Ya",
        "Diterbitkan kantor ini? Ya",
        "Diperiksa 24 November 2026 pukul 09.15 WIB.",
        "berkas PDF tidak diperiksa",
        "Bila isi kertas berbeda",
    ):
        assert part in page


def test_name_and_nik_are_masked_and_nothing_else_is_told(web: WebOffice) -> None:
    page = web.client().get(path_of(web)).text
    record = web.letter.record
    nik = record.holder["nik"]
    assert f"{nik[:4]}••••••••{nik[-4:]}" in page
    for secret in (nik, record.holder["name"], record.holder["address"], record.purpose):
        assert secret not in page


def test_the_page_names_the_letter_in_english_too(web: WebOffice) -> None:
    page = visible(web.client().get(path_of(web) + "?lang=en").text)
    assert "GENUINE AND IN FORCE" in page
    assert "Checked 24 November 2026, 09:15 WIB." in page


@pytest.mark.parametrize(
    "token",
    [
        "1",
        "0",
        "9" * 10_000,
        "abc",
        "%00",
        "٣٤",
        "../../etc/passwd",
        "<script>",
        "-1",
        "1e9",
        "%ff",
    ],
)
def test_a_strange_token_is_unknown_and_no_error(web: WebOffice, token: str) -> None:
    response = web.client().get(f"/v/{token}")
    if "/" in token:
        assert response.status_code == 404
        return
    assert response.status_code == 200
    assert "TIDAK DIKENAL" in response.text
    assert "<script" not in response.text


def test_one_changed_digit_is_never_valid(web: WebOffice) -> None:
    path = path_of(web)
    for place in range(len("/v/"), len(path), 40):
        digit = str((int(path[place]) + 1) % 10)
        page = web.client().get(path[:place] + digit + path[place + 1 :]).text
        assert "ASLI DAN BERLAKU" not in page


def test_number_and_code_are_answered_on_the_same_page(web: WebOffice) -> None:
    form = {"number": web.letter.number, "code": web.letter.verification_code.lower()}
    page = visible(post(web.client(), "/periksa", form).text)
    assert "ASLI DAN BERLAKU" in page
    assert "Tanda tangan elektronik tidak ikut diperiksa" in page


def test_a_wrong_code_and_an_unknown_number_look_the_same(web: WebOffice) -> None:
    wrong = {"number": web.letter.number, "code": "0000-0000-0000"}
    unknown = {"number": "1/2/3/2026", "code": web.letter.verification_code}
    pages = [post(web.client(), "/periksa", form) for form in (wrong, unknown)]
    assert [page.status_code for page in pages] == [200, 200]
    assert pages[0].text == pages[1].text
    assert "TIDAK DIKENAL" in pages[0].text


def test_the_pdf_is_valid_and_one_changed_byte_is_not(web: WebOffice) -> None:
    pdf = pdf_of(web.composition, web.letter)
    page = visible(upload(web, pdf).text)
    assert "ASLI DAN BERLAKU" in page
    assert "tidak tersertifikasi" in page
    changed = bytearray(pdf)
    changed[len(pdf) // 2] ^= 1
    assert "ASLI DAN BERLAKU" not in upload(web, bytes(changed)).text


def test_a_photo_is_read_for_its_qr(web: WebOffice) -> None:
    assert web.letter.qr_text is not None
    assert "ASLI DAN BERLAKU" in upload(web, picture_of(web.letter.qr_text), "foto.png").text
    foreign = upload(web, picture_of("https://other.example/v/123"), "foto.png").text
    assert "situs lain" in foreign


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-", b"%PDF-1.7\n" + b"\0" * 5000, b"\x89PNG\r\n\x1a\n", b"hello", b"<html>"]
)
def test_a_garbage_file_is_answered_and_never_valid(web: WebOffice, data: bytes) -> None:
    response = upload(web, data)
    assert response.status_code == 200
    assert "ASLI DAN BERLAKU" not in response.text
    assert "Yang diperiksa" in response.text


@pytest.mark.parametrize(
    ("form", "complaint"),
    [
        ({"number": "", "code": ""}, "Ketik nomor surat"),
        ({"number": "1/2/3", "code": ""}, "Ketik juga kode"),
        ({"number": "", "code": "ABC"}, "Ketik nomor surat"),
    ],
)
def test_an_incomplete_question_is_asked_again_and_keeps_the_number(
    web: WebOffice, form: dict[str, str], complaint: str
) -> None:
    response = post(web.client(), "/periksa", form)
    assert response.status_code == 422
    assert complaint in response.text
    assert f'value="{form["number"]}"' in response.text


def test_no_file_chosen_is_asked_again(web: WebOffice) -> None:
    response = upload(web, b"", "")
    assert response.status_code == 422
    assert "Pilih berkas surat dulu." in response.text


def test_a_revoked_letter_shows_at_once_with_its_reason(web: WebOffice) -> None:
    letter = issue(web.composition, "domisili", WARD, LURAH)
    web.composition.services.letters.revoke(OPERATOR, letter.id, "salah <b>alamat</b>")
    assert letter.qr_text is not None
    page = web.client().get(letter.qr_text.removeprefix(BASE_URL)).text
    assert "DICABUT" in page
    assert "salah &lt;b&gt;alamat&lt;/b&gt;" in page
    assert "Berakhir pada 24 November 2026" in visible(page)


def test_without_the_register_the_answer_is_neither_true_nor_false(
    web: WebOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_register_away(monkeypatch)
    client = web.client()
    page = client.get(path_of(web))
    assert page.status_code == 200
    assert "BELUM DAPAT DIPASTIKAN" in page.text
    assert "Register sedang tidak dapat dibaca" in page.text
    assert "Jangan terima" not in page.text
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 200


def test_a_true_letter_is_answered_where_a_neighbour_spent_the_limit(web: WebOffice) -> None:
    client, allowance = web.client(), ALLOWANCES[Rule.UNKNOWN_TOKEN_PER_ADDRESS]
    web.clock.advance(allowance.period)
    for _ in range(allowance.attempts):
        assert client.get("/v/123").status_code == 200
    assert client.get("/v/123").status_code == 429
    assert "ASLI DAN BERLAKU" in client.get(path_of(web)).text
    web.clock.advance(allowance.period)


def test_every_verdict_has_a_tone() -> None:
    assert set(VERDICT_TONES) == set(Verdict)


def test_the_first_visit_fits_the_goal(web: WebOffice) -> None:
    """Over a real port, with what a browser says it takes; headers count."""
    with served(web.app) as server:
        page, total = fetch(server.origin, path_of(web))
        linked = set(re.findall(r'(?:href|src)="(/(?:static|roset)/[^"]*)"', page))
        assert len(linked) == 3
        total += sum(fetch(server.origin, address)[1] for address in linked)
    assert total <= WIRE_GOAL
    assert "<script" not in page
    assert "style=" not in page
    assert "bootstrap" not in page


def fetch(origin: str, path: str) -> tuple[str, int]:
    """Return a body and how many bytes the whole response took."""
    host, port = origin.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip, deflate, br\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    head, body = answer.split(b"\r\n\r\n", 1)
    assert head.startswith(b"HTTP/1.1 200 ")
    packed = b"content-encoding: gzip" in head.lower()
    return (gzip.decompress(body) if packed else body).decode(), len(answer)
