"""Requests between submission and signature, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from issuer.bootstrap import Composition
from issuer.domain.access import Actor
from issuer.domain.casework import OPEN
from issuer.domain.errors import (
    AnotherPersonNeeded,
    IllegalTransition,
    InvalidInput,
    NotFound,
    NotPermitted,
    StaleVersion,
)
from issuer.domain.letter_request import LetterRequest, RequestAction, RequestState
from issuer.services.reserving import LEASE
from tests.casework.casework_office import (
    ADMIN,
    ANOTHER_APPLICANT,
    APPLICANT,
    CLERK,
    REVIEWER,
    SECOND_CLERK,
    SIGNATORY,
    STRANGER,
    WARDS_HEAD,
    ask_more,
    ask_no_more,
    at_the_counter,
    from_home,
)
from tests.offices import OPERATOR, WARD, Clock, example, work_three_days

ANYBODY = (CLERK, REVIEWER, SIGNATORY, ADMIN, OPERATOR)
NOTE = "Foto KTP buram, atas nama Sulastri"


def test_from_home_to_the_letter_and_over_the_counter(either: Composition, clock: Clock) -> None:
    casework = either.services.casework
    sent = from_home(either)
    assert (sent.state, sent.version) == (RequestState.SUBMITTED, 2)
    clock.advance(timedelta(hours=1))
    reviewed = casework.review(REVIEWER, sent.id, 2)
    forwarded = casework.forward(CLERK, sent.id, 3)
    assert reviewed.state is RequestState.REVIEWED
    assert forwarded.state is RequestState.AWAITING_SIGNATURE
    letter = either.services.issuance.issue(CLERK, sent.id, WARDS_HEAD)
    case = casework.one(CLERK, sent.id)
    assert case.letter_id == letter.id
    assert case.request.state is RequestState.ISSUED
    done = casework.hand_over(CLERK, sent.id, 5, "Sulastri, pemohon")
    assert done.state is RequestState.HANDED_OVER
    steps = casework.one(CLERK, sent.id).steps
    assert [(step.version, step.action, step.actor_id) for step in steps] == [
        (2, RequestAction.SUBMIT, APPLICANT.id),
        (3, RequestAction.REVIEW, REVIEWER.id),
        (4, RequestAction.FORWARD, CLERK.id),
        (5, RequestAction.ISSUE, CLERK.id),
        (6, RequestAction.HAND_OVER, CLERK.id),
    ]
    assert steps[-1].note == "Sulastri, pemohon"
    assert steps[1].at_utc - steps[0].at_utc == timedelta(hours=1)
    with either.register.reading() as uow:
        trail = [entry.event for entry in uow.audit.entries(sent.id)]
    assert [event.action for event in trail] == [
        "request.submit",
        "request.review",
        "request.forward",
        "request.hand_over",
    ]
    assert "Sulastri" not in repr(trail)


def test_returned_corrected_and_sent_again(either: Composition) -> None:
    services = either.services
    sent = from_home(either)
    services.casework.return_(CLERK, sent.id, 2, f"  {NOTE} ")
    assert services.casework.one(APPLICANT, sent.id).steps[-1].note == NOTE
    order = services.intake.check("domisili", WARD, example(either))
    better = replace(order, purpose="mengurus rekening bank")
    again = services.casework.submit(APPLICANT, sent.id, 3, better)
    assert (again.state, again.purpose) == (RequestState.SUBMITTED, "mengurus rekening bank")
    assert services.casework.one(CLERK, sent.id).request.purpose == "mengurus rekening bank"


def test_what_was_corrected_needs_its_parafs_anew(either: Composition) -> None:
    casework = either.services.casework
    sent = from_home(either)
    casework.review(CLERK, sent.id, 2)
    casework.forward(CLERK, sent.id, 3)
    casework.return_(SIGNATORY, sent.id, 4, "Alamat kurang lengkap")
    casework.submit(APPLICANT, sent.id, 5)
    case = casework.one(CLERK, sent.id)
    assert (case.reviews_done, case.reviews_needed) == (0, 1)
    with pytest.raises(IllegalTransition):
        casework.forward(CLERK, sent.id, 6)


def test_a_correction_of_another_kind_is_refused(either: Composition) -> None:
    services = either.services
    sent = from_home(either)
    services.casework.return_(CLERK, sent.id, 2, NOTE)
    other = services.intake.check("usaha", WARD, example(either, "usaha"))
    with pytest.raises(InvalidInput):
        services.casework.submit(APPLICANT, sent.id, 3, other)


@pytest.mark.parametrize("reason", ["", "   ", "a\u202eb", "x" * 501])
def test_returning_and_rejecting_take_a_reason(either: Composition, reason: str) -> None:
    casework = either.services.casework
    sent = from_home(either)
    for refuse in (casework.return_, casework.reject):
        with pytest.raises(InvalidInput):
            refuse(CLERK, sent.id, 2, reason)
    assert casework.one(CLERK, sent.id).request == sent


def test_a_version_that_moved_is_stale_and_writes_nothing(either: Composition) -> None:
    casework = either.services.casework
    sent = from_home(either)
    casework.review(CLERK, sent.id, 2)
    before = casework.one(CLERK, sent.id)
    for late in (casework.return_, casework.reject):
        with pytest.raises(StaleVersion):
            late(SECOND_CLERK, sent.id, 2, NOTE)
    for step in (casework.review, casework.forward, casework.cancel):
        with pytest.raises(StaleVersion):
            step(SECOND_CLERK, sent.id, 2)
    after = casework.one(CLERK, sent.id)
    assert (after.request, after.steps) == (before.request, before.steps)


def test_the_same_step_sent_twice_is_one_step(either: Composition) -> None:
    casework = either.services.casework
    sent = from_home(either)
    first = casework.return_(CLERK, sent.id, 2, NOTE)
    assert casework.return_(CLERK, sent.id, 2, NOTE) == first
    with pytest.raises(StaleVersion):
        casework.return_(CLERK, sent.id, 2, "another reason")
    assert len(casework.one(CLERK, sent.id).steps) == 2


def test_four_eyes_let_nobody_forward_what_he_reviewed(either: Composition) -> None:
    casework = either.services.casework
    ask_more(either, four_eyes=True)
    opened = at_the_counter(either, CLERK)
    assert (opened.state, opened.version) == (RequestState.REVIEWED, 3)
    with pytest.raises(IllegalTransition):
        either.services.issuance.issue(CLERK, opened.id, WARDS_HEAD)
    with pytest.raises(AnotherPersonNeeded):
        casework.forward(CLERK, opened.id, 3)
    assert RequestAction.FORWARD not in casework.one(CLERK, opened.id).may
    assert RequestAction.FORWARD in casework.one(SECOND_CLERK, opened.id).may
    assert casework.forward(SECOND_CLERK, opened.id, 3).state is RequestState.AWAITING_SIGNATURE
    ask_no_more(either)
    assert at_the_counter(either).state is RequestState.AWAITING_SIGNATURE


def test_a_chain_of_parafs_by_different_people(either: Composition) -> None:
    casework = either.services.casework
    ask_more(either, reviews=3)
    opened = at_the_counter(either, CLERK)
    with pytest.raises(AnotherPersonNeeded):
        casework.review(CLERK, opened.id, 3)
    casework.review(SECOND_CLERK, opened.id, 3)
    with pytest.raises(IllegalTransition):
        casework.forward(REVIEWER, opened.id, 4)
    casework.review(REVIEWER, opened.id, 4)
    case = casework.one(REVIEWER, opened.id)
    assert (case.reviews_done, case.reviews_needed) == (3, 3)
    casework.forward(REVIEWER, opened.id, 5)
    ask_no_more(either)


def test_the_operator_is_bound_by_no_rule_about_people(either: Composition) -> None:
    ask_more(either, reviews=4, four_eyes=True)
    opened = at_the_counter(either, OPERATOR)
    assert opened.state is RequestState.AWAITING_SIGNATURE
    ask_no_more(either)


def test_nobody_sees_or_moves_what_is_not_his(either: Composition) -> None:
    casework = either.services.casework
    sent = from_home(either)
    for who in (STRANGER, ANOTHER_APPLICANT):
        with pytest.raises(NotPermitted):
            casework.one(who, sent.id)
        with pytest.raises(NotPermitted):
            casework.cancel(who, sent.id, 2)
        with pytest.raises(NotPermitted):
            # Not StaleVersion: that would tell something of a request of others.
            casework.review(who, sent.id, 99)
    for who in (ADMIN, SIGNATORY, APPLICANT):
        with pytest.raises(NotPermitted):
            casework.review(who, sent.id, 2)
    with pytest.raises(NotFound):
        casework.one(CLERK, "0" * 32)
    with pytest.raises(NotPermitted):
        casework.queue(APPLICANT, WARD)
    assert casework.cancel(APPLICANT, sent.id, 2).state is RequestState.CANCELLED


@pytest.mark.parametrize("who", ANYBODY)
def test_what_a_case_offers_is_what_its_steps_allow(either: Composition, who: Actor) -> None:
    """``may`` says the same as trying each step does."""
    casework = either.services.casework
    tried: dict[RequestAction, Callable[[str, int], LetterRequest]] = {
        RequestAction.REVIEW: lambda id_, v: casework.review(who, id_, v),
        RequestAction.FORWARD: lambda id_, v: casework.forward(who, id_, v),
        RequestAction.RETURN: lambda id_, v: casework.return_(who, id_, v, NOTE),
        RequestAction.REJECT: lambda id_, v: casework.reject(who, id_, v, NOTE),
        RequestAction.CANCEL: lambda id_, v: casework.cancel(who, id_, v),
        RequestAction.REOPEN: lambda id_, v: casework.reopen(who, id_, v, NOTE),
    }
    for moved in range(3):
        for action, step in tried.items():
            request = from_home(either)
            if moved > 0:
                request = casework.review(CLERK, request.id, 2)
            if moved > 1:
                request = casework.forward(CLERK, request.id, 3)
            offered = action in casework.one(who, request.id).may
            try:
                step(request.id, request.version)
                done = True
            except (NotPermitted, IllegalTransition, AnotherPersonNeeded):
                done = False
            assert offered is done, (request.state, action)


def test_a_queue_is_a_bounded_page_the_oldest_first(either: Composition, clock: Clock) -> None:
    casework = either.services.casework
    earlier = {summary.id for summary in casework.queue(CLERK, WARD, limit=200)}
    clock.advance(timedelta(days=100))
    sent = []
    for number in range(7):
        clock.advance(timedelta(minutes=number % 2))  # some in one and the same moment
        sent.append(from_home(either, name=f"Contoh {number}"))
    in_order = sorted(sent, key=lambda request: (request.created_at_utc, request.id))
    pages = []
    listed = [s.id for s in casework.queue(CLERK, WARD, limit=200)]
    assert [id_ for id_ in listed if id_ not in earlier] == [r.id for r in in_order]
    after = listed[len(earlier) - 1] if earlier else None
    while page := casework.queue(CLERK, WARD, limit=3, after=after):
        pages.append([summary.id for summary in page])
        after = page[-1].id
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [id_ for page in pages for id_ in page] == [request.id for request in in_order]
    (last,) = [s for s in casework.queue(CLERK, WARD, limit=200) if s.id == in_order[-1].id]
    assert last.holder_name == in_order[-1].holder.name
    assert "Contoh" not in repr(last)
    assert casework.queue(CLERK, WARD, after="unknown") == []


def test_a_queue_holds_the_states_asked_for(either: Composition) -> None:
    casework = either.services.casework
    sent = from_home(either)
    casework.reject(CLERK, sent.id, 2, NOTE)
    assert sent.id not in {s.id for s in casework.queue(CLERK, WARD, limit=200)}
    waiting = from_home(either)
    casework.review(CLERK, waiting.id, 2)
    assert waiting.id not in {s.id for s in casework.awaiting(SIGNATORY, WARD, limit=200)}
    casework.forward(CLERK, waiting.id, 3)
    assert waiting.id in {s.id for s in casework.awaiting(SIGNATORY, WARD, limit=200)}
    states = {s.state for s in casework.queue(CLERK, WARD, limit=200)}
    assert states <= OPEN
    assert casework.waiting_count(CLERK, WARD) >= 1


def test_what_waits_longer_than_promised_is_listed(either: Composition, clock: Clock) -> None:
    casework = either.services.casework
    sent, returned = from_home(either), from_home(either)
    casework.return_(CLERK, returned.id, 2, NOTE)
    assert sent.id not in {s.id for s in casework.overdue(CLERK, WARD, limit=200)}
    clock.advance(timedelta(days=2, seconds=1))
    late = {s.id for s in casework.overdue(CLERK, WARD, limit=200)}
    assert sent.id in late
    assert returned.id not in late, "it waits for its applicant"
    casework.submit(APPLICANT, returned.id, 3)
    assert returned.id not in {s.id for s in casework.overdue(CLERK, WARD, limit=200)}
    assert sent.id in {s.id for s in casework.overdue(OPERATOR, limit=200)}
    with pytest.raises(NotPermitted):
        casework.overdue(CLERK)


def test_what_waits_for_its_applicant_too_long_lapses(either: Composition, clock: Clock) -> None:
    casework = either.services.casework
    casework.lapse()
    sent, returned = from_home(either), from_home(either)
    casework.return_(CLERK, returned.id, 2, NOTE)
    clock.advance(timedelta(days=30))
    work_three_days(either, clock.now())
    casework.lapse()
    assert casework.one(CLERK, returned.id).request.state is RequestState.RETURNED
    clock.advance(timedelta(seconds=1))
    assert casework.lapse() >= 1
    assert casework.lapse() == 0
    assert casework.one(CLERK, returned.id).request.state is RequestState.LAPSED
    assert casework.one(CLERK, sent.id).request.state is RequestState.SUBMITTED
    with pytest.raises(NotPermitted):
        casework.lapse(CLERK)


def test_a_stuck_request_is_reopened_by_the_operator_alone(either: Composition) -> None:
    casework = either.services.casework
    sent = from_home(either)
    casework.review(CLERK, sent.id, 2)
    casework.forward(CLERK, sent.id, 3)
    with pytest.raises(NotPermitted):
        casework.reopen(CLERK, sent.id, 4, NOTE)
    assert casework.reopen(OPERATOR, sent.id, 4, NOTE).state is RequestState.SUBMITTED
    assert casework.one(CLERK, sent.id).reviews_done == 0
    casework.review(CLERK, sent.id, 5)


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the program may catch it."""


def test_nobody_takes_away_what_is_being_signed(
    either: Composition, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = either.services
    sent = from_home(either)
    services.casework.review(CLERK, sent.id, 2)
    services.casework.forward(CLERK, sent.id, 3)

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as killing:
        killing.setattr(services.issuance, "carry_through", killed)
        with pytest.raises(Killed):
            services.issuance.issue(CLERK, sent.id, WARDS_HEAD)
    for stop in (services.casework.reject, services.casework.return_):
        with pytest.raises(StaleVersion):
            stop(SIGNATORY, sent.id, 4, NOTE)
    with pytest.raises(StaleVersion):
        services.casework.reopen(OPERATOR, sent.id, 4, NOTE)
    clock.advance(LEASE * 2)
    assert len(either.recovery.run().finished) == 1
    case = services.casework.one(CLERK, sent.id)
    assert case.request.state is RequestState.ISSUED
    assert case.steps[-1].actor_id == "recovery"


def test_what_an_agency_asks_is_the_operators_to_set(either: Composition) -> None:
    with pytest.raises(NotPermitted):
        either.services.casework.set_stricter(ADMIN, WARD, "domisili", None)
    with pytest.raises(NotFound):
        either.services.casework.set_stricter(OPERATOR, WARD, "no-such-type", None)
    with pytest.raises(NotFound):
        either.services.casework.set_stricter(OPERATOR, "35.22.99", "domisili", None)


def test_a_person_is_told_the_steps_of_his_request_but_not_who_received_it(
    either: Composition,
) -> None:
    services = either.services
    sent = from_home(either, "usaha")
    services.casework.return_(CLERK, sent.id, 2, NOTE)
    services.casework.submit(APPLICANT, sent.id, 3)
    services.casework.review(CLERK, sent.id, 4)
    services.casework.forward(CLERK, sent.id, 5)
    services.issuance.issue(CLERK, sent.id, WARDS_HEAD)
    services.casework.hand_over(CLERK, sent.id, 7, "Bambang Misal, tetangga")
    held = [one.as_plain() for one in services.personal_data.about(OPERATOR, sent.holder.nik)]
    (told,) = [one for one in held if one.get("id") == sent.id]
    content = told["content"]
    assert isinstance(content, dict)
    notes = [step["note"] for step in content["steps"]]
    assert notes == ["", NOTE, "", "", "", ""]
    assert "Bambang" not in repr(held)
