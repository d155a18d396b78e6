"""Tables of invented residents, as a village and as a population office would write them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl

from issuer.domain.access import Actor, Role
from issuer.services.resident_tables import RowResult
from issuer.services.residents import Residents
from tests.offices import OPERATOR, VILLAGE

CLERK = Actor("clerk", Role.COUNTER, VILLAGE)
HEADINGS = (
    "NIK",
    "Nama Lengkap",
    "Tempat_Lahir",
    "TANGGAL LAHIR",
    "Jenis Kelamin",
    "Agama",
    "Status Perkawinan",
    "Pekerjaan",
    "Alamat",
)
SITI = (
    "3522995708900001",
    "Siti Aminah Contoh",
    "Bojonegoro",
    "17-08-1990",
    "Perempuan",
    "ISLAM",
    "KAWIN",
    "Petani/Pekebun",
    "Dusun Contoh, RT 003 RW 001, Desa Ngunut",
)
BUDI = (
    "3522990203850002",
    "Budi Ma'ruf Misal",
    "Tuban",
    "1985-03-02",
    "L",
    "Kristen Protestan",
    "BELUM KAWIN",
    "Guru",
    "Dusun Misal, RT 001 RW 002, Desa Ngunut",
)
SINTA = (
    "3522994512990003",
    "Sinta Aminarti Contoh",
    "Bojonegoro",
    "5/12/1999",
    "PEREMPUAN",
    "Budha",
    "Belum kawin",
    "Wiraswasta",
    "Dusun Contoh, RT 002 RW 001, Desa Ngunut",
)


def numbered(*rows: Sequence[str]) -> list[tuple[int, Sequence[str]]]:
    """Return the rows below the headings, as ``read_table`` gives them."""
    return list(enumerate((HEADINGS, *rows), 1))


def imported(
    residents: Residents,
    *rows: Sequence[str],
    agency: str | None = VILLAGE,
    complete: bool = False,
    dry_run: bool = False,
) -> list[RowResult]:
    """Import the rows and return what became of them."""
    _, results = residents.imported(
        OPERATOR, numbered(*rows), agency, complete=complete, dry_run=dry_run
    )
    return list(results)


def write_csv(path: Path, *rows: Sequence[str], delimiter: str = ";") -> Path:
    """Write headings and rows as Excel does in Indonesia: semicolons, CRLF, with a BOM."""
    lines = [delimiter.join(row) for row in (HEADINGS, *rows)]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join([*lines, ""]).encode())
    return path


def write_xlsx(path: Path, *rows: Sequence[object]) -> Path:
    """Write headings and rows as the first sheet of a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADINGS, *rows):
        sheet.append(list(row))
    book.save(path)
    return path
