"""What a wording may say, and the many things it may not do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from issuer.domain.errors import ConfigurationError
from issuer.domain.letter_types import Wording
from issuer.domain.mandate import MandateKind
from issuer.rendering.wording import FILTERS, MAX_TEMPLATE, names_in, paragraphs
from issuer.rendering.wording_values import signing_office, values_of, wording_problems
from tests.records import a_signer
from tests.rendering.rendering_samples import CATALOGUE, SLUGS, sample_record


@pytest.mark.parametrize(
    "source",
    [
        "{% for x in name %}a{% endfor %}",
        "{{ name.upper }}",
        "{{ ''.__class__ }}",
        "{{ name.__class__.__mro__ }}",
        "{{ name['x'] }}",
        "{{ name[0:2] }}",
        "{{ name() }}",
        "{{ range(10) }}",
        "{{ name * 1000000000 }}",
        "{{ 'x' * 1000000000 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{{ name ~ name }}",
        "{{ name if name else name }}",
        "{{ [1, 2] }}",
        "{{ {'a': 1} }}",
        "{{ name is defined }}",
        "{% if name is sameas name %}{% endif %}",
        "{% set x = name %}",
        "{% macro m() %}{% endmacro %}",
        "{% call m() %}{% endcall %}",
        "{% include 'x' %}",
        "{% import 'x' as x %}",
        "{% extends 'x' %}",
        "{% block b %}{% endblock %}",
        "{% filter upper %}x{% endfilter %}",
        "{% raw %}x{% endraw %}{{ cycler }}{{ cycler.x }}",
        "{{ name|attr('x') }}",
        "{{ name|upper|lower }}",
        "{{ 'x'|upper }}",
        "{{ name|center(1000000000) }}",
        "{{ name|upper(1) }}",
        "{{ name|tidak_ada }}",
        "{{ name",
        "{% if name %}",
        "{{ " + "(" * 900 + "name" + ")" * 900 + " }}",
        "x" * (MAX_TEMPLATE + 1),
    ],
)
def test_a_wording_that_does_more_than_speak_is_refused(source: str) -> None:
    with pytest.raises(ConfigurationError):
        names_in(source)


def test_conditions_comparisons_and_filters_are_allowed() -> None:
    source = (
        '{% if kind == "a" and (count > 2 or not name) %}{{ name|upper }}'
        "{% elif count %}{{ count|terbilang }}{% else %}-{% endif %}, {{ day|tanggal }}"
    )
    assert names_in(source) == {"kind", "count", "name", "day"}
    values = {"kind": "b", "count": 2, "name": "n", "day": date(2026, 1, 2)}
    assert paragraphs(source, values) == ("dua, 2\N{NO-BREAK SPACE}Januari 2026",)


def test_values_are_text_and_never_template() -> None:
    assert paragraphs("{{ name }}", {"name": "{{ 7 }}<b>"}) == ("{{ 7 }}<b>",)


def test_an_empty_line_ends_a_paragraph_and_other_space_is_folded() -> None:
    assert paragraphs(" a\n  b \n \n\n c ", {}) == ("a b", "c")


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("{{ nobody }}", {}),
        ("{{ name|tanggal }}", {"name": "x"}),
        ("{{ name|terbilang }}", {"name": -1}),
        ("{{ name|rupiah }}", {"name": ""}),
        ("{% if name > 1 %}{% endif %}", {"name": "x"}),
        ("{{ name }}", {"name": "x" * 20_001}),
    ],
)
def test_a_value_that_does_not_fit_is_refused(source: str, values: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError) as caught:
        paragraphs(source, values)
    assert "x" * 3 not in str(caught.value)


def test_only_the_listed_filters_exist() -> None:
    dates = {"hari", "tanggal", "tanggal_en"}
    assert set(FILTERS) == dates | {"ribuan", "rupiah", "terbilang", "upper", "lower"}


@pytest.mark.parametrize("slug", SLUGS)
def test_the_types_that_come_with_the_office_speak_well(slug: str) -> None:
    assert wording_problems(CATALOGUE.get(slug)) == ()


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("{{ nobody }}", "wording.statement: no field nobody"),
        ("{{ house_owner|tanggal }}", "wording.statement: wording does not fit: AttributeError"),
        ("{% if house_owner %}x{% endif %}", "wording.statement: says nothing"),
        ("{{ a.b }}", "wording.statement: wording: getattr is not allowed"),
    ],
)
def test_a_bad_sentence_is_found_before_any_letter(statement: str, problem: str) -> None:
    letter_type = CATALOGUE.get("domisili")
    wording = replace(letter_type.wording, statement=statement)
    assert wording_problems(replace(letter_type, wording=wording)) == (problem,)


def test_an_optional_date_outside_a_condition_is_found() -> None:
    letter_type = CATALOGUE.get("tidak-mampu")
    wording = replace(letter_type.wording, statement="sejak {{ introduction_date|tanggal }}")
    problems = wording_problems(replace(letter_type, wording=wording))
    assert problems == ("wording.statement: wording does not fit: AttributeError",)


def test_a_field_may_not_take_a_reserved_name() -> None:
    letter_type = CATALOGUE.get("domisili")
    fields = (*letter_type.fields, replace(letter_type.fields[0], name="purpose"))
    assert wording_problems(replace(letter_type, fields=fields)) == (
        "fields: field purpose has a reserved name",
    )


def test_a_field_may_not_be_named_like_a_label() -> None:
    letter_type = CATALOGUE.get("domisili")
    fields = (*letter_type.fields, replace(letter_type.fields[0], name="residence_status_label"))
    assert wording_problems(replace(letter_type, fields=fields)) == (
        "fields: a field is named like the label of another",
    )


def test_values_have_the_types_their_kinds_promise() -> None:
    letter_type = CATALOGUE.get("tidak-mampu")
    values = values_of(letter_type, sample_record("tidak-mampu"))
    assert values["introduction_date"] == date(2026, 11, 20)
    assert values["monthly_income"] == 1_500_000
    assert values["aid_kind"] == "pendidikan"
    assert values["aid_kind_label"] == "Bantuan pendidikan"


def test_a_field_left_empty_is_an_empty_text() -> None:
    letter_type = CATALOGUE.get("tidak-mampu")
    values = values_of(letter_type, replace(sample_record("tidak-mampu"), fields={}))
    empty = {spec.name: values[spec.name] for spec in letter_type.fields}
    assert empty.pop("family") == 0
    assert set(empty.values()) == {""}
    assert values["aid_kind_label"] == values["aid_kind_label_en"] == ""


@pytest.mark.parametrize(
    ("kind", "position", "principal", "agency", "district", "said"),
    [
        (
            MandateKind.DEFINITIVE,
            "Kepala Desa Ngunut",
            None,
            "Desa Ngunut",
            "Kecamatan Dander",
            "Kepala Desa Ngunut, Kecamatan Dander, Kabupaten Bojonegoro",
        ),
        (
            MandateKind.ACTING_ABSENT,
            "Lurah Jetak",
            None,
            "Kelurahan Jetak",
            "Kecamatan Bojonegoro",
            "Plh. Lurah Jetak, Kecamatan Bojonegoro, Kabupaten Bojonegoro",
        ),
        (
            MandateKind.ON_BEHALF,
            "Sekretaris Camat",
            "Camat Dander",
            "Kecamatan Dander",
            "Kecamatan Dander",
            "Sekretaris Camat, atas nama Camat Dander, Kabupaten Bojonegoro",
        ),
        (
            MandateKind.DEFINITIVE,
            "Camat Bojonegoro",
            None,
            "Kecamatan Bojonegoro",
            "Kecamatan Bojonegoro",
            "Camat Bojonegoro, Kabupaten Bojonegoro",
        ),
        (
            MandateKind.DEFINITIVE,
            "Kepala Desa Dander",
            None,
            "Desa Dander",
            "Kecamatan Dander",
            "Kepala Desa Dander, Kecamatan Dander, Kabupaten Bojonegoro",
        ),
        (
            MandateKind.DEFINITIVE,
            "Camat",
            None,
            "Kecamatan Dander",
            "Kecamatan Dander",
            "Camat, Kecamatan Dander, Kabupaten Bojonegoro",
        ),
        (
            MandateKind.DEFINITIVE,
            "Kepala Dinas Sosial",
            None,
            "Dinas Sosial",
            "",
            "Kepala Dinas Sosial, Kabupaten Bojonegoro",
        ),
    ],
)
def test_the_opening_names_the_office_once(
    kind: MandateKind, position: str, principal: str | None, agency: str, district: str, said: str
) -> None:
    signer = a_signer(mandate_kind=kind, position=position, principal=principal)
    record = replace(
        sample_record(),
        signer=signer,
        agency_name=agency,
        district_name=district,
    )
    assert signing_office(record) == said


def test_a_wording_has_the_four_parts_of_a_letter() -> None:
    assert set(Wording.__slots__) == {"opening", "statement", "purpose", "closing"}
