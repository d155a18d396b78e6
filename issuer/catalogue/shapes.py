"""What a type's two files may hold, as JSON Schemas.

Everything is closed: a key that is not named here is a mistake somebody should
hear about, not a setting that silently does nothing.
"""

from __future__ import annotations

import re
from enum import StrEnum

from issuer.domain.handling import MAX_DAYS, MAX_REVIEWS
from issuer.domain.letter_types import Channel, FieldKind, ListingForm
from issuer.domain.office import AgencyKind
from issuer.domain.presentation import SecurityPrinting

SERVICE_STANDARD = (
    "requirements",
    "procedure",
    "time_limit",
    "fee",
    "product",
    "complaints",
    "legal_basis",
    "facilities",
    "staff_competence",
    "supervision",
    "staff_count",
    "service_guarantee",
    "safety_guarantee",
    "evaluation",
)
"""The fourteen components of a service standard (UU 25/2009, article 21)."""

MAX_FIELDS = 40
MAX_COLUMNS = 8
MAX_ITEMS = 30
MAX_FIELD_LENGTH = 500
MAX_NUMBER = 10**12
MAX_YEAR = 9999
DIALECT = "https://json-schema.org/draft/2020-12/schema"
NIK_PATTERN = "^[0-9]{16}$"
TIME_PATTERN = "^([01][0-9]|2[0-3]):[0-5][0-9]$"

Shape = dict[str, object]


def _text(limit: int) -> Shape:
    return {"type": "string", "minLength": 1, "maxLength": limit}


def _table(properties: dict[str, Shape], *optional: str) -> Shape:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _choice(values: type[StrEnum]) -> Shape:
    return {"enum": [str(value) for value in values]}


def _bilingual(limit: int) -> Shape:
    return _table({"id": _text(limit), "en": _text(limit)})


def _count(limit: int) -> Shape:
    return {"type": "integer", "minimum": 0, "maximum": limit}


def _from_one(limit: int) -> Shape:
    return {"type": "integer", "minimum": 1, "maximum": limit}


def _list(items: Shape, limit: int) -> Shape:
    return {
        "type": "array",
        "items": items,
        "minItems": 1,
        "maxItems": limit,
        "uniqueItems": True,
    }


FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_NAME: Shape = {"type": "string", "pattern": f"^{FIELD_NAME.pattern}$"}

STANDARD_SHAPE: Shape = _table(
    {name: _bilingual(600) for name in SERVICE_STANDARD}, *SERVICE_STANDARD
)

_COMPUTED_SHAPE: Shape = _table(
    {"sum": _list(_text(81), MAX_FIELDS), "age_of": _NAME, "on": _NAME}, "sum", "age_of", "on"
) | {
    "oneOf": [{"required": ["sum"]}, {"required": ["age_of", "on"]}],
    "dependentRequired": {"on": ["age_of"]},
}

_DOCUMENT_SHAPE: Shape = _table(
    {"id": _text(200), "en": _text(200), "optional": {"type": "boolean"}}, "optional"
)

TYPE_SHAPE: Shape = _table(
    {
        "code": {"type": "integer", "minimum": 1, "maximum": 65535},
        "version": {"type": "integer", "minimum": 1, "maximum": 65535},
        "sensitive": {"type": "boolean"},
        "classification": {"type": "string", "pattern": r"^\d{3}(\.\d{1,2}){0,4}$"},
        "classification_old": {"type": "string", "pattern": r"^\d{3}(\.\d{1,2}){0,2}$"},
        "series": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,19}$"},
        "security": _choice(SecurityPrinting),
        "endorsed_by_district": {"type": "boolean"},
        "channel": _choice(Channel),
        "handling": _table(
            {
                "reviews": _from_one(MAX_REVIEWS),
                "four_eyes": {"type": "boolean"},
                "promise_days": _from_one(MAX_DAYS),
                "lapse_days": _from_one(MAX_DAYS),
            },
            "reviews",
            "four_eyes",
            "promise_days",
            "lapse_days",
        ),
        "issued_by": _list(_choice(AgencyKind), len(AgencyKind)),
        "holder_label": _bilingual(40),
        "title": _bilingual(80),
        "public_title": _bilingual(80),
        "summary": _bilingual(300),
        "validity": _table({"months": _count(120), "days": _count(366)}, "months", "days"),
        "computed": {
            "type": "object",
            "propertyNames": _NAME,
            "additionalProperties": _COMPUTED_SHAPE,
            "maxProperties": MAX_FIELDS,
        },
        "listings": _list(
            _table(
                {
                    "group": _NAME,
                    "form": _choice(ListingForm),
                    "columns": _list(_NAME, MAX_COLUMNS),
                }
            ),
            MAX_FIELDS,
        ),
        "wording": _table(
            {name: _text(2000) for name in ("opening", "statement", "purpose", "closing")}
        ),
        "wording_en": _text(2000),
        "documents": {"type": "array", "items": _DOCUMENT_SHAPE, "maxItems": 20},
        "service_standard": STANDARD_SHAPE,
    },
    "classification_old",
    "security",
    "endorsed_by_district",
    "handling",
    "holder_label",
    "public_title",
    "computed",
    "listings",
    "wording_en",
    "service_standard",
)

_SCALAR_KEYWORDS: dict[str, Shape] = {
    "type": {"enum": ["string", "integer", "array"]},
    "format": {"const": "date"},
    "pattern": {"enum": [NIK_PATTERN, TIME_PATTERN]},
    "enum": _list(_text(40), 30) | {"minItems": 2},
    "minLength": _count(MAX_FIELD_LENGTH),
    "maxLength": _count(MAX_FIELD_LENGTH),
    "minimum": _count(MAX_NUMBER),
    "maximum": _count(MAX_NUMBER),
}

_NOTES: dict[str, Shape] = {
    "kind": _choice(FieldKind),
    "label": _bilingual(80),
    "hint": _bilingual(200),
    "example": {"type": ["string", "integer", "array"]},
    "choices": {"type": "object", "additionalProperties": _bilingual(80)},
    "past": {"type": "boolean"},
    "shown_if": _table({"field": _NAME, "values": _list(_text(40), 30)}),
}

_OPTIONAL_KEYWORDS = tuple(name for name in _SCALAR_KEYWORDS if name != "type")

_COLUMN_SHAPE: Shape = _table(
    {
        **_SCALAR_KEYWORDS,
        "x-issuer": _table(
            {name: shape for name, shape in _NOTES.items() if name != "shown_if"},
            "choices",
            "past",
        ),
    },
    *_OPTIONAL_KEYWORDS,
)


def _object(properties: Shape, limit: int, *more: tuple[str, Shape]) -> Shape:
    """Return the shape of a schema of an object whose properties have a shape each."""
    return _table(
        {
            "type": {"const": "object"},
            "properties": {
                "type": "object",
                "propertyNames": _NAME,
                "additionalProperties": properties,
                "maxProperties": limit,
            },
            "required": {"type": "array", "items": _text(40), "uniqueItems": True},
            "additionalProperties": {"const": False},
            **dict(more),
        },
        "allOf",
    )


_FIELD_SHAPE: Shape = _table(
    {
        **_SCALAR_KEYWORDS,
        "minItems": _count(MAX_ITEMS),
        "maxItems": _count(MAX_ITEMS),
        "items": _object(_COLUMN_SHAPE, MAX_COLUMNS),
        "x-issuer": _table(_NOTES, "choices", "past", "shown_if"),
    },
    *_OPTIONAL_KEYWORDS,
    "minItems",
    "maxItems",
    "items",
)

_CONDITION_SHAPE: Shape = _table(
    {
        "if": _table(
            {
                "properties": {
                    "type": "object",
                    "additionalProperties": _table({"enum": _list(_text(40), 30)}),
                    "minProperties": 1,
                    "maxProperties": 1,
                },
                "required": _list(_NAME, 1),
            }
        ),
        "then": _table({"required": _list(_NAME, MAX_FIELDS)}),
    }
)

FIELDS_SHAPE: Shape = _object(
    _FIELD_SHAPE,
    MAX_FIELDS,
    ("$schema", {"const": DIALECT}),
    ("allOf", _list(_CONDITION_SHAPE, MAX_FIELDS)),
)

EXAMPLE_SHAPE: Shape = _table(
    {"holder": {"type": "object"}, "fields": {"type": "object"}, "purpose": _text(300)}
)
