"""Sessions: seen, ended one by one or all at once, and ended by leaving them alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from issuer.domain.accounts import SESSION_IDLE, SESSION_LENGTH
from issuer.domain.devices import device_name
from issuer.web.guards import TOKEN
from tests.web.web_office import CLERK, OTHER_CLERK, PASSWORD, WebOffice, post, visible

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36"
)
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"


@pytest.fixture
def time(web: WebOffice) -> Iterator[WebOffice]:
    """The office; its clock is put back afterwards."""
    before = web.clock.at_utc
    yield web
    web.clock.at_utc = before


def entered(web: WebOffice, username: str = CLERK, agent: str = DESK) -> FlaskClient:
    client = web.app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = agent
    post(client, "/masuk", {"username": username, "password": PASSWORD})
    return client


def token_of(client: FlaskClient) -> str:
    with client.session_transaction() as session:
        return str(session[TOKEN])


def session_ids(web: WebOffice, client: FlaskClient) -> list[str]:
    sessions = web.composition.services.sessions
    return [one.id for one in sessions.listed(sessions.held_by(token_of(client)))]


def actions(web: WebOffice) -> list[str]:
    with web.composition.register.reading() as uow:
        return [entry.event.action for entry in uow.audit.entries()]


def test_the_page_lists_every_device_and_marks_this_one(web: WebOffice) -> None:
    desk, phone = entered(web), entered(web, agent=PHONE)
    page = visible(desk.get("/akun").text)
    assert "Firefox, Linux perangkat ini" in page
    assert "Chrome, Android" in page
    assert page.count("perangkat ini") == 1
    assert token_of(phone) not in desk.get("/akun").text
    post(desk, "/akun/sesi-lain/akhiri")


def test_one_device_is_signed_out_and_no_other(web: WebOffice) -> None:
    desk, phone, third = entered(web), entered(web, agent=PHONE), entered(web)
    gone = web.composition.services.sessions.held_by(token_of(phone)).sign_in.id
    assert gone in session_ids(web, desk)
    response = post(desk, f"/akun/sesi/{gone}/akhiri")
    assert response.headers["Location"] == "/akun?selesai=sesi"
    assert phone.get("/loket").status_code == 401
    assert desk.get("/loket").status_code == third.get("/loket").status_code == 200
    assert actions(web)[-1] == "account.session_ended"
    post(desk, "/akun/sesi-lain/akhiri")


def test_everywhere_else_is_everywhere_else(web: WebOffice) -> None:
    desk, phone, stranger = entered(web), entered(web, agent=PHONE), entered(web, OTHER_CLERK)
    post(desk, "/akun/sesi-lain/akhiri")
    assert phone.get("/loket").status_code == 401
    assert desk.get("/loket").status_code == stranger.get("/loket").status_code == 200
    assert len(session_ids(web, desk)) == 1


def test_nobody_ends_another_ones_session(web: WebOffice) -> None:
    desk, stranger = entered(web), entered(web, OTHER_CLERK)
    theirs = session_ids(web, stranger)[0]
    post(desk, f"/akun/sesi/{theirs}/akhiri")
    assert stranger.get("/loket").status_code == 200


def test_a_session_left_alone_ends_and_one_in_use_goes_on(time: WebOffice) -> None:
    used, alone = entered(time), entered(time, agent=PHONE)
    for _ in range(3):
        time.clock.advance(SESSION_IDLE - timedelta(minutes=1))
        assert used.get("/loket").status_code == 200
    assert alone.get("/loket").status_code == 401
    time.clock.advance(SESSION_IDLE)
    assert used.get("/loket").status_code == 401


def test_no_use_keeps_a_session_beyond_its_length(time: WebOffice) -> None:
    client = entered(time)
    step = SESSION_IDLE - timedelta(minutes=1)
    for _ in range(SESSION_LENGTH // step):
        time.clock.advance(step)
        assert client.get("/loket").status_code == 200
    time.clock.advance(step)
    assert client.get("/loket").status_code == 401


def test_sessions_that_have_ended_are_swept_at_the_next_sign_in(time: WebOffice) -> None:
    first = entered(time)
    (account,) = {time.composition.services.sessions.held_by(token_of(first)).account.id}
    time.clock.advance(SESSION_LENGTH)
    entered(time)
    with time.composition.register.reading() as uow:
        assert len(uow.accounts.sign_ins(account)) == 1


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (PHONE, "Chrome, Android"),
        (DESK, "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0 Safari/537.36 Edg/131.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("", "?, ?"),
    ],
)
def test_a_device_has_a_name_its_owner_knows(agent: str, name: str) -> None:
    assert device_name(agent) == name


@given(st.text())
def test_nothing_a_browser_says_of_itself_gets_into_the_name(agent: str) -> None:
    assert len(device_name(agent)) <= 30
    assert set(device_name(agent)) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ,?")
