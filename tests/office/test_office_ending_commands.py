"""``issuer revoke`` and ``issuer replace`` as an operator types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from issuer.bootstrap import Composition
from issuer.cli import main
from issuer.cli.exits import ANSWER_IS_NO, WRONG_USE
from issuer.domain.access import Role
from issuer.domain.letter import Letter, LetterState
from tests.office.test_office_commands import issuer, lines
from tests.offices import OPERATOR, VILLAGE, VILLAGE_HEAD, WARD, example, issue


@pytest.fixture
def old(office: Composition) -> Letter:
    """A letter in force, and two people with accounts."""
    for username, role, agency in (
        ("admin.desa", Role.AGENCY_ADMIN, VILLAGE),
        ("admin.lain", Role.AGENCY_ADMIN, WARD),
        ("petugas", Role.COUNTER, VILLAGE),
    ):
        office.services.accounts.create(
            username=username,
            password="rahasia-sekali",
            full_name="Orang Rekaan",
            role=role,
            agency_code=agency,
        )
    return issue(office, "usaha")


@pytest.fixture
def corrected(office: Composition, tmp_path: Path) -> Path:
    data: dict[str, Any] = example(office, "usaha")
    data["holder"] = {**data["holder"], "name": "Siti Aminah Rekaan"}
    path = tmp_path / "data.json"
    path.write_text(json.dumps(data))
    return path


def states(office: Composition) -> list[LetterState]:
    return [letter.state for letter in office.services.letters.listed(OPERATOR)]


def replace_command(folder: Path, old: Letter, data: Path, **changes: object) -> list[object]:
    options: dict[str, object] = {
        "number": old.number,
        "reason": "Salah nama",
        "signatory": VILLAGE_HEAD,
        "data": data,
        "out": data.parent / "surat.pdf",
        **changes,
    }
    arguments: list[object] = ["--data-dir", folder, "replace", "--yes", "--json"]
    for name, value in options.items():
        arguments += [f"--{name}", value]
    return arguments


def test_replace_hands_out_the_new_letter(
    office: Composition, office_folder: Path, old: Letter, corrected: Path
) -> None:
    command = replace_command(office_folder, old, corrected, actor="admin.desa")
    result = issuer(*command)
    assert result.exit_code == 0
    (new,) = lines(result)
    issued = {"letter_id", "number", "verification_code", "url", "pdf", "sha256"}
    assert set(new) == issued | {"replaces"}
    assert new["replaces"] == old.number
    home = ("--data-dir", office_folder)
    (answer,) = lines(issuer(*home, "verify", "--json", new["pdf"]))
    assert answer["verdict"] == "VALID"
    asked = ("--number", old.number, "--code", old.verification_code)
    (answer,) = lines(issuer(*home, "verify", "--json", *asked))
    assert answer["verdict"] == "SUPERSEDED"
    assert answer["letter"]["replaced_by"] == new["number"]
    with office.register.reading() as uow:
        account = uow.accounts.by_username("admin.desa")
        ended = uow.letters.get(old.id).ending
    assert account is not None
    assert ended is not None
    assert ended.actor_id == account.id
    again = issuer(*command)
    assert again.exit_code == ANSWER_IS_NO
    assert "superseded" in again.stderr
    assert len(states(office)) == 2


@pytest.mark.parametrize(
    ("changes", "exit_code", "said"),
    [
        ({"number": "1/2/3"}, WRONG_USE, "Not found"),
        ({"actor": "nobody"}, WRONG_USE, "Not found"),
        ({"actor": "petugas"}, ANSWER_IS_NO, "may not do this"),
        ({"actor": "admin.lain"}, ANSWER_IS_NO, "may not do this"),
        ({"signatory": "nobody"}, WRONG_USE, "Not found"),
        ({"signatory": "lurah-3522151001"}, WRONG_USE, "no mandate"),
        ({"reason": " "}, WRONG_USE, "reason"),
        ({"out": "/nonexistent/surat.pdf"}, WRONG_USE, "cannot write"),
    ],
)
def test_what_cannot_be_replaced_is_explained_and_takes_no_number(
    office: Composition,
    office_folder: Path,
    old: Letter,
    corrected: Path,
    changes: dict[str, object],
    exit_code: int,
    said: str,
) -> None:
    result = issuer(*replace_command(office_folder, old, corrected, **changes))
    assert result.exit_code == exit_code
    assert said in result.stderr
    assert states(office) == [LetterState.ISSUED]


def test_revoke_names_who_decided(office: Composition, office_folder: Path, old: Letter) -> None:
    home = ("--data-dir", office_folder, "revoke", "--number", old.number, "--yes", "--json")
    for username in ("petugas", "admin.lain"):
        result = issuer(*home, "--reason", "Salah alamat", "--actor", username)
        assert result.exit_code == ANSWER_IS_NO
        assert "may not do this" in result.stderr
    result = issuer(*home, "--reason", "Salah alamat", "--actor", "admin.desa")
    (row,) = lines(result)
    assert (row["number"], row["state"]) == (old.number, "revoked")
    with office.register.reading() as uow:
        account = uow.accounts.by_username("admin.desa")
        (event,) = [e.event for e in uow.audit.entries() if e.event.action == "letter.revoked"]
    assert account is not None
    assert (event.actor_id, event.subject) == (account.id, old.id)
    again = issuer(*home, "--reason", "Salah alamat")
    assert again.exit_code == ANSWER_IS_NO


@pytest.mark.parametrize("command", ["revoke", "replace"])
def test_nothing_ends_without_a_yes(
    office: Composition, office_folder: Path, old: Letter, corrected: Path, command: str
) -> None:
    arguments = ["--data-dir", str(office_folder), command, "--number", old.number]
    arguments += ["--reason", "Salah nama"]
    if command == "replace":
        arguments += ["--signatory", VILLAGE_HEAD, "--data", str(corrected)]
    for answer in ("n\n", "\n", ""):
        assert CliRunner().invoke(main, arguments, input=answer).exit_code != 0
    assert states(office) == [LetterState.ISSUED]
