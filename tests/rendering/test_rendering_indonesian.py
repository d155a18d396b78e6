"""Dates, amounts and words against Babel and num2words."""

from __future__ import annotations

from datetime import date

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words  # type: ignore[import-untyped]  # has no stubs

from issuer.rendering.indonesian import (
    MAX_IN_WORDS,
    NO_BREAK,
    in_words,
    long_date,
    rupiah,
    thousands,
)


@given(st.dates())
def test_a_date_is_written_as_babel_writes_it(day: date) -> None:
    expected = format_date(day, "d MMMM y", locale="id")
    assert long_date(day).replace(NO_BREAK, " ") == expected


def test_day_and_month_stay_on_one_line() -> None:
    assert long_date(date(2026, 1, 5)) == f"5{NO_BREAK}Januari 2026"


@given(st.integers(0, 10**15))
def test_an_amount_is_grouped_as_babel_groups_it(amount: int) -> None:
    assert thousands(amount) == format_decimal(amount, locale="id")
    assert rupiah(amount) == "Rp" + format_decimal(amount, locale="id")


@given(st.integers(0, 10**12) | st.sampled_from([10**power for power in range(13)]))
def test_words_are_those_of_num2words(number: int) -> None:
    expected = num2words(number, lang="id")
    if number > 10**6 and number // 1000 % 1000 == 1:
        # num2words says "satu ribu" after a million; the language says "seribu".
        expected = expected.replace("satu ribu", "seribu")
    assert in_words(number) == expected


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (111, "seratus sebelas"),
        (1_001_000, "satu juta seribu"),
        (21_000, "dua puluh satu ribu"),
        (1_200_000, "satu juta dua ratus ribu"),
    ],
)
def test_words_at_the_prefix_for_one(number: int, words: str) -> None:
    assert in_words(number) == words


@pytest.mark.parametrize("number", [-1, MAX_IN_WORDS + 1])
def test_numbers_beyond_words_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match="beyond words"):
        in_words(number)
