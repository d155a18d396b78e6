"""What a resident's account shows, and to whom."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from issuer.domain.letter_request import RequestAction
from tests.citizen.account_office import (
    NIK,
    OTHER,
    PASSWORD,
    active,
    letter_about,
    sign_in,
)
from tests.citizen.citizen_browser import BORN, NAME, Resident
from tests.offices import OPERATOR, WARD
from tests.web.web_office import WebOffice, post, visible


@pytest.fixture
def web(staffed: WebOffice) -> WebOffice:
    """The office with its staff, who are wanted here."""
    return staffed


# --- whose is it --------------------------------------------------------------------------


def test_another_resident_s_request_and_letter_are_not_there(
    web: WebOffice, caplog: pytest.LogCaptureFixture
) -> None:
    request_id = letter_about(web)
    owner, stranger = active(web), active(web, OTHER)
    for path in ("", "/surat.pdf"):
        address = f"/akun-saya/permohonan/{request_id}{path}"
        assert owner.get(address).status_code == 200
        refused = stranger.get(address)
        assert refused.status_code == 404
        none = stranger.get(f"/akun-saya/permohonan/{'0' * 32}{path}")
        assert visible(refused.text) == visible(none.text)
    assert post(stranger, f"/akun-saya/permohonan/{request_id}/buka").status_code == 404
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 5
    assert said[0].startswith("refused owner account=")
    assert set(said) == {said[0]}
    assert NAME not in stranger.get("/akun-saya").text


def test_a_mistyped_nik_shows_nobody_another_person_s_letter(web: WebOffice) -> None:
    request_id = letter_about(web, birth_date="1991-08-17", name="Orang Lain Contoh")
    client = active(web)
    assert client.get(f"/akun-saya/permohonan/{request_id}").status_code == 404
    assert "Orang Lain" not in client.get("/akun-saya").text


def test_what_somebody_else_sent_about_me_may_be_read_but_not_changed(web: WebOffice) -> None:
    sender = Resident(web)
    sender.apply()
    with web.composition.register.reading() as uow:
        (found,) = [one for one in uow.requests.each() if one.origin == "home"]
    client = active(web)
    assert client.get(f"/akun-saya/permohonan/{found.id}").status_code == 200
    assert post(client, f"/akun-saya/permohonan/{found.id}/buka").status_code == 404


def test_a_request_opened_by_code_and_birth_date_is_kept_and_corrected_without_its_code(
    web: WebOffice,
) -> None:
    sender = Resident(web)
    code = sender.apply()
    client = active(web, OTHER)
    assert post(client, "/permohonan/akun").headers["Location"] == "/ikuti"
    post(client, f"/ikuti/{code}", BORN)
    assert "Simpan di akun saya" in client.get("/permohonan").text
    assert post(client, "/permohonan/akun").headers["Location"] == "/akun-saya?selesai=simpan"
    (case_id,) = re.findall(r"/akun-saya/permohonan/([0-9a-f]{32})", client.get("/akun-saya").text)
    casework = web.composition.services.casework
    request = casework.one(OPERATOR, case_id).request
    casework.return_(OPERATOR, case_id, request.version, "Alamat kurang lengkap")
    assert "Alamat kurang lengkap" in client.get(f"/akun-saya/permohonan/{case_id}").text
    client.delete_cookie("__Host-permohonan")
    assert client.get("/permohonan").headers["Location"] == "/ikuti"
    assert (
        post(client, f"/akun-saya/permohonan/{case_id}/buka").headers["Location"] == "/permohonan"
    )
    assert code not in client.get("/permohonan").text
    assert "Simpan di akun saya" not in client.get("/permohonan").text
    sent = post(client, "/permohonan/kirim", {"declared": "1"})
    assert sent.headers["Location"] == "/permohonan/tanda-terima"
    assert client.get("/permohonan/tanda-terima").status_code == 200
    assert client.get("/permohonan/simpan").status_code == 200
    steps = casework.one(OPERATOR, case_id).steps
    assert [step.action for step in steps][-1] is RequestAction.SUBMIT


def test_a_new_request_of_a_verified_account_is_filled_and_asks_for_the_birth_date(
    web: WebOffice,
) -> None:
    letter_about(web)
    client = active(web)
    begun = post(client, "/ajukan/domisili", {"agency": WARD})
    assert begun.status_code == 303
    assert NIK in client.get("/permohonan/isi/holder.nik").text.replace(" ", "")
    assert 'value="1990"' in client.get("/permohonan/isi/holder.birth_date").text
    assert "Belum dikirim" in client.get("/akun-saya").text
    code = re.search(r"bigcode code\">([0-9A-Z-]{14})<", client.get("/permohonan/simpan").text)
    assert code
    stranger = web.client()
    assert post(stranger, f"/ikuti/{code[1]}").status_code == 422
    assert post(stranger, f"/ikuti/{code[1]}", BORN).status_code == 303


def test_a_removed_account_is_gone_and_the_letter_stays(web: WebOffice) -> None:
    request_id = letter_about(web)
    client = active(web)
    wrong = post(client, "/akun-saya/hapus", {"password": "salah sekali"})
    assert wrong.status_code == 422
    removed = post(client, "/akun-saya/hapus", {"password": PASSWORD})
    assert removed.headers["Location"] == "/masuk/warga?selesai=hapus"
    assert client.get("/akun-saya").status_code == 401
    assert sign_in(web).status_code == 401
    with web.composition.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM citizens")).scalar() == 0
    with web.composition.register.reading() as uow:
        assert uow.letters.by_request(request_id) is not None
    again = active(web)
    assert again.get(f"/akun-saya/permohonan/{request_id}").status_code == 200


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/keluar", {}),
        ("/akun/sesi-semua/akhiri", {}),
        ("/akun/sesi-lain/akhiri", {}),
        ("/akun/sandi", {"password": PASSWORD, "new": PASSWORD * 2, "again": PASSWORD * 2}),
        ("/akun-saya/hapus", {"password": PASSWORD}),
    ],
)
def test_what_an_account_has_open_is_closed_when_a_session_ends(
    web: WebOffice, path: str, form: dict[str, str]
) -> None:
    letter_about(web)
    client = active(web)
    assert post(client, "/ajukan/domisili", {"agency": WARD}).status_code == 303
    assert client.get("/permohonan/isi/holder.nik").status_code == 200
    assert post(client, path, form).status_code == 303
    closed = client.get("/permohonan/isi/holder.nik")
    assert closed.headers["Location"] == "/ikuti"
    assert "3522" not in closed.text
