"""The catalogue of a running office: the folder's types, and over them what was released."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from issuer.catalogue.assembling import LoadedType
from issuer.catalogue.field_rules import FieldRule, clean_fields
from issuer.catalogue.folders import FolderCatalogue, WordingCheck
from issuer.catalogue.versions import load_version
from issuer.domain.errors import ConfigurationError, DependencyUnavailable, NotFound
from issuer.domain.letter_types import FieldValue, LetterType
from issuer.domain.ports import Register, UnitOfWork
from issuer.domain.type_versions import TypeVersion

RECHECK_SECONDS = 1.0
"""So long may a page show a type that another process has just replaced."""

AWAY_SECONDS = 30.0
"""So long nobody looks again after a look that failed: each may have to wait as long."""


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """What is in force: ``released`` is how many versions the register had then."""

    released: int
    loaded: Mapping[str, LoadedType]
    problems: tuple[str, ...]


class LiveCatalogue:
    """Letter types by slug; implements ``LetterCatalogue``.

    A released version goes before the folder's type of the same slug. One that this
    program cannot read is left out and named in ``problems``, and so is the folder's: the
    office has decided against that text. Released versions never change, so their number
    tells whether anything is new.
    """

    def __init__(
        self,
        base: FolderCatalogue,
        register: Register,
        check_wording: WordingCheck,
        monotonic: Callable[[], float],
    ) -> None:
        self._base = base
        self._register = register
        self._check_wording = check_wording
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._snapshot = self._of(0, [])
        self._look_at = monotonic() + RECHECK_SECONDS
        self._rules: dict[str, tuple[FieldRule, ...]] = {}
        self._remember(self._snapshot)
        self.refresh()

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with types that were left out, in English."""
        return self._fresh().problems

    def all(self) -> Sequence[LetterType]:
        """Return every usable type, by slug."""
        return tuple(one.letter_type for one in self._fresh().loaded.values())

    def get(self, slug: str) -> LetterType:
        """Return one type. Raises ``NotFound``."""
        return _find(self._fresh(), slug)

    def current(self, uow: UnitOfWork, slug: str) -> LetterType:
        """Return one type as it is in force in this transaction. Raises ``NotFound``."""
        return _find(self._seen_by(uow), slug)

    def check_fields(
        self, letter_type: LetterType, values: Mapping[str, object], today: date
    ) -> dict[str, FieldValue]:
        """Return the type's fields, cleaned. Raises ``InvalidInput`` with all problems."""
        return clean_fields(self._rules[letter_type.digest], values, today)

    def refresh(self) -> None:
        """Look at the register now. Raises ``DependencyUnavailable``."""
        with self._register.reading() as uow:
            self._seen_by(uow)
        self._look_at = self._monotonic() + RECHECK_SECONDS

    def _fresh(self) -> _Snapshot:
        if self._monotonic() >= self._look_at:
            # First, so that of many threads one asks, and none behind a look that hangs.
            self._look_at = self._monotonic() + AWAY_SECONDS
            try:
                self.refresh()
            except DependencyUnavailable:
                # Whoever needs the register now will say so himself.
                self._look_at = self._monotonic() + AWAY_SECONDS
        return self._snapshot

    def _seen_by(self, uow: UnitOfWork) -> _Snapshot:
        held = self._snapshot
        count = uow.type_versions.released_count()
        if count == held.released:
            return held
        seen = self._of(count, uow.type_versions.in_force())
        with self._lock:
            self._remember(seen)
            # A transaction that began earlier must not turn back what came later.
            if seen.released > self._snapshot.released:
                self._snapshot = seen
        return seen

    def _of(self, count: int, versions: Sequence[TypeVersion]) -> _Snapshot:
        loaded = dict(self._base.loaded())
        problems = list(self._base.problems)
        owners = {one.letter_type.code: slug for slug, one in loaded.items()}
        for version in versions:
            loaded.pop(version.slug, None)
            try:
                one = load_version(version.slug, version.content)
                wrong = list(self._check_wording(one.letter_type))
                if owners.setdefault(one.letter_type.code, version.slug) != version.slug:
                    wrong.append(f"code {one.letter_type.code} stands twice")
            except ConfigurationError as error:
                problems.extend(error.problems)
                continue
            problems += [f"{version.slug}, version {version.version}: {text}" for text in wrong]
            if not wrong:
                loaded[version.slug] = one
        return _Snapshot(count, dict(sorted(loaded.items())), tuple(problems))

    def _remember(self, snapshot: _Snapshot) -> None:
        """Keep the rules of every type seen: a form may have been begun with an older one."""
        for one in snapshot.loaded.values():
            self._rules[one.letter_type.digest] = one.rules


def _find(snapshot: _Snapshot, slug: str) -> LetterType:
    if slug not in snapshot.loaded:
        raise NotFound("letter_type", slug[:40])
    return snapshot.loaded[slug].letter_type
