"""NIK, holder and masks, with hostile input."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lokal.nik import parse_nik

from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.people import Holder, Nik, Sex, mask_name
from tests.domain.domain_samples import TODAY
from tests.records import HOLDER

# A reader that knows the true century; the domain accepts either.
BIRTHS = st.dates(min_value=date(1930, 1, 1), max_value=date(2025, 12, 31))


def nik_of(born: date, sex: Sex, serial: int, region: str = "352299") -> str:
    day = born.day + (40 if sex is Sex.FEMALE else 0)
    return f"{region}{day:02}{born:%m%y}{serial:04}"


@given(BIRTHS, st.sampled_from(Sex), st.integers(1, 9999))
def test_a_nik_agrees_with_its_own_birth_and_sex_only(born: date, sex: Sex, serial: int) -> None:
    nik = Nik.parse(nik_of(born, sex, serial))
    other = Sex.MALE if sex is Sex.FEMALE else Sex.FEMALE
    assert nik.agrees_with(born, sex)
    assert not nik.agrees_with(born, other)
    assert not nik.agrees_with(born + timedelta(days=1), sex)
    assert nik.last_four == f"{serial:04}"
    assert nik.is_specimen


@given(
    region=st.sampled_from(["352299", "110101", "352206", "327601"]),
    day=st.integers(0, 99),
    month=st.integers(0, 19),
    year=st.integers(0, 99),
    serial=st.integers(0, 9999),
)
def test_a_foreign_reader_accepts_and_refuses_the_same(
    region: str, day: int, month: int, year: int, serial: int
) -> None:
    text = f"{region}{day:02}{month:02}{year:02}{serial:04}"
    # 29 February of a year "00" exists only in 2000, which the reference date decides.
    expected = parse_nik(text, reference_date=date(2099, 1, 1)).valid
    try:
        accepted = Nik.parse(text).value == text
    except ValueError:
        accepted = False
    assert accepted == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "352299410790000",
        "35229941079000011",
        "3522994107900000",
        "3522993002900001",
        "3522997002900001",
        "3522992902010001",
        "3522990007900001",
        "3522994007900001",
        "3522997207900001",
        "3522994113900001",
        "3522994100900001",
        "3522994107900001\n7",
        "٣٥٢٢٩٩٤١٠٧٩٠٠٠٠١",
        "3522-99-410790-0001",
        "+522994107900001",
    ],
)
def test_impossible_niks_are_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ValueError, match=r"^impossible NIK$"):
        Nik.parse(text)


def test_dots_and_spaces_are_allowed() -> None:
    assert Nik.parse("35.22.99 410790 0001").value == "3522994107900001"


def test_a_leap_day_is_accepted_when_either_century_has_it() -> None:
    assert Nik.parse("3522992902000001").agrees_with(date(2000, 2, 29), Sex.MALE)


def test_nothing_printed_shows_a_nik() -> None:
    holder = Holder.parse(HOLDER, TODAY)
    for shown in (repr(holder.nik), repr(holder), str(holder)):
        assert "3522994107900001" not in shown
        assert "Aminah" not in shown


def test_masks() -> None:
    nik = Nik.parse("3522994107900001")
    assert nik.masked == "3522••••••••0001"
    assert len(nik.masked) == 16
    assert mask_name("Siti Aminah") == "S••• A•••"
    assert mask_name("Sutrisno") == "S•••"


@given(st.text(max_size=40))
def test_a_mask_shows_one_letter_of_each_word(name: str) -> None:
    words = name.split()
    assert mask_name(name) == " ".join(f"{word[:1]}•••" for word in words)


def test_a_holder_and_its_record_are_the_same() -> None:
    assert Holder.parse(HOLDER, TODAY).as_record() == HOLDER


def problems_of(raw: Mapping[str, object]) -> tuple[Problem, ...]:
    try:
        Holder.parse(raw, TODAY)
    except InvalidInput as error:
        return error.problems
    return ()


def refused(changes: Mapping[str, object]) -> set[tuple[str, str]]:
    return {(problem.where, problem.code) for problem in problems_of({**HOLDER, **changes})}


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("nik", "3522994113900001", "impossible_nik"),
        ("nik", 3522994107900001, "not_text"),
        ("nik", "3" * 25, "too_long"),
        ("name", "", "required"),
        ("name", None, "required"),
        ("name", "   ", "required"),
        ("name", "A" * 101, "too_long"),
        ("name", "A" * 10_000_000, "too_long"),
        ("name", "Siti\u202egnitirw", "unprintable"),
        ("name", "Si\u200bti", "unprintable"),
        ("name", "Si\x00ti", "unprintable"),
        ("name", "\ud800", "unprintable"),
        ("name", "\ue000", "unprintable"),
        ("name", ["Siti"], "not_text"),
        ("birth_date", "2026-01-06", "date_in_future"),
        ("birth_date", "1899-12-31", "date_too_old"),
        ("birth_date", "1990-02-30", "impossible_date"),
        ("birth_date", "01-07-1990", "impossible_date"),
        ("birth_date", "1990-7-1", "impossible_date"),
        ("birth_date", "19900701", "impossible_date"),
        ("birth_date", 19900701, "not_text"),
        ("sex", "X", "not_a_choice"),
        ("religion", "islam", "not_a_choice"),
        ("marital_status", "KAWIN", "not_a_choice"),
        ("nationality", "ID", "not_a_choice"),
        ("address", "J" * 301, "too_long"),
    ],
)
def test_a_bad_field_is_named_with_its_problem(field: str, value: object, code: str) -> None:
    assert refused({field: value}) == {(f"holder.{field}", code)}


def test_somebody_born_today_is_a_person() -> None:
    assert not problems_of({**HOLDER, "birth_date": TODAY.isoformat()})


def test_all_problems_are_told_at_once() -> None:
    found = refused({"nik": "1", "name": "", "birth_date": "x", "sex": "?", "shoe_size": 43})
    assert {where for where, _ in found} == {
        "holder",
        "holder.nik",
        "holder.name",
        "holder.birth_date",
        "holder.sex",
    }


def test_an_empty_object_asks_for_every_field() -> None:
    assert {problem.where for problem in problems_of({})} == {f"holder.{field}" for field in HOLDER}


def test_unknown_keys_are_named_without_digits_and_few() -> None:
    flood = {f"3522994107900001{n}": "x" for n in range(100_000)}
    problems = problems_of({**HOLDER, "ni\u202ek" * 1000: 1, **flood})
    assert 1 <= len(problems) <= 20
    for problem in problems:
        assert problem.code == "unknown_field"
        name = problem.facts["field"]
        assert isinstance(name, str)
        assert len(name) <= 40
        assert not any(character.isdigit() for character in name)


@given(
    st.dictionaries(
        st.sampled_from(sorted(HOLDER)),
        st.one_of(
            st.text(max_size=400),
            st.integers(),
            st.floats(),
            st.booleans(),
            st.none(),
            st.lists(st.text(), max_size=2),
        ),
    )
)
def test_whatever_comes_in_ends_in_a_holder_or_a_list_of_problems(raw: dict[str, object]) -> None:
    problems = problems_of({**HOLDER, **raw})
    assert all(isinstance(problem, Problem) for problem in problems)
    shown = str(InvalidInput(problems))
    assert not any(isinstance(v, str) and len(v) > 12 and v in shown for v in raw.values())
