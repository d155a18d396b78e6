"""The questions of a letter type, and the cleaning of what somebody answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_types import Bilingual, FieldKind, FieldSpec, FieldValue
from issuer.domain.people import iso_date, plain_key
from issuer.domain.text import TextRefused, plain_text

_NUMBER = re.compile(r"\d{1,3}(\.\d{3}){1,4}|\d{1,15}", re.ASCII)
_DATE_LENGTH = 10
_NUMBER_LENGTH = 20
_MAX_UNKNOWN = 20

PROBLEM_CODES = {
    "minLength": "too_short",
    "maxLength": "too_long",
    "minimum": "too_small",
    "maximum": "too_large",
}
"""JSON Schema keyword → problem code, for what is left to the schema after cleaning."""

# What each kind must say in its schema, so that every value is bounded.
_KEYWORDS_BY_KIND: dict[FieldKind, tuple[str, frozenset[str]]] = {
    FieldKind.TEXT: ("string", frozenset({"maxLength"})),
    FieldKind.LONG_TEXT: ("string", frozenset({"maxLength"})),
    FieldKind.DATE: ("string", frozenset({"format"})),
    FieldKind.CHOICE: ("string", frozenset({"enum"})),
    FieldKind.YEAR: ("integer", frozenset({"minimum", "maximum"})),
    FieldKind.INTEGER: ("integer", frozenset({"minimum", "maximum"})),
    FieldKind.MONEY: ("integer", frozenset({"minimum", "maximum"})),
}
_ALSO_ALLOWED = {FieldKind.TEXT: {"minLength"}, FieldKind.LONG_TEXT: {"minLength"}}


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One question with its schema. ``past`` refuses dates and years to come."""

    spec: FieldSpec
    validator: Draft202012Validator
    past: bool

    def clean(self, value: object, today: date) -> FieldValue:
        """Return the value as it goes into the record. Raises ``TextRefused``."""
        cleaned = _CLEAN_BY_KIND[self.spec.kind](value, self.spec)
        for error in self.validator.iter_errors(cleaned):
            raise _refused(error)
        if self.past:
            _refuse_the_future(cleaned, today)
        return cleaned


def read_field_rules(schema: Mapping[str, Any]) -> tuple[FieldRule, ...]:
    """Return the rules of a schema that has the shape ``FIELDS_SHAPE``.

    Raises ``ValueError`` naming the property that contradicts itself.
    """
    properties: Mapping[str, Any] = schema["properties"]
    for name in schema["required"]:
        if name not in properties:
            raise ValueError(f"required: {name} is no property")
    return tuple(
        _read_rule(name, properties[name], required=name in schema["required"])
        for name in properties
    )


def clean_fields(
    rules: tuple[FieldRule, ...], values: Mapping[str, object], today: date
) -> dict[str, FieldValue]:
    """Return the values cleaned, without those left empty.

    Raises ``InvalidInput`` with every problem, each under ``fields.<name>``.
    """
    known = {rule.spec.name for rule in rules}
    unknown = [plain_key(key) for key in values if key not in known][:_MAX_UNKNOWN]
    problems = [Problem("fields", "unknown_field", {"field": key}) for key in unknown]
    cleaned: dict[str, FieldValue] = {}
    for rule in rules:
        name = rule.spec.name
        value = values.get(name)
        try:
            if value is not None and value != "":
                cleaned[name] = rule.clean(value, today)
            elif rule.spec.required:
                raise TextRefused("required")
        except TextRefused as refused:
            problems.append(Problem(f"fields.{name}", refused.code, refused.facts))
    if problems:
        raise InvalidInput(problems)
    return cleaned


def _read_rule(name: str, schema: Mapping[str, Any], *, required: bool) -> FieldRule:
    notes = schema["x-issuer"]
    kind = FieldKind(notes["kind"])
    json_type, needed = _KEYWORDS_BY_KIND[kind]
    keywords = set(schema) - {"type", "x-issuer"}
    if schema["type"] != json_type:
        raise ValueError(f"{name}: a {kind} is of type {json_type}")
    if not needed <= keywords <= needed | _ALSO_ALLOWED.get(kind, set()):
        raise ValueError(f"{name}: a {kind} has the keywords {', '.join(sorted(needed))}")
    choices = notes.get("choices", {})
    if list(choices) != schema.get("enum", []):
        raise ValueError(f"{name}: choices and enum list the same values in the same order")
    if notes.get("past", False) and kind not in (FieldKind.DATE, FieldKind.YEAR):
        raise ValueError(f"{name}: only a date or a year can be past")
    spec = FieldSpec(
        name=name,
        kind=kind,
        label=Bilingual(**notes["label"]),
        hint=Bilingual(**notes["hint"]),
        required=required,
        max_length=_max_length(kind, schema),
        choices={value: Bilingual(**texts) for value, texts in choices.items()},
    )
    return FieldRule(spec, Draft202012Validator(schema), notes.get("past", False))


def _max_length(kind: FieldKind, schema: Mapping[str, Any]) -> int:
    if kind is FieldKind.CHOICE:
        return max(map(len, schema["enum"]))
    if kind is FieldKind.DATE:
        return _DATE_LENGTH
    return int(schema.get("maxLength", _NUMBER_LENGTH))


def _clean_text(value: object, spec: FieldSpec) -> str:
    return plain_text(value, spec.max_length)


def _clean_choice(value: object, spec: FieldSpec) -> str:
    if not isinstance(value, str) or value not in spec.choices:
        raise TextRefused("not_a_choice", choices=", ".join(spec.choices))
    return value


def _clean_date(value: object, spec: FieldSpec) -> str:
    text = plain_text(value, spec.max_length)
    if iso_date(text) is None:
        raise TextRefused("impossible_date")
    return text


def _clean_number(value: object, spec: FieldSpec) -> int:
    """Read an integer, or its digits as a form sends them (1500000, 1.500.000)."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TextRefused("not_a_number")
    if isinstance(value, int):
        return value
    text = plain_text(value, spec.max_length)
    if not _NUMBER.fullmatch(text):
        raise TextRefused("not_a_number")
    return int(text.replace(".", ""))


_CLEAN_BY_KIND: dict[FieldKind, Callable[[object, FieldSpec], FieldValue]] = {
    FieldKind.TEXT: _clean_text,
    FieldKind.LONG_TEXT: _clean_text,
    FieldKind.DATE: _clean_date,
    FieldKind.YEAR: _clean_number,
    FieldKind.INTEGER: _clean_number,
    FieldKind.MONEY: _clean_number,
    FieldKind.CHOICE: _clean_choice,
}


def _refused(error: ValidationError) -> TextRefused:
    return TextRefused(PROBLEM_CODES[str(error.validator)], limit=int(str(error.validator_value)))


def _refuse_the_future(value: FieldValue, today: date) -> None:
    if isinstance(value, int):
        if value > today.year:
            raise TextRefused("too_large", limit=today.year)
    elif value > today.isoformat():
        raise TextRefused("date_in_future")
