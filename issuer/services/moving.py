"""Moving a request: permission, state, row, step and audit trail in one transaction.

Whatever moves a request does it here, so that none of the five can be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from issuer.domain.access import Actor, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.casework import RequestStep
from issuer.domain.handling import Handling
from issuer.domain.letter_request import LetterRequest, RequestAction, transition_of
from issuer.domain.letter_types import LetterType
from issuer.domain.ports import UnitOfWork


def open_request(
    uow: UnitOfWork,
    actor: Actor,
    request: LetterRequest,
    actions: Iterable[RequestAction],
    now: datetime,
) -> LetterRequest:
    """Add a new request that has already taken these steps, and return it.

    The caller commits. Raises ``NotPermitted`` and ``IllegalTransition``.
    """
    steps = []
    for action in actions:
        request, step = _next(actor, request, action, now, "")
        steps.append(step)
    uow.requests.add(request)
    _keep(uow, request, steps)
    return request


def move(
    uow: UnitOfWork,
    actor: Actor,
    request: LetterRequest,
    action: RequestAction,
    now: datetime,
    note: str = "",
) -> LetterRequest:
    """Move a stored request one step and return it; what else changed in it is written too.

    The caller commits. Raises ``NotPermitted``, ``IllegalTransition``, ``StaleVersion``.
    """
    moved, step = _next(actor, request, action, now, note)
    uow.requests.save(moved)
    _keep(uow, moved, [step])
    return moved


def note_seen(uow: UnitOfWork, actor: Actor, request: LetterRequest, now: datetime) -> None:
    """Write down of which documents this clerk has seen the originals, counted from 1."""
    places = ", ".join(str(place + 1) for place in request.seen)
    event = AuditEvent(now, actor.id, "documents.seen", request.id, {"places": places})
    uow.audit.append(event)


def issued(uow: UnitOfWork, actor_id: str, request: LetterRequest, now: datetime) -> LetterRequest:
    """Move a request whose letter is finished.

    Permission was asked when its number was taken, and the audit trail tells of the
    letter itself.
    """
    moved = request.after(RequestAction.ISSUE)
    uow.requests.save(moved)
    uow.cases.add_steps([_step(actor_id, moved, RequestAction.ISSUE, now, "")])
    return moved


def handling_of(uow: UnitOfWork, letter_type: LetterType, agency_code: str) -> Handling:
    """Return what holds for a letter type at an agency, which may be stricter."""
    stricter = uow.cases.stricter(agency_code, letter_type.slug)
    return letter_type.handling if stricter is None else stricter.over(letter_type.handling)


def _next(
    actor: Actor, request: LetterRequest, action: RequestAction, now: datetime, note: str
) -> tuple[LetterRequest, RequestStep]:
    permission = transition_of(request.state, action).permission
    require(actor, permission, Subject(request.agency_code, request.created_by))
    moved = request.after(action)
    return moved, _step(actor.id, moved, action, now, note)


def _step(
    actor_id: str, moved: LetterRequest, action: RequestAction, now: datetime, note: str
) -> RequestStep:
    return RequestStep(moved.id, moved.version, now, actor_id, action, note)


def _keep(uow: UnitOfWork, request: LetterRequest, steps: Sequence[RequestStep]) -> None:
    uow.cases.add_steps(steps)
    for step in steps:
        uow.audit.append(
            AuditEvent(
                at_utc=step.at_utc,
                actor_id=step.actor_id,
                action=f"request.{step.action}",
                subject=request.id,
                # The note is no fact: it may name a person.
                facts={"type": request.letter_type, "agency": request.agency_code},
            )
        )
