"""A request for a letter (permohonan): its states, and who moves it on.

The table below is the whole workflow; ARCHITECTURE.md shows it as a picture and a
test holds both against each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from issuer.domain.access import Permission
from issuer.domain.errors import IllegalTransition
from issuer.domain.letter_types import FieldValue
from issuer.domain.people import Holder


class RequestState(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    AWAITING_SIGNATURE = "awaiting_signature"
    ISSUED = "issued"
    HANDED_OVER = "handed_over"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


class RequestAction(StrEnum):
    """What moves a request."""

    SUBMIT = "submit"
    RETURN = "return"
    REVIEW = "review"
    FORWARD = "forward"
    ISSUE = "issue"
    HAND_OVER = "hand_over"
    REJECT = "reject"
    CANCEL = "cancel"
    LAPSE = "lapse"
    REOPEN = "reopen"


ORIGIN_COUNTER = "counter"
"""The origin of a request for a person who is present."""

ORIGIN_PAPER = "paper"
"""The origin of a request that enters a letter written by hand, see ``paper_number``."""


@dataclass(frozen=True, slots=True)
class Transition:
    """The state that follows, and the permission the actor needs."""

    to: RequestState
    permission: Permission


_S, _A, _P = RequestState, RequestAction, Permission
REQUEST_TRANSITIONS: dict[tuple[RequestState, RequestAction], Transition] = {
    (_S.DRAFT, _A.SUBMIT): Transition(_S.SUBMITTED, _P.SUBMIT_REQUEST),
    (_S.DRAFT, _A.CANCEL): Transition(_S.CANCELLED, _P.CANCEL_REQUEST),
    (_S.DRAFT, _A.LAPSE): Transition(_S.LAPSED, _P.LAPSE_REQUEST),
    (_S.SUBMITTED, _A.RETURN): Transition(_S.RETURNED, _P.REVIEW_REQUEST),
    (_S.SUBMITTED, _A.REVIEW): Transition(_S.REVIEWED, _P.REVIEW_REQUEST),
    (_S.SUBMITTED, _A.REJECT): Transition(_S.REJECTED, _P.REVIEW_REQUEST),
    (_S.SUBMITTED, _A.CANCEL): Transition(_S.CANCELLED, _P.CANCEL_REQUEST),
    (_S.RETURNED, _A.SUBMIT): Transition(_S.SUBMITTED, _P.SUBMIT_REQUEST),
    (_S.RETURNED, _A.CANCEL): Transition(_S.CANCELLED, _P.CANCEL_REQUEST),
    (_S.RETURNED, _A.LAPSE): Transition(_S.LAPSED, _P.LAPSE_REQUEST),
    (_S.REVIEWED, _A.REVIEW): Transition(_S.REVIEWED, _P.REVIEW_REQUEST),
    (_S.REVIEWED, _A.FORWARD): Transition(_S.AWAITING_SIGNATURE, _P.REVIEW_REQUEST),
    (_S.REVIEWED, _A.RETURN): Transition(_S.RETURNED, _P.REVIEW_REQUEST),
    (_S.REVIEWED, _A.REJECT): Transition(_S.REJECTED, _P.REVIEW_REQUEST),
    (_S.REVIEWED, _A.CANCEL): Transition(_S.CANCELLED, _P.CANCEL_REQUEST),
    (_S.REVIEWED, _A.REOPEN): Transition(_S.SUBMITTED, _P.REPAIR_REQUEST),
    (_S.AWAITING_SIGNATURE, _A.ISSUE): Transition(_S.ISSUED, _P.ISSUE_LETTER),
    (_S.AWAITING_SIGNATURE, _A.RETURN): Transition(_S.RETURNED, _P.ISSUE_LETTER),
    (_S.AWAITING_SIGNATURE, _A.REJECT): Transition(_S.REJECTED, _P.ISSUE_LETTER),
    (_S.AWAITING_SIGNATURE, _A.CANCEL): Transition(_S.CANCELLED, _P.CANCEL_REQUEST),
    (_S.AWAITING_SIGNATURE, _A.REOPEN): Transition(_S.SUBMITTED, _P.REPAIR_REQUEST),
    (_S.ISSUED, _A.HAND_OVER): Transition(_S.HANDED_OVER, _P.HAND_OVER_LETTER),
}


@dataclass(frozen=True, slots=True)
class Replacement:
    """The letter, by its number, whose place the new one takes: why, and who decided so."""

    number: str
    reason: str
    actor_id: str


@dataclass(frozen=True, slots=True, repr=False)
class LetterRequest:
    """What somebody asks for. ``origin`` tells the way it came: counter, command, home.

    ``seen`` are the documents, by their places on the type's list, whose originals the clerk
    has seen.
    """

    id: str
    letter_type: str
    agency_code: str
    holder: Holder
    fields: Mapping[str, FieldValue]
    purpose: str
    origin: str
    created_by: str
    created_at_utc: datetime
    replaces: Replacement | None = None
    seen: tuple[int, ...] = ()
    state: RequestState = RequestState.DRAFT
    version: int = 1

    def __repr__(self) -> str:
        return f"LetterRequest(id={self.id!r}, state={self.state.value!r})"

    def after(self, action: RequestAction) -> LetterRequest:
        """Return the request in the state that follows, its version one higher."""
        transition = transition_of(self.state, action)
        return replace(self, state=transition.to, version=self.version + 1)


def transition_of(state: RequestState, action: RequestAction) -> Transition:
    """Return the table's row, or raise ``IllegalTransition``."""
    found = REQUEST_TRANSITIONS.get((state, action))
    if found is None:
        raise IllegalTransition(state, action)
    return found
