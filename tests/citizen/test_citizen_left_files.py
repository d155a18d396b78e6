"""Files of documents without a row, rows without a file: swept, or said, never mixed up."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from issuer.bootstrap import Composition
from issuer.domain.limits import Asker
from issuer.services.document_files import EVERY, FEW, IN_FLIGHT, SWEPT_WITHIN
from issuer.storage.applications import SqlApplications
from tests.citizen.test_citizen_documents import photo
from tests.offices import Clock, compose_office, founded_on, work_three_days

HOME = Asker("-")
SECOND = timedelta(seconds=1)


class Crash(BaseException):
    """The process ended here."""


@pytest.fixture(params=["sqlite", "postgresql"])
def either(
    request: pytest.FixtureRequest, founded: Path, tmp_path: Path, clock: Clock
) -> Iterator[Composition]:
    """An office on either database."""
    folder = tmp_path / "office"
    if request.param == "sqlite":
        composition = compose_office(shutil.copytree(founded, folder), clock)
        yield composition
        composition.close()
    else:
        with founded_on("postgresql", folder):
            composition = compose_office(folder, clock)
            yield composition
            composition.close()


def stored(office: Composition) -> set[Path]:
    return set((office.settings.data_dir / "documents").rglob("*.sealed"))


def grow_old(office: Composition, clock: Clock, by: timedelta) -> None:
    """Let time pass: what is stored was stored now, and the office worked meanwhile."""
    now = clock.now().timestamp()
    for path in stored(office):
        os.utime(path, (now, now))
    clock.advance(by)
    work_three_days(office, clock.now())


def kept(office: Composition) -> str:
    """Begin an application with one document; return its token."""
    opened = office.services.applications.begin("domisili", {}, HOME)
    office.services.documents.add(opened.token, 0, photo(), HOME)
    return opened.token


def crash_before_the_row(office: Composition, token: str) -> Path:
    """Send a document and crash between its file and its row; return the file."""
    before = stored(office)

    def crash(*_: object) -> None:
        raise Crash

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqlApplications, "add_document", crash)
        with pytest.raises(Crash):
            office.services.documents.add(token, 1, photo(), HOME)
    (left,) = stored(office) - before
    return left


def findings(office: Composition) -> list[tuple[str, str]]:
    return [(one.subject, one.code) for one in office.selfcheck.run()]


def test_a_file_whose_row_was_never_written_goes_after_a_day(
    either: Composition, clock: Clock
) -> None:
    token = kept(either)
    left = crash_before_the_row(either, token)
    (named,) = stored(either) - {left}
    grow_old(either, clock, IN_FLIGHT)
    assert either.document_files.sweep() == 0, "its row may be on the way"
    clock.advance(EVERY)
    assert either.document_files.sweep() == 1
    assert stored(either) == {named}
    with either.register.reading() as uow:
        (event,) = [
            entry.event
            for entry in uow.audit.entries()
            if entry.event.action == "documents.removed"
        ]
    assert event.facts == {"count": 1}


def test_an_upload_in_flight_keeps_its_file(office: Composition, clock: Clock) -> None:
    grow_old(office, clock, 2 * IN_FLIGHT)
    token = kept(office)
    left = crash_before_the_row(office, token)
    moment = clock.now().timestamp()
    os.utime(left, (moment, moment))
    assert office.document_files.sweep() == 0
    assert left.exists()


def test_a_clock_that_jumps_erases_nothing(office: Composition, clock: Clock) -> None:
    token = kept(office)
    crash_before_the_row(office, token)
    before = stored(office)
    grow_old(office, clock, SECOND)
    clock.advance(timedelta(days=3 * 365))
    assert office.document_files.sweep() == 0
    work_three_days(office, clock.now())
    assert office.document_files.sweep() == 0, "it rests"
    assert stored(office) == before
    clock.advance(EVERY)
    assert office.document_files.sweep() == 1


def test_the_folder_of_another_database_is_left_alone(
    office: Composition, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    kept(office)
    (one,) = stored(office)
    for number in range(FEW + 1):
        name = f"{number:064x}"
        (one.parent.parent / name[:2]).mkdir(exist_ok=True)
        shutil.copy(one, one.parent.parent / name[:2] / f"{name}.sealed")
    before = stored(office)
    grow_old(office, clock, SWEPT_WITHIN + SECOND)
    assert office.document_files.sweep() == 0
    assert stored(office) == before
    assert f"of {FEW + 2} documents {FEW + 1} have no row" in caplog.text
    assert (f"{FEW + 1} files", "documents_without_row") in findings(office)


def test_selfcheck_names_a_document_whose_file_is_missing(
    either: Composition, clock: Clock
) -> None:
    token = kept(either)
    assert findings(either) == []
    (document,) = either.services.documents.own(token)
    (path,) = stored(either)
    left = crash_before_the_row(either, token)
    path.unlink()
    grow_old(either, clock, SWEPT_WITHIN)
    missing = (document.id, "document_missing")
    assert findings(either) == [missing]
    clock.advance(SECOND)
    assert findings(either) == [missing, ("1 files", "documents_without_row")]
    assert either.document_files.sweep() == 1
    assert not left.exists()
    assert findings(either) == [missing]
