"""A type as one text: what an office keeps of a version that it made itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from issuer.catalogue.assembling import LoadedType, TypeContent, Unusable, assemble
from issuer.catalogue.shapes import EXAMPLE_SHAPE, FIELDS_SHAPE, TYPE_SHAPE
from issuer.domain.errors import ConfigurationError, Problem
from issuer.domain.type_versions import MAX_CONTENT

_PARTS = {"type": TYPE_SHAPE, "fields": FIELDS_SHAPE, "example": EXAMPLE_SHAPE}
_VALIDATORS = {name: Draft202012Validator(shape) for name, shape in _PARTS.items()}
_MAX_PROBLEMS = 50


def text_of(content: TypeContent) -> str:
    """Return the text of a content. The order of questions is kept: people see it."""
    parts = {"type": content.plain, "fields": content.schema, "example": content.example}
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))


def content_of(slug: str, text: str) -> TypeContent:
    """Return the content of a text. Raises ``ConfigurationError`` when it is none."""
    try:
        if len(text) > MAX_CONTENT:
            raise ValueError("too long")
        parts = json.loads(text)
        return TypeContent(slug, parts["type"], parts["fields"], parts["example"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ConfigurationError([f"{slug}: not the content of a letter type"]) from error


def shape_findings(content: TypeContent) -> list[Problem]:
    """Say which part has not its shape; ``where`` is the path within the type."""
    found = [
        problem
        for name, part in _values(content).items()
        for error in _VALIDATORS[name].iter_errors(part)
        for problem in _problems(name, error)
    ]
    return found[:_MAX_PROBLEMS]


def load_version(slug: str, text: str) -> LoadedType:
    """Return the type that a text describes. Raises ``ConfigurationError``."""
    content = content_of(slug, text)
    if found := shape_findings(content):
        raise ConfigurationError([f"{slug}: {one.where}: {one.code}" for one in found])
    try:
        return assemble(content, {}, hashlib.sha256(text.encode()).hexdigest())
    except Unusable as error:
        raise ConfigurationError([f"{slug}: {error}"]) from error


def _values(content: TypeContent) -> Mapping[str, Mapping[str, Any]]:
    return {"type": content.plain, "fields": content.schema, "example": content.example}


def _problems(part: str, error: ValidationError) -> Iterator[Problem]:
    path = [str(step) for step in error.absolute_path]
    where = ".".join(path if part == "type" else [part, *path])
    limit: Any = error.validator_value
    given: Any = error.instance
    if error.validator == "required":
        # One error names one missing key: the last word of its message, in quotes.
        missing = [name for name in limit if name not in given]
        for name in missing[:1]:
            yield Problem(".".join([where, name] if where else [name]), "required")
    elif error.validator in ("minLength", "minItems") and not given:
        yield Problem(where, "required")
    elif error.validator == "maxLength":
        yield Problem(where, "too_long", {"limit": limit})
    elif error.validator == "minimum":
        yield Problem(where, "too_small", {"limit": limit})
    elif error.validator == "maximum":
        yield Problem(where, "too_large", {"limit": limit})
    elif error.validator == "pattern":
        yield Problem(where, "bad_pattern")
    elif error.validator == "enum":
        yield Problem(where, "not_a_choice", {"choices": ", ".join(map(str, limit))})
    else:
        yield Problem(where, "bad_part", {"rule": str(error.validator)})
