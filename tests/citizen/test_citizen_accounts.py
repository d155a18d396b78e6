"""Residents' accounts: begun at the counter, signed in to, and out of."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from issuer.domain.access import Actor, Role
from issuer.domain.citizens import COUNTER_CODE_TIME
from issuer.domain.errors import NotAuthenticated, NotFound, NotPermitted
from issuer.domain.limits import ALLOWANCES, Asker, Rule
from issuer.domain.people import Holder
from issuer.domain.resident import Resident as Registered
from issuer.domain.retention import KEPT_FOR, Kept
from tests.citizen.account_office import (
    NIK,
    OTHER,
    PASSWORD,
    SEEN,
    activate,
    active,
    given_code,
    letter_about,
    sign_in,
)
from tests.citizen.citizen_browser import NAME
from tests.offices import MORNING, OPERATOR, VILLAGE, WARD, example, work_three_days
from tests.storage.test_storage_passkeys import a_passkey
from tests.web.web_office import CLERK, OTHER_CLERK, WebOffice, hidden, post, visible

A_CLERK = Actor("clerk-1", Role.COUNTER, WARD)


@pytest.fixture
def web(staffed: WebOffice) -> WebOffice:
    """The office with its staff, who are wanted here."""
    return staffed


# --- from the counter ---------------------------------------------------------------------


def test_from_the_counter_to_one_s_own_letters(web: WebOffice) -> None:
    request_id = letter_about(web)
    with web.composition.register.reading() as uow:
        letter = uow.letters.by_request(request_id)
    assert letter is not None
    client = active(web)
    home = client.get("/akun-saya").text
    assert letter.number in home
    assert NAME in home
    assert NIK not in home
    page = client.get(f"/akun-saya/permohonan/{request_id}")
    assert letter.number in page.text
    file = client.get(f"/akun-saya/permohonan/{request_id}/surat.pdf")
    assert file.data.startswith(b"%PDF")
    assert NIK not in file.headers["Content-Disposition"]
    with web.composition.register.reading() as uow:
        actions = [entry.event.action for entry in uow.audit.entries(letter.id)]
    assert actions.count("letter.downloaded") == 1


def test_the_code_is_shown_once_and_lies_nowhere(web: WebOffice) -> None:
    code = given_code(web).replace("-", "")
    with web.composition.engine.connect() as connection:
        for table in ("counter_codes", "citizens", "accounts", "audit_trail"):
            stored = str(connection.execute(text(f"SELECT * FROM {table}")).all())  # noqa: S608
            assert code not in stored
            assert NIK not in stored
            assert NAME not in stored


@pytest.mark.parametrize("born", [{"born.year": "1991"}, {"born.day": ""}, {"born.year": "9" * 99}])
def test_the_code_without_the_date_of_birth_activates_nothing(
    web: WebOffice, born: dict[str, str]
) -> None:
    code = given_code(web)
    _, refused = activate(web, code, **born)
    assert refused.status_code == 422
    assert "tidak cocok" in refused.text
    assert activate(web, code)[1].status_code == 303


def test_a_code_that_is_wrong_used_replaced_or_too_old_gets_one_answer(web: WebOffice) -> None:
    replaced, used = given_code(web), given_code(web)
    activate(web, used)
    ended = given_code(web, OTHER)
    web.clock.advance(COUNTER_CODE_TIME)
    said = set()
    for code in (replaced, used, ended, "0000-0000-0000", "ZZZZ"):
        _, refused = activate(web, code)
        assert refused.status_code == 422
        said.add(visible(refused.text.replace(code, "")))
    assert len(said) == 1


def test_dates_of_birth_cannot_be_tried_out_on_a_code(web: WebOffice) -> None:
    code = given_code(web)
    allowed = ALLOWANCES[Rule.BIRTH_DATE_PER_COUNTER_CODE].attempts
    for day in range(1, allowed + 1):
        assert activate(web, code, **{"born.day": str(day)})[1].status_code == 422
    assert activate(web, code)[1].status_code == 429


def test_a_password_that_is_about_its_owner_is_refused_and_the_code_still_works(
    web: WebOffice,
) -> None:
    code = given_code(web)
    for new in (NIK, f"{NAME.split()[0]}17081990", "pendek"):
        _, refused = activate(web, code, new=new, again=new)
        assert refused.status_code == 422, new
        assert "new-wrong" in refused.text
    assert activate(web, code)[1].status_code == 303


def test_who_forgot_the_password_begins_anew_and_the_old_one_and_its_sessions_end(
    web: WebOffice,
) -> None:
    old = active(web)
    code = given_code(web)
    assert old.get("/akun-saya").status_code == 200, "a code that waits ends nothing"
    assert activate(web, code, new=PASSWORD * 2, again=PASSWORD * 2)[1].status_code == 303
    assert old.get("/akun-saya").status_code == 401
    assert sign_in(web).status_code == 401
    assert sign_in(web, password=PASSWORD * 2).status_code == 303


def test_what_the_register_of_residents_says_is_believed_where_the_counter_is_in_charge(
    web: WebOffice,
) -> None:
    data = example(web.composition)["holder"]
    assert isinstance(data, dict)
    holder = Holder.parse({**data, "nik": NIK, "name": NAME, "birth_date": "1990-08-17"}, date.max)
    with web.composition.register.writing() as uow:
        uow.residents.add([Registered("r-1", WARD, holder, MORNING)])
        uow.commit()
    wrong = post(web.client(CLERK), "/loket/akun-warga", {**SEEN, "born.year": "1991"})
    assert wrong.status_code == 422
    assert "Berbeda dengan data penduduk" in wrong.text
    unnamed = post(web.client(CLERK), "/loket/akun-warga", {**SEEN, "name": ""})
    assert NAME in unnamed.text
    # A counter elsewhere learns neither the name nor whether the date is right.
    far = post(
        web.client(OTHER_CLERK), "/loket/akun-warga", {**SEEN, "name": "", "born.year": "1991"}
    )
    assert far.status_code == 422
    assert "Berbeda" not in far.text
    assert NAME not in far.text


def test_only_who_has_the_person_before_him_gives_a_code(web: WebOffice) -> None:
    unseen = post(web.client(CLERK), "/loket/akun-warga", {**SEEN, "seen": ""})
    assert unseen.status_code == 422
    citizens = web.composition.services.citizens
    for actor in (
        OPERATOR,
        Actor("x", Role.REVIEWER, WARD),
        Actor("x", Role.APPLICANT, None),
        Actor("x", Role.COUNTER, VILLAGE),
    ):
        with pytest.raises(NotPermitted):
            citizens.give_code(actor, WARD, NIK, date(1990, 8, 17), NAME)


# --- signing in ---------------------------------------------------------------------------


def test_an_unknown_nik_and_a_wrong_password_look_alike(web: WebOffice) -> None:
    active(web)
    said = {
        visible(sign_in(web, name, "salah sekali").text.replace(name, ""))
        for name in (NIK, OTHER["nik"], "bukan nik")
    }
    assert len(said) == 1
    assert sign_in(web).headers["Location"] == "/akun-saya"
    assert sign_in(web, f"{NIK[:6]} {NIK[6:]}").status_code == 303


def test_guesses_are_limited_alike_whether_there_is_such_an_account(web: WebOffice) -> None:
    active(web)
    tries = ALLOWANCES[Rule.SIGN_IN_PER_ACCOUNT].attempts
    for name in (NIK, OTHER["nik"]):
        answers = [sign_in(web, name, "salah sekali").status_code for _ in range(tries + 1)]
        assert answers == [401] * tries + [429]
    # Written another way it is the same NIK.
    assert sign_in(web, f"{NIK[:6]}.{NIK[6:]}").status_code == 429


def test_signing_out_everywhere_ends_every_session_this_one_too(web: WebOffice) -> None:
    one = active(web)
    other = web.client()
    post(other, "/masuk/warga", {"name": NIK, "password": PASSWORD})
    assert other.get("/akun-saya").status_code == 200
    left = post(one, "/akun/sesi-semua/akhiri")
    assert left.headers["Location"] == "/masuk/warga?selesai=keluar"
    for client in (one, other):
        assert client.get("/akun-saya").status_code == 401
    assert "semua perangkat" in one.get("/masuk/warga?selesai=keluar").text


def test_who_is_not_signed_in_sees_the_residents_door_and_staff_are_kept_out(
    web: WebOffice,
) -> None:
    asked = web.client().get("/akun-saya")
    assert asked.status_code == 401
    assert 'action="/masuk/warga"' in asked.text
    assert web.client(CLERK).get("/akun-saya").status_code == 403
    client = active(web)
    for path in ("/loket", "/admin", "/pejabat", "/loket/antrean", "/loket/akun-warga"):
        assert client.get(path).status_code == 403, path
    assert client.get("/masuk").status_code == 200
    assert client.get("/akun").status_code == 200


def test_a_changed_password_is_asked_for_and_judged_by_who_its_owner_is(web: WebOffice) -> None:
    client = active(web)
    about = {"password": PASSWORD, "new": NIK, "again": NIK}
    assert post(client, "/akun/sandi", about).status_code == 422
    new = "tujuh burung pipit di atap"
    changed = post(client, "/akun/sandi", {"password": PASSWORD, "new": new, "again": new})
    assert changed.status_code == 303
    assert sign_in(web).status_code == 401
    assert sign_in(web, password=new).status_code == 303


def test_forms_without_their_token_are_refused(web: WebOffice) -> None:
    client = active(web)
    paths = ("/masuk/warga", "/aktifkan/warga", "/akun-saya/hapus", "/akun/sesi-semua/akhiri")
    for path in (*paths, "/permohonan/akun", "/akun-saya/permohonan/x/buka"):
        assert client.post(path).status_code == 400, path
    assert client.get("/akun-saya").status_code == 200


# --- the use case, whatever page leads there ------------------------------------------------


def test_a_code_works_once_though_two_come_at_the_same_moment(web: WebOffice) -> None:
    citizens = web.composition.services.citizens
    code = citizens.give_code(A_CLERK, WARD, NIK, date(1990, 8, 17), NAME).code
    citizens.activate(code, date(1990, 8, 17), PASSWORD, PASSWORD, Asker("-"), "?")
    with pytest.raises(NotAuthenticated):
        citizens.activate(code, date(1990, 8, 17), PASSWORD, PASSWORD, Asker("-"), "?")


def test_requests_of_before_there_was_an_index_are_found_after_a_sweep(web: WebOffice) -> None:
    request_id = letter_about(web)
    client = active(web)
    with web.composition.engine.begin() as connection:
        connection.execute(text("UPDATE requests SET holder_index = NULL"))
    assert request_id not in client.get("/akun-saya").text
    assert web.composition.services.citizens.sweep() >= 2
    assert request_id in client.get("/akun-saya").text
    assert web.composition.services.citizens.sweep() == 0


def test_codes_that_have_ended_are_forgotten(web: WebOffice) -> None:
    given_code(web)
    web.clock.advance(COUNTER_CODE_TIME + timedelta(seconds=1))
    web.composition.services.citizens.sweep()
    with web.composition.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM counter_codes")).scalar() == 0


def test_the_list_of_staff_has_no_residents(web: WebOffice) -> None:
    active(web)
    accounts = web.composition.services.administration.listed(OPERATOR)
    assert all(one.role is not Role.APPLICANT for one in accounts)


def test_nothing_is_kept_without_an_open_request(web: WebOffice) -> None:
    client = active(web)
    token = hidden(client.get("/akun-saya").text)["csrf_token"]
    assert client.post("/permohonan/akun", data={"csrf_token": token}).status_code == 303
    with client.session_transaction() as session:
        held = web.composition.services.sessions.held_by(session["token"])
    with pytest.raises(NotFound):
        web.composition.services.own_requests.keep(held, "0" * 64)


@pytest.mark.parametrize("how", ["anew", "removed"])
def test_a_passkey_of_before_opens_nothing_afterwards(web: WebOffice, how: str) -> None:
    client = active(web)
    with client.session_transaction() as session:
        held = web.composition.services.sessions.held_by(session["token"])
    with web.composition.register.writing() as uow:
        uow.passkeys.add(a_passkey(held.account.id, 1))
        uow.commit()
    if how == "anew":
        activate(web, given_code(web))
    else:
        post(client, "/akun-saya/hapus", {"password": PASSWORD})
    with web.composition.register.reading() as uow:
        assert list(uow.passkeys.of(held.account.id)) == []


def test_an_account_that_nobody_uses_for_two_years_ends_and_its_letters_stay(
    web: WebOffice,
) -> None:
    request_id = letter_about(web)
    active(web)
    active(web, OTHER)
    web.clock.advance(KEPT_FOR[Kept.UNUSED_ACCOUNTS])
    assert sign_in(web, OTHER["nik"]).status_code == 303
    web.clock.advance(timedelta(seconds=1))
    work_three_days(web.composition, web.clock.now())
    assert web.composition.retention.sweep() == 1
    assert sign_in(web).status_code == 401
    assert sign_in(web, OTHER["nik"]).status_code == 303
    with web.composition.register.reading() as uow:
        assert uow.letters.by_request(request_id)
        ended = [one.event for one in uow.audit.entries() if one.event.action == "account.removed"]
    assert [one.actor_id for one in ended] == ["retention"]
