"""Printing on numbered paper at the counter, and what the public then sees of it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from issuer.domain.access import Actor, Role
from issuer.domain.blank import BlankAction, BlankState, Serial
from issuer.domain.letter import Letter
from issuer.domain.presentation import SecurityPrinting
from issuer.web.texts import BLANK_ACTIONS
from tests.blanks.blank_office import KEEPER, sheets, typed
from tests.offices import BASE_URL, OPERATOR, WARD, Clock, compose_office
from tests.web.web_office import (
    ANSWERS,
    CLERK,
    OTHER_CLERK,
    SLUG,
    WebOffice,
    hidden,
    open_web,
    post,
    visible,
)

NEW = f"/loket/surat/baru/{SLUG}"


@pytest.fixture(scope="module")
def web(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebOffice]:
    """The ward prints on security paper and has sheets 1 to 60."""
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("web") / "office")
    clock = Clock()
    composition = compose_office(folder, clock)
    pages = open_web(composition, clock)
    composition.services.agencies.set_printing(
        OPERATOR, WARD, security=SecurityPrinting.SECURITY_PAPER
    )
    composition.services.blanks.receive(KEEPER, sheets(1, 60), "BAST 1")
    composition.services.blanks.hand_over(KEEPER, sheets(1, 60), WARD)
    yield pages
    composition.close()


@pytest.fixture
def clerk(web: WebOffice) -> FlaskClient:
    return web.client(CLERK)


@pytest.fixture
def place(clerk: FlaskClient) -> str:
    """Issue a letter at the counter and return the path of its page."""
    return clerk.post(f"{NEW}/terbitkan", data=checked(clerk)).headers["Location"]


def checked(clerk: FlaskClient) -> dict[str, str]:
    """Return the form of a new letter as it is after the answers were checked."""
    form = {**hidden(clerk.get(NEW).text), **ANSWERS}
    return hidden(clerk.post(f"{NEW}/periksa", data=form).text)


def upcoming(clerk: FlaskClient, place: str) -> str:
    """Return the sheet the page proposes."""
    found = re.search(r"Lembar berikutnya (\S+)\.", visible(clerk.get(place).text))
    assert found
    return found[1]


def letter_at(web: WebOffice, place: str) -> Letter:
    with web.composition.register.reading() as uow:
        return uow.letters.get(place.rsplit("/", 1)[1])


def public(web: WebOffice, letter: Letter, language: str = "id") -> str:
    form = {"number": letter.number, "code": letter.verification_code}
    return visible(post(web.client(), f"/periksa?lang={language}", form).text)


def test_a_letter_is_printed_on_the_next_sheet(
    web: WebOffice, clerk: FlaskClient, place: str
) -> None:
    letter = letter_at(web, place)
    page = clerk.get(place).text
    assert "Cetak (buka PDF" not in page
    assert re.search(r'<input class="input" id="serial"[^>]* autofocus>', page)
    assert "Lembar BJN" not in public(web, letter)
    serial = upcoming(clerk, place)
    taken = post(clerk, f"{place}/lembar", {"serial": serial.lower()})
    assert (taken.status_code, taken.headers["Location"]) == (303, place)
    page = clerk.get(place).text
    assert f"Mencetak pada lembar {serial}" in visible(page)
    assert re.search(rf'href="{place}/pdf" [^>]*autofocus', page)
    good = post(clerk, f"{place}/lembar/baik", {"serial": serial})
    assert good.status_code == 303
    said = visible(clerk.get(place).text)
    assert f"Surat ini ada pada lembar {serial}." in said
    assert f"{serial} Hasil baik" in said
    assert f"Lembar {serial}" in public(web, letter)
    assert f"Sheet {serial}" in public(web, letter, "en")


def test_a_spoiled_print_needs_its_reason_and_then_another_sheet(
    clerk: FlaskClient, place: str
) -> None:
    serial = upcoming(clerk, place)
    post(clerk, f"{place}/lembar", {"serial": serial})
    wrong = post(clerk, f"{place}/lembar/rusak", {"serial": serial})
    assert wrong.status_code == 422
    assert "<title>Kesalahan: " in wrong.text
    assert '<a href="#spoil_reason">' in wrong.text
    assert f"Mencetak pada lembar {serial}" in visible(wrong.text)
    post(clerk, f"{place}/lembar/rusak", {"serial": serial, "spoil_reason": "<b>macet"})
    page = clerk.get(place).text
    assert "Rusak (&lt;b&gt;macet)" in page
    following = upcoming(clerk, place)
    assert following != serial
    post(clerk, f"{place}/lembar", {"serial": following})
    post(clerk, f"{place}/lembar/baik", {"serial": following})


def test_reprinting_asks_why_and_the_public_sees_the_new_sheet(
    web: WebOffice, clerk: FlaskClient, place: str
) -> None:
    first = upcoming(clerk, place)
    post(clerk, f"{place}/lembar", {"serial": first})
    post(clerk, f"{place}/lembar/baik", {"serial": first})
    second = upcoming(clerk, place)
    wrong = post(clerk, f"{place}/lembar", {"serial": second})
    assert wrong.status_code == 422
    assert "<details open>" in wrong.text
    assert f'value="{second}"' in wrong.text
    post(clerk, f"{place}/lembar", {"serial": second, "reprint_reason": "basah"})
    post(clerk, f"{place}/lembar/baik", {"serial": second})
    said = public(web, letter_at(web, place))
    assert f"Lembar {second}" in said
    assert first not in said


@pytest.mark.parametrize(
    ("serial", "said"),
    [
        ("", "Harus diisi."),
        ("BJN000001-0", "Bukan nomor lembar."),
        (typed(60), "Pakai lembar itu, atau tulis mengapa dilewati."),
        (typed(61), "Ambil lembar berikutnya."),
        ("<script>", "Bukan nomor lembar."),
        ("B" * 100_000, "Bukan nomor lembar."),
    ],
)
def test_a_wrong_sheet_is_refused_and_none_is_taken(
    clerk: FlaskClient, place: str, serial: str, said: str
) -> None:
    before = upcoming(clerk, place)
    answer = post(clerk, f"{place}/lembar", {"serial": serial})
    assert answer.status_code == 422
    assert said in visible(answer.text)
    assert "<script>" not in answer.text
    assert upcoming(clerk, place) == before


def test_an_open_print_of_another_letter_is_confirmed_first(clerk: FlaskClient, place: str) -> None:
    serial = upcoming(clerk, place)
    other = clerk.post(f"{NEW}/terbitkan", data=checked(clerk)).headers["Location"]
    post(clerk, f"{place}/lembar", {"serial": serial})
    page = clerk.get(other).text
    assert f'<a href="{place}">Pastikan dahulu</a>' in page
    assert 'id="serial"' not in page
    refused = post(clerk, f"{other}/lembar", {"serial": typed(59), "skip_reason": "x"})
    assert refused.status_code == 422
    post(clerk, f"{place}/lembar/baik", {"serial": serial})
    assert 'id="serial"' in clerk.get(other).text


def test_a_lost_sheet_is_told_to_whoever_verifies(
    web: WebOffice, clerk: FlaskClient, place: str
) -> None:
    serial = upcoming(clerk, place)
    post(clerk, f"{place}/lembar", {"serial": serial})
    post(clerk, f"{place}/lembar/baik", {"serial": serial})
    letter = letter_at(web, place)
    assert "dilaporkan hilang" not in public(web, letter)
    number = int(serial[3:9])
    web.composition.services.blanks.report_lost(KEEPER, sheets(number), "dicuri")
    said = public(web, letter)
    assert "ASLI DAN BERLAKU" in said
    assert f"Lembar ini dilaporkan hilang. Bila kertas surat bernomor lembar {serial}" in said
    by_qr = web.client().get(str(letter.qr_text).removeprefix(BASE_URL))
    assert f"Lembar {serial}" in visible(by_qr.text)


def test_only_the_agencys_clerks_come_near(web: WebOffice, clerk: FlaskClient, place: str) -> None:
    serial = upcoming(clerk, place)
    stranger = web.client(OTHER_CLERK)
    for path in ("lembar", "lembar/baik", "lembar/rusak"):
        form = {"serial": serial, "spoil_reason": "x"}
        assert post(stranger, f"{place}/{path}", form).status_code == 403
        assert web.client().post(f"{place}/{path}").status_code in (400, 401)
    assert upcoming(clerk, place) == serial


def test_a_letter_for_plain_paper_takes_no_sheet(web: WebOffice, clerk: FlaskClient) -> None:
    place = f"/loket/surat/{web.letter.id}"
    assert 'id="serial"' not in clerk.get(place).text
    assert "Cetak (buka PDF" in clerk.get(place).text
    assert post(clerk, f"{place}/lembar", {"serial": typed(60)}).status_code == 409


def test_without_sheets_the_page_says_whom_to_ask(web: WebOffice) -> None:
    services = web.composition.services
    head = Actor("head", Role.AGENCY_ADMIN, WARD)
    clerk = web.client(CLERK)
    place = clerk.post(f"{NEW}/terbitkan", data=checked(clerk)).headers["Location"]
    left = list(services.blanks.listed(head, agency_code=WARD, state=BlankState.AT_COUNTER))
    numbers = [sheet.serial.number for sheet in left]
    services.blanks.take_back(KEEPER, sheets(min(numbers), max(numbers)))
    try:
        assert "Mintalah kepada penyimpan blangko." in clerk.get(place).text
    finally:
        services.blanks.hand_over(KEEPER, sheets(min(numbers), max(numbers)), WARD)


def test_every_action_has_its_words() -> None:
    assert set(BLANK_ACTIONS) == set(BlankAction)
    assert str(Serial("BJN", 1)) == typed(1)
