"""The names a wording may use, and their values for one letter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date

from issuer.domain.computed import HOLDER_BIRTH_DATE, ISSUED_ON, computed_values
from issuer.domain.errors import Problem
from issuer.domain.letter_types import FieldKind, FieldSpec, FieldValue, LetterType
from issuer.domain.mandate import MandateKind
from issuer.domain.people import MAX_NAME
from issuer.domain.record import LetterRecord
from issuer.domain.samples import DAY, sample_fields
from issuer.rendering.indonesian import rupiah, short_date
from issuer.rendering.wording import misfit, names_in, paragraphs, refusals, said

_ACTING = frozenset({MandateKind.ACTING_VACANT, MandateKind.ACTING_ABSENT, MandateKind.CARETAKER})
_MAX_PURPOSE = 300
_SAMPLE_DAY = date.fromisoformat(DAY)


def signing_office(record: LetterRecord) -> str:
    """Return who signs, as a sentence says it: post, agency, district, regency.

    An agency whose name the post already holds (Kepala Desa Ngunut) is not said
    twice, nor is a district that is the agency.
    """
    signer = record.signer
    post = signer.position
    if signer.mandate_kind in _ACTING:
        post = f"{signer.mandate_kind} {post}"
    if signer.principal is not None:
        post = f"{post}, atas nama {signer.principal}"
    _kind, _space, proper_name = record.agency_name.partition(" ")
    said = record.agency_name if proper_name and proper_name in post else ""
    places = dict.fromkeys((record.agency_name, record.district_name, record.region_name))
    return ", ".join([post, *(place for place in places if place and place != said)])


BASE_NAMES: dict[str, Callable[[LetterRecord], object]] = {
    "signing_office": signing_office,
    "agency": lambda record: record.agency_name,
    "district": lambda record: record.district_name,
    "region": lambda record: record.region_name,
    "holder_name": lambda record: record.holder["name"],
    "holder_sex": lambda record: record.holder["sex"],
    HOLDER_BIRTH_DATE: lambda record: date.fromisoformat(record.holder["birth_date"]),
    ISSUED_ON: lambda record: record.issued_on,
    "purpose": lambda record: record.purpose,
}
_SAMPLE_BASE: Mapping[str, object] = {
    **dict.fromkeys(BASE_NAMES, "x" * max(MAX_NAME, _MAX_PURPOSE)),
    HOLDER_BIRTH_DATE: _SAMPLE_DAY,
    ISSUED_ON: _SAMPLE_DAY,
}


def values_of(letter_type: LetterType, record: LetterRecord) -> dict[str, object]:
    """Return every name with its value; a field left empty is an empty string.

    A date field is a date, a number an integer, a time is written ``14.30``; a group
    is the number of its rows. A choice has its stored value under its name and its
    texts under ``<name>_label`` and ``<name>_label_en``.
    """
    base = {name: of(record) for name, of in BASE_NAMES.items()}
    born = date.fromisoformat(record.holder["birth_date"])
    return base | _own_values(letter_type, record.fields, born=born, today=record.issued_on)


def cell_text(spec: FieldSpec, value: object) -> str:
    """Return a value of a group's row as the page shows it; empty for none."""
    if value is None:
        return ""
    if spec.choices:
        return spec.choices[str(value)].id
    if spec.kind is FieldKind.DATE:
        return short_date(date.fromisoformat(str(value)))
    if spec.kind is FieldKind.MONEY and isinstance(value, int):
        return rupiah(value)
    return str(value)


def wording_problems(letter_type: LetterType) -> tuple[str, ...]:
    """Say what is wrong with a type's sentences, in English; empty when nothing is."""
    return tuple(f"{one.where}: {said(one)}" for one in wording_findings(letter_type))


def wording_findings(letter_type: LetterType) -> Iterator[Problem]:
    """Yield what is wrong with a type's sentences, under ``wording.<part>``, or its names.

    They are written out with every field at its longest, with the required ones
    alone, with each optional one missing, and with each choice taken: so that an
    optional field outside an ``if`` is found here, before any letter.
    """
    samples = _samples(letter_type)
    for name in sorted(samples[0].keys() & BASE_NAMES.keys()):
        yield Problem("fields", "field_reserved", {"field": name})
    if len(samples[0]) != _own_names(letter_type):
        yield Problem("fields", "field_like_a_label")
    for part in fields(letter_type.wording):
        source = getattr(letter_type.wording, part.name)
        where = f"wording.{part.name}"
        yield from _findings(where, source, samples, may_be_silent=False)
    if letter_type.wording_en is not None:
        yield from _findings("wording_en", letter_type.wording_en, samples, may_be_silent=True)


def usable_names(letter_type: LetterType) -> tuple[str, ...]:
    """Return every name that a sentence of the type may use, its own first."""
    return (*_samples(letter_type)[0], *BASE_NAMES)


def own_characters(letter_type: LetterType) -> str:
    """Return every character of the type's own texts that a letter may show, once."""
    specs = [*letter_type.fields, *(c for spec in letter_type.fields for c in spec.columns)]
    shown = [letter_type.title, *(spec.label for spec in specs)]
    shown += [text for spec in specs for text in spec.choices.values()]
    sentences = [getattr(letter_type.wording, part.name) for part in fields(letter_type.wording)]
    texts = [f"{text.id} {text.en}" for text in shown]
    return "".join(set("".join([*texts, *sentences, letter_type.wording_en or ""])) - {"\n"})


def _samples(letter_type: LetterType) -> list[dict[str, object]]:
    return [
        _own_values(letter_type, answers, born=_SAMPLE_DAY, today=_SAMPLE_DAY)
        for answers in sample_fields(letter_type)
    ]


def _findings(
    where: str, source: str, samples: list[dict[str, object]], *, may_be_silent: bool
) -> Iterator[Problem]:
    if refused := refusals(source):
        yield from (replace(one, where=where) for one in refused)
        return
    unknown = names_in(source) - samples[0].keys() - BASE_NAMES.keys()
    yield from (Problem(where, "wording_no_field", {"field": name}) for name in sorted(unknown))
    for own in () if unknown else samples:
        values = {**_SAMPLE_BASE, **own}
        if wrong := misfit(source, values):
            yield replace(wrong, where=where)
            return
        if not paragraphs(source, values) and not may_be_silent:
            yield Problem(where, "wording_silent")
            return


def _own_names(letter_type: LetterType) -> int:
    in_fields = sum(3 if spec.choices else 1 for spec in letter_type.fields)
    return in_fields + len(letter_type.computed)


def _own_values(
    letter_type: LetterType, answers: Mapping[str, FieldValue], *, born: date, today: date
) -> dict[str, object]:
    values: dict[str, object] = {}
    for spec in letter_type.fields:
        values |= _values_of_field(spec, answers.get(spec.name, ""))
    computed = computed_values(letter_type.computed, answers, born=born, today=today)
    return values | {one.name: computed.get(one.name, "") for one in letter_type.computed}


def _values_of_field(spec: FieldSpec, value: FieldValue) -> Mapping[str, object]:
    if spec.choices:
        texts = spec.choices[str(value)] if value != "" else None
        return {
            spec.name: value,
            f"{spec.name}_label": texts.id if texts else "",
            f"{spec.name}_label_en": texts.en if texts else "",
        }
    if spec.kind is FieldKind.GROUP:
        return {spec.name: len(value) if isinstance(value, list | tuple) else 0}
    if spec.kind is FieldKind.DATE and value != "":
        return {spec.name: date.fromisoformat(str(value))}
    if spec.kind is FieldKind.TIME:
        return {spec.name: str(value).replace(":", ".")}
    return {spec.name: value}
