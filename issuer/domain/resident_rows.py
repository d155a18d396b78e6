"""A row of a table of residents, as villages and population offices write them.

Headings and values come in many spellings; what each means stands in tables here. What
is not listed is left out and never stored: such tables hold more of a family than a
letter needs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.people import Holder, Sex

AGENCY = "agency"
HAMLET, RT, RW = "hamlet", "rt", "rw"

HEADINGS: Mapping[str, frozenset[str]] = {
    "nik": frozenset({"nik", "no nik", "nomor induk kependudukan"}),
    "name": frozenset({"name", "nama", "nama lengkap", "nama lgkp"}),
    "birth_place": frozenset({"birth place", "tempat lahir", "tempatlahir", "tmpt lhr"}),
    "birth_date": frozenset(
        {"birth date", "tanggal lahir", "tanggallahir", "tgl lahir", "tgl lhr"}
    ),
    "sex": frozenset({"sex", "jenis kelamin", "jns kelamin", "jenis klmin", "jk", "l p"}),
    "religion": frozenset({"religion", "agama"}),
    "marital_status": frozenset(
        {"marital status", "status perkawinan", "status kawin", "stat kwn"}
    ),
    "occupation": frozenset({"occupation", "pekerjaan", "jenis pekerjaan", "jenis pkrjn"}),
    "nationality": frozenset(
        {"nationality", "kewarganegaraan", "warganegara", "warga negara", "status wn"}
    ),
    "address": frozenset({"address", "alamat", "alamat lengkap"}),
    AGENCY: frozenset(
        {"agency", "kode wilayah", "kode desa", "kode kelurahan", "kode desa kelurahan"}
    ),
    HAMLET: frozenset({"hamlet", "dusun", "lingkungan"}),
    RT: frozenset({"rt", "no rt"}),
    RW: frozenset({"rw", "no rw"}),
}
"""Headings by what stands below them, in small letters, with single spaces."""

REQUIRED = (
    "nik",
    "name",
    "birth_place",
    "birth_date",
    "sex",
    "religion",
    "marital_status",
    "occupation",
    "address",
)

SAMPLE = (
    ("NIK", "Nama", "Tempat lahir", "Tanggal lahir", "Jenis kelamin", "Agama",
     "Status perkawinan", "Pekerjaan", "Alamat", "Dusun", "RT", "RW"),
    ("3522995708900001", "Siti Aminah Contoh", "Bojonegoro", "17-08-1990", "Perempuan", "Islam",
     "Kawin", "Petani/Pekebun", "-", "Contoh", "3", "1"),
    ("3522990203850002", "Budi Santoso Contoh", "Tuban", "02-03-1985", "Laki-laki", "Islam",
     "Belum Kawin", "Guru", "Jalan Contoh Nomor 2", "Contoh", "2", "1"),
)  # fmt: skip
"""A small table as this office likes it best; the people in it are invented."""

SPELLINGS: Mapping[str, Mapping[str, str]] = {
    "sex": {
        **dict.fromkeys(
            ("l", "lk", "laki laki", "lelaki", "pria", "m", "male", "1"), Sex.MALE.value
        ),
        **dict.fromkeys(("p", "pr", "perempuan", "wanita", "f", "female", "2"), Sex.FEMALE.value),
    },
    "religion": {
        "islam": "Islam",
        **dict.fromkeys(("kristen", "kristen protestan", "protestan"), "Kristen"),
        **dict.fromkeys(("katolik", "katholik", "kristen katolik"), "Katolik"),
        "hindu": "Hindu",
        **dict.fromkeys(("buddha", "budha"), "Buddha"),
        **dict.fromkeys(("khonghucu", "konghucu", "kong hu cu", "khong hu cu"), "Khonghucu"),
        **dict.fromkeys(
            (
                "kepercayaan terhadap tuhan yme",
                "kepercayaan terhadap tuhan yang maha esa",
                "kepercayaan",
                "penghayat kepercayaan",
            ),
            "Kepercayaan terhadap Tuhan YME",
        ),
    },
    "marital_status": {
        "belum kawin": "Belum Kawin",
        **dict.fromkeys(("kawin", "kawin tercatat", "kawin belum tercatat"), "Kawin"),
        **dict.fromkeys(
            ("cerai hidup", "cerai hidup tercatat", "cerai hidup belum tercatat"), "Cerai Hidup"
        ),
        "cerai mati": "Cerai Mati",
    },
    "nationality": {
        **dict.fromkeys(("wni", "indonesia", "warga negara indonesia", ""), "WNI"),
        **dict.fromkeys(("wna", "asing", "warga negara asing"), "WNA"),
    },
}
"""What is written for a choice, in small letters, and the choice it is."""

_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_WITH_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]00:00(:00)?", re.ASCII)
_ROUNDED = re.compile(r"\d([.,]\d+)?E\+\d+", re.ASCII | re.IGNORECASE)


def read_headings(cells: Sequence[str]) -> tuple[Mapping[int, str], Sequence[str]]:
    """Return what stands in which column, counted from 0, and the headings left out.

    Raises ``InvalidInput`` naming every column that is missing or there twice.
    """
    meaning = {spelling: name for name, spellings in HEADINGS.items() for spelling in spellings}
    columns: dict[int, str] = {}
    left_out: list[str] = []
    problems: list[Problem] = []
    for index, cell in enumerate(cells):
        name = meaning.get(_folded(cell))
        if name is None:
            left_out += [cell[:40]] if cell.strip() else []
        elif name in columns.values():
            problems.append(Problem(name, "column_twice"))
        else:
            columns[index] = name
    problems += [
        Problem(name, "column_missing") for name in REQUIRED if name not in columns.values()
    ]
    if problems:
        raise InvalidInput(problems)
    return columns, left_out


def read_holder(row: Mapping[str, str], home: str, today: date) -> Holder:
    """Return the person of a row, by the names of ``HEADINGS``.

    ``home`` completes an address whose hamlet, RT or RW stand in columns of their own.
    Raises ``InvalidInput`` with every problem of the row, each under its column's name.
    """
    if _ROUNDED.fullmatch(row.get("nik", "").strip()):
        raise InvalidInput([Problem("nik", "nik_rounded")])
    raw = {name: row.get(name, "") for name in (*REQUIRED, "nationality")}
    for name, spellings in SPELLINGS.items():
        raw[name] = spellings.get(_folded(raw[name]), raw[name])
    raw["birth_date"] = _date(raw["birth_date"])
    raw["address"] = _address(row, home)
    try:
        return Holder.parse(raw, today)
    except InvalidInput as invalid:
        raise InvalidInput(
            Problem(problem.where.removeprefix("holder."), problem.code, problem.facts)
            for problem in invalid.problems
        ) from None


def read_agency(text: str) -> str:
    """Return a region code with its dots: tables often write the digits alone."""
    digits = re.sub(r"[ .]", "", text)
    if re.fullmatch(r"\d{10}", digits, re.ASCII):
        return f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}.{digits[6:]}"
    return text.strip()


def _folded(text: str) -> str:
    return " ".join(re.split(r"[\W_]+", text.casefold())).strip()


def _date(text: str) -> str:
    text = text.strip()
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
        return f"{year}-{month:0>2}-{day:0>2}"
    if found := _WITH_TIME.fullmatch(text):
        return found[1]
    return text


def _address(row: Mapping[str, str], home: str) -> str:
    street = row.get("address", "").strip()
    hamlet, rt, rw = (row.get(name, "").strip() for name in (HAMLET, RT, RW))
    if not (hamlet or rt or rw):
        return street
    parts = [] if street in ("", "-") else [street]
    if hamlet and hamlet != "-":
        parts.append(hamlet if hamlet.casefold().startswith("dusun") else f"Dusun {hamlet}")
    neighbours = [f"{name} {number:0>3}" for name, number in (("RT", rt), ("RW", rw)) if number]
    if neighbours:
        parts.append(" ".join(neighbours))
    return ", ".join([*parts, home])
