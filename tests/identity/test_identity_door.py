"""Signing in by another office, a real provider process: there, back, and nobody else's way."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from issuer.bootstrap import SystemClock
from issuer.domain.identity_provider import ASKED_TIME, FRESH_FOR, Identity
from issuer.domain.limits import ALLOWANCES, Rule
from issuer.jobs.openid import OpenIdProvider
from tests.citizen.account_office import NIK, letter_about
from tests.citizen.citizen_browser import Resident
from tests.identity.provider_office import add_provider
from tests.identity.provider_process import Provider, provider_process
from tests.offices import Clock, compose_office
from tests.web.web_office import WebOffice, open_web, post, visible

GO, BACK = "/masuk/sso", "/masuk/sso/kembali"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with provider_process() as provider:
        yield provider


@pytest.fixture(scope="module")
def office(
    founded: Path, tmp_path_factory: pytest.TempPathFactory, provider: Provider
) -> Iterator[WebOffice]:
    """An office with its staff that trusts the provider; the clock is the provider's too."""
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("identity") / "office")
    add_provider(folder, provider.issuer)
    clock = Clock(SystemClock().now())
    composition = compose_office(folder, clock)
    yield open_web(composition, clock)
    composition.close()


@pytest.fixture
def web(office: WebOffice) -> WebOffice:
    office.clock.at_utc = SystemClock().now()
    return office


def sent(client: FlaskClient) -> str:
    answer = client.get(GO)
    assert answer.status_code == 303, visible(answer.text)
    return answer.headers["Location"]


def way_back(provider: Provider, address: str, who: str = "siti") -> str:
    parts = urlsplit(provider.answer(address, sub=who))
    assert parts.path == BACK
    return f"{parts.path}?{parts.query}"


def signed_in(web: WebOffice, provider: Provider, who: str = "siti") -> FlaskClient:
    client = web.client()
    answer = client.get(way_back(provider, sent(client), who))
    assert answer.headers.get("Location") == "/akun-saya", visible(answer.text)
    return client


def assert_turned_away(answer: TestResponse) -> None:
    assert answer.status_code == 401
    page = visible(answer.text)
    assert "tidak berhasil atau dibatalkan" in page
    assert 'action="/masuk/warga"' in answer.text, "the other ways are still there"


def test_somebody_unknown_gets_an_account_and_finds_it_again(
    web: WebOffice, provider: Provider
) -> None:
    assert "Masuk dengan Akun Contoh" in visible(web.client().get("/masuk/warga").text)
    first = signed_in(web, provider)
    resident = Resident(web)
    resident.client = first
    resident.apply()
    held = first.get("/akun-saya").text
    assert "/akun-saya/permohonan/" in held
    again = signed_in(web, provider)
    assert "/akun-saya/permohonan/" in again.get("/akun-saya").text
    other = signed_in(web, provider, "budi")
    assert "Belum ada permohonan" in other.get("/akun-saya").text
    with web.composition.register.reading() as uow:
        citizen = uow.citizens.by_identity(Identity(provider.issuer, "siti"))
        assert citizen is not None
        assert not citizen.verified
        assert uow.citizens.by_identity(Identity("https://lain.example", "siti")) is None
        actions = [entry.event.action for entry in uow.audit.entries(citizen.account_id)]
    assert actions[:3] == ["account.begun_by_provider", *["account.signed_in"] * 2]


def test_what_the_provider_calls_somebody_opens_nothing_by_a_nik(
    web: WebOffice, provider: Provider
) -> None:
    request_id = letter_about(web)
    client = signed_in(web, provider, NIK)
    assert request_id not in client.get("/akun-saya").text
    assert client.get(f"/akun-saya/permohonan/{request_id}").status_code == 404


def test_an_answer_is_taken_once(web: WebOffice, provider: Provider) -> None:
    client = web.client()
    back = way_back(provider, sent(client))
    with client.session_transaction() as session:
        kept = dict(session)
    assert client.get(back).status_code == 303
    assert_turned_away(client.get(back))
    with client.session_transaction() as session:
        session.clear()
        session.update(kept)
    assert_turned_away(client.get(back))


def test_an_answer_belongs_to_the_browser_that_was_sent(web: WebOffice, provider: Provider) -> None:
    attacker, victim = web.client(), web.client()
    back = way_back(provider, sent(attacker))
    assert_turned_away(victim.get(back))
    sent(victim)
    assert_turned_away(victim.get(back))
    assert victim.get("/akun-saya").status_code == 401


def test_the_office_itself_asks_once_and_only_for_its_own_state(
    web: WebOffice, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the provider would answer, the second time and to a stranger's state too."""
    anybody = Identity(provider.issuer, "siapa saja")
    monkeypatch.setattr(OpenIdProvider, "identity", lambda *_: anybody)
    client = web.client()
    state = parse_qs(urlsplit(sent(client)).query)["state"][0]
    with client.session_transaction() as session:
        kept = dict(session)
    assert client.get(f"{BACK}?state={state}&code=x").status_code == 303
    with client.session_transaction() as session:
        session.clear()
        session.update(kept)
    assert_turned_away(client.get(f"{BACK}?state={state}&code=x"))
    sent(client)
    assert_turned_away(client.get(f"{BACK}?state={state}&code=x"))


def test_a_code_of_another_sign_in_opens_nothing(web: WebOffice, provider: Provider) -> None:
    one, other = web.client(), web.client()
    code = parse_qs(urlsplit(way_back(provider, sent(one))).query)["code"][0]
    own = parse_qs(urlsplit(way_back(provider, sent(other), "budi")).query)["state"][0]
    assert_turned_away(other.get(f"{BACK}?state={own}&code={code}"))


@pytest.mark.parametrize(
    "query", ["", "state=", "code=x", "state=x&code=x", "error=access_denied&state={}", "state={}"]
)
def test_an_answer_that_is_none_turns_back_to_the_other_ways(
    web: WebOffice, provider: Provider, query: str
) -> None:
    client = web.client()
    state = parse_qs(urlsplit(sent(client)).query)["state"][0]
    assert_turned_away(client.get(f"{BACK}?{query.format(state)}"))


def test_who_says_no_there_is_told_so_here(web: WebOffice, provider: Provider) -> None:
    client = web.client()
    parts = urlsplit(provider.answer(sent(client), action="deny"))
    assert_turned_away(client.get(f"{BACK}?{parts.query}"))


def test_an_answer_that_comes_too_late_is_none(web: WebOffice, provider: Provider) -> None:
    client = web.client()
    back = way_back(provider, sent(client))
    web.clock.advance(ASKED_TIME)
    assert_turned_away(client.get(back))


def test_a_new_session_begins_and_ends_here(web: WebOffice, provider: Provider) -> None:
    client = web.client()
    client.get("/masuk/warga")
    with client.session_transaction() as session:
        before = session["csrf_token"]
    client.get(way_back(provider, sent(client)))
    with client.session_transaction() as session:
        assert session.get("csrf_token") != before
        assert "sent_elsewhere" not in session
    post(client, "/keluar")
    assert client.get("/akun-saya").status_code == 401


def test_who_has_no_password_removes_the_account_soon_after_signing_in(
    web: WebOffice, provider: Provider
) -> None:
    client = signed_in(web, provider, "wati")
    assert "Ganti kata sandi" not in client.get("/akun").text
    assert 'type="password"' not in client.get("/akun-saya/hapus").text
    web.clock.advance(FRESH_FOR)
    late = post(client, "/akun-saya/hapus")
    assert late.status_code == 422
    assert "masuk lagi" in visible(late.text)
    fresh = web.client()
    web.clock.at_utc = SystemClock().now()
    fresh.get(way_back(provider, sent(fresh), "wati"))
    assert post(fresh, "/akun-saya/hapus").status_code == 303
    with web.composition.register.reading() as uow:
        assert uow.citizens.by_identity(Identity(provider.issuer, "wati")) is None


def test_nobody_makes_the_office_ask_without_end(web: WebOffice, provider: Provider) -> None:
    most = ALLOWANCES[Rule.PROVIDER_PER_ADDRESS].attempts
    elsewhere = {"REMOTE_ADDR": "198.51.100.77"}
    answers = [web.client().get(GO, environ_base=elsewhere).status_code for _ in range(most + 1)]
    assert answers == [303] * most + [429]


def test_a_provider_that_is_away_is_said_so_and_the_other_ways_are_there(
    founded: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(founded, tmp_path / "office")
    with provider_process() as gone:
        add_provider(folder, gone.issuer)
    clock = Clock(SystemClock().now())
    composition = compose_office(folder, clock)
    client = open_web(composition, clock).client()
    answer = client.get(GO)
    assert answer.status_code == 503
    assert "sedang tidak dapat dihubungi" in visible(answer.text)
    assert 'action="/masuk/warga"' in answer.text
    composition.close()


def test_an_office_without_a_provider_offers_none(founded: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(founded, tmp_path / "office")
    composition = compose_office(folder, clock := Clock())
    client = open_web(composition, clock).client()
    assert GO not in client.get("/masuk/warga").text
    assert client.get(GO).status_code == client.get(f"{BACK}?state=x&code=x").status_code == 404
    composition.close()
