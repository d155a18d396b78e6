"""Changing a password: proven again, well chosen, and no session before it goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from issuer.signing.password_strength import ZxcvbnJudge
from tests.accounts.test_accounts_sessions import actions, entered, token_of
from tests.web.web_office import OTHER_CLERK, PASSWORD, WebOffice, post, visible

GOOD = "rantai mangga kompor senja"
JUDGE = ZxcvbnJudge("Kabupaten Bojonegoro")


def change(client: FlaskClient, new: str, again: str | None = None, old: str = PASSWORD) -> str:
    form = {"password": old, "new": new, "again": new if again is None else again}
    response = post(client, "/akun/sandi", form)
    return response.headers.get("Location") or f"{response.status_code} {visible(response.text)}"


def test_a_changed_password_ends_every_session_and_begins_a_new_one(web: WebOffice) -> None:
    here, elsewhere = entered(web, OTHER_CLERK), entered(web, OTHER_CLERK)
    before = token_of(here)
    try:
        assert change(here, GOOD) == "/akun?selesai=sandi"
        assert token_of(here) != before
        assert here.get("/loket").status_code == 200
        assert elsewhere.get("/loket").status_code == 401
        thief = web.app.test_client()
        with thief.session_transaction() as session:
            session["token"] = before
        assert thief.get("/loket").status_code == 401
        assert entered(web, OTHER_CLERK).get("/loket").status_code == 401
        assert "account.password_changed" in actions(web)
    finally:
        change(here, PASSWORD, old=GOOD)


@pytest.mark.parametrize(
    ("new", "again", "old", "said"),
    [
        (GOOD, GOOD, "salah sekali", "Kata sandi salah."),
        (GOOD, GOOD + "x", PASSWORD, "Tidak sama dengan yang di atas."),
        ("pendek", "pendek", PASSWORD, "Paling sedikit 10 karakter."),
        ("x" * 201, "x" * 201, PASSWORD, "Paling sedikit 10 karakter."),
        ("bojonegoro1", "bojonegoro1", PASSWORD, "mudah ditebak"),
        ("petugas-lain-1", "petugas-lain-1", PASSWORD, "mudah ditebak"),
        ("", "", "", "Kata sandi salah."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    web: WebOffice, new: str, again: str, old: str, said: str
) -> None:
    client = entered(web, OTHER_CLERK)
    answer = change(client, new, again, old)
    assert answer.startswith("422 ")
    assert said in answer
    assert new not in answer or not new
    assert entered(web, OTHER_CLERK).get("/loket").status_code == 200
    web.clock.advance(timedelta(minutes=15))


def test_a_thief_of_a_session_does_not_try_passwords(web: WebOffice) -> None:
    client = entered(web, OTHER_CLERK)
    for _ in range(5):
        assert change(client, GOOD, old="salah sekali").startswith("422 ")
    assert change(client, GOOD, old="salah sekali").startswith("429 ")
    assert change(client, GOOD).startswith("429 ")
    web.clock.advance(timedelta(minutes=15))
    assert change(client, GOOD) == "/akun?selesai=sandi"
    assert change(client, PASSWORD, old=GOOD) == "/akun?selesai=sandi"


@pytest.mark.parametrize(
    "password",
    ["1234567890", "qwertyuiop", "password123", "aaaaaaaaaaaa", "rahasia2026", "kecamatan123"],
)
def test_what_people_think_of_first_is_guessed(password: str) -> None:
    assert JUDGE.easily_guessed(password, [])


def test_what_is_about_its_owner_is_guessed_and_what_is_about_nothing_is_not() -> None:
    assert JUDGE.easily_guessed("Siti.Aminah1990", ["siti.aminah", "Siti", "Aminah"])
    assert not JUDGE.easily_guessed(GOOD, ["siti.aminah"])
    assert not JUDGE.easily_guessed(GOOD * 8, [])
