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
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, BinaryIO

import openpyxl
from openpyxl.cell import WriteOnlyCell

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


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much of a table is read."""

    file_bytes: int
    unpacked_bytes: int
    rows: int


UPLOAD = Bounds(file_bytes=8_000_000, unpacked_bytes=60_000_000, rows=20_000)
"""By a page: the largest village of the regency has some fifteen thousand people."""


def read_table(path: Path) -> Iterator[Row]:
    """Yield every row that is not empty: its number, from 1, and its cells.

    Raises ``InvalidInput`` for a file that cannot be read, or is larger than the bounds;
    rows before the fault were yielded by then.
    """
    try:
        with path.open("rb") as file:
            yield from _read(file, Bounds(MAX_FILE_BYTES, MAX_UNPACKED_BYTES, MAX_ROWS))
    except OSError:
        raise InvalidInput([Problem("file", "not_a_table")]) from None


def read_upload(data: bytes) -> Iterator[Row]:
    """Yield the rows of a table that was sent to a page, as ``read_table``; nothing on disk."""
    yield from _read(io.BytesIO(data), UPLOAD)


def write_sheet(rows: Iterable[Sequence[str]]) -> bytes:
    """Return an XLSX of one sheet whose cells are text, so that no digit of a NIK is lost."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        cells = [WriteOnlyCell(sheet, value=text) for text in row]
        for cell in cells:
            cell.number_format = "@"
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _read(file: BinaryIO, bounds: Bounds) -> Iterator[Row]:
    begins = file.read(4)
    if file.seek(0, io.SEEK_END) > bounds.file_bytes:
        raise _too_large(f"{bounds.file_bytes // 10**6} MB")
    file.seek(0)
    if begins == _OLE:
        raise InvalidInput([Problem("file", "old_spreadsheet")])
    rows = _xlsx(file, bounds) if begins == _ZIP else _csv(file)
    count = 0
    try:
        for number, cells in rows:
            bounded = [cell.strip()[:MAX_CELL] for cell in cells[:MAX_COLUMNS]]
            if any(bounded):
                count += 1
                if count > bounds.rows:
                    raise _too_large(f"{bounds.rows} rows")
                yield number, bounded
    except UnicodeDecodeError:
        raise InvalidInput([Problem("file", "not_utf8")]) from None
    except _UNSOUND:
        raise InvalidInput([Problem("file", "not_a_table")]) from None


def _too_large(limit: str) -> InvalidInput:
    return InvalidInput([Problem("file", "table_too_large", {"limit": limit})])


def _csv(binary: BinaryIO) -> Iterator[Row]:
    with io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as file:
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


def _xlsx(file: BinaryIO, bounds: Bounds) -> Iterator[Row]:
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        if len(parts) > MAX_PARTS or unpacked > bounds.unpacked_bytes:
            raise _too_large(f"{bounds.unpacked_bytes // 10**6} MB")
    with closing(openpyxl.load_workbook(file, read_only=True, data_only=True)) as book:
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
