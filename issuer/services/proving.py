"""Proving a letter type: its example and its extremes are accepted, hostile values are not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from issuer.domain.computed import computed_values
from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_types import FieldKind, FieldSpec, FieldValue, LetterType
from issuer.domain.people import Holder
from issuer.domain.samples import DAY, sample_fields
from issuer.services.intake import mapping_in

EXAMPLE, EXTREMES, HOSTILE = "example.json", "extreme answers", "hostile answers"
HOSTILE_TEXTS = (
    "Siti\N{RIGHT-TO-LEFT OVERRIDE}Aminah",
    "Siti\0Aminah",
    "Siti\N{ZERO WIDTH SPACE}Aminah",
    "\ud800Siti Aminah",
    "Siti " * 2000,
)
_TEXTS = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT})


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a type; ``tried`` says with what it was found."""

    tried: str
    problem: Problem


class FieldCheck(Protocol):
    """What cleans the answers to a type's questions: a catalogue, or one type by itself."""

    def check_fields(
        self, letter_type: LetterType, values: Mapping[str, object], today: date
    ) -> dict[str, FieldValue]:
        """Return the fields, cleaned. Raises ``InvalidInput`` with all problems."""


def prove_type(catalogue: FieldCheck, letter_type: LetterType, today: date) -> Iterator[Finding]:
    """Yield what is wrong with a type; nothing when it may be used."""
    try:
        holder = Holder.parse(mapping_in(letter_type.example, "holder"), today)
        fields = mapping_in(letter_type.example, "fields")
        cleaned = catalogue.check_fields(letter_type, fields, today)
        computed_values(letter_type.computed, cleaned, born=holder.birth_date, today=today)
    except InvalidInput as invalid:
        yield from (Finding(EXAMPLE, problem) for problem in invalid.problems)
        return
    for answers in sample_fields(letter_type):
        try:
            cleaned = catalogue.check_fields(letter_type, answers, today)
            computed_values(
                letter_type.computed, cleaned, born=date.fromisoformat(DAY), today=today
            )
        except InvalidInput as invalid:
            yield from (Finding(EXTREMES, problem) for problem in invalid.problems)
            return
    full = next(sample_fields(letter_type))
    for where, spoilt in _spoilt(letter_type.fields, full):
        try:
            catalogue.check_fields(letter_type, spoilt, today)
        except InvalidInput:
            continue
        yield Finding(HOSTILE, Problem(where, "hostile_accepted"))


def _spoilt(
    fields: Sequence[FieldSpec], full: Mapping[str, object]
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield answers of which one is hostile, with its place."""
    yield "fields", {**full, "surplus": "x"}
    for spec in fields:
        where = f"fields.{spec.name}"
        rows = full.get(spec.name)
        if isinstance(rows, list):
            yield where, {**full, spec.name: [*rows, rows[0]]}
            for place, row in _spoilt_row(where, spec.columns, rows[0]):
                yield place, {**full, spec.name: [row, *rows[1:]]}
        else:
            for value in HOSTILE_TEXTS if spec.kind in _TEXTS else (["x"], {"x": 1}, True):
                yield where, {**full, spec.name: value}


def _spoilt_row(
    where: str, columns: Sequence[FieldSpec], row: Mapping[str, object]
) -> Iterator[tuple[str, Mapping[str, object]]]:
    for place, spoilt in _spoilt(columns, row):
        yield place.replace("fields", f"{where}.1", 1), spoilt
