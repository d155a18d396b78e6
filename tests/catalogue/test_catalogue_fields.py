"""The answers to a type's questions: cleaned, or refused with a code each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer import texts
from issuer.catalogue.field_rules import PROBLEM_CODES
from issuer.catalogue.folders import FolderCatalogue
from issuer.domain.errors import InvalidInput

TODAY = date(2026, 11, 24)
CATALOGUE = FolderCatalogue(
    Path(__file__).parents[2] / "templates" / "letters", lambda _letter_type: ()
)


def example(slug: str, **changes: object) -> dict[str, object]:
    fields = CATALOGUE.get(slug).example["fields"]
    assert isinstance(fields, Mapping)
    return {**fields, **changes}


def problems(slug: str, values: Mapping[str, object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidInput) as caught:
        CATALOGUE.check_fields(CATALOGUE.get(slug), values, TODAY)
    assert all(problem.code in texts.PROBLEMS for problem in caught.value.problems)
    return [(problem.where, problem.code) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("slug", "field", "value", "code"),
    [
        ("usaha", "business_name", "", "required"),
        ("usaha", "business_name", None, "required"),
        ("usaha", "business_name", "   ", "required"),
        ("usaha", "business_name", "x", "too_short"),
        ("usaha", "business_name", "x" * 121, "too_long"),
        ("usaha", "business_name", "x" * 10**6, "too_long"),
        ("usaha", "business_name", 7, "not_text"),
        ("usaha", "business_name", ["x"], "not_text"),
        ("usaha", "business_name", "Warung\N{RIGHT-TO-LEFT OVERRIDE}x", "unprintable"),
        ("usaha", "business_name", "Warung\0", "unprintable"),
        ("usaha", "since_year", "dua ribu", "not_a_number"),
        ("usaha", "since_year", 2018.5, "not_a_number"),
        ("usaha", "since_year", True, "not_a_number"),
        ("usaha", "since_year", "1.50", "not_a_number"),
        ("usaha", "since_year", "٢٠١٨", "not_a_number"),
        ("usaha", "since_year", 1929, "too_small"),
        ("usaha", "since_year", 2027, "too_large"),
        ("usaha", "since_year", 2201, "too_large"),
        ("usaha", "monthly_turnover", -1, "too_small"),
        ("usaha", "monthly_turnover", "9" * 15, "too_large"),
        ("usaha", "monthly_turnover", 10**400, "too_large"),
        ("usaha", "place_status", "punya", "not_a_choice"),
        ("usaha", "place_status", ["milik"], "not_a_choice"),
        ("domisili", "since", "2021-02-29", "impossible_date"),
        ("domisili", "since", "15-03-2021", "impossible_date"),
        ("domisili", "since", "20210315", "impossible_date"),
        ("domisili", "since", 20210315, "not_text"),
        ("domisili", "since", "2026-11-25", "date_in_future"),
    ],
)
def test_a_bad_answer_is_refused_with_its_code(
    slug: str, field: str, value: object, code: str
) -> None:
    assert problems(slug, example(slug, **{field: value})) == [(f"fields.{field}", code)]


def test_today_is_not_the_future() -> None:
    fields = CATALOGUE.check_fields(
        CATALOGUE.get("domisili"), example("domisili", since="2026-11-24"), TODAY
    )
    assert fields["since"] == "2026-11-24"


def test_a_surplus_answer_is_refused_without_repeating_a_number() -> None:
    with pytest.raises(InvalidInput) as caught:
        CATALOGUE.check_fields(
            CATALOGUE.get("usaha"), example("usaha", nik_3522990101900001="x"), TODAY
        )
    (problem,) = caught.value.problems
    assert (problem.where, problem.code) == ("fields", "unknown_field")
    assert problem.facts == {"field": "nik_"}


def test_a_flood_of_surplus_answers_is_cut() -> None:
    surplus: dict[str, object] = {f"x{number}": "" for number in range(10_000)}
    assert len(problems("usaha", example("usaha", **surplus))) == 20


def test_all_problems_are_told_at_once() -> None:
    assert problems("usaha", {"since_year": "x", "workers": 0, "a": 1}) == [
        ("fields", "unknown_field"),
        ("fields.business_name", "required"),
        ("fields.business_field", "required"),
        ("fields.business_address", "required"),
        ("fields.since_year", "not_a_number"),
        ("fields.place_status", "required"),
        ("fields.workers", "too_small"),
    ]


@pytest.mark.parametrize("typed", ["7.500.000", "7500000", " 7500000 ", 7500000])
def test_an_amount_is_read_as_people_type_it(typed: object) -> None:
    fields = CATALOGUE.check_fields(
        CATALOGUE.get("usaha"), example("usaha", monthly_turnover=typed), TODAY
    )
    assert fields["monthly_turnover"] == 7_500_000


def test_what_is_left_empty_is_left_out() -> None:
    values = example("usaha", nib="", workers=None)
    fields = CATALOGUE.check_fields(CATALOGUE.get("usaha"), values, TODAY)
    assert set(values) - set(fields) == {"nib", "workers"}


def test_text_is_folded_and_composed() -> None:
    fields = CATALOGUE.check_fields(
        CATALOGUE.get("usaha"), example("usaha", business_name=" Kafe\u0301\n  Bu Sri "), TODAY
    )
    assert fields["business_name"] == "Kafé Bu Sri"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(value=ANYTHING, data=st.data())
def test_whatever_is_sent_is_cleaned_or_refused(value: object, data: st.DataObject) -> None:
    letter_type = CATALOGUE.get("tidak-mampu")
    name = data.draw(st.sampled_from([spec.name for spec in letter_type.fields]))
    try:
        fields = CATALOGUE.check_fields(letter_type, example("tidak-mampu", **{name: value}), TODAY)
    except InvalidInput as invalid:
        here = f"fields.{name}"
        for problem in invalid.problems:
            # A bad choice also hides the questions that depend on it.
            assert f"{problem.where}.".startswith(f"{here}.") or problem.code == "not_asked"
    else:
        assert CATALOGUE.check_fields(letter_type, fields, TODAY) == fields


def test_every_code_has_a_text() -> None:
    assert set(PROBLEM_CODES.values()) <= set(texts.PROBLEMS)
