"""A resident (penduduk) of the register, and how a name that somebody says is looked for.

The register repeats what the population office holds, so that nobody types it again at
the counter. Every letter keeps its own copy: changing a resident changes no letter.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from issuer.domain.people import Holder, Nik
from issuer.domain.text import words_of

KEY_LETTERS = 3
"""A name is found by the first letters of its words: that is all the index knows of it."""

MAX_WORDS = 12


@dataclass(frozen=True, slots=True, repr=False)
class Resident:
    """Somebody who lives where ``agency_code`` (a village or a ward) is in charge."""

    id: str
    agency_code: str
    holder: Holder
    updated_at_utc: datetime

    def __repr__(self) -> str:
        return f"Resident(id={self.id!r})"


def name_keys(name: str) -> tuple[str, ...]:
    """Return the keys that a name is found by: the first three letters of each word."""
    return tuple(dict.fromkeys(word[:KEY_LETTERS] for word in words_of(name)[:MAX_WORDS]))


def search_keys(typed: str) -> tuple[str, ...]:
    """Return the keys that a name must have to be what was typed; empty when there is none.

    A word of one or two letters may be the beginning of a longer one, so it is no key.
    """
    return tuple(key for key in name_keys(typed) if len(key) == KEY_LETTERS)


class ResidentRepository(Protocol):
    """Residents by NIK and by the keys of their names; at rest neither can be read."""

    def by_nik(self, nik: Nik) -> Resident | None:
        """Return the resident with this NIK, wherever, or None. Raises ``CorruptStore``."""

    def by_niks(self, niks: Collection[Nik]) -> Mapping[Nik, Resident]:
        """Return who of these is there, wherever. Raises ``CorruptStore``."""

    def get(self, resident_id: str) -> Resident:
        """Return one resident. Raises ``NotFound`` or ``CorruptStore``."""

    def by_keys(
        self, agency_codes: Sequence[str], keys: Sequence[str], most: int
    ) -> Sequence[Resident]:
        """Return residents of these agencies whose names have all the keys, at most so many."""

    def any_of(self, agency_codes: Sequence[str]) -> bool:
        """Say whether one of these agencies has a resident."""

    def ids_of(self, agency_code: str) -> Sequence[str]:
        """Return the ids of everybody who lives there, in order."""

    def remove(self, resident_ids: Collection[str]) -> None:
        """Remove residents; one who is not there stays so."""

    def add(self, residents: Sequence[Resident]) -> None:
        """Insert residents; their NIKs are new."""

    def save(self, residents: Sequence[Resident]) -> None:
        """Write changed residents. Raises ``StaleVersion`` when there is no such id."""
