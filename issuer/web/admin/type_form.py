"""Reading the forms of a letter type. Only sizes are bounded here; the desk judges the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_types import Channel
from issuer.domain.text import TextRefused, plain_text
from issuer.texts.letter_types import STANDARD_COMPONENTS
from issuer.web.admin.type_parts import (
    CHANNEL,
    FOUR_EYES,
    LINES,
    NUMBERS,
    OPTIONAL,
    SENSITIVE,
    SENTENCES,
)

MOST_SENTENCE, MOST_STANDARD, MOST_DOCUMENT, MOST_DOCUMENTS = 2000, 600, 200, 20
_NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,2}", re.ASCII)
_STEP = re.compile(r"(naik|turun|hapus)\.([0-9]{1,2})", re.ASCII)
Form = Mapping[str, str]


def fill(plain: dict[str, Any], form: Form, *, stays_sensitive: bool) -> None:
    """Write the first form into a type. Raises ``InvalidInput``."""
    problems: list[Problem] = []
    for name, (_label, limit) in LINES.items():
        if (text := _line(name, form, limit, problems, empty=name in OPTIONAL)) is not None:
            _put(plain, name, text)
    for name in NUMBERS:
        typed = form.get(name, "").strip()
        if _NUMBER.fullmatch(typed):
            _put(plain, name, int(typed))
        else:
            problems.append(Problem(name, "not_a_number"))
    for name in SENTENCES:
        if (text := _sentence(name, form, MOST_SENTENCE, problems)) is not None:
            _put(plain, name, text)
    if form.get(CHANNEL) in list(Channel):
        plain[CHANNEL] = form[CHANNEL]
    _put(plain, FOUR_EYES, form.get(FOUR_EYES) == "ya")
    plain[SENSITIVE] = stays_sensitive or form.get(SENSITIVE) == "ya"
    if problems:
        raise InvalidInput(problems)


def fill_standard(plain: dict[str, Any], form: Form) -> None:
    """Write the service standard into a type. Raises ``InvalidInput``."""
    problems: list[Problem] = []
    standard: dict[str, dict[str, str]] = {}
    for component in STANDARD_COMPONENTS:
        for code in ("id", "en"):
            name = f"service_standard.{component}.{code}"
            text = _line(name, form, MOST_STANDARD, problems, empty=True)
            standard.setdefault(component, {})[code] = text or ""
    if problems:
        raise InvalidInput(problems)
    plain["service_standard"] = standard


def fill_documents(plain: dict[str, Any], form: Form) -> str:
    """Write the list of documents into a type, after the step that a button asks for.

    Returns where on the page the work goes on. Raises ``InvalidInput``.
    """
    problems: list[Problem] = []
    shown = form.get("count", "")
    count = min(int(shown), MOST_DOCUMENTS) if _COUNT.fullmatch(shown) else 0
    rows: list[dict[str, Any]] = []
    for number in range(count):
        place = f"documents.{number}"
        row: dict[str, Any] = {
            code: _line(f"{place}.{code}", form, MOST_DOCUMENT, problems, empty=True) or ""
            for code in ("id", "en")
        }
        if form.get(f"{place}.optional") == "ya":
            row["optional"] = True
        rows.append(row)
    if problems:
        raise InvalidInput(problems)
    place = _stepped(rows, form.get("do", ""))
    plain["documents"] = rows
    return place


def _stepped(rows: list[dict[str, Any]], button: str) -> str:
    if button == "tambah" and len(rows) < MOST_DOCUMENTS:
        rows.append({"id": "", "en": ""})
        return f"documents.{len(rows) - 1}.id"
    step = _STEP.fullmatch(button)
    if step is None or int(step[2]) >= len(rows):
        return ""
    at = int(step[2])
    row = rows.pop(at)
    if step[1] == "hapus":
        return "daftar"
    there = max(at - 1, 0) if step[1] == "naik" else min(at + 1, len(rows))
    rows.insert(there, row)
    return f"berkas-{there}"


def _put(plain: dict[str, Any], name: str, value: object) -> None:
    """Write one value; an empty text of what may be missing leaves no trace."""
    first, _, second = name.partition(".")
    if value == "" and name in OPTIONAL:
        part = plain.get(first)
        if second and isinstance(part, dict):
            part.pop(second, None)
        if not second or not part:
            plain.pop(first, None)
    elif second:
        plain.setdefault(first, {})[second] = value
    else:
        plain[first] = value


def _line(
    name: str, form: Form, limit: int, problems: list[Problem], *, empty: bool = False
) -> str | None:
    typed = form.get(name, "")
    if empty and not typed.strip():
        return ""
    try:
        return plain_text(typed, limit)
    except TextRefused as refused:
        problems.append(Problem(name, refused.code, refused.facts))
        return None


def _sentence(name: str, form: Form, limit: int, problems: list[Problem]) -> str | None:
    try:
        lines = form.get(name, "")[: 4 * limit].splitlines()
        text = "\n".join(plain_text(one, limit) if one.strip() else "" for one in lines)
        if len(text) > limit:
            raise TextRefused("too_long", limit=limit)
        return text.strip() if name in OPTIONAL else text
    except TextRefused as refused:
        problems.append(Problem(name, refused.code, refused.facts))
        return None
