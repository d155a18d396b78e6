"""Whoever asked from home is told by a real mail server, at the address given after sending."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from issuer.domain.letter_request import RequestState
from tests.casework.casework_office import CLERK
from tests.citizen.citizen_browser import Resident
from tests.messages.mail_server import Inbox
from tests.messages.message_office import EMAIL
from tests.offices import WARD, Clock, compose_office, issue
from tests.web.web_office import LURAH, SLUG, WebOffice, make_app, post, visible

KABAR = "/permohonan/kabar"


@pytest.fixture
def mailing(mailing_folder: Path) -> Iterator[WebOffice]:
    """An office with its pages and a mail server, and no gateway."""
    clock = Clock()
    composition = compose_office(mailing_folder, clock)
    yield WebOffice(
        composition, clock, make_app(composition), issue(composition, SLUG, WARD, LURAH)
    )
    composition.close()


def test_a_resident_is_told_at_every_step(mailing: WebOffice, inbox: Inbox) -> None:
    resident = Resident(mailing)
    resident.apply()
    assert KABAR in resident.client.get("/permohonan/tanda-terima").text
    page = resident.client.get(KABAR).text
    assert 'type="email"' in page
    assert 'type="tel"' not in page, "the office has no gateway"
    for _ in range(2):
        assert resident.sent(post(resident.client, KABAR, {"email": EMAIL})) == "/permohonan"
    sending = mailing.composition.services.message_sending
    assert sending.sweep() == 1, "sent twice is told once"
    casework = mailing.composition.services.casework
    (case,) = casework.queue(CLERK, WARD, {RequestState.SUBMITTED})
    casework.return_(CLERK, case.id, case.version, "Foto KTP buram")
    assert sending.sweep() == 1
    assert [mail["Subject"] for mail in inbox.mails] == [
        "Permohonan Anda diterima",
        "Permohonan Anda perlu diperbaiki",
    ]
    assert {mail["To"] for mail in inbox.mails} == {EMAIL}
    assert "/ikuti" in inbox.mails[1].get_content()
    assert "Foto KTP" not in inbox.mails[1].get_content()
    assert f'value="{EMAIL}"' in resident.client.get(KABAR).text
    assert resident.sent(post(resident.client, KABAR, {"email": ""})) == "/permohonan"
    assert EMAIL not in resident.client.get(KABAR).text


def test_a_wrong_address_stays_where_it_was_typed(mailing: WebOffice) -> None:
    resident = Resident(mailing)
    resident.apply()
    answer = post(resident.client, KABAR, {"email": "nama@"})
    assert answer.status_code == 422
    assert 'value="nama@"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "Alamat surel tidak lengkap" in visible(answer.text)


def test_nobody_else_and_nothing_before_it_was_sent(mailing: WebOffice) -> None:
    assert mailing.client().get(KABAR).headers["Location"] == "/ikuti"
    resident = Resident(mailing)
    resident.fill()
    assert resident.client.get(KABAR).status_code == 404
    assert post(resident.client, KABAR, {"email": EMAIL}).status_code == 404


def test_an_office_without_a_way_asks_for_no_address(web: WebOffice) -> None:
    resident = Resident(web)
    resident.apply()
    assert KABAR not in resident.client.get("/permohonan/tanda-terima").text
    assert KABAR not in resident.client.get("/permohonan").text
    assert resident.client.get(KABAR).status_code == 404
