"""``issuer requests`` as an operator types it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from issuer.bootstrap import Composition, SystemClock
from issuer.cli.exits import ANSWER_IS_NO, WRONG_USE
from issuer.cli.serving import keep_house
from issuer.domain.letter_request import RequestState
from tests.casework.casework_office import CLERK, from_home
from tests.office.test_office_commands import issuer, lines
from tests.offices import OPERATOR, WARD, Clock, work_three_days

REASON = "Foto KTP buram"


def state(office: Composition, request_id: str) -> RequestState:
    return office.services.casework.one(OPERATOR, request_id).request.state


def test_what_waits_is_listed_without_names(office: Composition, office_folder: Path) -> None:
    sent = from_home(office, name="Sulastri Contohwati")
    run = issuer("--data-dir", office_folder, "requests", "list", "--agency", WARD, "--json")
    (found,) = lines(run)
    assert (found["id"], found["state"]) == (sent.id, "submitted")
    assert "Sulastri" not in run.output
    assert issuer("--data-dir", office_folder, "requests", "list").exit_code == WRONG_USE
    assert (
        sent.id in issuer("--data-dir", office_folder, "requests", "list", "--agency", WARD).output
    )


def test_what_is_late_is_listed_for_every_agency(
    office: Composition, office_folder: Path, clock: Clock
) -> None:
    clock.advance(-timedelta(days=300))
    sent = from_home(office)
    (found,) = lines(issuer("--data-dir", office_folder, "requests", "list", "--late", "--json"))
    assert found["id"] == sent.id


def test_a_stuck_request_is_shown_and_reopened(office: Composition, office_folder: Path) -> None:
    sent = from_home(office)
    office.services.casework.review(CLERK, sent.id, 2)
    office.services.casework.forward(CLERK, sent.id, 3)
    done = issuer(
        "--data-dir", office_folder, "requests", "reopen", sent.id, "--reason", "Pejabat pindah"
    )
    assert done.exit_code == 0
    assert state(office, sent.id) is RequestState.SUBMITTED
    (shown,) = lines(issuer("--data-dir", office_folder, "requests", "show", sent.id, "--json"))
    assert [step["action"] for step in shown["steps"]] == ["submit", "review", "forward", "reopen"]
    assert shown["steps"][-1] == {**shown["steps"][-1], "actor": "operator"}
    assert shown["steps"][-1]["note"] == "Pejabat pindah"
    again = issuer("--data-dir", office_folder, "requests", "reopen", sent.id, "--reason", "Lagi")
    assert again.exit_code == ANSWER_IS_NO
    unknown = issuer("--data-dir", office_folder, "requests", "show", "0" * 32)
    assert unknown.exit_code == WRONG_USE


def test_what_was_not_answered_lapses_by_command_and_by_itself(
    office: Composition, office_folder: Path, clock: Clock
) -> None:
    clock.advance(-timedelta(days=300))
    first, second = from_home(office), from_home(office)
    office.services.casework.return_(CLERK, first.id, 2, REASON)
    work_three_days(office, SystemClock().now())
    assert "Ended 1" in issuer("--data-dir", office_folder, "requests", "lapse").output
    assert state(office, first.id) is RequestState.LAPSED
    office.services.casework.return_(CLERK, second.id, 2, REASON)
    clock.advance(timedelta(days=300))
    work_three_days(office, clock.now())
    keep_house(office)
    assert state(office, second.id) is RequestState.LAPSED


@pytest.mark.parametrize("more", [["--four-eyes"], ["--reviews", "2"]])
def test_an_agency_asks_more_and_no_more(
    office: Composition, office_folder: Path, more: list[str]
) -> None:
    def asked() -> bool:
        kind = office.services.catalogue.get("domisili")
        return office.services.casework.asked(kind, WARD).in_one_go

    command = ["requests", "handling", "--agency", WARD, "--type", "domisili"]
    assert asked()
    assert issuer("--data-dir", office_folder, *command, *more).exit_code == 0
    assert not asked()
    assert issuer("--data-dir", office_folder, *command).exit_code == 0
    assert asked()
    assert issuer("--data-dir", office_folder, *command, "--reviews", "5").exit_code == WRONG_USE


def findings(office: Composition) -> list[tuple[str, str]]:
    return [(found.subject, found.code) for found in office.selfcheck.run()]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE requests SET state = 'awaiting_signature' WHERE id = :id",
        "UPDATE requests SET version = 9 WHERE id = :id",
        "DELETE FROM request_steps WHERE request_id = :id AND version = 3",
        "DELETE FROM request_steps WHERE request_id = :id AND version = 4",
        "UPDATE request_steps SET action = 'hand_over' WHERE request_id = :id AND version = 3",
        "UPDATE request_steps SET version = 9 WHERE request_id = :id AND version = 4",
    ],
)
def test_selfcheck_finds_steps_that_lead_elsewhere(office: Composition, tampering: str) -> None:
    sent = from_home(office)
    from_home(office)
    office.services.casework.return_(CLERK, sent.id, 2, REASON)
    office.services.casework.submit(OPERATOR, sent.id, 3)
    before = findings(office)
    with office.engine.begin() as connection:
        connection.execute(sa.text(tampering), {"id": sent.id})
    assert set(findings(office)) - set(before) == {(sent.id, "steps_lead_elsewhere")}


def test_requests_from_before_steps_were_kept_are_no_finding(office: Composition) -> None:
    sent, bare = from_home(office), from_home(office)
    office.services.casework.review(CLERK, sent.id, 2)
    before = findings(office)
    forget = "DELETE FROM request_steps WHERE request_id = :bare OR version = 2"
    with office.engine.begin() as connection:
        connection.execute(sa.text(forget), {"bare": bare.id})
    assert findings(office) == before
    assert office.services.casework.forward(CLERK, sent.id, 3).version == 4
    assert findings(office) == before
