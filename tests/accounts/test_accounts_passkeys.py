"""Passkeys: set up, shown, removed; against a device written from the standard alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from issuer.domain.passkeys import MAX_PASSKEYS, NewKey, Passkey
from issuer.web.headers import ASK_FOR_PASSKEYS
from tests.accounts.factor_office import answer, enrolled, password_given, strict_office
from tests.accounts.soft_passkey import PRESENT, VERIFIED, SoftPasskey, encoded, options_of
from tests.accounts.test_accounts_sessions import actions
from tests.offices import BASE_URL, MORNING
from tests.web.test_web_access import ROUTES
from tests.web.web_office import CLERK, OFFICER, PASSWORD, WebOffice, csrf, hidden, post

HOST = BASE_URL.removeprefix("https://")
SET_UP, SHOW = "/masuk/pasang/passkey", "/masuk/passkey"


@pytest.fixture
def strict(founded: Path, tmp_path: Path) -> Iterator[WebOffice]:
    with strict_office(founded, tmp_path) as office:
        yield office


def a_device(**changes: Any) -> SoftPasskey:
    return SoftPasskey(origin=BASE_URL, rp_id=HOST, **changes)


def codes_of(page: str) -> list[str]:
    return re.findall(r'<li class="code">([^<]*)</li>', page)


def set_up(web: WebOffice, username: str, device: SoftPasskey) -> tuple[FlaskClient, list[str]]:
    """Return a browser that has set a passkey up as its first second factor."""
    client = password_given(web, username)
    page = post(client, SET_UP, {"name": "HP saya"})
    assert page.status_code == 200
    sent = {"name": "HP saya", "credential": device.make(options_of(page.text))}
    done = post(client, f"{SET_UP}/simpan", sent)
    assert done.status_code == 200, done.text
    return client, codes_of(done.text)


def visitor(web: WebOffice) -> tuple[FlaskClient, dict[str, Any]]:
    """Return a browser without a session that was asked for a passkey, and the question."""
    client = web.app.test_client()
    return client, options_of(post(client, SHOW).text)


def show(client: FlaskClient, credential: str) -> TestResponse:
    return post(client, f"{SHOW}/tunjuk", {"credential": credential})


def sign_in(web: WebOffice, device: SoftPasskey, **wrong: Any) -> TestResponse:
    client, options = visitor(web)
    return show(client, device.show(options, **wrong))


# --- the usual way ------------------------------------------------------------------------


@pytest.mark.parametrize("edwards", [False, True], ids=["P-256", "Ed25519"])
def test_a_passkey_is_the_second_factor_and_then_all_that_is_needed(
    strict: WebOffice, edwards: bool
) -> None:
    device = a_device(edwards=edwards)
    client, codes = set_up(strict, CLERK, device)
    assert len(codes) == 10
    assert client.get("/loket").status_code == 200
    assert actions(strict)[-1] == "account.passkey_added"
    fresh, options = visitor(strict)
    assert options["allowCredentials"] == []
    done = show(fresh, device.show(options))
    assert (done.status_code, done.location) == (303, "/loket")
    assert fresh.get("/loket").status_code == 200
    assert actions(strict)[-1] == "account.signed_in"


def test_after_the_password_a_passkey_or_a_recovery_code_and_no_less(strict: WebOffice) -> None:
    device = a_device()
    _, codes = set_up(strict, CLERK, device)
    client = password_given(strict, CLERK)
    assert client.get("/loket").status_code == 401
    options = options_of(post(client, SHOW).text)
    assert [one["id"] for one in options["allowCredentials"]] == [encoded(device.credential_id)]
    assert options["allowCredentials"][0]["transports"] == ["hybrid", "internal"]
    assert show(client, device.show(options, owner=None)).status_code == 303
    assert client.get("/loket").status_code == 200
    other = password_given(strict, CLERK)
    assert answer(other, codes[0]).status_code == 303
    assert other.get("/loket").status_code == 200


def test_setting_one_up_ends_every_other_session_and_changes_this_one(strict: WebOffice) -> None:
    first, _, _ = enrolled(strict, CLERK)
    second = password_given(strict, CLERK)
    page = post(first, "/akun/passkey", {"name": "HP", "password": PASSWORD})
    device = a_device()
    done = post(
        first,
        "/akun/passkey/simpan",
        {"name": "HP", "credential": device.make(options_of(page.text))},
    )
    assert done.location == "/akun/passkey?selesai=pasang"
    assert first.get("/akun/passkey").status_code == 200
    assert "Masuk sebagai petugas" in second.get("/masuk").text


def test_a_passkey_is_added_only_with_the_password_and_removed_only_with_it(
    strict: WebOffice,
) -> None:
    device = a_device()
    client, _ = set_up(strict, CLERK, device)
    wrong = post(client, "/akun/passkey", {"name": "Kedua", "password": "salah-sekali"})
    assert wrong.status_code == 422
    assert "data-options" not in wrong.text
    strict.clock.advance(timedelta(minutes=1))
    page = post(client, "/akun/passkey", {"name": "Kedua", "password": PASSWORD})
    options = options_of(page.text)
    assert [one["id"] for one in options["excludeCredentials"]] == [encoded(device.credential_id)]
    second = a_device()
    sent = {"name": "Kedua", "credential": second.make(options)}
    assert post(client, "/akun/passkey/simpan", sent).status_code == 303
    listed = client.get("/akun/passkey").text
    assert "HP saya" in listed
    removal = re.findall(r'href="(/akun/passkey/[0-9a-f]{16}/hapus)"', listed)
    assert len(removal) == 2
    assert "HP saya" in client.get(removal[0]).text
    assert post(client, removal[0], {"password": "salah-sekali"}).status_code == 422
    assert sign_in(strict, device).status_code == 303
    gone = post(client, removal[0], {"password": PASSWORD})
    assert gone.location == "/akun/passkey?selesai=hapus"
    assert actions(strict)[-1] == "account.passkey_removed"
    assert sign_in(strict, device).status_code == 422
    last = post(client, removal[1], {"password": PASSWORD})
    assert last.status_code == 422
    assert "satu-satunya" in last.text
    assert sign_in(strict, second).status_code == 303


def test_where_nobody_owes_one_the_last_may_go_and_its_codes_with_it(web: WebOffice) -> None:
    client = web.client(OFFICER)
    page = post(client, "/akun/passkey", {"name": "HP", "password": PASSWORD})
    sent = {"name": "HP", "credential": a_device().make(options_of(page.text))}
    assert len(codes_of(post(client, "/akun/passkey/simpan", sent).text)) == 10
    (removal,) = re.findall(r'href="(/akun/passkey/\w+/hapus)"', client.get("/akun/passkey").text)
    assert post(client, removal, {"password": PASSWORD}).status_code == 303
    with web.composition.register.reading() as uow:
        assert not uow.second_factors.recovery_codes(web.account_id(OFFICER))
    web.tokens.pop(OFFICER)


def test_there_is_a_limit_to_how_many(strict: WebOffice) -> None:
    client, _ = set_up(strict, CLERK, a_device())
    with strict.composition.register.writing() as uow:
        for number in range(MAX_PASSKEYS - 1):
            key = NewKey(f"key-{number}", b"-", 0)
            owner = strict.account_id(CLERK)
            uow.passkeys.add(Passkey(f"id-{number}", owner, "x", key, MORNING))
        uow.commit()
    refused = post(client, "/akun/passkey", {"name": "Lagi", "password": PASSWORD})
    assert refused.status_code == 422
    assert "Sudah ada 10 passkey" in refused.text


@pytest.mark.parametrize("name", ["", " ", "x" * 61, "a\u202eb"])
def test_a_name_that_would_not_do_in_a_list_is_refused(strict: WebOffice, name: str) -> None:
    client, _ = set_up(strict, CLERK, a_device())
    sent = {"name": name, "password": PASSWORD}
    assert post(client, "/akun/passkey", sent).status_code == 422


# --- what must not get in -------------------------------------------------------------------

BROKEN: dict[str, dict[str, Any]] = {
    "another site": {"origin": "https://surat.bojonegoro.example.evil.example"},
    "without encryption": {"origin": "http://surat.bojonegoro.example"},
    "another port": {"origin": f"{BASE_URL}:8443"},
    "a subdomain": {"origin": "https://a.surat.bojonegoro.example"},
    "inside another page": {"cross_origin": True},
    "another relying party": {"rp_id": "bojonegoro.example"},
    "another ceremony": {"type": "webauthn.create"},
    "a challenge of its own": {"challenge": encoded(b"c" * 32)},
    "nobody was there": {"flags": VERIFIED},
    "nobody was asked": {"flags": PRESENT},
    "altered": {"tamper": True},
    "of somebody else": {"owner": encoded(b"0" * 32)},
    "of nobody": {"owner": None},
}


@pytest.mark.parametrize("wrong", BROKEN.values(), ids=BROKEN)
def test_an_answer_that_is_not_as_it_should_be_opens_nothing(
    strict: WebOffice, wrong: dict[str, Any]
) -> None:
    device = a_device()
    set_up(strict, CLERK, device)
    client, options = visitor(strict)
    refused = show(client, device.show(options, **wrong))
    assert refused.status_code == 422
    assert client.get("/loket").status_code == 401
    assert sign_in(strict, device).status_code == 303


MADE_WRONG = {
    name: BROKEN[name] for name in ("another site", "inside another page", "another relying party")
} | {
    "another ceremony": {"type": "webauthn.get"},
    "nobody was asked": {"flags": PRESENT},
    "a challenge of its own": {"challenge": encoded(b"c" * 32)},
}


@pytest.mark.parametrize("wrong", MADE_WRONG.values(), ids=MADE_WRONG)
def test_a_passkey_that_was_not_made_as_asked_is_not_kept(
    strict: WebOffice, wrong: dict[str, Any]
) -> None:
    client = password_given(strict, CLERK)
    options = options_of(post(client, SET_UP, {"name": "HP"}).text)
    sent = {"name": "HP", "credential": a_device().make(options, **wrong)}
    assert post(client, f"{SET_UP}/simpan", sent).status_code == 422
    assert client.get("/loket").status_code == 401
    with strict.composition.register.reading() as uow:
        assert not uow.passkeys.of(strict.account_id(CLERK))


def test_a_challenge_is_answered_once(strict: WebOffice) -> None:
    device = a_device()
    set_up(strict, CLERK, device)
    client, options = visitor(strict)
    carried = hidden(client.get("/masuk").text)
    sent = {**carried, "credential": device.show(options)}
    with client.session_transaction() as session:
        before = dict(session)
    assert client.post(f"{SHOW}/tunjuk", data=sent).status_code == 303
    with client.session_transaction() as session:
        session.clear()
        session.update(before)
    assert client.post(f"{SHOW}/tunjuk", data=sent).status_code == 422


def test_a_wrong_answer_uses_the_challenge_up(strict: WebOffice) -> None:
    device = a_device()
    set_up(strict, CLERK, device)
    client, options = visitor(strict)
    with client.session_transaction() as session:
        before = dict(session)
    assert show(client, device.show(options, tamper=True)).status_code == 422
    with client.session_transaction() as session:
        session.update(before)
    assert show(client, device.show(options)).status_code == 422


def test_a_challenge_waits_five_minutes(strict: WebOffice) -> None:
    device = a_device()
    set_up(strict, CLERK, device)
    early, options = visitor(strict)
    late, other = visitor(strict)
    strict.clock.advance(timedelta(minutes=4, seconds=59))
    assert show(early, device.show(options)).status_code == 303
    strict.clock.advance(timedelta(seconds=1))
    assert show(late, device.show(other)).status_code == 422
    with strict.composition.register.reading() as uow:
        count = sa.text("SELECT count(*) FROM passkey_challenges")
        # The one that the page of the refusal asks; what was too old is gone.
        assert uow._connection.execute(count).scalar() == 1


def test_a_challenge_belongs_to_the_browser_that_was_asked(strict: WebOffice) -> None:
    device = a_device()
    set_up(strict, CLERK, device)
    _, options = visitor(strict)
    other, _ = visitor(strict)
    assert show(other, device.show(options)).status_code == 422
    with_password = password_given(strict, CLERK)
    _, options = visitor(strict)
    assert show(with_password, device.show(options)).status_code == 422
    assert show(strict.app.test_client(), device.show(options)).status_code == 422


def test_a_challenge_for_one_thing_is_of_no_use_for_another(strict: WebOffice) -> None:
    client = password_given(strict, CLERK)
    shown = options_of(post(client, SHOW).text)
    made = options_of(post(client, SET_UP, {"name": "HP"}).text)
    device = a_device()
    forged = device.make({**made, "challenge": shown["challenge"]})
    refused = post(client, f"{SET_UP}/simpan", {"name": "HP", "credential": forged})
    assert refused.status_code == 422


@pytest.mark.parametrize("count", [0, 4, 5])
def test_a_counter_that_does_not_grow_is_a_copy(strict: WebOffice, count: int) -> None:
    device = a_device()
    set_up(strict, CLERK, device)
    device.count = 4
    assert sign_in(strict, device).status_code == 303
    assert device.count == 5
    assert sign_in(strict, device, count=count).status_code == 422
    assert actions(strict)[-1] == "account.passkey_count_fell"
    assert sign_in(strict, device, count=6).status_code == 303


def test_a_device_that_counts_nothing_comes_in_again_and_again(strict: WebOffice) -> None:
    device = a_device(counting=False)
    set_up(strict, CLERK, device)
    assert sign_in(strict, device).status_code == 303
    assert sign_in(strict, device).status_code == 303


def test_somebody_else_s_passkey_is_no_second_factor(strict: WebOffice) -> None:
    mine, other = a_device(), a_device()
    set_up(strict, CLERK, mine)
    set_up(strict, OFFICER, other)
    client = password_given(strict, CLERK)
    options = options_of(post(client, SHOW).text)
    options["allowCredentials"] = []
    assert show(client, other.show(options)).status_code == 422
    assert actions(strict)[-1] == "account.second_factor_failed"
    assert client.get("/loket").status_code == client.get("/pejabat").status_code == 401


def test_a_key_that_is_there_already_is_nobody_else_s(strict: WebOffice) -> None:
    device = a_device()
    set_up(strict, CLERK, device)
    thief = password_given(strict, OFFICER)
    options = options_of(post(thief, SET_UP, {"name": "HP"}).text)
    sent = {"name": "HP", "credential": device.make(options)}
    assert post(thief, f"{SET_UP}/simpan", sent).status_code == 422


def test_the_password_alone_adds_no_passkey_to_an_account_that_has_a_factor(
    strict: WebOffice,
) -> None:
    thief = password_given(strict, CLERK)
    options = options_of(post(thief, SET_UP, {"name": "HP"}).text)
    enrolled(strict, CLERK)
    sent = {"name": "HP", "credential": a_device().make(options)}
    assert post(thief, f"{SET_UP}/simpan", sent).status_code == 401
    again = password_given(strict, CLERK)
    assert post(again, SET_UP, {"name": "HP"}).status_code == 401


def test_a_closed_account_and_one_that_begins_anew_are_out(strict: WebOffice) -> None:
    services, device = strict.composition.services, a_device()
    set_up(strict, CLERK, device)
    who = strict.account_id(CLERK)
    admin = services.accounts.actor("admin-opd")
    services.administration.set_active(admin, who, active=False)
    assert sign_in(strict, device).status_code == 422
    services.administration.set_active(admin, who, active=True)
    assert sign_in(strict, device).status_code == 303
    services.administration.invite_again(admin, who)
    assert sign_in(strict, device).status_code == 422


def test_questions_are_counted_by_address(strict: WebOffice) -> None:
    client = strict.app.test_client()
    token = csrf(client)
    answers = [client.post(SHOW, data={"csrf_token": token}).status_code for _ in range(101)]
    assert answers == [200] * 100 + [429]


def test_a_script_runs_where_a_passkey_is_asked_for_and_nowhere_else(strict: WebOffice) -> None:
    client = password_given(strict, CLERK)
    asked = post(client, SET_UP, {"name": "HP"})
    assert asked.headers["Content-Security-Policy"].endswith("; script-src 'self'")
    assert re.findall(r"<script[^>]*>", asked.text) == [
        re.search(r'<script type="module" src="/static/passkey\.js\?v=\w{8}">', asked.text)[0]  # type: ignore[index]
    ]
    assert {("POST", endpoint) for endpoint in ASK_FOR_PASSKEYS} <= set(ROUTES)
    assert "script-src" not in client.get("/masuk").headers["Content-Security-Policy"]
