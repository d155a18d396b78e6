"""``issuer blanks`` as an operator types it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from issuer.bootstrap import Composition, SystemClock
from issuer.cli import main
from issuer.cli.blanks import blanks
from issuer.cli.exits import ANSWER_IS_NO, WRONG_USE
from issuer.domain.access import Actor, Role
from issuer.domain.blank import read_serial
from issuer.domain.errors import NotPermitted
from issuer.domain.presentation import Paper, SecurityPrinting
from tests.blanks.blank_office import typed
from tests.offices import VILLAGE, Clock, compose_office, work_three_days

CLERK = Actor("clerk", Role.COUNTER, VILLAGE)


@pytest.fixture
def other_hand(office_folder: Path) -> Iterator[Composition]:
    """The same office, as its counter uses it meanwhile."""
    composition = compose_office(office_folder, Clock())
    yield composition
    composition.close()


@pytest.fixture
def issuer(office_folder: Path) -> Any:
    def run(*arguments: object, typing: str = "") -> Result:
        command = ["--data-dir", str(office_folder), "blanks", *map(str, arguments)]
        result = CliRunner().invoke(main, command, input=typing)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_from_the_delivery_to_the_report(issuer: Any, other_hand: Composition) -> None:
    received = issuer("receive", typed(1), typed(20), "--note", "BAST/1", "--json")
    assert lines(received) == [{"first": typed(1), "last": typed(20), "sheets": 20}]
    again = issuer("receive", typed(20), typed(30), "--note", "BAST/2", "--json")
    assert again.exit_code == WRONG_USE
    assert "registered already" in again.stderr
    assert issuer("hand-over", typed(1), typed(10), "--agency", VILLAGE).exit_code == 0
    assert issuer("return", typed(9), typed(10)).exit_code == 0
    other_hand.services.blanks.spoil(CLERK, typed(1), "sobek")
    assert issuer("lost", typed(2), typed(3), "--reason", "Dicuri, LP/B/1").exit_code == 0
    rows = lines(issuer("list", "--agency", VILLAGE, "--json"))
    assert [row["state"] for row in rows] == ["spoiled", *["lost"] * 2, *["at_counter"] * 5] + [
        "returned"
    ] * 2
    assert rows[0] == {
        "serial": typed(1),
        "state": "spoiled",
        "agency": VILLAGE,
        "letter_id": None,
    }
    shown = issuer("list", "--state", "in_store").stdout.splitlines()[1:]
    assert " ".join(shown).split() == [f"{typed(11)}..{typed(20)}", "10", "in_store", "-"]
    account_of = ("report", "--agency", VILLAGE)
    report = issuer(*account_of, "--since", "2020-01-01", "--counted", 5, "--json")
    assert report.exit_code == 0
    (account,) = lines(report)
    assert account == {
        "agency_code": VILLAGE,
        "since": "2020-01-01",
        "opening": 0,
        "received": 10,
        "used": 0,
        "spoiled": 1,
        "returned": 2,
        "lost": 2,
        "on_hand": 5,
        "closing": 5,
        "counted": 5,
    }
    wrong = issuer(*account_of, "--counted", 4)
    assert wrong.exit_code == ANSWER_IS_NO
    assert "do not add up" in wrong.stderr


def test_two_people_destroy_with_their_own_passwords(issuer: Any, other_hand: Composition) -> None:
    for username, role, agency in (
        ("admin-desa", Role.AGENCY_ADMIN, VILLAGE),
        ("inspektorat", Role.AUDITOR, None),
    ):
        other_hand.services.accounts.create(
            username=username,
            password=f"sandi-{username}",
            full_name="Orang Contoh",
            role=role,
            agency_code=agency,
        )
    issuer("receive", typed(1), "--note", "BAST/1")
    issuer("hand-over", typed(1), "--agency", VILLAGE)
    other_hand.services.blanks.spoil(CLERK, typed(1), "sobek")
    command = ("destroy", typed(1), "--minutes", "BA/1", "--by", "admin-desa", "--witness")
    for witness, answers in (
        ("inspektorat", "sandi-admin-desa\nsalah\n"),
        ("admin-desa", "sandi-admin-desa\n" * 2),
    ):
        refused = issuer(*command, witness, typing=answers)
        assert refused.exit_code == ANSWER_IS_NO
        assert "sandi-" not in refused.output
    done = issuer(*command, "inspektorat", "--json", typing="sandi-admin-desa\nsandi-inspektorat\n")
    assert done.exit_code == 0
    assert lines(done)[0]["sheets"] == 1
    assert lines(issuer("list", "--json"))[0]["state"] == "destroyed"


@pytest.mark.parametrize(
    "arguments",
    [
        ("receive", "BJN000001-0", "--note", "x"),
        ("receive", typed(2), typed(1), "--note", "x"),
        ("receive", typed(1), "--note", " "),
        ("receive", typed(1)),
        ("hand-over", typed(1), "--agency", VILLAGE),
        ("hand-over", typed(1), "--agency", "35.22.99"),
        ("lost", typed(1), "--reason", "x" * 301),
        ("report", "--agency", "35.22.99"),
        ("report", "--agency", VILLAGE, "--counted", "-1"),
    ],
)
def test_wrong_use_is_told_and_changes_nothing(issuer: Any, arguments: tuple[str, ...]) -> None:
    assert issuer(*arguments).exit_code == WRONG_USE
    assert lines(issuer("list", "--json")) == []


def test_selfcheck_counts_the_sheets(
    issuer: Any, office_folder: Path, other_hand: Composition
) -> None:
    issuer("receive", typed(1), typed(2), "--note", "BAST/1")
    home = ["--data-dir", str(office_folder)]
    work_three_days(other_hand, SystemClock().now())
    assert CliRunner().invoke(main, [*home, "selfcheck"]).exit_code == 0
    with other_hand.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER blanks_are_never_deleted")
        connection.exec_driver_sql("DELETE FROM blanks WHERE number = 2")
    result = CliRunner().invoke(main, [*home, "selfcheck", "--json"])
    assert result.exit_code == ANSWER_IS_NO
    assert lines(result) == [{"subject": typed(2), "code": "blank_missing"}]


def test_an_agencys_paper_is_set_for_the_letters_to_come(
    office_folder: Path, other_hand: Composition
) -> None:
    command = ["--data-dir", str(office_folder), "agencies", "set", "--json"]
    paper = CliRunner().invoke(main, [*command, VILLAGE, "--paper", "F4"])
    assert lines(paper) == [{"code": VILLAGE, "paper": "F4", "security": "home"}]
    security = CliRunner().invoke(main, [*command, VILLAGE, "--security", "security_paper"])
    assert lines(security) == [{"code": VILLAGE, "paper": "F4", "security": "security_paper"}]
    agency = other_hand.services.letters.agency(VILLAGE)
    assert (agency.paper, agency.security) == (Paper.F4, SecurityPrinting.SECURITY_PAPER)
    for wrong in (["35.22.99"], [VILLAGE, "--paper", "A5"], [VILLAGE, "--security", "x"]):
        assert CliRunner().invoke(main, [*command, *wrong]).exit_code == WRONG_USE
    with pytest.raises(NotPermitted):
        other_hand.services.agencies.set_printing(CLERK, VILLAGE, paper=Paper.A4)
    with other_hand.register.reading() as uow:
        changes = [entry.event.action for entry in uow.audit.entries(VILLAGE)]
    assert changes == ["agency.printing_set"] * 2


def test_every_serial_in_the_help_is_one() -> None:
    for command in blanks.commands.values():
        assert command.help is not None
        assert "Example: issuer blanks" in command.help
        for serial in re.findall(r"BJN\d+-\w", command.help):
            assert read_serial(serial), serial
