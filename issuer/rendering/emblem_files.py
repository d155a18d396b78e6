"""A regency's own emblem: a file in a small part of SVG, read as if it were hostile.

Allowed are ``svg`` with a viewBox, ``g`` and ``path`` with ``fill`` and ``fill-rule``,
and ``title``; paths of absolute M, L, C, Q and Z; colours as #rgb, #rrggbb, black,
white or none. Everything else is refused by name, so that nothing is drawn otherwise
than its author saw it. No document type, entity or reference is ever followed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from issuer.domain.errors import ConfigurationError

MAX_BYTES = 30_000
"""The emblem stands twice on a page that must stay below 80 kB."""

MAX_ELEMENTS = 500
MAX_DEPTH = 8
_MAX_COORDINATE = 100_000
_MAX_RATIO = 3
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_NUMBER = re.compile(r"[-+]?(?:\d{1,12}(?:\.\d{0,12})?|\.\d{1,12})(?:[eE][-+]?\d{1,2})?", re.ASCII)
_COMMAND = re.compile("([MLCQZ])")
_COLOUR = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", re.ASCII)
_NAMED = {"black": "000", "white": "fff"}
_OPERANDS = {"M": 2, "L": 2, "C": 6, "Q": 4, "Z": 0}
_SVG = "http://www.w3.org/2000/svg"
_ALLOWED = {
    "svg": {"viewBox", "width", "height", "version", "fill", "fill-rule"},
    "g": {"fill", "fill-rule"},
    "path": {"d", "fill", "fill-rule"},
    "title": set[str](),
}


@dataclass(frozen=True, slots=True)
class EmblemDrawing:
    """Operators of PDF over a field from 0, 0 to ``width``, ``height``."""

    width: float
    height: float
    operators: str


def load_emblems(folder: Path) -> dict[str, EmblemDrawing]:
    """Read every ``<name>.svg`` of a folder, which need not be there.

    Raises ``ConfigurationError`` with what is wrong with each file.
    """
    emblems: dict[str, EmblemDrawing] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.svg")):
        try:
            if not _NAME.fullmatch(path.stem):
                raise ValueError("the name may have small letters, digits and hyphens")
            if path.stat().st_size > MAX_BYTES:
                raise ValueError(f"more than {MAX_BYTES} bytes")
            emblems[path.stem] = parse_emblem(path.read_bytes())
        except (OSError, ValueError) as error:
            problems.append(f"emblem {path.name}: {error}")
    if problems:
        raise ConfigurationError(problems)
    return emblems


def parse_emblem(data: bytes) -> EmblemDrawing:
    """Return the drawing in a file. Raises ``ValueError`` with what is not allowed."""
    if len(data) > MAX_BYTES:
        raise ValueError(f"more than {MAX_BYTES} bytes")
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse("a document type is not allowed")
    parser.ProcessingInstructionHandler = _refuse("a processing instruction is not allowed")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(f"not XML: {error}") from error
    return reader.drawing()


class _Reader:
    """Follows the elements; keeps the inherited fill of each."""

    def __init__(self) -> None:
        self._open: list[tuple[str, str, str]] = []
        self._elements = 0
        self._view: tuple[float, ...] | None = None
        self._operators: list[str] = []

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS or len(self._open) >= MAX_DEPTH:
            raise ValueError("too many elements")
        namespace, _, tag = name.rpartition(" ")
        if namespace not in ("", _SVG) or tag not in _ALLOWED or (tag == "svg") != (not self._open):
            raise ValueError(f"the element {tag} is not allowed here")
        if strange := sorted(attributes.keys() - _ALLOWED[tag]):
            raise ValueError(f"the attribute {strange[0]} of {tag} is not allowed")
        _, fill, rule = self._open[-1] if self._open else ("", "black", "nonzero")
        fill, rule = attributes.get("fill", fill), attributes.get("fill-rule", rule)
        self._open.append((tag, fill, rule))
        if tag == "svg":
            self._view = _view_box(attributes.get("viewBox", ""))
        elif tag == "path":
            self._path(attributes.get("d", ""), fill, rule)

    def end(self, _name: str) -> None:
        self._open.pop()

    def _path(self, data: str, fill: str, rule: str) -> None:
        paint = {"nonzero": "f", "evenodd": "f*"}.get(rule)
        if paint is None:
            raise ValueError("fill-rule is nonzero or evenodd")
        construction = " ".join(_construction(data))
        if fill != "none" and construction:
            self._operators.append(f"{_colour(fill)} rg {construction} {paint}")

    def drawing(self) -> EmblemDrawing:
        if self._view is None or not self._operators:
            raise ValueError("there is no filled path")
        left, top, width, height = self._view
        # SVG counts from the upper left corner, PDF from the lower.
        turned = f"1 0 0 -1 {0 - left:g} {top + height:g} cm"
        clip = f"0 0 {width:g} {height:g} re W n"
        return EmblemDrawing(width, height, "\n".join((clip, turned, *self._operators)))


def _view_box(text: str) -> tuple[float, ...]:
    parts = re.split(r"[\s,]+", text.strip())
    if len(parts) != 4 or not all(map(_NUMBER.fullmatch, parts)):
        raise ValueError("viewBox has four numbers")
    numbers = tuple(float(part) for part in parts)
    _check(numbers)
    width, height = numbers[2:]
    if min(width, height) < 1 or not 1 / _MAX_RATIO <= height / width <= _MAX_RATIO:
        raise ValueError(f"viewBox is at least 1 wide and high, and no side {_MAX_RATIO} times one")
    return numbers


def _colour(text: str) -> str:
    match = _COLOUR.fullmatch(f"#{_NAMED[text]}" if text in _NAMED else text)
    if match is None:
        raise ValueError("a fill is #rgb, #rrggbb, black, white or none")
    digits = match[1] if len(match[1]) == 6 else "".join(digit * 2 for digit in match[1])
    return " ".join(f"{int(digits[i : i + 2], 16) / 255:.3g}" for i in (0, 2, 4))


def _construction(data: str) -> Iterator[str]:
    """Yield the operators of a path."""
    x = y = start_x = start_y = 0.0
    for command, values in _commands(data):
        if command == "Z":
            x, y = start_x, start_y
            yield "h"
            continue
        points = _as_cubic(x, y, values) if command == "Q" else values
        x, y = values[-2:]
        if command == "M":
            start_x, start_y = x, y
        operator = "c" if command in "CQ" else command.lower()
        yield " ".join(f"{value:.6g}" for value in points) + f" {operator}"


def _as_cubic(x: float, y: float, values: tuple[float, ...]) -> tuple[float, ...]:
    """Return the same curve with two control points for its one; PDF has no other."""
    a, b, end_x, end_y = values
    first = (x + (a - x) * 2 / 3, y + (b - y) * 2 / 3)
    second = (end_x + (a - end_x) * 2 / 3, end_y + (b - end_y) * 2 / 3)
    return (*first, *second, end_x, end_y)


def _commands(data: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Yield commands with their numbers; one may be followed by several sets of them."""
    before, *segments = _COMMAND.split(data)
    if before.strip() or (segments and segments[0] != "M"):
        raise ValueError("a path begins with M")
    for command, text in zip(segments[::2], segments[1::2], strict=True):
        if _NUMBER.sub("", text).strip(" ,\t\r\n"):
            raise ValueError("a path has absolute M, L, C, Q, Z and numbers")
        numbers = tuple(float(number) for number in _NUMBER.findall(text))
        _check(numbers)
        size = _OPERANDS[command]
        if size == 0 and not numbers:
            yield command, ()
            continue
        if not numbers or size == 0 or len(numbers) % size:
            raise ValueError(f"{command} has {size} numbers")
        for at in range(0, len(numbers), size):
            # What follows a moved pen without a command are lines (SVG 1.1, 8.3.2).
            yield ("L" if command == "M" and at else command), numbers[at : at + size]


def _check(numbers: tuple[float, ...]) -> None:
    if not all(math.isfinite(n) and abs(n) <= _MAX_COORDINATE for n in numbers):
        raise ValueError(f"a number is beyond {_MAX_COORDINATE}")


def _refuse(message: str) -> Callable[..., None]:
    def refuse(*_args: object) -> None:
        raise ValueError(message)

    return refuse
