"""The questions of a letter type, read from its JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator

from issuer.catalogue.field_rules import FieldRule
from issuer.catalogue.shapes import (
    MAX_FIELD_LENGTH,
    MAX_NUMBER,
    MAX_YEAR,
    NIK_PATTERN,
    TIME_PATTERN,
)
from issuer.domain.letter_types import Bilingual, FieldKind, FieldSpec, ShownIf
from issuer.domain.text import TextRefused

_LENGTH_BY_KIND = {FieldKind.DATE: 10, FieldKind.TIME: 5, FieldKind.NIK: 24, FieldKind.GROUP: 0}
_NUMBER_LENGTH = 20
_PATTERNS = {FieldKind.NIK: NIK_PATTERN, FieldKind.TIME: TIME_PATTERN}

# What each kind must say in its schema, so that every value is bounded.
_KEYWORDS_BY_KIND: dict[FieldKind, tuple[str, frozenset[str]]] = {
    FieldKind.TEXT: ("string", frozenset({"maxLength"})),
    FieldKind.LONG_TEXT: ("string", frozenset({"maxLength"})),
    FieldKind.DATE: ("string", frozenset({"format"})),
    FieldKind.TIME: ("string", frozenset({"pattern"})),
    FieldKind.NIK: ("string", frozenset({"pattern"})),
    FieldKind.CHOICE: ("string", frozenset({"enum"})),
    FieldKind.YEAR: ("integer", frozenset({"minimum", "maximum"})),
    FieldKind.INTEGER: ("integer", frozenset({"minimum", "maximum"})),
    FieldKind.MONEY: ("integer", frozenset({"minimum", "maximum"})),
    FieldKind.GROUP: ("array", frozenset({"items", "maxItems"})),
}
_ALSO_ALLOWED = {
    FieldKind.TEXT: {"minLength"},
    FieldKind.LONG_TEXT: {"minLength"},
    FieldKind.GROUP: {"minItems"},
}


def read_field_rules(schema: Mapping[str, Any]) -> tuple[FieldRule, ...]:
    """Return the rules of a schema that has the shape ``FIELDS_SHAPE``.

    Raises ``ValueError`` naming the property that contradicts itself.
    """
    conditional = _required_by_condition(schema)
    rules = _read_object(schema, conditional)
    asked: dict[str, FieldSpec] = {}
    for rule in rules:
        spec = rule.spec
        if spec.shown_if is not None:
            _check_condition(spec, asked.get(spec.shown_if.field))
        if conditional.get(spec.name) != (spec.shown_if if spec.name in conditional else None):
            raise ValueError(f"{spec.name}: shown_if and the if of allOf differ")
        asked[spec.name] = spec
    if not conditional.keys() <= asked.keys():
        raise ValueError(f"allOf: {min(conditional.keys() - asked.keys())} is no property")
    return rules


def kind_schema(kind: FieldKind) -> dict[str, Any]:
    """Return the schema of a kind with its widest bounds; a choice still lacks its values."""
    json_type, needed = _KEYWORDS_BY_KIND[kind]
    widest: dict[str, Any] = {
        "maxLength": MAX_FIELD_LENGTH,
        "format": "date",
        "pattern": _PATTERNS.get(kind),
        "enum": [],
        "minimum": 0,
        "maximum": MAX_YEAR if kind is FieldKind.YEAR else MAX_NUMBER,
    }
    return {"type": json_type, **{name: widest[name] for name in sorted(needed)}}


def _required_by_condition(schema: Mapping[str, Any]) -> dict[str, ShownIf]:
    required: dict[str, ShownIf] = {}
    for clause in schema.get("allOf", []):
        ((field, choice),) = clause["if"]["properties"].items()
        if clause["if"]["required"] != [field]:
            raise ValueError(f"allOf: if is about {field} and requires another")
        for name in clause["then"]["required"]:
            if name in required or name in schema["required"]:
                raise ValueError(f"allOf: {name} is required twice")
            required[name] = ShownIf(field, tuple(choice["enum"]))
    return required


def _check_condition(spec: FieldSpec, other: FieldSpec | None) -> None:
    """A condition is on a choice that is asked before, and always."""
    condition = spec.shown_if
    if condition is None or other is None or not other.choices or other.shown_if:
        raise ValueError(f"{spec.name}: shown_if names no choice that is asked before it")
    if not other.choices.keys() >= set(condition.values):
        raise ValueError(f"{spec.name}: shown_if has values that {other.name} has not")


def _read_object(
    schema: Mapping[str, Any], conditional: Mapping[str, ShownIf]
) -> tuple[FieldRule, ...]:
    properties: Mapping[str, Any] = schema["properties"]
    for name in schema["required"]:
        if name not in properties:
            raise ValueError(f"required: {name} is no property")
        if "shown_if" in properties[name]["x-issuer"]:
            raise ValueError(f"{name}: with shown_if, required belongs into allOf")
    required = {*schema["required"], *conditional}
    return tuple(
        _read_rule(name, properties[name], required=name in required) for name in properties
    )


def _read_rule(name: str, schema: Mapping[str, Any], *, required: bool) -> FieldRule:
    rule = rule_of(name, schema, required=required)
    _check_example(rule, schema["x-issuer"]["example"])
    return rule


def rule_of(name: str, schema: Mapping[str, Any], *, required: bool) -> FieldRule:
    """Return the rule of one question, whatever its example.

    Raises ``ValueError`` for one that contradicts itself.
    """
    notes = schema["x-issuer"]
    kind = FieldKind(notes["kind"])
    _check_keywords(name, kind, schema)
    choices = notes.get("choices", {})
    if list(choices) != schema.get("enum", []):
        raise ValueError(f"{name}: choices and enum list the same values in the same order")
    if notes.get("past", False) and kind not in (FieldKind.DATE, FieldKind.YEAR):
        raise ValueError(f"{name}: only a date or a year can be past")
    columns = _read_object(schema["items"], {}) if kind is FieldKind.GROUP else ()
    if any(column.spec.kind is FieldKind.GROUP for column in columns):
        raise ValueError(f"{name}: a group holds no group")
    condition = notes.get("shown_if")
    spec = FieldSpec(
        name=name,
        kind=kind,
        label=Bilingual(**notes["label"]),
        hint=Bilingual(**notes["hint"]),
        required=required,
        max_length=_max_length(kind, schema),
        choices={value: Bilingual(**texts) for value, texts in choices.items()},
        maximum=schema.get("maximum", 0),
        past=notes.get("past", False),
        columns=tuple(column.spec for column in columns),
        min_items=schema.get("minItems", 0),
        max_items=schema.get("maxItems", 0),
        shown_if=ShownIf(condition["field"], tuple(condition["values"])) if condition else None,
    )
    return FieldRule(spec, Draft202012Validator(schema), columns)


def _check_keywords(name: str, kind: FieldKind, schema: Mapping[str, Any]) -> None:
    json_type, needed = _KEYWORDS_BY_KIND[kind]
    keywords = set(schema) - {"type", "x-issuer"}
    if schema["type"] != json_type:
        raise ValueError(f"{name}: a {kind} is of type {json_type}")
    if not needed <= keywords <= needed | _ALSO_ALLOWED.get(kind, set()):
        raise ValueError(f"{name}: a {kind} has the keywords {', '.join(sorted(needed))}")
    if schema.get("pattern") != _PATTERNS.get(kind):
        raise ValueError(f"{name}: a {kind} has the pattern {_PATTERNS.get(kind)}")
    if schema.get("minItems", 0) > schema.get("maxItems", 0):
        raise ValueError(f"{name}: minItems above maxItems")


def _max_length(kind: FieldKind, schema: Mapping[str, Any]) -> int:
    if kind is FieldKind.CHOICE:
        return max(map(len, schema["enum"]))
    return _LENGTH_BY_KIND.get(kind) or int(schema.get("maxLength", _NUMBER_LENGTH))


def _check_example(rule: FieldRule, example: object) -> None:
    """Raise ``ValueError`` unless the example is an answer; a group's are in its columns."""
    if rule.columns:
        return
    try:
        rule.clean(example, date.max)
    except TextRefused as error:
        raise ValueError(f"{rule.spec.name}: its example is not accepted: {error}") from error
