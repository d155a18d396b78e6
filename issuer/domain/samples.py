"""Answers nobody gave: what a letter type must be able to print, from least to most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from issuer.domain.letter_types import FieldKind, FieldSpec, FieldValue, LetterType, Scalar

DAY = "2024-02-29"
"""A day that most careless arithmetic with dates gets wrong."""
NIK = "3522994107900001"


def sample_fields(letter_type: LetterType) -> Iterator[dict[str, FieldValue]]:
    """Yield answers: all at their longest, the required alone, then one change each.

    A change leaves one optional answer out, or takes another choice; what is asked
    follows the choices.
    """
    full = _answers(letter_type, {}, optional=True)
    yield full
    yield _answers(letter_type, {}, optional=False)
    for spec in letter_type.fields:
        if spec.name in full and not spec.required:
            yield {name: value for name, value in full.items() if name != spec.name}
        for choice in spec.choices:
            for optional in (True, False):
                yield _answers(letter_type, {spec.name: choice}, optional=optional)


def _answers(
    letter_type: LetterType, chosen: Mapping[str, str], *, optional: bool
) -> dict[str, FieldValue]:
    answers: dict[str, FieldValue] = {}
    for spec in letter_type.fields:
        asked = spec.shown_if is None or spec.shown_if.holds(answers)
        if asked and (spec.required or optional or spec.name in chosen):
            answers[spec.name] = chosen.get(spec.name) or _longest(spec)
    return answers


def _longest(spec: FieldSpec) -> FieldValue:
    if spec.kind is not FieldKind.GROUP:
        return _longest_scalar(spec)
    row = {column.name: _longest_scalar(column) for column in spec.columns}
    return [row] * spec.max_items


def _longest_scalar(spec: FieldSpec) -> Scalar:
    if spec.choices:
        return max(spec.choices, key=len)
    if spec.kind is FieldKind.DATE:
        return DAY
    if spec.kind is FieldKind.TIME:
        return "23:59"
    if spec.kind is FieldKind.NIK:
        return NIK
    if spec.kind in (FieldKind.YEAR, FieldKind.INTEGER, FieldKind.MONEY):
        return min(spec.maximum, int(DAY[:4])) if spec.past else spec.maximum
    return ("Contoh " * spec.max_length)[: spec.max_length - 1] + "x"
