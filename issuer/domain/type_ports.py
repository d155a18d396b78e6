"""What reads and checks the content of a letter type's version."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from issuer.domain.errors import Problem
from issuer.domain.letter_types import LetterType
from issuer.domain.type_questions import QuestionStep


class TypeDesk(Protocol):
    """The contents of types, as texts: read, changed in what an office may not, checked."""

    def base(self, slug: str) -> str | None:
        """Return the content of the type that comes with the program, if there is one."""

    def base_codes(self) -> Sequence[int]:
        """Return the codes of the types that come with the program."""

    def code_of(self, content: str) -> int:
        """Return the code of a type."""

    def number_of(self, slug: str, content: str) -> int:
        """Return the number of its version."""

    def numbered(self, slug: str, content: str, number: int) -> str:
        """Return the content as the version of this number."""

    def renamed(self, slug: str, content: str, code: int, title: str) -> str:
        """Return the content as version 1 of another type, of this code and title."""

    def kept(self, slug: str, before: str, content: str) -> str:
        """Return a new content with the code and the number of the one before.

        Raises ``InvalidInput`` for what is no content of a type.
        """

    def asking(self, slug: str, content: str, step: QuestionStep) -> str:
        """Return the content with one question added, changed, moved or removed.

        Raises ``InvalidInput``, and ``NotFound`` when there is no such question.
        """

    def read(self, slug: str, content: str) -> LetterType | None:
        """Return the type, or None for what cannot be read."""

    def findings(self, slug: str, content: str, in_force: LetterType | None) -> tuple[Problem, ...]:
        """Say everything that is wrong with a content, under the path within the type."""

    def refresh(self) -> None:
        """Take what was just released into force in this process."""
