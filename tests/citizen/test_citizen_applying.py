"""Asking from home: every answer is kept, and only its applicant gets to it again."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import text

from issuer.domain.application import DRAFT_LIVES, HELD_WHILE_DRAFTING
from issuer.domain.letter_request import RequestState
from issuer.domain.limits import ALLOWANCES, Rule
from issuer.web.citizen.words import STATES
from tests.citizen.citizen_browser import COOKIE, LAST, NAME, Resident
from tests.offices import OPERATOR, WARD, work_three_days
from tests.web.web_office import ANSWERS, WebOffice, post, visible


def rows_of(web: WebOffice, table: str) -> list[dict[str, object]]:
    with web.composition.engine.connect() as connection:
        return [dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {table}"))]  # noqa: S608


def test_somebody_asks_and_the_counter_finds_the_request(web: WebOffice) -> None:
    resident = Resident(web)
    resident.fill()
    checked = visible(resident.client.get(LAST).text)
    for shown in (NAME, "3522 9957 0890 0001", "17 Agustus 1990", "melamar pekerjaan"):
        assert shown in checked
    assert resident.sent(resident.send()) == "/permohonan/tanda-terima"
    receipt = resident.client.get("/permohonan/tanda-terima").text
    assert 'class="qr"' in receipt
    (summary,) = web.composition.services.casework.queue(OPERATOR, WARD)
    assert (summary.holder_name, summary.state, summary.origin) == (
        NAME,
        RequestState.SUBMITTED,
        "home",
    )
    request = web.composition.services.casework.one(OPERATOR, summary.id).request
    assert request.purpose == "melamar pekerjaan"
    assert request.fields["residence_status"] == "tetap"


def test_sent_twice_is_one_request(web: WebOffice) -> None:
    resident = Resident(web)
    resident.fill()
    first, second = resident.send(), resident.send()
    assert resident.sent(first) == resident.sent(second) == "/permohonan/tanda-terima"
    assert len(web.composition.services.casework.queue(OPERATOR, WARD)) == 1


def test_an_answer_that_is_wrong_is_shown_again_and_not_kept(web: WebOffice) -> None:
    resident = Resident(web)
    resident.begin()
    wrong = resident.answer("/permohonan/isi/holder.nik", **{"holder.nik": "123"})
    assert wrong.status_code == 422
    assert 'value="123"' in wrong.text
    assert "NIK tidak mungkin benar" in wrong.text
    assert 'value="123"' not in resident.client.get("/permohonan/isi/holder.nik").text


def test_an_answer_is_there_on_another_device_after_the_browser_is_gone(web: WebOffice) -> None:
    resident = Resident(web)
    address = resident.sent(resident.answer(resident.begin()))
    resident.sent(resident.answer(address))
    code = resident.code()
    assert resident.sent(resident.come_back(code)) == "/permohonan"
    page = resident.client.get("/permohonan/isi/holder.nik").text
    assert ANSWERS["holder.nik"] in page


def test_the_first_question_is_the_one_that_is_asked_of_whoever_comes_back(
    web: WebOffice,
) -> None:
    assert Resident(web).begin() == "/permohonan/isi/holder.birth_date"


def test_the_device_that_had_it_open_asks_again(web: WebOffice) -> None:
    resident = Resident(web)
    resident.answer(resident.begin())
    code, old = resident.code(), resident.client
    resident.sent(resident.come_back(code))
    assert old.get("/permohonan/isi/holder.nik").headers["Location"] == "/ikuti"


def test_a_device_left_alone_asks_again(web: WebOffice) -> None:
    resident = Resident(web)
    resident.answer(resident.begin())
    web.clock.advance(HELD_WHILE_DRAFTING + timedelta(seconds=1))
    assert resident.client.get("/permohonan/isi/holder.nik").status_code == 303


@pytest.mark.parametrize("born", [{"born.year": "1991"}, {"born.day": ""}, {"born.year": "9" * 99}])
def test_the_code_without_the_date_of_birth_opens_nothing(
    web: WebOffice, born: dict[str, str]
) -> None:
    resident = Resident(web)
    code = resident.apply()
    refused = resident.come_back(code, **born)
    assert refused.status_code == 422
    assert "Set-Cookie" not in str(refused.headers) or COOKIE not in str(refused.headers)
    for path in ("/permohonan", LAST, "/permohonan/isi/holder.nik", "/permohonan/tanda-terima"):
        assert resident.client.get(path).headers["Location"] == "/ikuti"


def test_who_has_only_the_code_is_told_type_and_state_and_nothing_else(web: WebOffice) -> None:
    code = Resident(web).apply()
    page = web.client().get(f"/ikuti/{code.lower()}").text
    assert STATES[RequestState.SUBMITTED].name.id in page
    assert "Surat Keterangan Domisili" in page
    for secret in ("Siti", "3522", "Jetak", "1990", "0001", "melamar", WARD):
        assert secret not in page


def test_dates_of_birth_cannot_be_tried_out(web: WebOffice) -> None:
    resident = Resident(web)
    code = resident.apply()
    most = ALLOWANCES[Rule.BIRTH_DATE_PER_APPLICATION].attempts
    answers = [
        resident.come_back(code, **{"born.year": str(1900 + year)}).status_code
        for year in range(most + 1)
    ]
    assert answers == [422] * most + [429]
    assert resident.come_back(code).status_code == 429


def test_codes_cannot_be_tried_out(web: WebOffice) -> None:
    most = ALLOWANCES[Rule.APPLICATION_CODE_PER_ADDRESS].attempts
    client = web.client()
    answers = {client.get("/ikuti/0000-0000-0000").status_code for _ in range(most)}
    assert answers == {404}
    assert client.get("/ikuti/0000-0000-0000").status_code == 429


def test_the_cookie_is_for_this_host_alone_and_no_script(web: WebOffice) -> None:
    resident = Resident(web)
    response = resident.client.post("/ajukan/domisili", data={"agency": WARD})
    assert response.status_code == 400  # no form token
    resident.begin()
    cookie = resident.client.get_cookie(COOKIE)
    assert cookie is not None
    assert (cookie.http_only, cookie.secure, cookie.path, cookie.same_site) == (
        True,
        True,
        "/",
        "Lax",
    )
    assert cookie.expires is None


def test_nothing_of_a_person_and_neither_code_nor_token_lies_open_in_the_database(
    web: WebOffice,
) -> None:
    resident = Resident(web)
    code = resident.apply()
    cookie = resident.client.get_cookie(COOKIE)
    assert cookie is not None
    plain = str(rows_of(web, "applications")).encode() + b"".join(
        bytes(row["content"])  # type: ignore[call-overload]
        for row in rows_of(web, "applications")
    )
    for secret in ("Siti", "35229957", "Jetak", code.replace("-", ""), cookie.value.split(".")[1]):
        assert secret.encode() not in plain


def test_what_the_counter_returns_is_corrected_and_sent_again(web: WebOffice) -> None:
    resident = Resident(web)
    code = resident.apply()
    casework = web.composition.services.casework
    (summary,) = casework.queue(OPERATOR, WARD)
    casework.return_(OPERATOR, summary.id, summary.version, "Foto KTP buram.")
    resident.sent(resident.come_back(code))
    assert "Foto KTP buram." in resident.client.get("/permohonan").text
    address = "/permohonan/isi/purpose?periksa=1"
    assert resident.sent(resident.answer(address, purpose="mendaftar sekolah")) == LAST
    resident.sent(resident.send())
    case = casework.one(OPERATOR, summary.id)
    assert case.request.state is RequestState.SUBMITTED
    assert case.request.purpose == "mendaftar sekolah"


def test_what_was_sent_is_not_changed_any_more(web: WebOffice) -> None:
    resident = Resident(web)
    resident.apply()
    changed = resident.answer("/permohonan/isi/purpose", purpose="lain")
    assert changed.status_code == 409
    (summary,) = web.composition.services.casework.queue(OPERATOR, WARD)
    request = web.composition.services.casework.one(OPERATOR, summary.id).request
    assert request.purpose == "melamar pekerjaan"


def test_a_request_is_cancelled_by_its_applicant(web: WebOffice) -> None:
    resident = Resident(web)
    resident.apply()
    (summary,) = web.composition.services.casework.queue(OPERATOR, WARD)
    resident.sent(post(resident.client, "/permohonan/batal"))
    request = web.composition.services.casework.one(OPERATOR, summary.id).request
    assert request.state is RequestState.CANCELLED
    assert STATES[RequestState.CANCELLED].name.id in resident.client.get("/permohonan").text


def test_a_draft_that_nobody_goes_on_with_is_removed(web: WebOffice) -> None:
    resident = Resident(web)
    resident.answer(resident.begin())
    code = resident.code()
    web.clock.advance(DRAFT_LIVES + timedelta(days=1))
    work_three_days(web.composition, web.clock.now())
    assert web.composition.services.applications.sweep() == 1
    assert rows_of(web, "applications") == []
    assert web.client().get(f"/ikuti/{code}").status_code == 404


def test_a_question_that_is_asked_no_more_leaves_no_answer_in_the_request(web: WebOffice) -> None:
    resident = Resident(web)
    resident.fill()
    status, owner = "/permohonan/isi/fields.residence_status", "fields.house_owner"
    resident.answer(f"{status}?periksa=1", **{"fields.residence_status": "sewa"})
    resident.answer(f"/permohonan/isi/{owner}?periksa=1", **{owner: "Sutrisno Rekaan"})
    assert "Sutrisno" in resident.client.get(LAST).text
    resident.answer(f"{status}?periksa=1", **{"fields.residence_status": "tetap"})
    assert "Sutrisno" not in resident.client.get(LAST).text
    assert resident.client.get(f"/permohonan/isi/{owner}").status_code == 404


def test_without_the_declaration_nothing_is_sent(web: WebOffice) -> None:
    resident = Resident(web)
    resident.fill()
    refused = post(resident.client, "/permohonan/kirim")
    assert refused.status_code == 422
    assert "Centang pernyataan" in refused.text
    assert web.composition.services.casework.queue(OPERATOR, WARD) == []


def test_one_who_must_come_is_not_let_in_from_home(web: WebOffice) -> None:
    kinds = web.composition.services.catalogue.all()
    in_person = next(kind for kind in kinds if kind.channel.value == "datang_langsung")
    assert web.client().get(f"/ajukan/{in_person.slug}").status_code == 404


def test_every_state_has_its_words() -> None:
    assert set(STATES) == set(RequestState)
    assert all(re.search(r"\w", words.following.id) for words in STATES.values())
