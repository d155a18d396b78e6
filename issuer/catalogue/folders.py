"""The catalogue: every letter type found in one folder of folders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from issuer.catalogue.assembling import LoadedType, TypeContent
from issuer.catalogue.field_rules import clean_fields
from issuer.catalogue.type_folder import load_content, load_standard, load_type
from issuer.domain.errors import ConfigurationError, NotFound
from issuer.domain.letter_types import FieldValue, LetterType
from issuer.domain.ports import UnitOfWork

WordingCheck = Callable[[LetterType], Sequence[str]]


class FolderCatalogue:
    """Letter types by slug, as they come with the program; implements ``LetterCatalogue``.

    A broken folder is left out and named in ``problems``: one bad type must not
    close the counter for all others. Whoever starts an office decides whether
    problems are fatal.
    """

    def __init__(self, folder: Path, check_wording: WordingCheck) -> None:
        """Read the folder. ``check_wording`` returns what is wrong with a type's sentences.

        Raises ``ConfigurationError`` when there is no such folder.
        """
        problems: list[str] = []
        self._folder = folder
        loaded = list(_load_each(folder, check_wording, problems))
        codes = Counter(one.letter_type.code for one in loaded)
        # The QR carries the code alone: neither type may keep one that two claim.
        for one in loaded:
            if codes[one.letter_type.code] > 1:
                problems.append(
                    f"{one.letter_type.slug}/type.toml: code {one.letter_type.code} stands twice"
                )
        self._loaded = {
            one.letter_type.slug: one for one in loaded if codes[one.letter_type.code] == 1
        }
        self.problems = tuple(problems)

    def all(self) -> Sequence[LetterType]:
        """Return every usable type, by slug."""
        return tuple(one.letter_type for one in self._loaded.values())

    def get(self, slug: str) -> LetterType:
        """Return one type. Raises ``NotFound``."""
        return self._find(slug).letter_type

    def current(self, _uow: UnitOfWork, slug: str) -> LetterType:
        """Return one type: a folder by itself knows of no version. Raises ``NotFound``."""
        return self.get(slug)

    def check_fields(
        self, letter_type: LetterType, values: Mapping[str, object], today: date
    ) -> dict[str, FieldValue]:
        """Return the type's fields, cleaned. Raises ``InvalidInput`` with all problems."""
        return clean_fields(self._find(letter_type.slug).rules, values, today)

    def content(self, slug: str) -> TypeContent:
        """Return the parts that a type is made of. Raises ``NotFound``."""
        self._find(slug)
        return load_content(self._folder / slug, load_standard(self._folder))

    def loaded(self) -> Mapping[str, LoadedType]:
        """Return every usable type with its rules, by slug."""
        return self._loaded

    def _find(self, slug: str) -> LoadedType:
        if slug not in self._loaded:
            raise NotFound("letter_type", slug[:40])
        return self._loaded[slug]


def _load_each(
    folder: Path, check_wording: WordingCheck, problems: list[str]
) -> Iterator[LoadedType]:
    try:
        paths = sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError as error:
        raise ConfigurationError([f"letter types: {error.strerror}: {folder}"]) from error
    try:
        standard = load_standard(folder)
    except ConfigurationError as error:
        # Without it every type that leans on it is incomplete, and says so.
        problems.extend(error.problems)
        standard = {}
    for path in paths:
        try:
            one = load_type(path, standard)
        except ConfigurationError as error:
            problems.extend(error.problems)
            continue
        wrong = [f"{path.name}/type.toml: {text}" for text in check_wording(one.letter_type)]
        problems.extend(wrong)
        if not wrong:
            yield one
