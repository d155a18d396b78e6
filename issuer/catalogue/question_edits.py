"""Adding, changing, moving and removing one question of a type's content.

What comes out has questions that fit together; an edit that would not is refused. Whether
the sentences still fit them is a finding of the desk, as it is for any other edit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator

from issuer.catalogue.assembling import TypeContent
from issuer.catalogue.derived import read_computed, read_listings
from issuer.catalogue.questions import kind_schema, read_field_rules, rule_of
from issuer.catalogue.shapes import FIELD_NAME, FIELDS_SHAPE, MAX_FIELDS
from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.letter_types import Bilingual, FieldKind
from issuer.domain.text import TextRefused, plain_text
from issuer.domain.type_questions import (
    BOUNDED,
    DATED,
    MOST_CHOICES,
    Added,
    Changed,
    Moved,
    QuestionEdit,
    QuestionStep,
    Removed,
)

_MOST_LABEL, _MOST_HINT, _MOST_CODE = 80, 200, 40
_SHAPE = Draft202012Validator(FIELDS_SHAPE)
_NO_CODE = re.compile(r"[^a-z0-9]+", re.ASCII)


def stepped(content: TypeContent, step: QuestionStep) -> TypeContent:
    """Return the content after a step.

    Raises ``InvalidInput`` with every problem, under ``name``, those of ``QuestionEdit``, or
    ``question`` for what does not fit; and ``NotFound`` when there is no such question.
    """
    match step:
        case Added():
            return _added(content, step.name, step.question)
        case Changed():
            return _changed(content, step.name, step.question)
        case Moved():
            return _moved(content, step.name, step.by)
        case Removed():
            return _removed(content, step.name)


def _added(content: TypeContent, name: str, edit: QuestionEdit) -> TypeContent:
    asked = content.schema["properties"]
    problems: list[Problem] = []
    if not FIELD_NAME.fullmatch(name):
        problems.append(Problem("name", "bad_field_name"))
    elif name in asked or name in content.plain.get("computed", {}):
        problems.append(Problem("name", "field_name_taken"))
    if len(asked) >= MAX_FIELDS:
        problems.append(Problem("name", "too_many_questions", {"limit": MAX_FIELDS}))
    return _with(content, name, edit, None, problems)


def _changed(content: TypeContent, name: str, edit: QuestionEdit) -> TypeContent:
    before = content.schema["properties"].get(name)
    if before is None or before["x-issuer"]["kind"] != edit.kind:
        raise NotFound("question", name[:40])
    return _with(content, name, edit, before, [])


def _removed(content: TypeContent, name: str) -> TypeContent:
    """Its listing and its answer in the example go with it."""
    schema = content.schema
    asked = dict(schema["properties"])
    if asked.pop(name, None) is None:
        raise NotFound("question", name[:40])
    needing = [
        other
        for other, one in asked.items()
        if one["x-issuer"].get("shown_if", {}).get("field") == name
    ]
    needing += [
        value for value, how in content.plain.get("computed", {}).items() if _uses(how, name)
    ]
    if needing:
        raise InvalidInput([Problem("question", "question_needed", {"field": needing[0]})])
    changed = {**schema, "properties": asked}
    changed["required"] = [one for one in schema["required"] if one != name]
    if "allOf" in changed:
        clauses = [_without(clause, name) for clause in schema["allOf"]]
        changed["allOf"] = [clause for clause in clauses if clause["then"]["required"]]
        if not changed["allOf"]:
            del changed["allOf"]
    plain = dict(content.plain)
    if "listings" in plain:
        plain["listings"] = [one for one in plain["listings"] if one["group"] != name]
        if not plain["listings"]:
            del plain["listings"]
    answers = {key: value for key, value in content.example["fields"].items() if key != name}
    return _fitting(replace(content, schema=changed, plain=plain), answers)


def _moved(content: TypeContent, name: str, by: int) -> TypeContent:
    asked = content.schema["properties"]
    if name not in asked:
        raise NotFound("question", name[:40])
    order = [one for one in asked if one != name]
    order.insert(min(max(list(asked).index(name) + by, 0), len(order)), name)
    for place, one in enumerate(order):
        condition = asked[one]["x-issuer"].get("shown_if")
        if condition and condition["field"] not in order[:place]:
            facts: dict[str, str | int] = {"field": one, "choice": condition["field"]}
            raise InvalidInput([Problem("question", "question_before_its_choice", facts)])
    moved = {**content.schema, "properties": {one: asked[one] for one in order}}
    return _fitting(replace(content, schema=moved), content.example["fields"])


def _with(
    content: TypeContent,
    name: str,
    edit: QuestionEdit,
    before: Mapping[str, Any] | None,
    problems: list[Problem],
) -> TypeContent:
    schema = content.schema
    question = _question(edit, before, problems)
    if problems:
        raise InvalidInput(problems)
    required = [one for one in schema["required"] if one != name]
    if edit.required and "shown_if" not in question["x-issuer"]:
        required.append(name)
    answers = dict(content.example.get("fields", {}))
    if edit.kind is not FieldKind.GROUP:
        example = _cleaned_example(name, question, edit)
        question["x-issuer"]["example"] = example
        if before is None or name in answers:
            answers[name] = example
    changed = {**schema, "properties": {**schema["properties"], name: question}}
    return _fitting(replace(content, schema={**changed, "required": required}), answers)


def _question(
    edit: QuestionEdit, before: Mapping[str, Any] | None, problems: list[Problem]
) -> dict[str, Any]:
    """Return the schema of a question, its example still to be cleaned."""
    notes: dict[str, Any] = {
        "kind": edit.kind.value,
        "label": _texts("label", edit.label, _MOST_LABEL, problems),
        "hint": _texts("hint", edit.hint, _MOST_HINT, problems),
    }
    former = before["x-issuer"] if before else {}
    if edit.kind is FieldKind.GROUP:
        if before is None:
            problems.append(Problem("kind", "not_a_choice", {"choices": "text, date, choice"}))
            return {"x-issuer": notes}
        return {**before, "x-issuer": {**former, **notes}}
    question = kind_schema(edit.kind)
    if edit.kind is FieldKind.CHOICE:
        notes["choices"] = _choices(edit.choices, former.get("choices", {}), problems)
        question["enum"] = list(notes["choices"])
    if edit.kind in BOUNDED:
        _bound(question, edit, problems)
    if edit.kind in DATED and edit.past:
        notes["past"] = True
    if "shown_if" in former:
        notes["shown_if"] = former["shown_if"]
    return {**question, "x-issuer": notes}


def _bound(question: dict[str, Any], edit: QuestionEdit, problems: list[Problem]) -> None:
    lower, upper = ("minLength", "maxLength") if "maxLength" in question else ("minimum", "maximum")
    largest = question[upper]
    for where, name, typed in (("least", lower, edit.least), ("most", upper, edit.most)):
        if typed is not None and typed > largest:
            problems.append(Problem(where, "too_large", {"limit": largest}))
        elif typed is not None:
            question[name] = typed
    if question.get(lower, 0) > question[upper]:
        problems.append(Problem("most", "too_small", {"limit": question[lower]}))


def _choices(
    typed: tuple[tuple[str, Bilingual], ...],
    former: Mapping[str, Any],
    problems: list[Problem],
) -> dict[str, dict[str, str]]:
    """Return the texts of each choice by its value; a new one is named after its text."""
    choices: dict[str, dict[str, str]] = {}
    for number, (code, text) in enumerate(typed):
        if not text.id.strip() and not text.en.strip():
            continue  # left empty: there is no such choice, or no more
        texts = _texts(f"choices.{number}", text, _MOST_LABEL, problems)
        new = _NO_CODE.sub("_", texts["id"].casefold()).strip("_")[:_MOST_CODE]
        named = code if code in former else new
        if not named or named in choices:
            problems.append(Problem(f"choices.{number}.id", "choice_twice"))
        choices[named] = texts
    if not 2 <= len(choices) <= MOST_CHOICES:
        problems.append(Problem("choices.0.id", "two_choices", {"limit": MOST_CHOICES}))
    return choices


def _texts(where: str, text: Bilingual, limit: int, problems: list[Problem]) -> dict[str, str]:
    kept: dict[str, str] = {}
    for code, typed in (("id", text.id), ("en", text.en)):
        try:
            kept[code] = plain_text(typed, limit)
        except TextRefused as refused:
            problems.append(Problem(f"{where}.{code}", refused.code, refused.facts))
            kept[code] = ""
    return kept


def _cleaned_example(name: str, question: Mapping[str, Any], edit: QuestionEdit) -> str | int:
    example = edit.example
    if edit.kind is FieldKind.CHOICE:
        example = next(iter(question["x-issuer"]["choices"]))
    try:
        return rule_of(name, question, required=edit.required).clean(example, date.max)
    except TextRefused as refused:
        raise InvalidInput([Problem("example", refused.code, refused.facts)]) from refused


def _fitting(content: TypeContent, answers: Mapping[str, Any]) -> TypeContent:
    """Return the content when its questions fit together. Raises ``InvalidInput``."""
    try:
        for error in _SHAPE.iter_errors(content.schema):
            raise ValueError(error.message)
        specs = tuple(rule.spec for rule in read_field_rules(content.schema))
        read_computed(content.plain.get("computed", {}), specs)
        read_listings(content.plain.get("listings", []), specs)
    except ValueError as error:
        facts: dict[str, str | int] = {"detail": str(error)[:200]}
        raise InvalidInput([Problem("question", "question_unfit", facts)]) from error
    return replace(content, example={**content.example, "fields": dict(answers)})


def _without(clause: Mapping[str, Any], name: str) -> dict[str, Any]:
    kept = [one for one in clause["then"]["required"] if one != name]
    return {**clause, "then": {"required": kept}}


def _uses(how: Mapping[str, Any], name: str) -> bool:
    named = [*how.get("sum", []), how.get("age_of"), how.get("on")]
    return any(one is not None and one.partition(".")[0] == name for one in named)
