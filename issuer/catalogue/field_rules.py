"""The cleaning of what somebody answered to a letter type's questions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_types import FieldKind, FieldSpec, FieldValue, Scalar
from issuer.domain.people import Nik, iso_date, plain_key
from issuer.domain.text import TextRefused, plain_text

_NUMBER = re.compile(r"\d{1,3}(\.\d{3}){1,4}|\d{1,15}", re.ASCII)
_TIME = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)
_MAX_UNKNOWN = 20

PROBLEM_CODES = {
    "minLength": "too_short",
    "maxLength": "too_long",
    "minimum": "too_small",
    "maximum": "too_large",
}
"""JSON Schema keyword → problem code, for what is left to the schema after cleaning."""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """One question with its schema; a group is cleaned by the rules of its columns."""

    spec: FieldSpec
    validator: Draft202012Validator
    columns: tuple[FieldRule, ...] = ()

    def clean(self, value: object, today: date) -> Scalar:
        """Return a single value as it goes into the record. Raises ``TextRefused``."""
        cleaned = _CLEAN_BY_KIND[self.spec.kind](value, self.spec)
        for error in self.validator.iter_errors(cleaned):
            raise _refused(error)
        if self.spec.past:
            _refuse_the_future(cleaned, today)
        return cleaned


def clean_fields(
    rules: tuple[FieldRule, ...], values: Mapping[str, object], today: date
) -> dict[str, FieldValue]:
    """Return the values cleaned, without those left empty.

    Raises ``InvalidInput`` with every problem, each under ``fields.<name>`` or, in
    the rows of a group, ``fields.<group>.<row from 1>.<name>``.
    """
    problems: list[Problem] = []
    cleaned = _clean_all(rules, values, today, "fields", problems)
    if problems:
        raise InvalidInput(problems)
    return cleaned


def _clean_all(
    rules: tuple[FieldRule, ...],
    values: Mapping[str, object],
    today: date,
    where: str,
    problems: list[Problem],
) -> dict[str, FieldValue]:
    known = {rule.spec.name for rule in rules}
    unknown = [plain_key(key) for key in values if key not in known][:_MAX_UNKNOWN]
    problems += [Problem(where, "unknown_field", {"field": key}) for key in unknown]
    cleaned: dict[str, FieldValue] = {}
    for rule in rules:
        spec = rule.spec
        place = f"{where}.{spec.name}"
        value = values.get(spec.name)
        try:
            if spec.shown_if and not spec.shown_if.holds(cleaned):
                if value not in (None, "", []):
                    raise TextRefused("not_asked")
            elif value in (None, "", []):
                if spec.required:
                    raise TextRefused("required")
            elif spec.kind is FieldKind.GROUP:
                cleaned[spec.name] = _clean_rows(rule, value, today, place, problems)
            else:
                cleaned[spec.name] = rule.clean(value, today)
        except TextRefused as refused:
            problems.append(Problem(place, refused.code, refused.facts))
    return cleaned


def _clean_rows(
    rule: FieldRule, value: object, today: date, where: str, problems: list[Problem]
) -> list[dict[str, Scalar]]:
    """Return the rows of a group. The bound on their number comes before any is read."""
    spec = rule.spec
    if not isinstance(value, list | tuple):
        raise TextRefused("not_a_list")
    if len(value) > spec.max_items:
        raise TextRefused("too_many_rows", limit=spec.max_items)
    if len(value) < spec.min_items:
        raise TextRefused("too_few_rows", limit=spec.min_items)
    rows: list[dict[str, Scalar]] = []
    for number, row in enumerate(value, 1):
        place = f"{where}.{number}"
        if not isinstance(row, Mapping):
            problems.append(Problem(place, "not_an_object"))
            continue
        cleaned = _clean_all(rule.columns, row, today, place, problems)
        rows.append({name: cell for name, cell in cleaned.items() if isinstance(cell, str | int)})
    return rows


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


def _clean_time(value: object, spec: FieldSpec) -> str:
    """Read hours and minutes, with a colon or a point, as HH:MM."""
    found = _TIME.fullmatch(plain_text(value, spec.max_length))
    if found is None:
        raise TextRefused("impossible_time")
    return f"{found[1]:0>2}:{found[2]}"


def _clean_nik(value: object, spec: FieldSpec) -> str:
    text = plain_text(value, spec.max_length)
    try:
        return Nik.parse(text).value
    except ValueError as error:
        raise TextRefused("impossible_nik") from error


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


_CLEAN_BY_KIND: Mapping[FieldKind, Callable[[object, FieldSpec], Scalar]] = {
    FieldKind.TEXT: _clean_text,
    FieldKind.LONG_TEXT: _clean_text,
    FieldKind.DATE: _clean_date,
    FieldKind.TIME: _clean_time,
    FieldKind.NIK: _clean_nik,
    FieldKind.YEAR: _clean_number,
    FieldKind.INTEGER: _clean_number,
    FieldKind.MONEY: _clean_number,
    FieldKind.CHOICE: _clean_choice,
}


def _refused(error: ValidationError) -> TextRefused:
    return TextRefused(PROBLEM_CODES[str(error.validator)], limit=int(str(error.validator_value)))


def _refuse_the_future(value: Scalar, today: date) -> None:
    if isinstance(value, int):
        if value > today.year:
            raise TextRefused("too_large", limit=today.year)
    elif value > today.isoformat():
        raise TextRefused("date_in_future")
