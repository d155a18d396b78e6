"""Correcting a returned request at the counter: its answers, typed into the form again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from issuer.domain.letter_request import LetterRequest
from issuer.domain.letter_types import FieldKind, FieldValue
from issuer.web.questions import DATE_PARTS, LetterForm, Question, answered

CORRECTS = "corrects"
"""The hidden input that says which request a form corrects, and which version of it."""

_CARRIED = re.compile(r"([0-9a-f]{32})\.([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Correction:
    """A request that is being corrected, in the version that was looked at."""

    request_id: str
    version: int

    @property
    def carried(self) -> str:
        """The value of the hidden input."""
        return f"{self.request_id}.{self.version}"


def carried_by(form: Mapping[str, str]) -> Correction | None:
    """Return what a form corrects, or None when it makes a new letter."""
    found = _CARRIED.fullmatch(form.get(CORRECTS, ""))
    return Correction(found[1], int(found[2])) if found else None


def retyped(form: LetterForm, request: LetterRequest) -> dict[str, str]:
    """Return the answers of a request as they are typed into its form."""
    values = answered(request.holder, request.fields, request.purpose)
    typed: dict[str, str] = {}
    for question in form.questions():
        value = values.get(question.where)
        if isinstance(value, str | int):
            typed |= typed_into(question, value)
        elif value is not None:
            typed |= _rows(question, value)
    return typed


def _rows(group: Question, rows: Iterable[Mapping[str, FieldValue]]) -> dict[str, str]:
    typed: dict[str, str] = {}
    count = 0
    for count, row in enumerate(rows, 1):
        for one in group.row(count):
            value = row.get(one.spec.name)
            if isinstance(value, str | int):
                typed |= typed_into(one, value)
    return {group.inputs[0]: str(count), **typed}


def typed_into(question: Question, value: str | int) -> dict[str, str]:
    """Return an answer as it is typed into the boxes of its question."""
    if question.spec.kind is not FieldKind.DATE:
        return {question.inputs[0]: str(value)}
    year, month, day = str(value).split("-")
    parts = {"day": day, "month": month, "year": year}
    return {f"{question.where}.{part}": str(int(parts[part])) for part in DATE_PARTS}
