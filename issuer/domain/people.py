"""People as letters name them: the NIK, the holder, and how both are masked.

Invariant: no message, ``repr`` or problem made here shows a NIK.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice

from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.text import TextRefused, plain_text

_NIK = re.compile(r"\d{6}([04][1-9]|[1256]\d|[37][01])(0[1-9]|1[0-2])\d{2}\d{4}", re.ASCII)
_SPECIMEN_REGION = "352299"
MAX_NAME = 100
MAX_ADDRESS = 300
MAX_SHORT_TEXT = 60
OLDEST_BIRTH_YEAR = 1900
MAX_UNKNOWN_NAMED = 20


class Sex(StrEnum):
    """As written on the KTP: laki-laki, perempuan."""

    MALE = "L"
    FEMALE = "P"


RELIGIONS = (
    "Islam",
    "Kristen",
    "Katolik",
    "Hindu",
    "Buddha",
    "Khonghucu",
    "Kepercayaan terhadap Tuhan YME",
)
MARITAL_STATUSES = ("Belum Kawin", "Kawin", "Cerai Hidup", "Cerai Mati")
NATIONALITIES = ("WNI", "WNA")


@dataclass(frozen=True, slots=True, repr=False)
class Nik:
    """A population number: PP KK CC DDMMYY SSSS, women with 40 added to the day.

    Source: Permendagri practice as read by Dukcapil; there is no check digit.
    """

    value: str

    def __repr__(self) -> str:
        return "Nik(<hidden>)"

    @classmethod
    def parse(cls, text: str) -> Nik:
        """Return the NIK written in ``text``; dots and spaces are allowed.

        Raises ``ValueError`` without the text when no such NIK can exist.
        """
        digits = re.sub(r"[ .]", "", text)
        if not _NIK.fullmatch(digits) or digits.endswith("0000"):
            raise ValueError("impossible NIK")
        nik = cls(digits)
        day, month, year = nik._birth_parts()
        if not any(_is_date(century + year, month, day) for century in (1900, 2000)):
            raise ValueError("impossible NIK")
        return nik

    def _birth_parts(self) -> tuple[int, int, int]:
        day, month, year = (int(self.value[i : i + 2]) for i in (6, 8, 10))
        return (day - 40 if day > 40 else day), month, year

    @property
    def last_four(self) -> str:
        """The serial: enough for a clerk to compare, too little to name a person."""
        return self.value[-4:]

    @property
    def masked(self) -> str:
        """Province and regency, then dots, then the serial."""
        return f"{self.value[:4]}••••••••{self.last_four}"

    @property
    def is_specimen(self) -> bool:
        """True for the reserved range 35 22 99, which no real person has."""
        return self.value.startswith(_SPECIMEN_REGION)

    def agrees_with(self, born: date, sex: Sex) -> bool:
        """Say whether birth date and sex fit. A mismatch is a warning: such NIKs exist."""
        female = int(self.value[6:8]) > 40
        same_day = self._birth_parts() == (born.day, born.month, born.year % 100)
        return same_day and female == (sex is Sex.FEMALE)


def mask_name(name: str) -> str:
    """Return each word of a name as its first letter and dots: ``S••• A•••``."""
    return " ".join(f"{word[0]}•••" for word in name.split())


@dataclass(frozen=True, slots=True, repr=False)
class Holder:
    """The person a letter is about, as on the KTP. Every text is plain and bounded."""

    nik: Nik
    name: str
    birth_place: str
    birth_date: date
    sex: Sex
    religion: str
    marital_status: str
    occupation: str
    nationality: str
    address: str

    def __repr__(self) -> str:
        return "Holder(<hidden>)"

    @classmethod
    def parse(cls, raw: Mapping[str, object], today: date) -> Holder:
        """Build a holder from a data file's ``holder`` object.

        Raises ``InvalidInput`` with every problem, each under ``holder.<field>``;
        unknown keys are problems too.
        """
        reader = _Reader(raw, cls.__slots__)
        nik = reader.nik("nik")
        name = reader.text("name", MAX_NAME)
        birth_place = reader.text("birth_place", MAX_SHORT_TEXT)
        born = reader.birth_date("birth_date", today)
        sex = reader.choice("sex", tuple(Sex))
        religion = reader.choice("religion", RELIGIONS)
        marital_status = reader.choice("marital_status", MARITAL_STATUSES)
        occupation = reader.text("occupation", MAX_SHORT_TEXT)
        nationality = reader.choice("nationality", NATIONALITIES)
        address = reader.text("address", MAX_ADDRESS)
        if reader.problems or nik is None or born is None:
            raise InvalidInput(reader.problems)
        return cls(
            nik,
            name,
            birth_place,
            born,
            Sex(sex),
            religion,
            marital_status,
            occupation,
            nationality,
            address,
        )

    def as_record(self) -> dict[str, str]:
        """Return the holder as the canonical record and the data file write it."""
        return {
            "nik": self.nik.value,
            "name": self.name,
            "birth_place": self.birth_place,
            "birth_date": self.birth_date.isoformat(),
            "sex": self.sex.value,
            "religion": self.religion,
            "marital_status": self.marital_status,
            "occupation": self.occupation,
            "nationality": self.nationality,
            "address": self.address,
        }


class _Reader:
    """Reads one field after another and collects what is wrong."""

    def __init__(self, raw: Mapping[str, object], known: tuple[str, ...]) -> None:
        self._raw = raw
        unknown = (key for key in raw if key not in known)
        self.problems = [
            Problem("holder", "unknown_field", {"field": plain_key(key)})
            for key in islice(unknown, MAX_UNKNOWN_NAMED)
        ]

    def _refuse(self, field: str, code: str, **facts: str | int) -> None:
        self.problems.append(Problem(f"holder.{field}", code, facts))

    def text(self, field: str, limit: int) -> str:
        value = self._raw.get(field)
        if value is None or value == "":
            self._refuse(field, "required")
            return ""
        try:
            return plain_text(value, limit)
        except TextRefused as refused:
            self._refuse(field, refused.code, **refused.facts)
            return ""

    def nik(self, field: str) -> Nik | None:
        text = self.text(field, 24)
        if not text:
            return None
        try:
            return Nik.parse(text)
        except ValueError:
            self._refuse(field, "impossible_nik")
            return None

    def birth_date(self, field: str, today: date) -> date | None:
        text = self.text(field, 10)
        if not text:
            return None
        born = iso_date(text)
        if born is None:
            self._refuse(field, "impossible_date")
        elif born > today:
            self._refuse(field, "date_in_future")
        elif born.year < OLDEST_BIRTH_YEAR:
            self._refuse(field, "date_too_old", year=OLDEST_BIRTH_YEAR)
        else:
            return born
        return None

    def choice(self, field: str, allowed: tuple[str, ...]) -> str:
        text = self.text(field, MAX_SHORT_TEXT)
        if text and text not in allowed:
            self._refuse(field, "not_a_choice", choices=", ".join(allowed))
        return text


def plain_key(key: object) -> str:
    """Return an unknown key short and printable enough to be repeated in a message."""
    return "".join(c for c in str(key)[:40] if c.isprintable() and not c.isdigit())


def iso_date(text: str) -> date | None:
    """Return the date written as YYYY-MM-DD, or None."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
