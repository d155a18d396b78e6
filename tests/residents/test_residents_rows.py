"""Rows of foreign tables, and names as people say them."""

from __future__ import annotations

from datetime import date

import pytest

from issuer.domain.errors import InvalidInput
from issuer.domain.people import MARITAL_STATUSES, NATIONALITIES, RELIGIONS, Sex
from issuer.domain.resident import name_keys, search_keys
from issuer.domain.resident_rows import (
    HEADINGS,
    REQUIRED,
    SPELLINGS,
    read_agency,
    read_headings,
    read_holder,
)
from issuer.domain.text import fits, words_of
from tests.residents.resident_tables import HEADINGS as TYPED
from tests.residents.resident_tables import SITI

TODAY = date(2026, 11, 24)
HOME = "Desa Ngunut, Kecamatan Dander, Kabupaten Bojonegoro"


def row(**changes: str) -> dict[str, str]:
    columns, _ = read_headings(TYPED)
    return {columns[index]: cell for index, cell in enumerate(SITI)} | changes


def codes(**changes: str) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        read_holder(row(**changes), HOME, TODAY)
    return [(problem.where, problem.code) for problem in caught.value.problems]


def test_every_spelling_is_of_one_choice_and_every_choice_has_one() -> None:
    allowed = {
        "sex": {sex.value for sex in Sex},
        "religion": set(RELIGIONS),
        "marital_status": set(MARITAL_STATUSES),
        "nationality": set(NATIONALITIES),
    }
    assert {name: set(spellings.values()) for name, spellings in SPELLINGS.items()} == allowed
    for spellings in SPELLINGS.values():
        # As they are compared: small letters, single spaces, no signs.
        assert all(
            (s == " ".join(s.lower().split()) and s.replace(" ", "a").isalnum()) or not s
            for s in spellings
        )


def test_no_heading_means_two_things() -> None:
    spellings = [spelling for group in HEADINGS.values() for spelling in group]
    assert len(spellings) == len(set(spellings))
    assert set(REQUIRED) < set(HEADINGS)


def test_a_row_is_read_as_it_stands_in_the_data_file() -> None:
    assert read_holder(row(), HOME, TODAY).as_record() == {
        "nik": "3522995708900001",
        "name": "Siti Aminah Contoh",
        "birth_place": "Bojonegoro",
        "birth_date": "1990-08-17",
        "sex": "P",
        "religion": "Islam",
        "marital_status": "Kawin",
        "occupation": "Petani/Pekebun",
        "nationality": "WNI",
        "address": "Dusun Contoh, RT 003 RW 001, Desa Ngunut",
    }


@pytest.mark.parametrize(
    "written", ["17-08-1990", "17/8/1990", "17.08.1990", "1990-08-17", "1990-08-17 00:00:00"]
)
def test_a_date_is_the_day_before_the_month(written: str) -> None:
    assert read_holder(row(birth_date=written), HOME, TODAY).birth_date == date(1990, 8, 17)


@pytest.mark.parametrize("written", ["08/17/1990", "17-08-90", "31/02/1990", "kemarin"])
def test_a_date_that_is_none_is_refused(written: str) -> None:
    assert codes(birth_date=written) in (
        [("birth_date", "impossible_date")],
        [("birth_date", "too_long")],
    )


@pytest.mark.parametrize("written", ["3.52299570890000E+15", "3,52299E+15", "3.5E+15"])
def test_a_nik_that_a_spreadsheet_has_rounded_is_named_as_such(written: str) -> None:
    assert codes(nik=written) == [("nik", "nik_rounded")]


def test_every_problem_of_a_row_is_told_at_once_under_its_column() -> None:
    found = codes(nik="12", sex="X", religion="-", name="")
    assert found == [
        ("nik", "impossible_nik"),
        ("name", "required"),
        ("sex", "not_a_choice"),
        ("religion", "not_a_choice"),
    ]


@pytest.mark.parametrize(
    ("parts", "address"),
    [
        ({"address": "Jalan Contoh 1", "rt": "3", "rw": "001"}, "Jalan Contoh 1, RT 003 RW 001"),
        ({"address": "-", "hamlet": "Krajan", "rt": "3", "rw": ""}, "Dusun Krajan, RT 003"),
        ({"address": "", "hamlet": "DUSUN KRAJAN", "rt": "", "rw": ""}, "DUSUN KRAJAN"),
    ],
)
def test_an_address_in_several_columns_is_put_together(parts: dict[str, str], address: str) -> None:
    assert read_holder(row(**parts), HOME, TODAY).address == f"{address}, {HOME}"


def test_headings_that_are_missing_double_or_unknown_are_named() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_headings(["NIK", "No. NIK", "Nama", "Nama Ibu Kandung"])
    problems = {(problem.where, problem.code) for problem in caught.value.problems}
    assert ("nik", "column_twice") in problems
    assert ("address", "column_missing") in problems
    _, left_out = read_headings([*TYPED, "No. KK", "", "Nama Ibu"])
    assert left_out == ["No. KK", "Nama Ibu"]


def test_a_region_code_may_come_without_its_dots() -> None:
    assert read_agency("3522062001") == read_agency(" 35.22.06.2001 ") == "35.22.06.2001"
    assert read_agency("desa") == "desa"


def test_a_name_is_taken_apart_as_people_say_it() -> None:
    assert words_of("H. Moh. MA'RUF  Al-Amin, S.Pd") == (
        "h",
        "moh",
        "maruf",
        "al",
        "amin",
        "s",
        "pd",
    )
    assert words_of("José Ñusa") == ("jose", "nusa")
    assert name_keys("Siti Sitorus Al") == ("sit", "al")
    assert search_keys("sito al") == ("sit",)
    assert search_keys("a b") == search_keys("...") == ()


@pytest.mark.parametrize(
    ("typed", "does"),
    [
        ("siti", True),
        ("amin siti", True),
        ("SIT AMINAH", True),
        ("sitia", False),
        ("siti b", False),
        ("minah", False),
    ],
)
def test_every_word_typed_begins_one_of_the_name(typed: str, does: bool) -> None:
    assert fits(typed, "Siti Aminah Contoh") is does
