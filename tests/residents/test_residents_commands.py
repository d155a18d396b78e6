"""``issuer residents import`` as an operator types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from issuer.bootstrap import Composition
from issuer.cli import main
from issuer.cli.exits import ANSWER_IS_NO, EXIT_CODES
from issuer.domain.errors import InvalidInput
from issuer.texts.residents import PROBLEMS
from tests.offices import VILLAGE
from tests.residents.resident_tables import BUDI, CLERK, SITI, write_csv, write_xlsx

BAD = ("12", *BUDI[1:])


def issuer(folder: Path, *arguments: str | Path) -> Result:
    """Run the command; an unexpected exception fails the test."""
    command = ["--data-dir", str(folder), "residents", "import", *map(str, arguments)]
    result = CliRunner().invoke(main, command)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def told(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_a_file_is_previewed_and_then_imported(
    office: Composition, office_folder: Path, tmp_path: Path, write: Any
) -> None:
    file = write(tmp_path / "penduduk", SITI, BAD)
    arguments = (file, "--agency", VILLAGE, "--json")
    preview = issuer(office_folder, *arguments, "--dry-run")
    assert preview.exit_code == ANSWER_IS_NO
    residents = office.services.residents
    assert not residents.any_of(CLERK, VILLAGE)
    done = issuer(office_folder, *arguments)
    assert done.exit_code == ANSWER_IS_NO
    assert told(preview) == told(done)
    assert [(row["row"], row["result"]) for row in told(done)] == [(2, "added"), (3, "refused")]
    (problem,) = told(done)[1]["problems"]
    assert (problem["where"], problem["code"]) == ("nik", "impossible_nik")
    assert [one.holder.name for one in residents.found(CLERK, VILLAGE, SITI[0])] == [SITI[1]]
    again = issuer(office_folder, write(tmp_path / "penduduk", SITI), "--agency", VILLAGE, "--json")
    assert (again.exit_code, told(again)[0]["result"]) == (0, "same")


def test_what_is_printed_shows_nobody(office_folder: Path, tmp_path: Path) -> None:
    bad = ("3522995708900001", "Q" * 200, *SITI[2:])
    file = write_csv(tmp_path / "penduduk.csv", SITI, bad, BAD)
    for more in ((), ("--json",)):
        result = issuer(office_folder, file, "--agency", VILLAGE, *more)
        assert "row" in result.output
        for secret in ("3522995708900001", "Siti", "QQQ", "Budi"):
            assert secret not in result.output


def test_a_person_reads_what_is_wrong_and_how_much_was_done(
    office_folder: Path, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "penduduk.csv", SITI, BAD)
    result = issuer(office_folder, file, "--agency", VILLAGE, "--dry-run")
    assert result.stdout == ("row 3: nik: No such NIK can exist. Type the 16 digits on the KTP.\n")
    assert "Nothing is stored yet. Would be: 1 added, 0 changed" in result.stderr


def test_whoever_is_missing_in_a_complete_table_is_removed(
    office: Composition, office_folder: Path, tmp_path: Path
) -> None:
    issuer(office_folder, write_csv(tmp_path / "x.csv", SITI, BUDI), "--agency", VILLAGE)
    file = write_csv(tmp_path / "x.csv", SITI, BAD)
    refused = issuer(office_folder, file, "--agency", VILLAGE, "--complete")
    assert "Nobody is removed, because rows were refused." in refused.stderr
    file = write_csv(tmp_path / "x.csv", SITI)
    done = issuer(office_folder, file, "--agency", VILLAGE, "--complete", "--json")
    assert [(row["row"], row["result"]) for row in told(done)] == [(2, "same"), (None, "removed")]
    assert office.services.residents.found(CLERK, VILLAGE, BUDI[0]) == []


@pytest.mark.parametrize(
    ("content", "agency", "code"),
    [
        (b"PK\x03\x04", VILLAGE, "not_a_table"),
        (b"nik;nama\n1;2\n", VILLAGE, "column_missing"),
        (b"", VILLAGE, "column_missing"),
        (b"nik\n", "35.22", "not_a_home"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_whole(
    office_folder: Path, tmp_path: Path, content: bytes, agency: str, code: str
) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    result = issuer(office_folder, file, "--agency", agency)
    assert result.exit_code == EXIT_CODES[InvalidInput]
    assert not result.stdout
    assert PROBLEMS[code].en in result.stderr
