"""Casework: queues, parafs, returning, rejecting, handing over, and mending what is stuck.

Every step names the version that the person saw. When the request has moved since,
``StaleVersion`` is raised and nothing is written: of two people at once one wins. The
same step by the same person again is answered with what it did, so that a form sent
twice is one step.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from issuer.domain.access import Actor, Permission, Role, Subject, permits, require
from issuer.domain.audit import AuditEvent
from issuer.domain.casework import (
    MAX_PAGE,
    MAX_REASON,
    MAX_RECEIVER,
    OPEN,
    WAITS_FOR_OFFICE,
    Case,
    CaseSummary,
    RequestStep,
    check_people,
)
from issuer.domain.errors import (
    AnotherPersonNeeded,
    IllegalTransition,
    InvalidInput,
    NotFound,
    Problem,
    StaleVersion,
)
from issuer.domain.handling import Handling, Stricter
from issuer.domain.letter import UNFINISHED_LETTER, LetterState
from issuer.domain.letter_request import (
    REQUEST_TRANSITIONS,
    LetterRequest,
    RequestAction,
    RequestState,
    transition_of,
)
from issuer.domain.letter_types import LetterType
from issuer.domain.ports import Clock, LetterCatalogue, Register, UnitOfWork
from issuer.domain.text import TextRefused, plain_text
from issuer.services.clock_witness import may_erase
from issuer.services.intake import LetterOrder
from issuer.services.messages import Messages
from issuer.services.moving import handling_of, move, note_seen

SWEEPER = Actor("sweep", Role.OPERATOR, None)
_A_SWEEP = 500


class Casework:
    """Handles requests between submission and signature, and after issue."""

    def __init__(
        self, *, register: Register, catalogue: LetterCatalogue, messages: Messages, clock: Clock
    ) -> None:
        self._register = register
        self._messages = messages
        self._catalogue = catalogue
        self._clock = clock

    # --- looking --------------------------------------------------------------------

    def queue(
        self,
        actor: Actor,
        agency_code: str,
        states: Collection[RequestState] = OPEN,
        *,
        limit: int = 50,
        after: str | None = None,
    ) -> Sequence[CaseSummary]:
        """Return a page of an agency's requests in these states, the oldest first.

        ``after`` is the id of the last one of the page before. At most 200 at once.
        Raises ``NotPermitted``.
        """
        require(actor, Permission.READ_REQUEST, Subject(agency_code))
        with self._register.reading() as uow:
            return uow.cases.queue(agency_code, states, limit=_bounded(limit), after=after)

    def awaiting(
        self, actor: Actor, agency_code: str, *, limit: int = 50, after: str | None = None
    ) -> Sequence[CaseSummary]:
        """Return the requests that wait for a signature, the oldest first."""
        states = {RequestState.AWAITING_SIGNATURE}
        return self.queue(actor, agency_code, states, limit=limit, after=after)

    def waiting_count(self, actor: Actor, agency_code: str) -> int:
        """Return how many requests wait for this agency. Raises ``NotPermitted``."""
        require(actor, Permission.READ_REQUEST, Subject(agency_code))
        with self._register.reading() as uow:
            return uow.cases.count(agency_code, WAITS_FOR_OFFICE)

    def asked(self, letter_type: LetterType, agency_code: str) -> Handling:
        """Return how requests of a type are handled at an agency."""
        with self._register.reading() as uow:
            return handling_of(uow, letter_type, agency_code)

    def late(self, summary: CaseSummary) -> bool:
        """Say whether a request waits for the office longer than its service promises."""
        if summary.state not in WAITS_FOR_OFFICE:
            return False
        promise = self._handling_of_type(summary.letter_type).promise
        return summary.submitted_at_utc + promise < self._clock.now()

    def overdue(
        self, actor: Actor, agency_code: str | None = None, *, limit: int = 50
    ) -> Sequence[CaseSummary]:
        """Return what waits for the office longer than promised, the oldest first.

        None for ``agency_code`` is every agency, for the operator. Raises ``NotPermitted``.
        """
        require(actor, Permission.READ_REQUEST, Subject(agency_code))
        shortest = min(
            (kind.handling.promise for kind in self._catalogue.all()), default=Handling().promise
        )
        before = self._clock.now() - shortest
        found: list[CaseSummary] = []
        after: str | None = None
        with self._register.reading() as uow:
            while len(found) < limit:
                page = uow.cases.queue(
                    agency_code,
                    WAITS_FOR_OFFICE,
                    limit=MAX_PAGE,
                    after=after,
                    created_before_utc=before,
                )
                found += [summary for summary in page if self.late(summary)]
                if len(page) < MAX_PAGE:
                    break
                after = page[-1].id
        return found[: _bounded(limit)]

    def one(self, actor: Actor, request_id: str) -> Case:
        """Return a request with its steps. Raises ``NotFound`` or ``NotPermitted``."""
        with self._register.reading() as uow:
            request = _find(uow, request_id)
            require(actor, Permission.READ_REQUEST, _subject(request))
            steps = uow.cases.steps(request_id)
            handling = self._handling(uow, request)
            letter = uow.letters.by_request(request_id)
            names = _names(uow, {request.created_by, *(step.actor_id for step in steps)})
        return Case(
            request=request,
            steps=steps,
            handling=handling,
            names=names,
            may=frozenset(
                action
                for state, action in REQUEST_TRANSITIONS
                if state is request.state and _may(actor, request, steps, handling, action)
            ),
            letter_id=letter.id if letter else None,
        )

    # --- steps ----------------------------------------------------------------------

    def review(self, actor: Actor, request_id: str, version: int) -> LetterRequest:
        """Give a paraf. Raises ``AnotherPersonNeeded`` and what every step does.

        Every step raises ``NotFound``, ``NotPermitted``, ``StaleVersion`` when the version
        moved, and ``IllegalTransition`` where the state has no such step.
        """
        return self._step(actor, request_id, version, RequestAction.REVIEW)

    def forward(self, actor: Actor, request_id: str, version: int) -> LetterRequest:
        """Lay a request with all its parafs before the officer who signs.

        Raises ``AnotherPersonNeeded`` where four eyes are asked for.
        """
        return self._step(actor, request_id, version, RequestAction.FORWARD)

    def return_(self, actor: Actor, request_id: str, version: int, reason: str) -> LetterRequest:
        """Give a request back for correction. Raises ``InvalidInput`` without a reason."""
        return self._step(actor, request_id, version, RequestAction.RETURN, _text(reason))

    def reject(self, actor: Actor, request_id: str, version: int, reason: str) -> LetterRequest:
        """Refuse a request for good. Raises ``InvalidInput`` without a reason."""
        return self._step(actor, request_id, version, RequestAction.REJECT, _text(reason))

    def cancel(
        self, actor: Actor, request_id: str, version: int, reason: str = ""
    ) -> LetterRequest:
        """Withdraw a request for its applicant. Raises ``InvalidInput``."""
        note = _text(reason) if reason.strip() else ""
        return self._step(actor, request_id, version, RequestAction.CANCEL, note)

    def submit(
        self, actor: Actor, request_id: str, version: int, order: LetterOrder | None = None
    ) -> LetterRequest:
        """Send a draft or a returned request; ``order`` is what was corrected in it.

        It needs all its parafs anew. Raises ``InvalidInput`` for an order of another type
        or agency.
        """
        return self._step(actor, request_id, version, RequestAction.SUBMIT, order=order)

    def hand_over(
        self, actor: Actor, request_id: str, version: int, receiver: str
    ) -> LetterRequest:
        """Write down who received the printed letter. Raises ``InvalidInput``."""
        note = _text(receiver, "receiver", MAX_RECEIVER)
        return self._step(actor, request_id, version, RequestAction.HAND_OVER, note)

    def reopen(self, actor: Actor, request_id: str, version: int, reason: str) -> LetterRequest:
        """Bring a stuck request back to the beginning of its review (operator).

        Raises ``InvalidInput`` without a reason.
        """
        return self._step(actor, request_id, version, RequestAction.REOPEN, _text(reason))

    def lapse(self, actor: Actor = SWEEPER) -> int:
        """End drafts and returned requests that waited too long; return how many.

        At most 500 at once; none while the audit trail does not bear the clock out. A
        request that moved meanwhile is left alone.
        """
        require(actor, Permission.LAPSE_REQUEST, Subject())
        now = self._clock.now()
        patience = [kind.handling.patience for kind in self._catalogue.all()]
        states = {state for state, action in REQUEST_TRANSITIONS if action is RequestAction.LAPSE}
        with self._register.reading() as uow:
            idle = uow.cases.idle(
                states,
                since_before_utc=now - min(patience, default=Handling().patience),
                limit=_A_SWEEP,
            )
            if not idle or not may_erase(uow, now):
                return 0
        lapsed = 0
        for summary in idle:
            if summary.since_utc + self._handling_of_type(summary.letter_type).patience < now:
                try:
                    self._step(actor, summary.id, summary.version, RequestAction.LAPSE)
                    lapsed += 1
                except StaleVersion:
                    continue
        return lapsed

    def set_stricter(
        self, actor: Actor, agency_code: str, slug: str, stricter: Stricter | None
    ) -> None:
        """Ask more parafs or four eyes at one agency; None asks what the type does.

        Raises ``NotPermitted`` or ``NotFound``.
        """
        require(actor, Permission.SET_AGENCY, Subject(agency_code))
        letter_type = self._catalogue.get(slug)
        with self._register.writing() as uow:
            uow.agencies.get(agency_code)
            uow.cases.set_stricter(agency_code, letter_type.slug, stricter)
            facts: dict[str, str | int] = {"type": letter_type.slug}
            if stricter is not None:
                facts |= {"reviews": stricter.reviews, "four_eyes": int(stricter.four_eyes)}
            uow.audit.append(
                AuditEvent(self._clock.now(), actor.id, "agency.handling", agency_code, facts)
            )
            uow.commit()

    # --- what they share ------------------------------------------------------------

    def _step(
        self,
        actor: Actor,
        request_id: str,
        version: int,
        action: RequestAction,
        note: str = "",
        *,
        order: LetterOrder | None = None,
    ) -> LetterRequest:
        now = self._clock.now()
        with self._register.writing() as uow:
            request = _find(uow, request_id)
            # Before anything is told: whoever may not see it learns nothing of its state.
            require(actor, Permission.READ_REQUEST, _subject(request))
            steps = uow.cases.steps(request_id)
            # Another correction than the one that was taken is not the same form again.
            same = order is None or _corrected(request, order) == request
            if same and _done_already(steps, actor, version, action, note):
                return request
            if request.version != version:
                raise StaleVersion
            transition_of(request.state, action)
            _check_letter(uow, request, action)
            check_people(actor, request, steps, self._handling(uow, request), action)
            moved = move(uow, actor, _corrected(request, order), action, now, note)
            if moved.seen != request.seen:
                note_seen(uow, actor, moved, now)
            self._messages.tell_of_step(uow, moved, action)
            uow.commit()
        return moved

    def _handling(self, uow: UnitOfWork, request: LetterRequest) -> Handling:
        try:
            letter_type = self._catalogue.get(request.letter_type)
        except NotFound:
            return Handling()  # a type that was taken away: its requests can still be ended
        return handling_of(uow, letter_type, request.agency_code)

    def _handling_of_type(self, slug: str) -> Handling:
        try:
            return self._catalogue.get(slug).handling
        except NotFound:
            return Handling()


def _bounded(limit: int) -> int:
    return max(1, min(limit, MAX_PAGE))


def _find(uow: UnitOfWork, request_id: str) -> LetterRequest:
    request = uow.requests.find(request_id)
    if request is None:
        raise NotFound("request", request_id)
    return request


def _subject(request: LetterRequest) -> Subject:
    return Subject(request.agency_code, request.created_by)


def _names(uow: UnitOfWork, ids: Collection[str]) -> Mapping[str, str]:
    names = {}
    for account_id in ids:
        try:
            names[account_id] = uow.accounts.get(account_id).full_name
        except NotFound:
            continue  # an applicant, or the operator: no account
    return names


def _may(
    actor: Actor,
    request: LetterRequest,
    steps: Sequence[RequestStep],
    handling: Handling,
    action: RequestAction,
) -> bool:
    if not permits(actor, transition_of(request.state, action).permission, _subject(request)):
        return False
    try:
        check_people(actor, request, steps, handling, action)
    except (AnotherPersonNeeded, IllegalTransition):
        return False
    return True


def _done_already(
    steps: Sequence[RequestStep], actor: Actor, version: int, action: RequestAction, note: str
) -> bool:
    """Say whether this very step led on from this version: the form was sent twice."""
    return any(
        step.version == version + 1
        and (step.actor_id, step.action, step.note) == (actor.id, action, note)
        for step in steps
    )


def _check_letter(uow: UnitOfWork, request: LetterRequest, action: RequestAction) -> None:
    """Raise ``StaleVersion`` while a letter of the request is being made.

    Its process would find the request changed and give the number up; whoever wants to
    stop it is told to look again, and finds it issued, or waiting once more. Raises
    ``IllegalTransition`` for handing over a letter that was withdrawn.
    """
    if request.state not in (RequestState.AWAITING_SIGNATURE, RequestState.ISSUED):
        return
    letter = uow.letters.by_request(request.id)
    if letter is None:
        return
    if letter.state in UNFINISHED_LETTER:
        raise StaleVersion
    if action is RequestAction.HAND_OVER and letter.state is not LetterState.ISSUED:
        raise IllegalTransition(letter.state, action)


def _corrected(request: LetterRequest, order: LetterOrder | None) -> LetterRequest:
    if order is None:
        return request
    if (order.letter_type.slug, order.agency.code) != (request.letter_type, request.agency_code):
        raise InvalidInput([Problem("request", "another_kind_of_letter")])
    said = replace(request, holder=order.holder, fields=order.fields, purpose=order.purpose)
    return replace(said, seen=tuple(sorted({*request.seen, *order.seen})))


def _text(value: str, where: str = "reason", limit: int = MAX_REASON) -> str:
    try:
        return plain_text(value, limit)
    except TextRefused as refused:
        raise InvalidInput([Problem(where, refused.code, refused.facts)]) from refused
