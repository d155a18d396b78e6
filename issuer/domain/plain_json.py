"""JSON from outside, of which every reader makes the same (RFC 7493, I-JSON)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NoReturn


def read_json(text: bytes | str) -> object:
    """Return the values of a JSON text.

    Raises ``ValueError`` for what is none, is nested too deeply, says NaN, or has a name
    twice in one object, of which one reader would take the first and another the last.
    """
    try:
        return json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _each_once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name stands twice")
    return value


def _no_number(_text: str) -> NoReturn:
    raise ValueError("not a number")
