"""The list of letters that still lie at the counter."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from issuer.bootstrap import Composition
from issuer.domain.access import Actor, Role
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import NotPermitted
from issuer.domain.letter import DOWNLOADED, Letter
from issuer.services.letters import UNCLAIMED_PAGE
from tests.casework.casework_office import CLERK, REVIEWER, STRANGER, WARDS_HEAD
from tests.offices import MORNING, OPERATOR, VILLAGE, WARD, Clock, issue
from tests.web.web_office import CLERK as CLERKS_NAME
from tests.web.web_office import OTHER_CLERK, WebOffice, hidden, post, visible

PAGE = "/loket/belum-diserahkan"


def lying(office: Composition, after: str | None = None) -> list[str]:
    found = office.services.letters.unclaimed(CLERK, WARD, after=after)
    return [letter.id for letter in found]


def hand_over(office: Composition, letter: Letter) -> None:
    casework = office.services.casework
    version = casework.one(CLERK, letter.request_id).request.version
    casework.hand_over(CLERK, letter.request_id, version, "Bambang Misal, pemohon")


def test_what_was_handed_over_fetched_or_revoked_is_not_in_the_list(
    either: Composition, clock: Clock
) -> None:
    letters = []
    for _ in range(5):
        clock.advance(timedelta(minutes=1))
        letters.append(issue(either, agency=WARD, signatory=WARDS_HEAD))
    issue(either, agency=VILLAGE)
    handed, fetched, revoked, *left = letters
    hand_over(either, handed)
    with either.register.writing() as uow:
        event = AuditEvent(MORNING, "home:1", DOWNLOADED, fetched.id, {"number": fetched.number})
        uow.audit.append(event)
        uow.commit()
    either.services.letters.revoke(OPERATOR, revoked.id, "Salah orang")
    assert lying(either) == [letter.id for letter in left]
    assert lying(either, left[0].id) == [left[1].id]
    assert lying(either, left[1].id) == lying(either, "0" * 32) == []


def test_only_the_agency_s_counter_reads_it(office: Composition) -> None:
    for who in (STRANGER, REVIEWER, Actor("a", Role.AUDITOR, None)):
        with pytest.raises(NotPermitted):
            office.services.letters.unclaimed(who, WARD)


def test_a_clerk_hands_over_from_the_list(web: WebOffice) -> None:
    clerk = web.client(CLERKS_NAME)
    page = clerk.get(PAGE)
    assert web.letter.number in page.text
    assert web.letter.number not in web.client(OTHER_CLERK).get(PAGE).text
    (address,) = re.findall(r'href="(/loket/surat/[0-9a-f]{32}/serah)"', page.text)
    form = {**hidden(clerk.get(address).text), "receiver": "Siti Aminah, pemohon"}
    assert post(clerk, address, form).status_code == 303
    assert "Semua surat sudah diambil atau diunduh" in visible(clerk.get(PAGE).text)
    assert "Every letter was fetched" in visible(clerk.get(f"{PAGE}?lang=en").text)


def test_a_long_list_has_pages(web: WebOffice) -> None:
    office = web.composition
    before = len(lying(office))
    letters = [
        issue(office, agency=WARD, signatory=WARDS_HEAD) for _ in range(UNCLAIMED_PAGE + 1 - before)
    ]
    clerk = web.client(CLERKS_NAME)
    page = clerk.get(f"{PAGE}?lang=id").text
    assert page.count("/serah") == UNCLAIMED_PAGE
    (further,) = re.findall(rf'href="({PAGE}\?setelah=[0-9a-f]+)"', page)
    last = clerk.get(further).text
    assert last.count("/serah") == 1
    shown = set(re.findall(r"/loket/surat/([0-9a-f]{32})/serah", page + last))
    assert {letter.id for letter in letters} <= shown
