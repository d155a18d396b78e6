"""Bad input is named in full, before any number is taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from issuer import texts
from issuer.bootstrap import Composition
from issuer.domain.errors import InvalidInput, NotFound, Problem
from tests.offices import DISTRICT, OPERATOR, VILLAGE, example

WITHOUT_GLYPH = "Budi ꦧꦸꦢꦶ"
NOT_A_NAME = "N" * 200


def changed(data: Mapping[str, Any], place: str, value: object) -> dict[str, Any]:
    """The data with one entry replaced; ``place`` is ``holder.nik`` or ``purpose``."""
    head, _, tail = place.partition(".")
    copied = {key: dict(v) if isinstance(v, dict) else v for key, v in data.items()}
    if tail:
        copied[head][tail] = value
    else:
        copied[head] = value
    return copied


def problems(office: Composition, data: Mapping[str, object]) -> tuple[Problem, ...]:
    with pytest.raises(InvalidInput) as refused:
        office.services.intake.check("domisili", VILLAGE, data)
    assert list(office.services.letters.listed(OPERATOR)) == []
    return refused.value.problems


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        ("holder.nik", "", "required"),
        ("holder.nik", "1234567890123456", "impossible_nik"),
        ("holder.nik", "3522993202900001", "impossible_nik"),
        ("holder.nik", "35229917089000011", "impossible_nik"),
        ("holder.nik", 3522991708900001, "not_text"),
        ("holder.name", NOT_A_NAME, "too_long"),
        ("holder.name", WITHOUT_GLYPH, "missing_glyph"),
        ("holder.name", "Budi \u202eitnas", "unprintable"),
        ("holder.name", "Budi\x00Santoso", "unprintable"),
        ("holder.name", None, "required"),
        ("holder.name", ["Budi"], "not_text"),
        ("holder.birth_date", "1990-02-30", "impossible_date"),
        ("holder.birth_date", "17-08-1990", "impossible_date"),
        ("holder.birth_date", "2027-01-01", "date_in_future"),
        ("holder.birth_date", "1850-01-01", "date_too_old"),
        ("holder.sex", "X", "not_a_choice"),
        ("holder.religion", "Lain", "not_a_choice"),
        ("holder.email", "a@b.example", "unknown_field"),
        ("fields.surplus", "x", "unknown_field"),
        ("fields.since", "2021-13-01", "impossible_date"),
        ("fields", "text", "not_an_object"),
        ("holder", [], "not_an_object"),
        ("purpose", "", "required"),
        ("purpose", "p" * 301, "too_long"),
        ("surplus", "x", "unknown_field"),
    ],
)
def test_one_bad_entry_is_named(office: Composition, place: str, value: object, code: str) -> None:
    found = problems(office, changed(example(office), place, value))
    assert code in {problem.code for problem in found}


def test_every_problem_is_named_at_once(office: Composition) -> None:
    found = problems(office, {"holder": {}, "fields": {}, "purpose": ""})
    places = {problem.where for problem in found}
    assert {"holder.nik", "holder.name", "purpose", "fields.residence_address"} <= places


def test_no_text_of_a_problem_repeats_a_nik(office: Composition) -> None:
    data = changed(example(office), "holder.nik", "9999999999999999")
    data["holder"]["3522991708900001"] = "x"
    for problem in problems(office, data):
        said = texts.problem_text(problem)
        assert "9999999" not in said.id + said.en + problem.where
        assert "352299" not in said.id + said.en + problem.where


def test_unknown_type_and_agency(office: Composition) -> None:
    intake = office.services.intake
    with pytest.raises(NotFound):
        intake.check("../../etc/passwd", VILLAGE, example(office))
    with pytest.raises(NotFound):
        intake.check("domisili", "99.99", example(office))
    with pytest.raises(InvalidInput):
        intake.check("domisili", DISTRICT, example(office))


def test_a_nik_that_does_not_fit_the_birth_date_is_only_a_warning(office: Composition) -> None:
    data = changed(example(office), "holder.birth_date", "1991-08-17")
    order = office.services.intake.check("domisili", VILLAGE, data)
    assert order.nik_disagrees


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner),
    max_leaves=8,
)
_PLACES = """
    holder fields purpose holder.nik holder.name holder.birth_date holder.sex
    holder.address fields.since fields.residence_address fields.residence_status
"""


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.sampled_from(_PLACES.split()), value=_json)
def test_any_json_is_an_order_or_named_problems(
    office: Composition, place: str, value: object
) -> None:
    named: tuple[Problem, ...] | None = None
    try:
        office.services.intake.check("domisili", VILLAGE, changed(example(office), place, value))
    except InvalidInput as refused:
        named = refused.problems
    assert named is None or all(texts.problem_text(problem).id for problem in named)
    assert named != ()
