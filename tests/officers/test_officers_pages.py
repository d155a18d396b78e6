"""The officer's room: what waits, ticking, the PIN, progress, results, and refusing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pypdfium2  # type: ignore[import-untyped]  # has no stubs
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from issuer.domain.access import Role
from issuer.domain.letter_request import RequestState
from issuer.domain.limits import MINUTES_15
from issuer.domain.verdict import Verdict
from tests.offices import OPERATOR, WARD, open_request
from tests.web.web_office import (
    CLERK,
    OFFICER,
    OTHER_OFFICER,
    PASSWORD,
    PIN,
    WebOffice,
    hidden,
    post,
    visible,
)

WRONG = "847261"
DESK = "/pejabat"


@pytest.fixture
def officer(web: WebOffice) -> Iterator[FlaskClient]:
    """The lurah's browser; wrong PINs are forgotten afterwards."""
    yield web.client(OFFICER)
    web.composition.background.finish()
    web.clock.advance(MINUTES_15)


def ticked(page: str) -> dict[str, str]:
    """Return the check boxes of a page that are ticked, as a browser would send them."""
    boxes = re.findall(
        r'<input type="checkbox" [^>]*name="([^"]*)" value="([^"]*)"( checked)?', page
    )
    return {name: value for name, value, checked in boxes if checked}


def wait(web: WebOffice, count: int, slug: str = "domisili") -> dict[str, str]:
    """Open requests that wait, and return the ticks that choose them."""
    ids = [open_request(web.composition, slug, WARD) for _ in range(count)]
    digest = web.composition.services.catalogue.get(slug).digest
    return {f"surat.{request_id}": f"4.{digest}" for request_id in ids}


def sign(client: FlaskClient, ticks: dict[str, str], pin: str = PIN, **more: str) -> TestResponse:
    """Confirm what was ticked, and send the form of the next page with a PIN."""
    page = post(client, f"{DESK}/pilihan", ticks)
    assert page.status_code == 200, visible(page.text)
    form = {**hidden(page.text), "pin": pin, "on_error": "continue", **more}
    return client.post(f"{DESK}/tanda-tangan", data=form)


def test_everything_that_waits_is_signed_by_one_pin(web: WebOffice, officer: FlaskClient) -> None:
    mine = wait(web, 3)
    inbox = officer.get(DESK)
    assert ticked(inbox.text) == {}
    assert "Anda menandatangani sebagai" in visible(inbox.text)
    every = ticked(officer.get(f"{DESK}?pilih=semua").text)
    assert set(mine) <= set(every)
    confirm = post(officer, f"{DESK}/pilihan", mine)
    assert "Tanda tangani 3 surat" in visible(confirm.text)
    assert PIN not in confirm.text
    sent = sign(officer, mine)
    assert sent.status_code == 303
    web.composition.background.finish()
    result = officer.get(sent.headers["Location"])
    assert "3 dari 3 surat ditandatangani" in visible(result.text)
    assert "Refresh" not in result.headers
    links = re.findall(r'href="(/pejabat/terbit/[^"]*)"', result.text)
    assert len(links) == 3
    for link in links:
        pdf = officer.get(link).get_data()
        assert web.composition.services.verifier.by_file(pdf).verdict is Verdict.VALID
    assert not set(mine) & set(ticked(officer.get(f"{DESK}?pilih=semua").text))


def test_a_page_at_work_reloads_itself_without_a_script(
    web: WebOffice, officer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web.composition.services.batches, "_work", lambda *_: None)
    result = officer.get(sign(officer, wait(web, 2)).headers["Location"])
    assert result.headers["Refresh"] == "2"
    assert "Sedang menandatangani" in visible(result.text)
    assert "<script" not in result.text


def test_an_interrupted_one_goes_on_with_the_pin(
    web: WebOffice, officer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(web.composition.services.batches, "_work", lambda *_: None)
        place = sign(officer, wait(web, 2)).headers["Location"]
    web.clock.advance(timedelta(minutes=3))
    assert "Penandatanganan terhenti" in visible(officer.get(place).text)
    for pin, code, words in [("", 422, "Harus diisi"), (WRONG, 422, "PIN salah")]:
        answer = post(officer, f"{place}/lanjut", {"pin": pin})
        assert answer.status_code == code
        assert words in visible(answer.text)
    assert post(officer, f"{place}/lanjut", {"pin": PIN}).headers["Location"] == place
    web.composition.background.finish()
    assert "2 dari 2 surat ditandatangani" in visible(officer.get(place).text)


def test_one_that_cannot_be_signed_is_told_in_its_row(web: WebOffice, officer: FlaskClient) -> None:
    mine = wait(web, 2)
    taken = next(iter(mine))
    page = post(officer, f"{DESK}/pilihan", mine)
    web.composition.services.issuance.issue(
        OPERATOR, taken.removeprefix("surat."), "lurah-3522151001"
    )
    sent = officer.post(f"{DESK}/tanda-tangan", data={**hidden(page.text), "pin": PIN})
    web.composition.background.finish()
    result = visible(officer.get(sent.headers["Location"]).text)
    assert "1 dari 2 surat ditandatangani" in result
    assert "Sudah ditangani orang lain, atau berubah sejak Anda lihat." in result


def test_a_wrong_pin_signs_nothing_and_keeps_the_choice(
    web: WebOffice, officer: FlaskClient
) -> None:
    mine = wait(web, 2)
    for _ in range(5):
        answer = sign(officer, mine, WRONG, on_error="stop")
        assert answer.status_code == 422
        assert "PIN salah. Belum ada surat yang ditandatangani." in visible(answer.text)
        assert mine.items() <= hidden(answer.text).items()
        assert 'value="stop" checked' in answer.text
        assert WRONG not in answer.text
    blocked = sign(officer, mine, PIN)
    assert blocked.status_code == 429
    assert int(blocked.headers["Retry-After"]) > 0
    assert mine.items() <= hidden(blocked.text).items()
    assert set(mine) <= set(ticked(officer.get(f"{DESK}?pilih=semua").text))


def test_the_form_sent_twice_is_one_batch(web: WebOffice, officer: FlaskClient) -> None:
    page = post(officer, f"{DESK}/pilihan", wait(web, 2))
    form = {**hidden(page.text), "pin": PIN}
    before = len(list(web.composition.services.letters.listed(OPERATOR)))
    first = officer.post(f"{DESK}/tanda-tangan", data=form)
    again = officer.post(f"{DESK}/tanda-tangan", data=form)
    assert first.headers["Location"] == again.headers["Location"]
    web.composition.background.finish()
    assert len(list(web.composition.services.letters.listed(OPERATOR))) == before + 2


def test_nothing_ticked_is_told_and_a_forged_choice_is_none(officer: FlaskClient) -> None:
    for ticks in ({}, {"surat.x": "4"}, {f"surat.{'0' * 32}": "four"}, {f"surat.{'0' * 32}": "4"}):
        answer = post(officer, f"{DESK}/pilihan", ticks)
        assert answer.status_code == 422
        assert "Pilih paling sedikit satu surat." in visible(answer.text)
    assert post(officer, f"{DESK}/pilihan", {f"surat.{'0' * 32}": "4."}).status_code == 404


def test_a_session_that_ended_loses_no_tick_and_carries_no_pin(
    web: WebOffice, officer: FlaskClient
) -> None:
    mine = wait(web, 2)
    page = post(officer, f"{DESK}/pilihan", mine)
    form = {**hidden(page.text), "pin": PIN, "on_error": "stop"}
    stranger = web.client()
    form["csrf_token"] = hidden(stranger.get("/periksa").text)["csrf_token"]
    asked = stranger.post(f"{DESK}/tanda-tangan", data=form)
    assert asked.status_code == 401
    carried = hidden(asked.text)
    assert carried["back"] == f"{DESK}/tanda-tangan"
    assert {f"carried:{name}" for name in mine} <= set(carried)
    assert PIN not in asked.text


def test_the_draft_is_what_would_be_signed(web: WebOffice, officer: FlaskClient) -> None:
    (tick,) = wait(web, 1)
    place = f"{DESK}/surat/{tick.removeprefix('surat.')}"
    page = officer.get(place)
    assert "Menunggu tanda tangan" in visible(page.text)
    draft = officer.get(f"{place}/konsep")
    assert draft.mimetype == "application/pdf"
    assert draft.get_data().startswith(b"%PDF")
    words = pypdfium2.PdfDocument(draft.get_data())[0].get_textpage().get_text_range()
    assert "KONSEP" in words
    with web.composition.register.reading() as uow:
        asked = uow.requests.find(tick.removeprefix("surat."))
    assert asked is not None
    assert asked.holder.name in words
    assert asked.purpose in " ".join(words.split())
    verdict = web.composition.services.verifier.by_file(draft.get_data()).verdict
    assert verdict is not Verdict.VALID


def test_a_letter_is_given_back_or_refused_with_a_reason(
    web: WebOffice, officer: FlaskClient
) -> None:
    for word, state, done in [
        ("kembalikan", RequestState.RETURNED, "return"),
        ("tolak", RequestState.REJECTED, "reject"),
    ]:
        (tick,) = wait(web, 1)
        request_id = tick.removeprefix("surat.")
        place = f"{DESK}/surat/{request_id}"
        empty = post(officer, f"{place}/{word}", {"version": "4", "reason": " "})
        assert empty.status_code == 422
        old = post(officer, f"{place}/{word}", {"version": "3", "reason": "Alamat salah"})
        assert old.status_code == 409
        assert "Alamat salah" in old.text
        sent = post(officer, f"{place}/{word}", {"version": "4", "reason": "Alamat salah"})
        assert sent.headers["Location"] == f"{DESK}?selesai={done}"
        with web.composition.register.reading() as uow:
            found = uow.requests.find(request_id)
        assert found is not None
        assert found.state is state


def test_a_letter_with_an_endorser_asks_for_one(web: WebOffice, officer: FlaskClient) -> None:
    catalogue = web.composition.services.catalogue
    slug = next(kind.slug for kind in catalogue.all() if kind.endorsed_by_district)
    page = post(officer, f"{DESK}/pilihan", wait(web, 1, slug))
    assert "Mengetahui (kecamatan)" in visible(page.text)
    chosen = re.search(r'<option value="([^"]*)" selected', page.text)
    assert chosen is not None
    form = {**hidden(page.text), "pin": PIN}
    missing = officer.post(f"{DESK}/tanda-tangan", data={**form, "endorser": ""})
    assert missing.status_code == 422
    sent = officer.post(f"{DESK}/tanda-tangan", data={**form, "endorser": chosen[1]})
    web.composition.background.finish()
    assert "1 dari 1 surat" in visible(officer.get(sent.headers["Location"]).text)


def test_what_another_officer_signs_is_not_shown(web: WebOffice, officer: FlaskClient) -> None:
    place = sign(officer, wait(web, 1)).headers["Location"]
    stranger = web.client(OTHER_OFFICER)
    assert stranger.get(place).status_code == 404
    assert post(stranger, f"{place}/lanjut", {"pin": PIN}).status_code == 404
    assert post(stranger, f"{DESK}/pilihan", wait(web, 1)).status_code == 403
    assert web.client(CLERK).get(place).status_code == 403


def test_a_pin_is_changed_in_the_room(web: WebOffice, officer: FlaskClient) -> None:
    bad = post(officer, f"{DESK}/pin", {"pin": PIN, "new": "123456", "again": "123456"})
    assert bad.status_code == 422
    assert "mudah ditebak" in visible(bad.text)
    wrong = post(officer, f"{DESK}/pin", {"pin": WRONG, "new": WRONG, "again": WRONG})
    assert wrong.status_code == 422
    done = post(officer, f"{DESK}/pin", {"pin": PIN, "new": WRONG, "again": WRONG})
    assert done.headers["Location"] == f"{DESK}?selesai=pin"
    try:
        assert sign(officer, wait(web, 1), PIN).status_code == 422
        assert sign(officer, wait(web, 1), WRONG).status_code == 303
    finally:
        post(officer, f"{DESK}/pin", {"pin": WRONG, "new": PIN, "again": PIN})


def test_the_mandates_that_hold_are_listed(officer: FlaskClient) -> None:
    page = visible(officer.get(f"{DESK}/mandat").text)
    assert "Nomor keputusan" in page
    assert "semua jenis" in page


def test_an_account_that_is_linked_to_nobody_is_told_what_to_do(web: WebOffice) -> None:
    web.composition.services.accounts.create(
        username="pejabat-baru",
        password=PASSWORD,
        full_name="Pejabat Baru",
        role=Role.SIGNATORY,
        agency_code=WARD,
    )
    page = web.client("pejabat-baru").get(DESK)
    assert page.status_code == 403
    assert "belum dihubungkan" in visible(page.text)
    assert web.client("pejabat-baru").get(f"{DESK}/pin").status_code == 403
