"""The commands as an operator types them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from issuer.cli import main
from issuer.cli.exits import ANSWER_IS_NO, CONFIGURATION, WRONG_USE
from tests.offices import VILLAGE, VILLAGE_HEAD


def issuer(*arguments: object) -> Result:
    """Run the command; an unexpected exception fails the test."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def data(office_folder: Path, tmp_path: Path) -> Path:
    """A valid data file, as the command gives it."""
    path = tmp_path / "data.json"
    path.write_text(issuer("--data-dir", office_folder, "letters", "example", "usaha").stdout)
    return path


def issue_command(folder: Path, data: object, **changes: object) -> list[object]:
    options = {"type": "usaha", "agency": VILLAGE, "signatory": VILLAGE_HEAD, "data": data}
    options |= changes
    arguments: list[object] = ["--data-dir", folder, "issue", "--json"]
    for name, value in options.items():
        arguments += [f"--{name}", value]
    return arguments


def test_issue_verify_list_and_revoke(office_folder: Path, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "surat.pdf"
    (issued,) = lines(issuer(*issue_command(office_folder, data, out=out)))
    assert set(issued) == {"letter_id", "number", "verification_code", "url", "pdf", "sha256"}
    assert out.read_bytes().startswith(b"%PDF-")
    home = ("--data-dir", office_folder)
    for question in (
        [out],
        ["--qr", issued["url"]],
        ["--number", issued["number"], "--code", issued["verification_code"]],
    ):
        result = issuer(*home, "verify", "--json", *question)
        assert result.exit_code == 0
        (answer,) = lines(result)
        assert answer["verdict"] == "VALID"
        assert set(answer) == {
            *("input", "verdict", "checks", "reasons", "letter", "signature"),
            *("checked_at", "status_as_of"),
        }
    (row,) = lines(issuer(*home, "register", "list", "--json"))
    assert (row["number"], row["sequence"], row["state"]) == (issued["number"], 1, "issued")
    revoke = (*home, "revoke", "--number", issued["number"], "--reason", "Salah", "--yes")
    assert issuer(*revoke).exit_code == 0
    result = issuer(*home, "verify", out)
    assert result.exit_code == ANSWER_IS_NO
    assert "REVOKED" in result.stdout
    assert issuer(*home, "selfcheck").exit_code == 0


def test_no_file_name_and_no_error_shows_a_nik(
    office_folder: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (issued,) = lines(issuer(*issue_command(office_folder, data)))
    nik = json.loads(data.read_text())["holder"]["nik"]
    assert nik not in issued["pdf"]
    assert Path(issued["pdf"]).is_file()
    broken = json.loads(data.read_text())
    broken["holder"]["nik"] = "9" * 16
    data.write_text(json.dumps(broken))
    result = issuer(*issue_command(office_folder, data))
    assert result.exit_code == WRONG_USE
    assert "9999" not in result.output


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"type": "unknown"}, "Not found"),
        ({"agency": "00.00"}, "Not found"),
        ({"signatory": "nobody"}, "Not found"),
        ({"signatory": "lurah-3522151001"}, "no mandate"),
        ({"data": "/nonexistent.json"}, "does not exist"),
        ({"out": "/nonexistent/surat.pdf"}, "cannot write"),
    ],
)
def test_wrong_use_is_explained_and_takes_no_number(
    office_folder: Path, data: Path, changes: dict[str, object], said: str
) -> None:
    options = {"data": data, **changes}
    result = issuer(*issue_command(office_folder, **options))
    assert result.exit_code == WRONG_USE
    assert said in result.stderr
    assert issuer("--data-dir", office_folder, "register", "list", "--json").stdout == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"not json", "well-formed"),
        (b"[" * 100_000, "well-formed"),
        (b"[]", "object"),
        (b"\xff\xfe\x00", "well-formed"),
        (b" " * 1_000_001, "too large"),
    ],
)
def test_a_data_file_that_is_none(
    office_folder: Path, data: Path, content: bytes, said: str
) -> None:
    data.write_bytes(content)
    result = issuer(*issue_command(office_folder, data))
    assert result.exit_code == WRONG_USE
    assert said in result.stderr


def test_an_old_file_stays_when_issuing_fails(
    office_folder: Path, data: Path, tmp_path: Path
) -> None:
    out = tmp_path / "surat.pdf"
    out.write_bytes(b"old")
    issuer(*issue_command(office_folder, data, out=out, signatory="nobody"))
    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.glob(".issuer-*")] == []


def test_without_an_office_it_says_what_to_do(tmp_path: Path) -> None:
    result = issuer("--data-dir", tmp_path / "nothing", "register", "list")
    assert result.exit_code == CONFIGURATION
    assert "issuer demo" in result.stderr
    assert not (tmp_path / "nothing").exists()


def test_the_catalogue_needs_no_office(tmp_path: Path) -> None:
    home = ("--data-dir", tmp_path / "nothing", "letters")
    slugs = {row["slug"] for row in lines(issuer(*home, "list", "--json"))}
    assert {"domisili", "tidak-mampu", "usaha"} <= slugs
    assert issuer(*home, "check").exit_code == 0
    for slug in slugs:
        assert json.loads(issuer(*home, "example", slug).stdout)["holder"]
    assert issuer(*home, "example", "unknown").exit_code == WRONG_USE


def test_lists_for_choosing(office_folder: Path) -> None:
    home = ("--data-dir", office_folder)
    agencies = lines(issuer(*home, "agencies", "list", "--json"))
    assert VILLAGE in {row["code"] for row in agencies}
    people = lines(issuer(*home, "signatories", "list", "--agency", VILLAGE, "--json"))
    assert {"id", "name", "position", "mandate", "agency"} == set(people[0])
    keys = lines(issuer(*home, "keys", "list", "--json"))
    assert {"authority", "qr", "signatory"} == {row["use"] for row in keys}
    for command in (["agencies", "list"], ["signatories", "list"], ["keys", "list"]):
        assert issuer(*home, *command).exit_code == 0


def test_keys_are_never_overwritten(office_folder: Path) -> None:
    private = office_folder / "keys" / "private"
    before = {path.name: path.read_bytes() for path in private.iterdir()}
    result = issuer("--data-dir", office_folder, "keys", "init")
    assert result.exit_code == CONFIGURATION
    assert "exists already" in result.stderr
    assert {path.name: path.read_bytes() for path in private.iterdir()} == before


@pytest.mark.parametrize(
    "command", [["recover"], ["selfcheck"], ["db", "upgrade"], ["keys", "publish"]]
)
def test_upkeep_can_be_run_at_any_time(office_folder: Path, command: list[str]) -> None:
    assert issuer("--data-dir", office_folder, *command).exit_code == 0


def test_verify_says_how_it_is_used(office_folder: Path) -> None:
    home = ("--data-dir", office_folder, "verify")
    assert issuer(*home).exit_code == WRONG_USE
    assert issuer(*home, "--number", "1").exit_code == WRONG_USE
    assert issuer(*home, "/nonexistent.pdf").exit_code == WRONG_USE


def test_every_command_explains_itself_with_an_example() -> None:
    def leaves(command: Any, path: tuple[str, ...]) -> list[tuple[str, ...]]:
        if not hasattr(command, "commands"):
            return [path]
        return [p for name, sub in command.commands.items() for p in leaves(sub, (*path, name))]

    found = leaves(main, ())
    assert len(found) >= 15
    for path in found:
        result = issuer(*path, "--help")
        assert result.exit_code == 0
        assert "Example: issuer" in result.output, path
