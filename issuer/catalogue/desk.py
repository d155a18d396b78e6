"""The desk at which versions of letter types are read and checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from issuer.catalogue.assembling import LoadedType, TypeContent
from issuer.catalogue.field_rules import clean_fields
from issuer.catalogue.folders import FolderCatalogue
from issuer.catalogue.live import LiveCatalogue
from issuer.catalogue.question_edits import stepped
from issuer.catalogue.versions import content_of, load_version, shape_findings, text_of
from issuer.domain.errors import ConfigurationError, InvalidInput, NotFound, Problem
from issuer.domain.letter_types import FieldValue, LetterType
from issuer.domain.type_questions import QuestionStep
from issuer.services.proving import prove_type

_MAX_FINDINGS = 50


@dataclass(frozen=True, slots=True)
class _OneType:
    """One type by itself, for proving it."""

    loaded: LoadedType

    def check_fields(
        self, _letter_type: LetterType, values: Mapping[str, object], today: date
    ) -> dict[str, FieldValue]:
        return clean_fields(self.loaded.rules, values, today)


class ContentDesk:
    """Implements ``TypeDesk``: every check of ``issuer letters check``, on a content."""

    def __init__(
        self,
        *,
        base: FolderCatalogue,
        live: LiveCatalogue,
        wording: Callable[[LetterType], Iterable[Problem]],
        missing_glyphs: Callable[[str], frozenset[str]],
        characters: Callable[[LetterType], str],
        today: Callable[[], date],
    ) -> None:
        self._base = base
        self._live = live
        self._wording = wording
        self._missing_glyphs = missing_glyphs
        self._characters = characters
        self._today = today

    def base(self, slug: str) -> str | None:
        """Return the content of the type that comes with the program, if there is one."""
        try:
            return text_of(self._base.content(slug))
        except NotFound:
            return None

    def base_codes(self) -> Sequence[int]:
        """Return the codes of the types that come with the program."""
        return [kind.code for kind in self._base.all()]

    def code_of(self, content: str) -> int:
        """Return the code of a type."""
        return int(content_of("", content).plain["code"])

    def number_of(self, slug: str, content: str) -> int:
        """Return the number of its version."""
        return int(content_of(slug, content).plain["version"])

    def numbered(self, slug: str, content: str, number: int) -> str:
        """Return the content as the version of this number."""
        return _changed(content_of(slug, content), version=number)

    def renamed(self, slug: str, content: str, code: int, title: str) -> str:
        """Return the content as version 1 of another type, of this code and title."""
        both = {"id": title, "en": title}
        return _changed(content_of(slug, content), version=1, code=code, title=both)

    def kept(self, slug: str, before: str, content: str) -> str:
        """Return a new content with the code and the number of the one before.

        Raises ``InvalidInput`` for what is no content of a type.
        """
        was = content_of(slug, before).plain
        try:
            now = content_of(slug, content)
            return _changed(now, code=was["code"], version=was["version"])
        except (ConfigurationError, TypeError) as error:
            raise InvalidInput([Problem("content", "no_content")]) from error

    def asking(self, slug: str, content: str, step: QuestionStep) -> str:
        """Return the content with one question added, changed, moved or removed.

        Raises ``InvalidInput``, and ``NotFound`` when there is no such question.
        """
        return text_of(stepped(content_of(slug, content), step))

    def read(self, slug: str, content: str) -> LetterType | None:
        """Return the type, or None for what cannot be read."""
        try:
            return load_version(slug, content).letter_type
        except ConfigurationError:
            return None

    def findings(self, slug: str, content: str, in_force: LetterType | None) -> tuple[Problem, ...]:
        """Say everything that is wrong with a content, under the path within the type."""
        try:
            parts = content_of(slug, content)
            if found := shape_findings(parts):
                return tuple(found)
            public, title = parts.plain.get("public_title"), parts.plain["title"]
            if parts.plain["sensitive"] and public in (None, title):
                return (Problem("public_title", "no_public_title"),)
            loaded = load_version(slug, content)
        except ConfigurationError:
            return (Problem("content", "no_content"),)
        return tuple(self._of_type(loaded, in_force))[:_MAX_FINDINGS]

    def refresh(self) -> None:
        """Take what was just released into force in this process."""
        self._live.refresh()

    def _of_type(self, loaded: LoadedType, in_force: LetterType | None) -> Iterator[Problem]:
        kind = loaded.letter_type
        if in_force is not None and in_force.sensitive and not kind.sensitive:
            # Letters already issued would show their title to strangers.
            yield Problem("sensitive", "stays_sensitive")
        yield from self._wording(kind)
        if missing := self._missing_glyphs(self._characters(kind)):
            yield Problem(
                "wording", "missing_glyph", {"characters": " ".join(sorted(missing)[:10])}
            )
        for one in prove_type(_OneType(loaded), kind, self._today()):
            yield replace(one.problem, where=f"example.{one.problem.where}")


def _changed(content: TypeContent, **parts: Any) -> str:
    return text_of(replace(content, plain={**content.plain, **parts}))
