"""Whoever handles a request sees what its person was told, and when that did not arrive."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from issuer.domain.messages import Contact, MessageKind, Sent, Way
from issuer.domain.outbox import DeliveryState
from issuer.web.told import KINDS, STATES, WAYS
from tests.casework.casework_office import from_home
from tests.messages.message_office import BOTH, EMAIL, PHONE, Notebook, sending_by, tell
from tests.offices import Clock, compose_office
from tests.web.web_office import CLERK, REVIEWER, WebOffice, open_web, visible

HEADING = "Kabar kepada pemohon"


@pytest.fixture(scope="module")
def web(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebOffice]:
    """An office with its pages and an account of every role."""
    clock = Clock()
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("shown") / "office")
    composition = compose_office(folder, clock)
    yield open_web(composition, clock)
    composition.close()


def case_page(web: WebOffice, contact: Contact, who: str, *outcomes: Sent) -> str:
    """Return the page of a request whose person was told, which ended so."""
    office = web.composition
    request = from_home(office)
    with office.register.writing() as uow:
        uow.contacts.save(request.id, contact)
        uow.commit()
    tell(office, request, MessageKind.RECEIVED)
    if outcomes:
        sending_by(office, mail=Notebook(list(outcomes))).sweep()
    return web.client(who).get(f"/loket/antrean/{request.id}").text


def test_every_word_is_there() -> None:
    assert set(KINDS) == set(MessageKind)
    assert set(WAYS) == set(Way)
    assert set(STATES) == set(DeliveryState)


@pytest.mark.parametrize("who", [CLERK, REVIEWER])
def test_what_was_sent_and_what_was_not(web: WebOffice, who: str) -> None:
    page = case_page(web, BOTH, who, Sent.HANDED_OVER, Sent.ADDRESS_REFUSED)
    words = visible(page)
    assert HEADING in words
    assert words.count("Permohonan diterima") == 2
    assert "sudah dikirim" in words
    assert "beri tahu pemohon dengan cara lain" in words
    assert EMAIL not in page
    assert PHONE not in page


def test_what_waits_says_so(web: WebOffice) -> None:
    words = visible(case_page(web, Contact(EMAIL, ""), CLERK))
    assert "belum terkirim" in words


def test_nothing_is_shown_of_who_left_no_address(web: WebOffice) -> None:
    assert HEADING not in visible(case_page(web, Contact("", ""), CLERK))
