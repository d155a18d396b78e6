"""A question of a letter type as an administrator writes it down, before anything is checked."""

from __future__ import annotations

from dataclasses import dataclass

from issuer.domain.letter_types import Bilingual, FieldKind

BOUNDED = frozenset(
    {FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.YEAR, FieldKind.INTEGER, FieldKind.MONEY}
)
"""Kinds with a least and a most: characters of a text, else the number itself."""

DATED = frozenset({FieldKind.DATE, FieldKind.YEAR})
"""Kinds whose answer may have to be of the past."""

NEW_KINDS = tuple(kind for kind in FieldKind if kind is not FieldKind.GROUP)
"""What can be added by page; a group needs its columns and its place on the letter."""

MOST_CHOICES = 30


@dataclass(frozen=True, slots=True)
class QuestionEdit:
    """A question as it was typed; ``kind`` is that of the question which is there already.

    Each of ``choices`` has its stored value, empty for a new one. ``least`` and ``most``
    are None where nothing was typed. ``example`` is empty for a CHOICE or a GROUP. What
    does not go with the kind, or with a question asked under a condition, changes nothing.
    """

    kind: FieldKind
    label: Bilingual
    hint: Bilingual
    required: bool
    example: str = ""
    past: bool = False
    least: int | None = None
    most: int | None = None
    choices: tuple[tuple[str, Bilingual], ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """One more question, at the end."""

    name: str
    question: QuestionEdit


@dataclass(frozen=True, slots=True)
class Changed:
    """A question in its place; its kind stays."""

    name: str
    question: QuestionEdit


@dataclass(frozen=True, slots=True)
class Moved:
    """A question some places down, or up when ``by`` is negative."""

    name: str
    by: int


@dataclass(frozen=True, slots=True)
class Removed:
    """One question less."""

    name: str


QuestionStep = Added | Changed | Moved | Removed
