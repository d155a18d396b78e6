"""Erasing on request: everything goes that may, nothing else, whole or not at all."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from click.testing import CliRunner, Result

from issuer.bootstrap import Composition
from issuer.cli import main
from issuer.domain.access import Actor, Permission, Role, Subject, permits
from issuer.domain.audit import AuditEvent
from issuer.domain.erasure import (
    ENDED_WITHOUT_LETTER,
    LED_TO_LETTER,
    NOBODY,
    Goes,
    Stays,
    was_erased,
)
from issuer.domain.errors import InvalidInput, NotPermitted
from issuer.domain.letter_request import REQUEST_TRANSITIONS, RequestAction, RequestState
from issuer.domain.people import Nik
from issuer.services import erasing
from issuer.texts.erasure import GOES, STAYS
from tests.citizen.account_office import NIK, sign_in
from tests.citizen.citizen_browser import NAME
from tests.citizen.erasing_office import (
    EVERYTHING,
    NEIGHBOUR,
    NOTE,
    PERSON,
    fill_office,
    rows_of,
    sent_from_home,
)
from tests.citizen.test_citizen_documents import stored
from tests.offices import OPERATOR, WARD, Clock, compose_office, founded_on
from tests.web.web_office import CLERK, WebOffice, hidden, open_web, post, visible

ADMIN, PASSWORD = "admin-kabupaten", "kata-sandi-contoh"
GONE = {
    "residents": (1, 0),
    "resident_names": (3, 0),
    "citizens": (1, 0),
    "counter_codes": (1, 0),
    "accounts": (1, 1),
    "sign_ins": (1, 0),
    "applications": (2, 0),
    "documents": (3, 0),
    "contacts": (2, 0),
    "messages": (4, 0),
    "requests": (1, 1),
    "request_steps": (1, 1),
}
"""By table: how many rows are not as before, and how many are new in their place."""


@pytest.fixture
def web(staffed: WebOffice) -> WebOffice:
    return staffed


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, founded: Path, tmp_path: Path) -> Iterator[WebOffice]:
    """An office with its staff on either database."""
    folder, clock = tmp_path / "office", Clock()
    if request.param == "sqlite":
        composition = compose_office(shutil.copytree(founded, folder), clock)
        yield open_web(composition, clock)
        composition.close()
    else:
        with founded_on("postgresql", folder):
            composition = compose_office(folder, clock)
            yield open_web(composition, clock)
            composition.close()


def exported(web: WebOffice, nik: Nik) -> list[tuple[str, str]]:
    """Return what the copy for a person has, which opens every record there is."""
    held = web.composition.services.personal_data.about(OPERATOR, nik)
    return sorted((one.kind, one.facts.get("state", "")) for one in held)


def trail(web: WebOffice, action: str) -> list[AuditEvent]:
    with web.composition.register.reading() as uow:
        return [entry.event for entry in uow.audit.entries() if entry.event.action == action]


def command(web: WebOffice, *options: str, typed: str = NIK + "\n") -> Result:
    folder = str(web.composition.settings.data_dir)
    return CliRunner().invoke(
        main, ["--data-dir", folder, "people", "erase", *options], input=typed
    )


def test_every_kind_has_words_and_what_is_open_can_be_withdrawn() -> None:
    assert (set(GOES), set(STAYS)) == (set(Goes), set(Stays))
    cancelled = {state for state, action in REQUEST_TRANSITIONS if action is RequestAction.CANCEL}
    assert not ENDED_WITHOUT_LETTER & LED_TO_LETTER
    assert set(RequestState) - ENDED_WITHOUT_LETTER - LED_TO_LETTER == cancelled
    with pytest.raises(ValueError, match="impossible"):
        Nik.parse(NOBODY.nik.value)


def test_all_goes_that_may_and_nothing_else(either: WebOffice) -> None:
    held = fill_office(either)
    services = either.composition.services
    neighbours, before = exported(either, NEIGHBOUR), rows_of(either)
    planned = services.erasing.plan(OPERATOR, PERSON)
    assert rows_of(either) == before
    assert len(stored(either)) == 4
    erased = services.erasing.erase(OPERATOR, PERSON)
    assert erased == planned
    assert {kind.value: count for kind, count in erased.goes.items()} == EVERYTHING
    assert erased.stays == {Stays.LETTER: 1, Stays.REQUEST: 1}
    after = rows_of(either)
    changed = {
        name: (len(before[name] - after[name]), len(after[name] - before[name]))
        for name in before
        if before[name] != after[name]
    }
    assert changed == GONE
    assert exported(either, PERSON) == [("letter", "issued"), ("request", "issued")]
    assert exported(either, NEIGHBOUR) == neighbours
    assert len(stored(either)) == 1
    assert sign_in(either).status_code == 401
    assert list(either.composition.selfcheck.run()) == []
    case = services.casework.one(OPERATOR, held.cancelled)
    assert was_erased(case.request)
    assert {step.note for step in case.steps} == {""}
    assert not was_erased(services.casework.one(OPERATOR, held.issued).request)


def test_the_trail_says_how_much_of_whom_by_a_keyed_hash(web: WebOffice) -> None:
    fill_office(web)
    services = web.composition.services
    person = services.erasing.plan(OPERATOR, PERSON).person
    services.erasing.erase(OPERATOR, PERSON)
    (counted,), (erased,) = trail(web, "personal_data.counted"), trail(web, "personal_data.erased")
    kept = {"letters_kept": 1, "requests_kept": 1, "requests_open": 0}
    assert counted.facts == erased.facts == EVERYTHING | kept
    assert counted.subject == erased.subject == person
    with web.composition.register.reading() as uow:
        everything = "".join(repr(entry) for entry in uow.audit.entries())
    assert NIK not in everything
    assert NAME not in everything
    assert not services.erasing.erase(OPERATOR, PERSON).any
    assert trail(web, "personal_data.erased") == [erased], "nothing is recorded of nothing"


def test_a_request_that_is_open_has_to_be_withdrawn_first(web: WebOffice) -> None:
    fill_office(web)
    request_id = sent_from_home(web)
    before, services = rows_of(web), web.composition.services
    (waiting,) = services.erasing.plan(OPERATOR, PERSON).open
    assert (waiting.id, waiting.agency_code) == (request_id, WARD)
    with pytest.raises(InvalidInput) as refused:
        services.erasing.erase(OPERATOR, PERSON)
    assert [problem.code for problem in refused.value.problems] == ["requests_open"]
    assert rows_of(web) == before
    result = command(web, "--yes")
    assert result.exit_code == 1
    assert request_id in result.output
    assert rows_of(web) == before, "nor by the command"
    version = services.casework.one(OPERATOR, request_id).request.version
    services.casework.cancel(OPERATOR, request_id, version)
    services.erasing.erase(OPERATOR, PERSON)
    assert exported(web, PERSON) == [("letter", "issued"), ("request", "issued")]


class Crash(BaseException):
    """The process ended here."""


def crashing_at(line: int) -> Callable[[FrameType, str, Any], Any]:
    """Return a tracer that ends the use case before its so many-th line."""
    seen = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal seen
        if frame.f_code.co_filename != erasing.__file__:
            return None
        seen += event == "line"
        if seen == line:
            raise Crash
        return trace

    return trace


def test_a_crash_at_any_line_leaves_all_or_nothing(
    web: WebOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_office(web)
    services, before = web.composition.services, rows_of(web)
    monkeypatch.setattr(services.accounts, "no_password", lambda: "-")
    line = 0
    while rows_of(web) == before:
        line += 1
        assert trail(web, "personal_data.erased") == []
        sys.settrace(crashing_at(line))
        try:
            with pytest.raises(Crash):
                services.erasing.erase(Actor(f"operator-{line}", Role.OPERATOR, None), PERSON)
        finally:
            sys.settrace(None)
    assert line > 60
    assert len(trail(web, "personal_data.erased")) == 1
    assert not services.erasing.erase(OPERATOR, PERSON).any
    assert exported(web, PERSON) == [("letter", "issued"), ("request", "issued")]


def test_the_command_shows_first_and_names_nobody(web: WebOffice) -> None:
    fill_office(web)
    before = rows_of(web)
    for options, typed in ((("--dry-run", "--yes"), NIK), ((), f"{NIK}\nn")):
        result = command(web, *options, typed=typed + "\n")
        assert result.exit_code == int(not options)
        assert rows_of(web) == before
        for words in (PERSON.masked, "goes   3 × supporting document", "stays  1 × letter with"):
            assert words in result.output
        for secret in (NIK, NAME, NOTE):
            assert secret not in result.output
    done = command(web, "--json", typed=f"{NIK}\ny\n")
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert (told["erased"], told["goes"], told["nik"]) == (True, EVERYTHING, PERSON.masked)
    assert NIK not in done.output


def test_the_page_asks_twice_and_for_the_password(web: WebOffice) -> None:
    held = fill_office(web)
    admin, before = web.client(ADMIN), rows_of(web)
    assert post(admin, "/admin/hapus-data", {"nik": "3522"}).status_code == 422
    shown = post(admin, "/admin/hapus-data", {"nik": NIK})
    assert "3 × berkas syarat" in visible(shown.text)
    person = hidden(shown.text)["person"]
    again = {"person": person, "nik": NIK, "password": PASSWORD}
    for wrong, words in (
        ({"nik": NEIGHBOUR.value}, "Ini bukan NIK yang ditampilkan"),
        ({"nik": ""}, "NIK tidak mungkin benar"),
        ({"password": "salah"}, "Kata sandi"),
    ):
        refused = post(admin, "/admin/hapus-data/hapus", again | wrong)
        assert refused.status_code == 422
        assert words in visible(refused.text)
        assert hidden(refused.text)["person"] == person
        for page in (shown, refused):
            assert NIK not in page.text
            assert NAME not in page.text
    assert rows_of(web) == before
    done = post(admin, "/admin/hapus-data/hapus", again)
    assert done.headers["Location"] == f"/admin/hapus-data?selesai={person}"
    (event,) = trail(web, "personal_data.erased")
    assert event.actor_id == web.account_id(ADMIN)
    assert person in admin.get(done.headers["Location"]).text
    assert "personal_data.erased" in admin.get(f"/admin/jejak?tentang={person}").text
    nothing = post(admin, "/admin/hapus-data", {"nik": NIK})
    assert "Tidak ada yang dapat dihapus" in visible(nothing.text)
    case = web.client(CLERK).get(f"/loket/antrean/{held.cancelled}")
    assert "sudah dihapus atas permintaan orangnya" in visible(case.text)
    assert NAME not in case.text


def test_the_page_says_what_waits_and_offers_no_erasing(web: WebOffice) -> None:
    fill_office(web)
    request_id = sent_from_home(web)
    shown = post(web.client(ADMIN), "/admin/hapus-data", {"nik": NIK})
    assert request_id in shown.text
    assert "person" not in hidden(shown.text)


def test_nobody_else_may(office: Composition) -> None:
    for role in set(Role) - {Role.OPERATOR, Role.REGENCY_ADMIN}:
        actor = Actor("a" * 32, role, WARD)
        assert not permits(actor, Permission.ERASE_PERSONAL_DATA, Subject(WARD, actor.id))
        for act in (office.services.erasing.plan, office.services.erasing.erase):
            with pytest.raises(NotPermitted):
                act(actor, PERSON)
