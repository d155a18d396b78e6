"""A clock that jumps ahead erases nothing; put right, or borne out, the sweeps go on."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import text

from issuer.bootstrap import Composition
from issuer.cli.serving import keep_house
from issuer.domain.limits import Asker
from issuer.domain.retention import KEPT_FOR, Kept
from tests.citizen.citizen_browser import Resident
from tests.citizen.test_citizen_documents import CLERK, photo, stored, upload
from tests.offices import OPERATOR, WARD, work_three_days
from tests.web.web_office import WebOffice

YEARS = timedelta(days=3 * 365 + 1)
CODE = "clock_not_witnessed"


def kept(web: WebOffice) -> dict[str, int]:
    """Count, by SQL of the test's own, what sweeps would remove or end, and the documents."""
    with web.composition.engine.begin() as connection:
        counted = {
            what: connection.execute(text(f"SELECT count(*) FROM {what}")).scalar_one()  # noqa: S608
            for what in (
                "applications",
                "contacts",
                "messages",
                "forgery_reports",
                "requests WHERE state = 'returned'",
            )
        }
    return {**counted, "documents": len(stored(web))}


def found(office: Composition) -> list[str]:
    return [finding.code for finding in office.selfcheck.run()]


@pytest.fixture
def busy(web: WebOffice) -> WebOffice:
    """A draft with a document, a returned request, and a closed report."""
    returned = Resident(web)
    returned.apply()
    services = web.composition.services
    (summary,) = services.casework.queue(OPERATOR, WARD)
    services.casework.return_(CLERK, summary.id, summary.version, "Foto KTP buram")
    draft = Resident(web)
    draft.begin()
    upload(draft, photo())
    typed = {"finding": "other", "detail": "Nama di kertas lain."}
    received = services.reports.receive(typed, Asker("192.0.2.1"))
    services.reports.close(OPERATOR, received.reference, "Sudah ditangani.")
    return web


def test_a_jump_of_three_years_erases_nothing_and_is_found(
    busy: WebOffice, caplog: pytest.LogCaptureFixture
) -> None:
    office, before = busy.composition, kept(busy)
    assert CODE not in found(office)
    busy.clock.advance(YEARS)
    with caplog.at_level(logging.WARNING, "issuer.retention"):
        keep_house(office)
    assert kept(busy) == before
    assert CODE in caplog.text
    assert CODE in found(office)
    # The rest goes on: somebody applies under the wrong clock, and is heard.
    Resident(busy).apply()
    keep_house(office)
    assert before.items() <= {**kept(busy), "applications": before["applications"]}.items()
    assert kept(busy)["applications"] == before["applications"] + 1


def test_put_right_the_sweeps_go_on_when_their_time_comes(busy: WebOffice) -> None:
    office, before = busy.composition, kept(busy)
    right = busy.clock.now()
    busy.clock.advance(YEARS)
    keep_house(office)
    Resident(busy).apply()
    busy.clock.at_utc = right
    keep_house(office)
    assert CODE not in found(office)
    assert kept(busy)["documents"] == before["documents"]
    busy.clock.advance(KEPT_FOR[Kept.CLOSED_REPORTS] + timedelta(seconds=1))
    work_three_days(office, busy.clock.now())
    keep_house(office)
    after = kept(busy)
    assert after["forgery_reports"] == after["documents"] == 0
    assert after["requests WHERE state = 'returned'"] == 0


def test_an_office_that_was_closed_goes_on_after_three_days_of_work(busy: WebOffice) -> None:
    office, before = busy.composition, kept(busy)
    busy.clock.advance(timedelta(days=40))
    for _ in range(2):
        busy.clock.advance(timedelta(days=1))
        Resident(busy).apply()
        keep_house(office)
        assert kept(busy)["documents"] == before["documents"]
        assert CODE in found(office)
    busy.clock.advance(timedelta(days=1))
    Resident(busy).apply()
    keep_house(office)
    assert CODE not in found(office)
    assert kept(busy)["documents"] == 0
    assert kept(busy)["requests WHERE state = 'returned'"] == 0
