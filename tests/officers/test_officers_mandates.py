"""Mandates given and ended, by rule, and the commands for them and for officers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from issuer.bootstrap import Composition
from issuer.cli import main
from issuer.cli.exits import WRONG_USE
from issuer.domain.access import Actor, Role
from issuer.domain.errors import InvalidInput, NoMandate, NotFound, NotPermitted
from issuer.domain.mandate import MandateKind
from issuer.services.mandates import NewMandate
from tests.offices import OPERATOR, VILLAGE, WARD, Clock, issue
from tests.web.web_office import LURAH

TODAY = date(2026, 11, 24)
ADMIN = Actor("admin", Role.AGENCY_ADMIN, VILLAGE)
PLH = NewMandate(
    signatory_id=LURAH,
    agency_code=VILLAGE,
    kind=MandateKind.ACTING_ABSENT,
    position="Kepala Desa Ngunut",
    decree_number="800/12/2026",
    starts_on=TODAY,
    ends_on=TODAY + timedelta(days=6),
)


def actions(office: Composition) -> list[tuple[str, str]]:
    with office.register.reading() as uow:
        return [
            (entry.event.action, entry.event.actor_id)
            for entry in uow.audit.entries()
            if entry.event.action.startswith("mandate.")
        ]


def test_who_has_a_mandate_signs_by_it_until_its_last_day(
    office: Composition, clock: Clock
) -> None:
    with pytest.raises(NoMandate):
        issue(office, signatory=LURAH)
    office.services.mandates.add(ADMIN, PLH)
    letter = issue(office, signatory=LURAH)
    assert letter.record.signer.mandate_kind is MandateKind.ACTING_ABSENT
    assert letter.record.signer.decree_number == "800/12/2026"
    clock.advance(timedelta(days=7))
    with pytest.raises(NoMandate):
        issue(office, signatory=LURAH)
    assert actions(office) == [("mandate.added", "admin")]


def test_a_mandate_that_is_ended_ends_at_once_and_is_still_listed(office: Composition) -> None:
    mandates = office.services.mandates
    given = mandates.add(ADMIN, PLH)
    mandates.end(ADMIN, given.id)
    with pytest.raises(NoMandate):
        issue(office, signatory=LURAH)
    kept = [mandate for _, mandate in mandates.listed(ADMIN, VILLAGE) if mandate.id == given.id]
    assert [mandate.ends_on for mandate in kept] == [TODAY - timedelta(days=1)]
    assert actions(office) == [("mandate.added", "admin"), ("mandate.ended", "admin")]


@pytest.mark.parametrize("days", [-2, 7])
def test_a_mandate_is_only_shortened_and_never_backdated(office: Composition, days: int) -> None:
    given = office.services.mandates.add(ADMIN, PLH)
    with pytest.raises(InvalidInput) as refused:
        office.services.mandates.end(ADMIN, given.id, TODAY + timedelta(days=days))
    assert [problem.code for problem in refused.value.problems] == ["not_shortened"]


@pytest.mark.parametrize(
    ("changes", "where", "code"),
    [
        ({"decree_number": " "}, "decree_number", "required"),
        ({"decree_number": "8" * 81}, "decree_number", "too_long"),
        ({"position": ""}, "position", "required"),
        ({"position": "Kepala\u202e"}, "position", "unprintable"),
        ({"ends_on": None}, "ends_on", "required"),
        ({"ends_on": None, "kind": MandateKind.ACTING_VACANT}, "ends_on", "required"),
        ({"ends_on": TODAY - timedelta(days=1)}, "ends_on", "ends_before_it_begins"),
        ({"starts_on": TODAY - timedelta(days=1)}, "starts_on", "begins_in_the_past"),
        ({"principal": "Camat"}, "principal", "not_of_this_kind"),
        ({"kind": MandateKind.ON_BEHALF}, "principal", "required"),
        ({"kind": MandateKind.FOR_ON_BEHALF, "principal": "Kades"}, "via", "required"),
        ({"letter_types": ["tidak-ada"]}, "letter_types", "no_such_type"),
    ],
)
def test_what_is_wrong_with_a_mandate_is_told(
    office: Composition, changes: dict[str, Any], where: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        office.services.mandates.add(ADMIN, replace(PLH, **changes))
    assert [(problem.where, problem.code) for problem in refused.value.problems] == [(where, code)]
    assert actions(office) == []


def test_nobody_gives_a_mandate_for_another_agency(office: Composition) -> None:
    given = office.services.mandates.add(ADMIN, PLH)
    stranger = Actor("lain", Role.AGENCY_ADMIN, WARD)
    for actor in (stranger, Actor("s", Role.SIGNATORY, VILLAGE), Actor("c", Role.COUNTER, VILLAGE)):
        with pytest.raises(NotPermitted):
            office.services.mandates.add(actor, PLH)
        with pytest.raises(NotPermitted):
            office.services.mandates.end(actor, given.id)
    with pytest.raises(NotFound):
        office.services.mandates.add(OPERATOR, replace(PLH, signatory_id="nobody"))
    with pytest.raises(NotFound):
        office.services.mandates.end(OPERATOR, "nothing")


def run(office: Composition, *arguments: str, typed: str = "") -> tuple[int, str]:
    folder = str(office.settings.data_dir)
    result = CliRunner().invoke(main, ["--data-dir", folder, *arguments], input=typed)
    return result.exit_code, result.stdout


def test_the_commands_give_list_and_end_mandates(office: Composition) -> None:
    code, added = run(
        office,
        *("mandates", "add", "--agency", VILLAGE, "--signatory", LURAH, "--kind", "Plh."),
        *("--position", "Kepala Desa", "--decree", "800/1/2027", "--from", "2099-01-01"),
        *("--until", "2099-01-14", "--type", "domisili", "--json"),
    )
    assert code == 0
    mandate_id = json.loads(added)["mandate_id"]
    code, listed = run(office, "mandates", "list", "--agency", VILLAGE, "--json")
    assert code == 0
    (found,) = [
        one for one in map(json.loads, listed.splitlines()) if one["mandate_id"] == mandate_id
    ]
    assert (found["decree"], found["until"], found["types"]) == (
        "800/1/2027",
        "2099-01-14",
        ["domisili"],
    )
    assert run(office, "mandates", "end", mandate_id, "--last-day", "2099-01-07")[0] == 0
    assert "2099-01-07" in run(office, "mandates", "list", "--agency", VILLAGE)[1]
    wrong = run(office, "mandates", "end", mandate_id, "--last-day", "2099-01-20")
    assert wrong[0] == WRONG_USE


def test_the_command_links_an_account_and_asks_for_its_pin_twice(office: Composition) -> None:
    office.services.accounts.create(
        username="lurah",
        password="kata-sandi-contoh",
        full_name="Lurah Contoh",
        role=Role.SIGNATORY,
        agency_code=WARD,
    )
    code, shown = run(office, "officers", "link", "lurah", LURAH, typed="295038\n295038\n")
    assert code == 0
    assert "295038" not in shown
    actor = office.services.accounts.actor("lurah")
    assert office.services.officers.prove(actor, "295038").signatory_id == LURAH
    code, listed = run(office, "officers", "list", "--json")
    assert json.loads(listed) == {
        "username": "lurah",
        "signatory_id": LURAH,
        "agency": WARD,
        "state": "active",
    }
    easy = run(office, "officers", "link", "lurah", LURAH, typed="111111\n111111\n")
    assert easy[0] == WRONG_USE
    both = run(office, "officers", "link", "lurah", LURAH, "--pin", "295038", "--no-pin")
    assert both[0] == WRONG_USE
    assert office.services.officers.of(actor).pin_hash is not None
    assert run(office, "officers", "link", "lurah", LURAH, "--no-pin")[0] == 0
    assert office.services.officers.of(actor).pin_hash is None
