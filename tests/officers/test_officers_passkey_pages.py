"""Signing by passkey in the officer's room: what is asked, what is sent, what is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import cbor2
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from issuer.domain.limits import MINUTES_15
from issuer.domain.passkeys import NewKey, Passkey
from tests.accounts.soft_passkey import SoftPasskey, encoded, options_of
from tests.officers.test_officers_pages import DESK, wait
from tests.offices import BASE_URL, OPERATOR
from tests.web.web_office import LURAH, OFFICER, PIN, WebOffice, hidden, post, visible

SIGN = f"{DESK}/passkey/tanda-tangan"


@pytest.fixture
def officer(web: WebOffice) -> Iterator[FlaskClient]:
    """The lurah's browser; wrong tries are forgotten afterwards."""
    yield web.client(OFFICER)
    web.composition.background.finish()
    web.clock.advance(MINUTES_15)
    web.tokens.clear()


@pytest.fixture
def device(web: WebOffice) -> Iterator[SoftPasskey]:
    """The lurah's passkey, for one test."""
    owner = web.account_id(OFFICER)
    one = SoftPasskey(
        BASE_URL, BASE_URL.removeprefix("https://"), user_handle=encoded(owner.encode())
    )
    key = NewKey(encoded(one.credential_id), cbor2.dumps(one.cose()), 0)
    with web.composition.register.writing() as uow:
        uow.passkeys.add(Passkey("hp", owner, "HP saya", key, web.clock.now()))
        uow.commit()
    yield one
    with web.composition.register.writing() as uow:
        uow.passkeys.forget(owner)
        uow.commit()


def asked(client: FlaskClient, ticks: dict[str, str], **more: str) -> TestResponse:
    """Confirm what was ticked, and ask for the passkey by the form of the next page."""
    page = post(client, f"{DESK}/pilihan", ticks)
    assert page.status_code == 200, visible(page.text)
    form = {**hidden(page.text), "pin": "", "on_error": "continue", **more}
    return client.post(f"{DESK}/passkey", data=form)


def issued(web: WebOffice) -> int:
    web.composition.background.finish()
    return len(list(web.composition.services.letters.listed(OPERATOR)))


def test_what_is_asked_about_stands_on_the_page_and_is_signed(
    web: WebOffice, officer: FlaskClient, device: SoftPasskey
) -> None:
    mine = wait(web, 3)
    page = asked(officer, mine)
    assert page.status_code == 200
    assert "Tanda tangani 3 surat dengan passkey" in visible(page.text)
    assert mine.items() <= hidden(page.text).items()
    assert page.headers["Content-Security-Policy"].endswith("; script-src 'self'")
    credential = device.show(options_of(page.text))
    form = {**hidden(page.text), "credential": credential}
    before = issued(web)
    first = officer.post(SIGN, data=form)
    again = officer.post(SIGN, data=form)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert issued(web) == before + 3
    assert "3 dari 3 surat ditandatangani" in visible(officer.get(first.location).text)


def test_the_button_is_for_who_has_a_passkey_and_asks_nobody_else(
    web: WebOffice, officer: FlaskClient
) -> None:
    mine = wait(web, 1)
    confirm = post(officer, f"{DESK}/pilihan", mine)
    assert "Tanda tangani dengan passkey" not in confirm.text
    assert "script-src" not in confirm.headers["Content-Security-Policy"]
    page = asked(officer, mine)
    assert page.status_code == 422
    assert "Akun Anda belum punya passkey." in visible(page.text)
    assert mine.items() <= hidden(page.text).items()


def test_with_a_passkey_the_pin_works_as_before(
    web: WebOffice, officer: FlaskClient, device: SoftPasskey
) -> None:
    confirm = post(officer, f"{DESK}/pilihan", wait(web, 1))
    assert "Tanda tangani dengan passkey" in confirm.text
    sent = officer.post(f"{DESK}/tanda-tangan", data={**hidden(confirm.text), "pin": PIN})
    assert sent.status_code == 303


TAMPERED = ["a tick less", "a tick more", "stop", "form_id", "endorser"]


@pytest.mark.parametrize("what", TAMPERED)
def test_a_form_tampered_with_between_question_and_answer_signs_nothing(
    web: WebOffice, officer: FlaskClient, device: SoftPasskey, what: str
) -> None:
    mine = wait(web, 2)
    page = asked(officer, mine)
    form = {**hidden(page.text), "credential": device.show(options_of(page.text))}
    if what == "a tick less":
        form.pop(next(iter(mine)))
    elif what == "a tick more":
        form |= wait(web, 1)
    elif what == "stop":
        form["on_error"] = "stop"
    elif what == "form_id":
        form["form_id"] = "0" * 32
    elif what == "endorser":
        slug = next(
            kind.slug
            for kind in web.composition.services.catalogue.all()
            if kind.endorsed_by_district
        )
        form |= wait(web, 1, slug) | {"endorser": "camat-352215"}
    before = issued(web)
    answer = officer.post(SIGN, data=form)
    assert answer.status_code == 422
    assert "Ada yang berubah sejak Anda melihatnya" in visible(answer.text)
    assert issued(web) == before


def test_a_wrong_answer_keeps_the_choice_and_the_sixth_waits(
    web: WebOffice, officer: FlaskClient, device: SoftPasskey
) -> None:
    mine = wait(web, 2)
    for _ in range(5):
        page = asked(officer, mine, on_error="stop")
        form = {**hidden(page.text), "credential": device.show(options_of(page.text), tamper=True)}
        answer = officer.post(SIGN, data=form)
        assert answer.status_code == 422
        assert "Passkey tidak cocok" in visible(answer.text)
        assert mine.items() <= hidden(answer.text).items()
        assert 'value="stop" checked' in answer.text
    blocked = asked(officer, mine)
    assert blocked.status_code == 429
    assert int(blocked.headers["Retry-After"]) > 0
    assert mine.items() <= hidden(blocked.text).items()


def test_another_way_leads_back_with_everything_kept(
    web: WebOffice, officer: FlaskClient, device: SoftPasskey
) -> None:
    mine = wait(web, 2)
    page = asked(officer, mine, on_error="stop")
    assert f'formaction="{DESK}/pilihan"' in page.text
    back = officer.post(f"{DESK}/pilihan", data={**hidden(page.text), "credential": ""})
    assert mine.items() <= hidden(back.text).items()
    assert hidden(back.text)["form_id"] == hidden(page.text)["form_id"]
    assert 'value="stop" checked' in back.text


def test_a_session_that_ended_loses_no_tick_and_carries_no_answer(
    web: WebOffice, officer: FlaskClient, device: SoftPasskey
) -> None:
    mine = wait(web, 2)
    page = asked(officer, mine)
    credential = device.show(options_of(page.text))
    stranger = web.client()
    token = hidden(stranger.get("/periksa").text)["csrf_token"]
    form = {**hidden(page.text), "credential": credential, "csrf_token": token}
    refused = stranger.post(SIGN, data=form)
    assert refused.status_code == 401
    assert {f"carried:{name}" for name in mine} <= set(hidden(refused.text))
    assert device.credential_id not in refused.get_data()
    assert encoded(device.credential_id) not in refused.text
    # As the page after the sign-in sends it: asked anew, and no try is counted.
    for _ in range(6):
        again = post(officer, SIGN, {**hidden(page.text)})
        assert again.status_code == 422
        assert mine.items() <= hidden(again.text).items()


def test_an_interrupted_one_goes_on_by_passkey(
    web: WebOffice,
    officer: FlaskClient,
    device: SoftPasskey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = asked(officer, wait(web, 2))
    with monkeypatch.context() as patched:
        patched.setattr(web.composition.services.batches, "_work", lambda *_: None)
        form = {**hidden(page.text), "credential": device.show(options_of(page.text))}
        place = officer.post(SIGN, data=form).location
    web.clock.advance(timedelta(minutes=3))
    assert "Lanjutkan dengan passkey" in officer.get(place).text
    page = post(officer, f"{place}/passkey")
    assert "Tanda tangani 2 surat dengan passkey" in visible(page.text)
    assert page.headers["Content-Security-Policy"].endswith("; script-src 'self'")
    wrong = {**hidden(page.text), "credential": "{}"}
    refused = officer.post(f"{place}/passkey/lanjut", data=wrong)
    assert refused.status_code == 422
    assert "Passkey tidak cocok" in visible(refused.text)
    right = {**hidden(page.text), "credential": device.show(options_of(page.text))}
    assert officer.post(f"{place}/passkey/lanjut", data=right).location == place
    web.composition.background.finish()
    assert "2 dari 2 surat ditandatangani" in visible(officer.get(place).text)


def test_the_account_s_page_says_that_a_passkey_signs_letters(
    web: WebOffice, officer: FlaskClient
) -> None:
    assert "menandatangani surat" in officer.get("/akun/passkey").text
    assert "menandatangani surat" not in web.client("petugas").get("/akun/passkey").text


@pytest.fixture
def without_pin(web: WebOffice) -> Iterator[None]:
    """The lurah has no PIN, for one test."""
    officers = web.composition.services.officers
    officers.link(OPERATOR, OFFICER, LURAH, None)
    yield
    officers.link(OPERATOR, OFFICER, LURAH, PIN)


@pytest.mark.usefixtures("without_pin")
def test_an_officer_without_a_pin_is_asked_for_none(
    web: WebOffice, officer: FlaskClient, device: SoftPasskey
) -> None:
    mine = wait(web, 1)
    confirm = post(officer, f"{DESK}/pilihan", mine)
    assert 'id="pin"' not in confirm.text
    page = asked(officer, mine)
    form = {**hidden(page.text), "credential": device.show(options_of(page.text))}
    assert officer.post(SIGN, data=form).status_code == 303
    for answer in (officer.get(f"{DESK}/pin"), post(officer, f"{DESK}/pin", {"pin": PIN})):
        assert "tanpa PIN" in visible(answer.text)
        assert 'name="new"' not in answer.text


@pytest.mark.usefixtures("without_pin")
def test_who_has_neither_is_told_what_to_do(web: WebOffice, officer: FlaskClient) -> None:
    mine = wait(web, 1)
    confirm = post(officer, f"{DESK}/pilihan", mine)
    assert "tidak memakai PIN dan belum punya passkey" in visible(confirm.text)
    assert 'href="/akun/passkey"' in confirm.text
    by_hand = officer.post(f"{DESK}/tanda-tangan", data={**hidden(confirm.text), "pin": PIN})
    assert by_hand.status_code == 422
    assert "Akun Anda tidak memakai PIN." in visible(by_hand.text)
