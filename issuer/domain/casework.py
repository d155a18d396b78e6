"""A request as a case: who did what with it, and who may do the next thing.

``REQUEST_TRANSITIONS`` says which steps there are and which permission each takes. What
stands here is about people: a chain of parafs by different persons, and four eyes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from issuer.domain.access import Actor, Role
from issuer.domain.errors import AnotherPersonNeeded, IllegalTransition
from issuer.domain.handling import Handling
from issuer.domain.letter_request import (
    REQUEST_TRANSITIONS,
    LetterRequest,
    RequestAction,
    RequestState,
)

MAX_REASON = 500
MAX_RECEIVER = 120
MAX_PAGE = 200

WAITS_FOR_OFFICE = frozenset(
    {RequestState.SUBMITTED, RequestState.REVIEWED, RequestState.AWAITING_SIGNATURE}
)
"""States in which the office, and not the applicant, has to act."""

OPEN = WAITS_FOR_OFFICE | {RequestState.RETURNED}
"""States of a request that is under way."""

FIRST_STEP = 2
"""The version that a request's first step leads to."""

BEGINS_ANEW = frozenset({RequestAction.SUBMIT, RequestAction.REOPEN})
"""Steps after which no paraf of before counts."""


@dataclass(frozen=True, slots=True, repr=False)
class RequestStep:
    """One step of a request: what moved it, when and by whom.

    ``version`` is the version that it led to, so that no two steps lead to one. ``note``
    is the reason of whoever returned, rejected or cancelled it, or who received the
    letter; it may be personal and is sealed at rest.
    """

    request_id: str
    version: int
    at_utc: datetime
    actor_id: str
    action: RequestAction
    note: str = ""

    def __repr__(self) -> str:
        return f"RequestStep({self.request_id!r}, {self.version}, {self.action.value!r})"


@dataclass(frozen=True, slots=True, repr=False)
class CaseSummary:
    """A line of a queue.

    ``since_utc`` is when the request came into its state, ``submitted_at_utc`` when it
    was last sent in: what a service promises counts from there.
    """

    id: str
    letter_type: str
    agency_code: str
    holder_name: str
    state: RequestState
    since_utc: datetime
    submitted_at_utc: datetime
    origin: str
    version: int

    def __repr__(self) -> str:
        return f"CaseSummary(id={self.id!r}, state={self.state.value!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """A request with its steps, oldest first, and what it takes to be forwarded.

    ``names`` are the full names of those who took the steps, by id; somebody without an
    account (an applicant, the operator) has none. ``may`` is what the one who asked may
    do now.
    """

    request: LetterRequest
    steps: Sequence[RequestStep]
    handling: Handling
    names: Mapping[str, str]
    may: frozenset[RequestAction]
    letter_id: str | None = None

    def __repr__(self) -> str:
        return f"Case({self.request!r})"

    @property
    def reviews_done(self) -> int:
        """How many parafs it has since it was last submitted."""
        return len(reviewers(self.steps))

    @property
    def reviews_needed(self) -> int:
        """How many parafs it takes."""
        return self.handling.reviews


@dataclass(frozen=True, slots=True)
class History:
    """Where a request stands, and the versions and actions of its steps, oldest first."""

    request_id: str
    state: RequestState
    version: int
    steps: tuple[tuple[int, RequestAction], ...]

    @property
    def holds(self) -> bool:
        """Say whether the steps, none of them missing, lead to where the request stands.

        One from before steps were kept begins with a later version than the second.
        """
        versions = [version for version, _ in self.steps]
        if versions != list(range(versions[0], self.version + 1)):
            return False
        reached: RequestState | None = RequestState.DRAFT if versions[0] == FIRST_STEP else None
        for _, action in self.steps:
            ways = [
                transition.to
                for (state, taken), transition in REQUEST_TRANSITIONS.items()
                if taken is action and reached in (state, None)
            ]
            if not ways:
                return False
            reached = ways[0]  # every action leads to one state, wherever it begins
        return reached is self.state


def reviewers(steps: Sequence[RequestStep]) -> tuple[str, ...]:
    """Return who gave a paraf since the request was last submitted, in order.

    What was changed after a paraf was not seen by whoever gave it, so that a request
    which comes back begins anew.
    """
    found: list[str] = []
    for step in steps:
        if step.action in BEGINS_ANEW:
            found.clear()
        elif step.action is RequestAction.REVIEW:
            found.append(step.actor_id)
    return tuple(found)


def check_people(
    actor: Actor,
    request: LetterRequest,
    steps: Sequence[RequestStep],
    handling: Handling,
    action: RequestAction,
) -> None:
    """Raise unless this person may take this step after those who took the others.

    Raises ``AnotherPersonNeeded`` for a second paraf by one person and for forwarding
    against four eyes; ``IllegalTransition`` for a paraf too many and for forwarding with
    one too few.
    """
    if actor.role is Role.OPERATOR:
        return
    done = reviewers(steps)
    if action is RequestAction.REVIEW:
        if len(done) >= handling.reviews:
            raise IllegalTransition(request.state, action)
        if actor.id in done:
            raise AnotherPersonNeeded
    elif action is RequestAction.FORWARD:
        if len(done) < handling.reviews:
            raise IllegalTransition(request.state, action)
        if handling.four_eyes and actor.id in (request.created_by, *done):
            raise AnotherPersonNeeded
