"""Tables from files, CSV or XLSX, as rows of plain text, within bounds.

A file is told by its bytes, not by its name. Nothing in it is run or fetched: of an XLSX
the values of the first sheet are read, and entities are refused, which openpyxl does where
defusedxml is installed. A number of more digits than a spreadsheet keeps comes as
``3.522E+15``, as such programs write it into CSV too: whoever reads it must not take it
for what somebody once typed.
"""

from __future__ import annotations

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import IO

import openpyxl

from issuer.domain.errors import InvalidInput, Problem

MAX_FILE_BYTES = 100_000_000
MAX_UNPACKED_BYTES = 600_000_000
MAX_PARTS = 1_000
MAX_ROWS = 500_000
MAX_COLUMNS = 100
MAX_SHEET_ROWS = 1_048_576
"""Where a sheet ends, as its format says; a row that claims to be further down is refused."""

MAX_CELL = 2_000
_MAX_LINE = 64_000
_EXACT = 10**15
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_DELIMITERS = ";\t,"
# What the readers raise for a file that is not what it says it is.
_UNSOUND = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    SyntaxError,  # of XML
    csv.Error,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    EOFError,
    RuntimeError,
    OverflowError,
)

Row = tuple[int, Sequence[str]]


def read_table(path: Path) -> Iterator[Row]:
    """Yield every row that is not empty: its number, from 1, and its cells.

    Raises ``InvalidInput`` for a file that cannot be read, or is larger than the bounds;
    rows before the fault were yielded by then.
    """
    try:
        with path.open("rb") as file:
            begins = file.read(4)
            if path.stat().st_size > MAX_FILE_BYTES:
                raise InvalidInput(
                    [Problem("file", "table_too_large", {"limit": f"{MAX_FILE_BYTES // 10**6} MB"})]
                )
    except OSError:
        raise InvalidInput([Problem("file", "not_a_table")]) from None
    if begins == _OLE:
        raise InvalidInput([Problem("file", "old_spreadsheet")])
    rows = _xlsx(path) if begins == _ZIP else _csv(path)
    count = 0
    try:
        for number, cells in rows:
            bounded = [cell.strip()[:MAX_CELL] for cell in cells[:MAX_COLUMNS]]
            if any(bounded):
                count += 1
                if count > MAX_ROWS:
                    raise InvalidInput(
                        [Problem("file", "table_too_large", {"limit": f"{MAX_ROWS} rows"})]
                    )
                yield number, bounded
    except UnicodeDecodeError:
        raise InvalidInput([Problem("file", "not_utf8")]) from None
    except _UNSOUND:
        raise InvalidInput([Problem("file", "not_a_table")]) from None
    except OSError:
        raise InvalidInput([Problem("file", "not_a_table")]) from None


def _csv(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        head = file.read(_MAX_LINE).split("\n", 1)[0]
        file.seek(0)
        delimiter = max(_DELIMITERS, key=head.count)
        reader = csv.reader(_lines(file), delimiter=delimiter, strict=True)
        for cells in reader:
            yield reader.line_num, cells


def _lines(file: IO[str]) -> Iterator[str]:
    while line := file.readline(_MAX_LINE):
        if "\x00" in line or (len(line) == _MAX_LINE and not line.endswith("\n")):
            raise ValueError("no line of a table")
        yield line


def _xlsx(path: Path) -> Iterator[Row]:
    data = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(data) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise InvalidInput(
                [Problem("file", "table_too_large", {"limit": f"{MAX_UNPACKED_BYTES // 10**6} MB"})]
            )
    with closing(openpyxl.load_workbook(data, read_only=True, data_only=True)) as book:
        sheet = book.worksheets[0]
        # What the file says of its own size is not believed: rows are counted as they come.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True)
        for number, values in enumerate(rows, 1):
            if number > MAX_SHEET_ROWS:
                raise ValueError("below the end of a sheet")
            if not any(values):
                continue
            cells = [_text(value) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            yield number, cells


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime() | date():
            return value.strftime("%Y-%m-%d")
        case int() | float() if abs(value) >= _EXACT:
            return f"{value:.5E}"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
