"""Letter numbers, validity and the regency's day."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.domain.letter_types import Validity
from issuer.domain.numbers import DEFAULT_PATTERN, MAX_NUMBER, NumberPattern
from tests.domain.domain_samples import OFFICE

VALUES = {"classification": "400.12.2.1", "agency_code": "412.414.01", "year": 2026, "month": 9}


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        (DEFAULT_PATTERN, "400.12.2.1/7/412.414.01/2026"),
        ("{sequence:03}/{agency_code}/{month_roman}/{year}", "007/412.414.01/IX/2026"),
        ("B/{sequence:01}/{agency_code}/{month}/{year}", "B/7/412.414.01/09/2026"),
        ("Nomor {sequence:09} {agency_code}-{year}", "Nomor 000000007 412.414.01-2026"),
    ],
)
def test_a_pattern_is_filled(pattern: str, number: str) -> None:
    assert NumberPattern(pattern).format(sequence=7, **VALUES) == number  # type: ignore[arg-type]  # the values have two types


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "{sequence}/{year}",
        "{agency_code}/{year}",
        "{sequence}/{agency_code}",
        "{sequence}/{sequence}/{agency_code}/{year}",
        "{sequence}/{agency_code}/{year}/{year}",
        "{sequence}/{agency_code}/{year}/{nik}",
        "{sequence:3}/{agency_code}/{year}",
        "{sequence:010}/{agency_code}/{year}",
        "{sequence}/{agency_code:03}/{year}",
        "{sequence!r}/{agency_code}/{year}",
        "{sequence.__class__}/{agency_code}/{year}",
        "{sequence}/{agency_code}/{year}/{",
        "{sequence}/{agency_code}/{year}\n",
        "{sequence}/{agency_code}/{year}/é",
        "{sequence}/{agency_code}/{year}/%s",
        " {sequence}/{agency_code}/{year}",
        "{sequence}/{agency_code}/{year} ",
    ],
)
def test_a_pattern_that_could_repeat_or_surprise_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="number pattern"):
        NumberPattern(pattern)


@given(st.integers(1, 10**9), st.integers(0, 9), st.integers(1, 12))
def test_the_sequence_is_padded_and_never_cut(sequence: int, width: int, month: int) -> None:
    padding = f":0{width}" if width else ""
    pattern = NumberPattern(f"{{sequence{padding}}}/{{agency_code}}/{{year}}")
    number = pattern.format(
        classification="", sequence=sequence, agency_code="412", year=2026, month=month
    )
    first = number.split("/")[0]
    assert int(first) == sequence
    assert len(first) == max(width, len(str(sequence)))


def test_a_number_that_is_too_long_is_refused() -> None:
    pattern = NumberPattern("A" * MAX_NUMBER + "{sequence}/{agency_code}/{year}")
    with pytest.raises(ValueError, match="too long"):
        pattern.format(sequence=1, **VALUES)  # type: ignore[arg-type]  # the values have two types


@pytest.mark.parametrize(
    ("months", "days", "issued", "last"),
    [
        (0, 0, "2026-01-05", None),
        (6, 0, "2026-01-05", "2026-07-05"),
        (6, 0, "2025-08-31", "2026-02-28"),
        (6, 0, "2027-08-31", "2028-02-29"),
        (1, 0, "2026-01-31", "2026-02-28"),
        (12, 0, "2028-02-29", "2029-02-28"),
        (1, 0, "2026-12-15", "2027-01-15"),
        (0, 30, "2026-12-15", "2027-01-14"),
        (1, 1, "2026-01-31", "2026-03-01"),
        (36, 0, "2026-11-30", "2029-11-30"),
    ],
)
def test_last_day_of_validity(months: int, days: int, issued: str, last: str | None) -> None:
    found = Validity(months, days).last_day(date.fromisoformat(issued))
    assert found == (date.fromisoformat(last) if last else None)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 120))
def test_months_keep_the_day_or_end_on_the_last(issued: date, months: int) -> None:
    last = Validity(months=months).last_day(issued)
    assert last is not None
    assert (last.year - issued.year) * 12 + last.month - issued.month == months
    end_of_month = calendar.monthrange(last.year, last.month)[1]
    assert last.day == issued.day or last.day == end_of_month < issued.day


@pytest.mark.parametrize(
    ("at_utc", "day"),
    [
        (datetime(2025, 12, 31, 16, 59, 59, tzinfo=UTC), date(2025, 12, 31)),
        (datetime(2025, 12, 31, 17, 0, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2025, 12, 31, 17, 30, tzinfo=UTC), date(2026, 1, 1)),
    ],
)
def test_the_new_year_begins_at_midnight_in_the_regency(at_utc: datetime, day: date) -> None:
    assert OFFICE.today(at_utc) == day
    assert OFFICE.begins(day) <= at_utc < OFFICE.begins(day + timedelta(days=1))
    assert OFFICE.zone_name() == "WIB"
