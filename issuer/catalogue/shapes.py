"""What a type's two files may hold, as JSON Schemas.

Everything is closed: a key that is not named here is a mistake somebody should
hear about, not a setting that silently does nothing.
"""

from __future__ import annotations

from enum import StrEnum

from issuer.domain.letter_types import Channel, FieldKind
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
MAX_FIELD_LENGTH = 500
MAX_NUMBER = 10**12
DIALECT = "https://json-schema.org/draft/2020-12/schema"

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


TYPE_SHAPE: Shape = _table(
    {
        "code": {"type": "integer", "minimum": 1, "maximum": 65535},
        "version": {"type": "integer", "minimum": 1, "maximum": 65535},
        "sensitive": {"type": "boolean"},
        "classification": {"type": "string", "pattern": r"^\d{3}(\.\d{1,2}){0,4}$"},
        "series": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,19}$"},
        "security": _choice(SecurityPrinting),
        "endorsed_by_district": {"type": "boolean"},
        "channel": _choice(Channel),
        "issued_by": {
            "type": "array",
            "items": _choice(AgencyKind),
            "minItems": 1,
            "uniqueItems": True,
        },
        "title": _bilingual(80),
        "public_title": _bilingual(80),
        "summary": _bilingual(300),
        "validity": _table({"months": _count(120), "days": _count(366)}, "months", "days"),
        "wording": _table(
            {name: _text(2000) for name in ("opening", "statement", "purpose", "closing")}
        ),
        "documents": {"type": "array", "items": _bilingual(200), "maxItems": 20},
        "service_standard": _table({name: _bilingual(600) for name in SERVICE_STANDARD}),
    },
    "public_title",
    "security",
    "endorsed_by_district",
)

_FIELD_SHAPE: Shape = _table(
    {
        "type": {"enum": ["string", "integer"]},
        "format": {"const": "date"},
        "enum": {"type": "array", "items": _text(40), "minItems": 2, "maxItems": 30},
        "minLength": _count(MAX_FIELD_LENGTH),
        "maxLength": _count(MAX_FIELD_LENGTH),
        "minimum": _count(MAX_NUMBER),
        "maximum": _count(MAX_NUMBER),
        "x-issuer": _table(
            {
                "kind": _choice(FieldKind),
                "label": _bilingual(80),
                "hint": _bilingual(200),
                "example": {"type": ["string", "integer"]},
                "choices": {"type": "object", "additionalProperties": _bilingual(80)},
                "past": {"type": "boolean"},
            },
            "choices",
            "past",
        ),
    },
    "format",
    "enum",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
)

FIELDS_SHAPE: Shape = _table(
    {
        "$schema": {"const": DIALECT},
        "type": {"const": "object"},
        "properties": {
            "type": "object",
            "propertyNames": {"pattern": "^[a-z][a-z0-9_]{0,39}$"},
            "additionalProperties": _FIELD_SHAPE,
            "maxProperties": MAX_FIELDS,
        },
        "required": {"type": "array", "items": _text(40), "uniqueItems": True},
        "additionalProperties": {"const": False},
    }
)

EXAMPLE_SHAPE: Shape = _table(
    {"holder": {"type": "object"}, "fields": {"type": "object"}, "purpose": _text(300)}
)
