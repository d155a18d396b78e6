"""Accounts by e-mail: a code from a real mail server, one browser, one answer for everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from issuer.domain.citizens import MAIL_CODE_TIME
from issuer.domain.errors import IllegalTransition
from issuer.domain.limits import ALLOWANCES, Rule
from tests.citizen.account_office import NIK, PASSWORD, active, letter_about, sign_in
from tests.citizen.citizen_browser import NAME, Resident
from tests.messages.mail_server import Inbox
from tests.messages.message_office import EMAIL
from tests.offices import OPERATOR, Clock, compose_office
from tests.storage.test_storage_passkeys import a_passkey
from tests.web.web_office import WebOffice, hidden, open_web, post, visible

ASK, CODE = "/akun-surel", "/akun-surel/kode"
NEW = "gunung biru di balik kabut"


@pytest.fixture
def web(mailing_folder: Path) -> Iterator[WebOffice]:
    """An office with its staff and a mail server."""
    clock = Clock()
    composition = compose_office(mailing_folder, clock)
    yield open_web(composition, clock)
    composition.close()


def ask(web: WebOffice, email: str = EMAIL, client: FlaskClient | None = None) -> FlaskClient:
    client = client or web.client()
    answer = post(client, ASK, {"email": email})
    assert answer.headers.get("Location") == CODE, visible(answer.text)
    return client


def mailed(web: WebOffice, inbox: Inbox) -> str:
    """Return the code of the newest mail, once all are sent."""
    web.composition.services.message_sending.sweep()
    codes = r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b"
    found: list[str] = [
        code for mail in inbox.mails for code in re.findall(codes, mail.get_content())
    ]
    return found[-1]


def finish(client: FlaskClient, code: str, new: str = PASSWORD, **typed: str) -> TestResponse:
    return post(client, CODE, {"code": code, "new": new, "again": new, **typed})


def begun(web: WebOffice, inbox: Inbox, email: str = EMAIL) -> FlaskClient:
    client = ask(web, email)
    assert finish(client, mailed(web, inbox)).headers["Location"] == "/akun-saya?selesai=aktif"
    return client


def test_from_the_receipt_to_an_account_that_holds_the_request(
    web: WebOffice, inbox: Inbox
) -> None:
    resident = Resident(web)
    resident.apply()
    client = resident.client
    assert ASK in client.get("/permohonan/tanda-terima").text
    post(client, "/permohonan/kabar", {"email": EMAIL})
    assert f'value="{EMAIL}"' in client.get(ASK).text
    ask(web, client=client)
    answer = finish(client, mailed(web, inbox).lower(), keep="1")
    assert answer.headers["Location"] == "/akun-saya?selesai=aktif"
    home = client.get("/akun-saya?selesai=aktif").text
    assert EMAIL in home
    assert "Akun Anda aktif" in home
    assert re.search(r"/akun-saya/permohonan/[0-9a-f]+", home)
    assert sign_in(web, EMAIL.upper()).headers["Location"] == "/akun-saya"
    assert sign_in(web, EMAIL, "salah sekali").status_code == 401


def test_knowing_a_nik_shows_such_an_account_nothing(web: WebOffice, inbox: Inbox) -> None:
    request_id = letter_about(web)
    client = begun(web, inbox)
    home = client.get("/akun-saya").text
    assert request_id not in home
    assert "minta kode aktivasi di loket" in visible(home)
    assert client.get(f"/akun-saya/permohonan/{request_id}").status_code == 404
    active(web)  # whose account it is, by the counter
    assert request_id not in client.get("/akun-saya").text


def test_a_browser_is_told_the_same_whether_there_is_an_account(
    web: WebOffice, inbox: Inbox
) -> None:
    begun(web, inbox)
    said = []
    for email in (EMAIL, "lain@contoh.example"):
        client = ask(web, email)
        said.append(visible(client.get(CODE).text))
        wrong = finish(client, "0000-0000-0000")
        assert wrong.status_code == 422
        said.append(visible(wrong.text))
    assert said[:2] == said[2:]
    web.composition.services.message_sending.sweep()
    assert {(mail["To"], mail["Subject"]) for mail in inbox.mails[-2:]} == {
        (EMAIL, "Akun Anda sudah ada"),
        ("lain@contoh.example", "Kode untuk membuat akun"),
    }


def test_a_mail_about_an_account_names_nobody(web: WebOffice, inbox: Inbox) -> None:
    Resident(web).apply()
    ask(web)
    mailed(web, inbox)
    body = inbox.mails[-1].get_content()
    for secret in (NIK, NAME, "http", "Domisili"):
        assert secret not in body
    with web.composition.engine.connect() as connection:
        stored = [
            str(connection.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608
            for table in ("messages", "begun_sign_ins", "citizens", "audit_trail")
        ]
    code = mailed(web, inbox)
    for table in stored:
        assert EMAIL not in table
        assert code not in table
        assert code.replace("-", "") not in table


def test_a_code_works_once_in_time_and_on_the_browser_that_asked(
    web: WebOffice, inbox: Inbox
) -> None:
    asked = ask(web)
    code = mailed(web, inbox)
    stranger = ask(web, "lain@contoh.example")
    assert finish(stranger, code).status_code == 422
    nobody = finish(web.client(), code)
    assert nobody.status_code == 422
    assert 'name="email"' in nobody.text
    again = web.client()
    with asked.session_transaction() as now, again.session_transaction() as then:
        then["mail_code"] = now["mail_code"]
    assert finish(asked, code).status_code == 303
    assert finish(again, code).status_code == 422
    late = ask(web)
    code = mailed(web, inbox)
    web.clock.advance(MAIL_CODE_TIME)
    assert finish(late, code).status_code == 422
    assert late.get(CODE).headers["Location"] == ASK
    web.clock.advance(timedelta(seconds=1))
    assert web.composition.services.citizens.sweep() >= 1


def test_codes_cannot_be_tried_and_mail_cannot_be_heaped_on_anybody(
    web: WebOffice, inbox: Inbox
) -> None:
    client = ask(web)
    code = mailed(web, inbox)
    tries = ALLOWANCES[Rule.GUESS_PER_MAIL_CODE].attempts
    answers = [finish(client, "0000-0000-0000").status_code for _ in range(tries + 1)]
    assert answers == [422] * tries + [429]
    refused = finish(client, code)
    assert refused.status_code == 429
    assert "Minta kode baru" in refused.text
    for _ in range(ALLOWANCES[Rule.MAIL_CODE_PER_MAILBOX].attempts - 1):
        ask(web)
    # Written another way it is the same mailbox.
    heaped = post(web.client(), ASK, {"email": EMAIL.upper()})
    assert heaped.status_code == 429
    assert heaped.headers["Retry-After"]
    assert f'value="{EMAIL.upper()}"' in heaped.text


def test_a_new_password_ends_every_session_and_no_second_factor(
    web: WebOffice, inbox: Inbox
) -> None:
    old = begun(web, inbox)
    with old.session_transaction() as session:
        held = web.composition.services.sessions.held_by(session["token"])
    client = ask(web)
    answer = finish(client, mailed(web, inbox), NEW)
    assert answer.headers["Location"] == "/akun-saya?selesai=sandi"
    assert old.get("/akun-saya").status_code == 401
    assert sign_in(web, EMAIL).status_code == 401
    assert sign_in(web, EMAIL, NEW).status_code == 303
    with web.composition.register.writing() as uow:
        uow.passkeys.add(a_passkey(held.account.id, 1))
        uow.commit()
    thief = ask(web)
    assert finish(thief, mailed(web, inbox), NEW * 2).headers["Location"] == "/masuk"
    assert thief.get("/akun-saya").status_code == 401, "the passkey is owed"


def test_what_is_wrong_stays_where_it_was_typed_and_uses_no_code_up(
    web: WebOffice, inbox: Inbox
) -> None:
    bad = post(web.client(), ASK, {"email": "nama@"})
    assert bad.status_code == 422
    assert 'value="nama@"' in bad.text
    client = ask(web)
    code = mailed(web, inbox)
    for new in ("pendek", EMAIL, EMAIL.partition("@")[0] + "2026"):
        refused = finish(client, code, new)
        assert refused.status_code == 422, new
        assert "new-wrong" in refused.text
        assert code in refused.text
    assert finish(client, code).status_code == 303


def test_the_request_that_is_open_is_kept_only_where_that_is_wanted(
    web: WebOffice, inbox: Inbox
) -> None:
    resident = Resident(web)
    resident.apply()
    client = ask(web, client=resident.client)
    assert 'name="keep"' in client.get(CODE).text
    finish(client, mailed(web, inbox))
    assert "Belum ada permohonan" in client.get("/akun-saya").text
    assert 'name="keep"' not in ask(web, "lain@contoh.example").get(CODE).text


def test_the_trail_knows_and_forms_need_their_token(web: WebOffice, inbox: Inbox) -> None:
    client = begun(web, inbox)
    finish(ask(web), mailed(web, inbox), NEW)
    with client.session_transaction() as session:
        assert "mail_code" not in session
    with web.composition.register.reading() as uow:
        citizen = uow.citizens.by_email(EMAIL)
        assert citizen is not None
        actions = [entry.event.action for entry in uow.audit.entries(citizen.account_id)]
    assert actions == ["account.begun_by_mail", "account.code_mailed", "account.password_reset"]
    for path in (ASK, CODE):
        assert web.client().post(path).status_code == 400


def test_an_account_that_was_removed_leaves_its_address_free(web: WebOffice, inbox: Inbox) -> None:
    client = begun(web, inbox)
    post(client, "/akun-saya/hapus", {"password": PASSWORD})
    assert sign_in(web, EMAIL).status_code == 401
    assert hidden(begun(web, inbox).get("/akun-saya").text)


def test_mail_about_an_account_is_not_sent_again_by_hand(web: WebOffice, inbox: Inbox) -> None:
    ask(web)
    inbox.refusals.extend(["550 no such mailbox"] * 3)
    sending = web.composition.services.message_sending
    sending.sweep()
    (message,) = sending.listed(OPERATOR)
    with pytest.raises(IllegalTransition):
        sending.resend(OPERATOR, message.id)
