"""The names a wording may use, and their values for one letter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date

from issuer.domain.errors import ConfigurationError
from issuer.domain.letter_types import FieldKind, FieldSpec, FieldValue, LetterType
from issuer.domain.mandate import MandateKind
from issuer.domain.people import MAX_NAME
from issuer.domain.record import LetterRecord
from issuer.rendering.wording import names_in, paragraphs

_ACTING = frozenset({MandateKind.ACTING_VACANT, MandateKind.ACTING_ABSENT, MandateKind.CARETAKER})
_MAX_PURPOSE = 300
_SAMPLE_DAY = date(2026, 9, 24)


def signing_office(record: LetterRecord) -> str:
    """Return who signs, as a sentence says it: post, agency, district, regency.

    An agency whose name the post already holds (Kepala Desa Ngunut) is not said
    twice, nor is a district that is the agency.
    """
    post = record.position
    if record.mandate_kind in _ACTING:
        post = f"{record.mandate_kind} {post}"
    if record.principal is not None:
        post = f"{post}, atas nama {record.principal}"
    _kind, _space, proper_name = record.agency_name.partition(" ")
    said = record.agency_name if proper_name and proper_name in post else ""
    places = dict.fromkeys((record.agency_name, record.district_name, record.region_name))
    return ", ".join([post, *(place for place in places if place and place != said)])


BASE_NAMES: dict[str, Callable[[LetterRecord], str]] = {
    "signing_office": signing_office,
    "agency": lambda record: record.agency_name,
    "region": lambda record: record.region_name,
    "holder_name": lambda record: record.holder["name"],
    "purpose": lambda record: record.purpose,
}


def values_of(letter_type: LetterType, record: LetterRecord) -> dict[str, object]:
    """Return every name with its value; a field left empty is an empty string.

    A date field is a date, a number an integer; a choice has its stored value
    under its name and its Indonesian text under ``<name>_label``.
    """
    values: dict[str, object] = {name: of(record) for name, of in BASE_NAMES.items()}
    for spec in letter_type.fields:
        values |= _values_of_field(spec, record.fields.get(spec.name, ""))
    return values


def wording_problems(letter_type: LetterType) -> tuple[str, ...]:
    """Say what is wrong with a type's sentences, in English; empty when nothing is.

    Each is written out twice: with every field at its longest and with only the
    required ones, so that an optional field outside an ``if`` is found here.
    """
    full = _samples(letter_type.fields)
    least = _samples(spec for spec in letter_type.fields if spec.required)
    absent = {name: "" for name in full if name not in least}
    problems = [f"field {name} has a reserved name" for name in full if name in BASE_NAMES]
    if len(full) != sum(2 if spec.choices else 1 for spec in letter_type.fields):
        problems.append("a field is named like the label of another")
    base = dict.fromkeys(BASE_NAMES, "x" * max(MAX_NAME, _MAX_PURPOSE))
    for part in fields(letter_type.wording):
        source = getattr(letter_type.wording, part.name)
        try:
            unknown = names_in(source) - full.keys() - base.keys()
            problems.extend(f"wording.{part.name}: no field {name}" for name in sorted(unknown))
            for values in () if unknown else (full, least | absent):
                if not paragraphs(source, base | values):
                    problems.append(f"wording.{part.name}: says nothing")
        except ConfigurationError as error:
            problems.extend(f"wording.{part.name}: {text}" for text in error.problems)
    return tuple(problems)


def _values_of_field(spec: FieldSpec, value: FieldValue) -> Mapping[str, object]:
    if spec.choices:
        label = spec.choices[str(value)].id if value != "" else ""
        return {spec.name: value, f"{spec.name}_label": label}
    if spec.kind is FieldKind.DATE and value != "":
        return {spec.name: date.fromisoformat(str(value))}
    return {spec.name: value}


def _samples(specs: Iterable[FieldSpec]) -> dict[str, object]:
    samples: dict[str, object] = {}
    for spec in specs:
        samples |= _values_of_field(spec, _sample(spec))
    return samples


def _sample(spec: FieldSpec) -> FieldValue:
    if spec.choices:
        return max(spec.choices, key=len)
    if spec.kind is FieldKind.DATE:
        return _SAMPLE_DAY.isoformat()
    if spec.kind in (FieldKind.YEAR, FieldKind.INTEGER, FieldKind.MONEY):
        return 2026
    return "x" * spec.max_length
