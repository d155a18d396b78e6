"""What a machine may ask, read strictly: JSON of two shapes, or a file."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import UnsupportedMediaType

from issuer.domain import plain_json
from issuer.domain.errors import InvalidInput, Problem

JSON_TYPE = "application/json"
FILE_TYPES = ("application/pdf", "image/png", "image/jpeg")
MAX_ROWS = 100
LONGEST = {"qr": 2000, "number": 400, "code": 40}
"""In characters; more than any true one, less than a row of a batch may cost."""

_SHAPES = (("qr",), ("number", "code"))


@dataclass(frozen=True, slots=True)
class ByQr:
    """The text of a QR."""

    qr: str


@dataclass(frozen=True, slots=True)
class ByNumber:
    """A number with its verification code."""

    number: str
    code: str


def read_json() -> object:
    """Return the JSON of the body. Raises ``InvalidInput`` or ``UnsupportedMediaType``."""
    if request.mimetype != JSON_TYPE:
        raise UnsupportedMediaType
    try:
        return plain_json.read_json(request.get_data(cache=False))
    except ValueError as error:
        raise InvalidInput([Problem("body", "not_json")]) from error


def read_question(value: object) -> ByQr | ByNumber:
    """Return the question that an object asks. Raises ``InvalidInput`` with all problems."""
    if not isinstance(value, dict):
        raise InvalidInput([Problem("body", "not_an_object")])
    wanted = next((shape for shape in _SHAPES if shape[0] in value), _SHAPES[0])
    problems = [
        Problem("body", "unknown_field", {"field": _shown(name)})
        for name in value
        if name not in wanted
    ]
    for name in wanted:
        problems += _problems(name, value)
    if problems:
        raise InvalidInput(problems)
    if wanted == ("qr",):
        return ByQr(value["qr"])
    return ByNumber(value["number"], value["code"])


def read_rows(value: object) -> list[object]:
    """Return the rows of a batch, unread. Raises ``InvalidInput``."""
    if not isinstance(value, list):
        raise InvalidInput([Problem("body", "not_a_list")])
    if not value:
        raise InvalidInput([Problem("body", "too_few_rows", {"limit": 1})])
    if len(value) > MAX_ROWS:
        raise InvalidInput([Problem("body", "too_many_rows", {"limit": MAX_ROWS})])
    return value


def _problems(name: str, value: dict[str, object]) -> list[Problem]:
    text = value.get(name)
    if text is None or text == "":
        return [Problem(name, "required")]
    if not isinstance(text, str):
        return [Problem(name, "not_text")]
    if len(text) > LONGEST[name]:
        return [Problem(name, "too_long", {"limit": LONGEST[name]})]
    return []


def _shown(name: str) -> str:
    """Return the name of a field, unless it may be a value in the wrong place."""
    return name if name in LONGEST else "…"
