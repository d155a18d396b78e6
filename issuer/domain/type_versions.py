"""Versions of a letter type that an office makes itself, and how one comes into force.

The types that come with the program are the base. A version goes from draft to proposed
and is released by somebody who had no part in it; what is released is never changed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from issuer.domain.errors import AnotherPersonNeeded, IllegalTransition

MAX_CONTENT = 200_000
"""Characters of a version's content: twice a folder's largest file."""

FIRST_OWN_CODE = 1000
"""Types that come with the program have codes below; those of an office begin here."""


class VersionState(StrEnum):
    """Where a version stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    RELEASED = "released"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class VersionAction(StrEnum):
    """What somebody does to a version."""

    SAVE = "save"
    PROPOSE = "propose"
    RELEASE = "release"
    REJECT = "reject"
    WITHDRAW = "withdraw"


VERSION_TRANSITIONS: dict[tuple[VersionState, VersionAction], VersionState] = {
    (VersionState.DRAFT, VersionAction.SAVE): VersionState.DRAFT,
    (VersionState.DRAFT, VersionAction.PROPOSE): VersionState.PROPOSED,
    (VersionState.DRAFT, VersionAction.WITHDRAW): VersionState.WITHDRAWN,
    (VersionState.PROPOSED, VersionAction.RELEASE): VersionState.RELEASED,
    (VersionState.PROPOSED, VersionAction.REJECT): VersionState.REJECTED,
    (VersionState.PROPOSED, VersionAction.WITHDRAW): VersionState.WITHDRAWN,
}

OPEN_VERSION = frozenset({VersionState.DRAFT, VersionState.PROPOSED})
"""Of every type at most one version is in these states."""

_BY_A_SECOND_PERSON = frozenset({VersionAction.RELEASE, VersionAction.REJECT})


@dataclass(frozen=True, slots=True)
class TypeVersion:
    """One version of a letter type.

    ``content`` is the JSON of its parts, in the order in which people see them; its
    SHA-256 is the digest that letters name. ``row`` grows with every change. ``saved_by``
    is whoever wrote in it last; ``decided_by`` released, rejected or withdrew it.
    """

    id: str
    slug: str
    version: int
    content: str
    state: VersionState
    row: int
    created_by: str
    created_at_utc: datetime
    saved_by: str
    proposed_by: str | None = None
    proposed_at_utc: datetime | None = None
    decided_by: str | None = None
    decided_at_utc: datetime | None = None
    reason: str = ""

    @property
    def digest(self) -> str:
        """The SHA-256 (hex) of the content."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    @property
    def authors(self) -> frozenset[str]:
        """Whoever had a part in it before it was decided on."""
        return frozenset({self.created_by, self.saved_by, self.proposed_by or self.saved_by})

    def may_be_decided_by(self, actor_id: str) -> bool:
        """Say whether this person may release or reject it: nobody who had a part in it."""
        return actor_id not in self.authors

    def after(
        self,
        action: VersionAction,
        actor_id: str,
        at_utc: datetime,
        *,
        content: str | None = None,
        reason: str = "",
    ) -> TypeVersion:
        """Return the version after a step.

        Raises ``IllegalTransition``, and ``AnotherPersonNeeded`` for one's own version.
        """
        state = VERSION_TRANSITIONS.get((self.state, action))
        if state is None:
            raise IllegalTransition(self.state, action)
        if action in _BY_A_SECOND_PERSON and not self.may_be_decided_by(actor_id):
            raise AnotherPersonNeeded
        moved = replace(self, state=state, row=self.row + 1)
        if action is VersionAction.SAVE:
            return replace(moved, content=content or self.content, saved_by=actor_id)
        if action is VersionAction.PROPOSE:
            return replace(moved, proposed_by=actor_id, proposed_at_utc=at_utc)
        return replace(moved, decided_by=actor_id, decided_at_utc=at_utc, reason=reason)


class TypeVersionRepository(Protocol):
    """The versions of letter types; none is ever removed."""

    def add(self, version: TypeVersion) -> None:
        """Insert one. Raises ``StaleVersion`` when its type has an open one already."""

    def save(self, version: TypeVersion) -> None:
        """Write one, read in this same transaction. Raises ``StaleVersion``."""

    def get(self, version_id: str) -> TypeVersion:
        """Return one. Raises ``NotFound``."""

    def of_type(self, slug: str) -> list[TypeVersion]:
        """Return every version of a type, the newest first."""

    def every(self) -> list[TypeVersion]:
        """Return all there are."""

    def open(self) -> list[TypeVersion]:
        """Return what is being written or waits for release, by type."""

    def in_force(self) -> list[TypeVersion]:
        """Return the newest released version of every type, by type."""

    def released_count(self) -> int:
        """Return how many were ever released: it changes exactly when one is in force."""
