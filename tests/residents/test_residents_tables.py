"""Files of every kind somebody may call a table."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from issuer import spreadsheets
from issuer.domain.errors import InvalidInput
from issuer.spreadsheets import read_table
from tests.residents.resident_tables import BUDI, HEADINGS, SITI, write_csv, write_xlsx

ROWS = [(1, list(HEADINGS)), (2, list(SITI)), (3, list(BUDI))]


def rows(path: Path) -> list[tuple[int, list[str]]]:
    return [(number, list(cells)) for number, cells in read_table(path)]


def refusal(path: Path) -> str:
    with pytest.raises(InvalidInput) as caught:
        rows(path)
    (problem,) = caught.value.problems
    assert problem.where == "file"
    return problem.code


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_is_read_whatever_divides_its_cells(tmp_path: Path, delimiter: str) -> None:
    quoted = [[f'"{cell}"' for cell in row] for row in (SITI, BUDI)]
    assert rows(write_csv(tmp_path / "x", *quoted, delimiter=delimiter)) == ROWS


def test_a_workbook_is_read_whatever_its_name(tmp_path: Path) -> None:
    assert rows(write_xlsx(tmp_path / "penduduk.csv", SITI, BUDI)) == ROWS


def test_empty_rows_are_left_out_and_the_numbers_stay(tmp_path: Path) -> None:
    found = rows(write_xlsx(tmp_path / "x", [None] * 9, SITI))
    assert [number for number, _ in found] == [1, 3]


def test_what_a_spreadsheet_holds_as_date_and_number_comes_as_text(tmp_path: Path) -> None:
    rounded = 3522995708900001
    _, (_, cells) = rows(write_xlsx(tmp_path / "x", [rounded, 3, 2.0, date(1990, 8, 17), True]))
    assert cells == ["3.52300E+15", "3", "2", "1990-08-17", "True"]


def rezipped(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """Write a workbook again with its parts changed."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, change(name, data))
    return path


def test_entities_are_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "x", SITI)
    secret = tmp_path / "secret"
    secret.write_text("Rahasia")
    for declared in (f'<!ENTITY a SYSTEM "{secret.as_uri()}">', '<!ENTITY a "bbbbbbbbbb">'):

        def declare(name: str, data: bytes, declared: str = declared) -> bytes:
            if name != "xl/worksheets/sheet1.xml":
                return data
            entity = f"<!DOCTYPE worksheet [{declared}]>".encode()
            return entity + data.replace(b"Siti", b"&a;")

        assert refusal(rezipped(path, declare)) == "not_a_table"
        path = write_xlsx(path, SITI)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", None),
        (b"\x89PNG\r\n\x1a\n\x00", "not_utf8"),
        (b"PK\x03\x04 no archive", "not_a_table"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "old_spreadsheet"),
        ("nik;nama\n1;Jos\u00e9\n".encode("cp1252"), "not_utf8"),
        (b'nik;nama\n"1;never closed\n', "not_a_table"),
        (b"nik;nama\n1;\x00\n", "not_a_table"),
        (b"n" * 70_000, "not_a_table"),
    ],
)
def test_what_is_no_table_is_refused_as_what_it_is(
    tmp_path: Path, data: bytes, code: str | None
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    if code is None:
        assert rows(path) == []
    else:
        assert refusal(path) == code


def test_every_cut_of_a_workbook_is_refused_or_read(tmp_path: Path) -> None:
    whole = write_xlsx(tmp_path / "x", SITI).read_bytes()
    for size in range(4, len(whole), 97):
        path = tmp_path / "cut"
        path.write_bytes(whole[:size])
        assert refusal(path) == "not_a_table"


def test_bounds_hold_before_anything_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_xlsx(tmp_path / "x", SITI)
    monkeypatch.setattr(spreadsheets, "MAX_UNPACKED_BYTES", 3_000)
    assert refusal(path) == "table_too_large"
    monkeypatch.setattr(spreadsheets, "MAX_FILE_BYTES", 100)
    assert refusal(path) == "table_too_large"


def test_no_more_rows_columns_or_letters_than_the_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheets, "MAX_ROWS", 2)
    monkeypatch.setattr(spreadsheets, "MAX_COLUMNS", 3)
    monkeypatch.setattr(spreadsheets, "MAX_CELL", 5)
    path = write_csv(tmp_path / "x", SITI, BUDI)
    found = read_table(path)
    assert [len(cells) for _, cells in (next(found), next(found))] == [3, 3]
    with pytest.raises(InvalidInput):
        next(found)
    assert next(read_table(path))[1][1] == "Nama "


def test_a_sheet_that_lies_about_its_size_is_counted_as_it_comes(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "x", SITI)

    def lie(name: str, data: bytes) -> bytes:
        return data.replace(b'ref="A1:I2"', b'ref="A1:XFD1048577"')

    # More than a sheet has: rows that nobody wrote are neither made nor counted.
    assert rows(rezipped(path, lie)) == ROWS[:2]


def test_a_row_below_the_end_of_a_sheet_is_refused(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "x", SITI)

    def lower(_name: str, data: bytes) -> bytes:
        return data.replace(b'<row r="2">', b'<row r="9999999999">').replace(
            b'"A2"', b'"A9999999999"'
        )

    assert refusal(rezipped(path, lower)) == "not_a_table"
