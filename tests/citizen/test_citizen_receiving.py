"""After issue: the letter for its applicant alone, and a survey that knows nobody."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import text

from issuer.domain.application import HELD_AFTERWARDS
from issuer.domain.letter import Letter
from issuer.domain.verdict import Verdict
from issuer.web.citizen.words import SURVEY
from tests.citizen.citizen_browser import COOKIE, Resident
from tests.offices import OPERATOR, WARD
from tests.web.web_office import LURAH, WebOffice, post, visible

SCORES = {f"score_{number}": "4" for number in range(1, 10)}


def issued(web: WebOffice) -> tuple[Resident, str, Letter]:
    """Return an applicant who opened the request again after its letter was issued."""
    resident = Resident(web)
    code = resident.apply()
    services = web.composition.services
    (summary,) = services.casework.queue(OPERATOR, WARD)
    reviewed = services.casework.review(OPERATOR, summary.id, summary.version)
    services.casework.forward(OPERATOR, summary.id, reviewed.version)
    letter = services.issuance.issue(OPERATOR, summary.id, LURAH)
    resident.sent(resident.come_back(code))
    return resident, code, letter


def test_the_letter_is_downloaded_verifies_and_the_download_is_recorded(web: WebOffice) -> None:
    resident, _code, letter = issued(web)
    assert "Unduh surat" in resident.client.get("/permohonan").text
    answer = resident.client.get("/permohonan/surat.pdf")
    assert letter.pdf is not None
    assert hashlib.sha256(answer.data).hexdigest() == letter.pdf.sha256
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert web.composition.services.verifier.by_file(answer.data).verdict is Verdict.VALID
    with web.composition.register.reading() as uow:
        actions = [entry.event.action for entry in uow.audit.entries(letter.id)]
    assert "letter.downloaded" in actions


def test_the_link_ends_and_is_of_no_use_elsewhere(web: WebOffice) -> None:
    resident, code, _letter = issued(web)
    elsewhere = web.client()
    assert elsewhere.get("/permohonan/surat.pdf").headers["Location"] == "/ikuti"
    web.clock.advance(HELD_AFTERWARDS + timedelta(seconds=1))
    assert resident.client.get("/permohonan/surat.pdf").headers["Location"] == "/ikuti"
    assert resident.come_back(code, **{"born.day": "18"}).status_code == 422
    assert resident.client.get_cookie(COOKIE) is None


def test_before_there_is_a_letter_there_is_no_file(web: WebOffice) -> None:
    resident = Resident(web)
    resident.apply()
    assert resident.client.get("/permohonan/surat.pdf").status_code == 404
    assert post(resident.client, "/permohonan/survei", SCORES).status_code == 404


def test_a_revoked_letter_is_not_given_out_and_its_applicant_is_told(web: WebOffice) -> None:
    resident, _code, letter = issued(web)
    web.composition.services.letters.revoke(OPERATOR, letter.id, "Alamat keliru.")
    assert "tidak berlaku lagi" in visible(resident.client.get("/permohonan").text)
    assert resident.client.get("/permohonan/surat.pdf").status_code == 404


def test_the_survey_is_kept_once_and_without_the_person(web: WebOffice) -> None:
    resident, _code, letter = issued(web)
    assert len(SURVEY) == 9
    missing = post(resident.client, "/permohonan/survei", {**SCORES, "score_5": "5"})
    assert missing.status_code == 422
    assert f"{SURVEY[4].id}: Harus diisi." in visible(missing.text)
    for _ in range(2):
        sent = post(resident.client, "/permohonan/survei", {**SCORES, "score_3": "1"})
        assert resident.sent(sent) == "/permohonan"
    with web.composition.engine.connect() as connection:
        (row,) = connection.execute(text("SELECT * FROM surveys")).mappings().all()
    assert [row[f"score_{number}"] for number in range(1, 10)] == [4, 4, 1, 4, 4, 4, 4, 4, 4]
    assert (row["agency_code"], row["letter_type"], row["month"]) == (WARD, "domisili", "2026-11")
    assert set(row) == {"id", "agency_code", "letter_type", "month", *SCORES}
    assert row["id"] not in (letter.id, letter.request_id)
    assert "sudah diterima" in resident.client.get("/permohonan").text
