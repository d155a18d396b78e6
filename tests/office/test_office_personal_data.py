"""The copy of everything the office holds about a person: all of it, and nobody else's."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from issuer.bootstrap import Composition
from issuer.cli import main
from issuer.domain.access import Actor, Permission, Role, Subject, permits
from issuer.domain.errors import NotPermitted
from issuer.domain.limits import Asker
from issuer.domain.messages import Contact
from issuer.domain.people import Nik
from tests.offices import OPERATOR, VILLAGE, Clock, compose_office, example, issue, open_request

STRANGER = "3522991212850099"


def export(folder: Path, nik: str, out: Path) -> Result:
    arguments = ["--data-dir", str(folder), "people", "export", "--out", str(out)]
    return CliRunner().invoke(main, arguments, input=nik + "\n")


def holder_of(office: Composition, slug: str) -> str:
    holder: Any = example(office, slug)["holder"]
    return str(holder["nik"])


@pytest.fixture
def busy(shared_office: Path) -> Path:
    """Two letters of one person, a request of his, and a letter that names him as an heir."""
    office = compose_office(shared_office, Clock())
    issue(office, "domisili")
    issue(office, "domisili")
    asked = open_request(office, "domisili")
    with office.register.writing() as uow:
        uow.contacts.save(asked, Contact("warga@contoh.example", ""))
        uow.commit()
    heirs: Any = example(office, "ahli-waris")
    heirs["fields"]["heirs"][0]["nik"] = holder_of(office, "domisili")
    issue(office, "ahli-waris", data=heirs)
    open_request(office, "usaha", data={**example(office, "usaha"), "holder": heirs["holder"]})
    office.close()
    return shared_office


def test_the_copy_has_everything_of_a_person_and_nothing_of_others(
    busy: Path, tmp_path: Path
) -> None:
    office = compose_office(busy, Clock())
    nik, other = holder_of(office, "domisili"), holder_of(office, "ahli-waris")
    assert nik != other
    out = tmp_path / "copy.json"
    result = export(busy, nik, out)
    assert result.exit_code == 0, result.output
    text = out.read_text()
    held = json.loads(text)
    found = [(entry["kind"], entry["part"]) for entry in held]
    assert found.count(("letter", "holder")) == 2
    # A request stays beside the letter that came of it.
    assert found.count(("request", "holder")) == 3
    assert ("letter", "named") in found
    assert ("request", "named") in found
    own = example(office, "domisili")
    mine = next(entry for entry in held if entry["part"] == "holder")
    assert mine["content"]["holder"] == own["holder"]
    assert mine["content"]["purpose"] == own["purpose"]
    contacts = [e["content"]["contact"] for e in held if "contact" in e.get("content", {})]
    assert contacts == [{"email": "warga@contoh.example", "phone": ""}]
    # What the father's letter says of the father stays his.
    assert other not in text
    assert all("content" not in entry for entry in held if entry["part"] == "named")
    assert out.stat().st_mode & 0o777 == 0o600
    office.close()


def test_somebody_unknown_gets_an_empty_copy(busy: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy.json"
    assert export(busy, STRANGER, out).exit_code == 0
    assert json.loads(out.read_text()) == []


@pytest.mark.parametrize("typed", ["", "35229912", "35229912128500990", "3522991399850001", "\x00"])
def test_a_nik_that_cannot_be_writes_no_file_and_is_not_repeated(
    office_folder: Path, tmp_path: Path, typed: str
) -> None:
    out = tmp_path / "copy.json"
    result = export(office_folder, typed, out)
    assert result.exit_code != 0
    assert not out.exists()
    assert len(typed) < 8 or typed not in result.output


def test_that_a_copy_was_made_is_audited_without_the_nik(busy: Path, tmp_path: Path) -> None:
    office = compose_office(busy, Clock())
    nik = holder_of(office, "domisili")
    office.services.personal_data.about(OPERATOR, Nik(nik))
    with office.register.reading() as uow:
        entries = [entry for entry in uow.audit.entries() if "personal_data" in entry.event.action]
        everything = "".join(repr(entry) for entry in uow.audit.entries())
    assert [dict(entry.event.facts) for entry in entries] == [
        {"residents": 0, "accounts": 0, "codes": 0, "letters": 3, "requests": 4}
    ]
    assert nik not in everything
    office.close()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
def test_nobody_but_the_operator_may_have_it_made(office_folder: Path, role: Role) -> None:
    actor = Actor("a" * 32, role, VILLAGE)
    assert not permits(actor, Permission.TELL_PERSONAL_DATA, Subject(VILLAGE, actor.id))
    office = compose_office(office_folder, Clock())
    with pytest.raises(NotPermitted):
        office.services.personal_data.about(actor, Nik(STRANGER))
    office.close()


def test_an_account_and_a_code_that_waits_are_in_the_copy(busy: Path, tmp_path: Path) -> None:
    office = compose_office(busy, Clock())
    holder: Any = example(office, "domisili")["holder"]
    born = date.fromisoformat(holder["birth_date"])
    clerk = Actor("clerk-1", Role.COUNTER, VILLAGE)
    citizens = office.services.citizens
    password = "sawah hijau dekat bengawan"
    for kinds in (["code"], ["account"], ["account", "code"]):
        if "code" in kinds:
            given = citizens.give_code(clerk, VILLAGE, holder["nik"], born, holder["name"])
        else:
            citizens.activate(given.code, born, password, password, Asker("-"), "?")
        out = tmp_path / f"{len(kinds)}{kinds[0]}.json"
        assert export(busy, holder["nik"], out).exit_code == 0
        held = [one for one in json.loads(out.read_text()) if one["kind"] in ("account", "code")]
        assert [one["kind"] for one in held] == kinds
        for one in held:
            person = one["content"]["holder"]
            assert person == {name: holder[name] for name in ("nik", "name", "birth_date")}
    office.close()
