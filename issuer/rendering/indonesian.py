"""Dates, amounts and numbers in words, as Indonesian official letters write them."""

from __future__ import annotations

from datetime import date

NO_BREAK = "\N{NO-BREAK SPACE}"
MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_UNITS = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"))
MAX_IN_WORDS = 10**15 - 1


def long_date(day: date) -> str:
    """Return ``24 November 2026``: month in words, no leading zero.

    The first space is one that does not break.
    """
    return f"{day.day}{NO_BREAK}{MONTHS[day.month - 1]} {day.year}"


def long_date_en(day: date) -> str:
    """Return ``24 November 2026`` with the month in English."""
    return f"{day.day}{NO_BREAK}{MONTHS_EN[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """Return ``17-08-1990``, for the cells of a table."""
    return f"{day.day:02}-{day.month:02}-{day.year}"


def day_name(day: date) -> str:
    """Return the day of the week: ``Selasa``."""
    return DAYS[day.weekday()]


def thousands(number: int) -> str:
    """Return ``1.500.000``."""
    return f"{number:,}".replace(",", ".")


def rupiah(amount: int) -> str:
    """Return ``Rp1.500.000``; whole rupiah."""
    return f"Rp{thousands(amount)}"


def in_words(number: int) -> str:
    """Return a number from 0 to ``MAX_IN_WORDS`` in words (terbilang).

    Raises ``ValueError`` outside that range.
    """
    if not 0 <= number <= MAX_IN_WORDS:
        raise ValueError("number beyond words")
    words = []
    rest = number
    for size, name in _SCALES:
        count, rest = divmod(rest, size)
        if count:
            words += [_below_thousand(count), name]
    thousands, rest = divmod(rest, 1000)
    if thousands:
        words.append("seribu" if thousands == 1 else f"{_below_thousand(thousands)} ribu")
    words.append(_below_thousand(rest))
    return " ".join(filter(None, words)) or "nol"


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    if tens == 1 and units:
        words = [_counted(hundreds, "ratus"), _counted(units, "belas")]
    else:
        words = [_counted(hundreds, "ratus"), _counted(tens, "puluh"), _UNITS[units]]
    return " ".join(filter(None, words))


def _counted(count: int, unit: str) -> str:
    """Count a unit; one is the prefix se-: sebelas, sepuluh, seratus."""
    if count == 1:
        return f"se{unit}"
    return f"{_UNITS[count]} {unit}" if count else ""


def small_letters(text: str) -> str:
    """Return a text as it stands amid a sentence: abbreviations (KK, KTP) stay as they are."""
    return " ".join(word if word.isupper() else word.lower() for word in text.split(" "))
