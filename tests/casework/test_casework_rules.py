"""Who may give a paraf and who may forward, as a table; and what a handling may be."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from issuer.domain.access import Actor, Role
from issuer.domain.casework import RequestStep, check_people, reviewers
from issuer.domain.errors import AnotherPersonNeeded, IllegalTransition, IssuerError
from issuer.domain.handling import Handling, Stricter
from issuer.domain.letter_request import LetterRequest, RequestAction, RequestState
from issuer.domain.people import Holder, Nik, Sex

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
S, R, F = RequestAction.SUBMIT, RequestAction.REVIEW, RequestAction.FORWARD
BACK, AGAIN = RequestAction.RETURN, RequestAction.REOPEN
ENOUGH, OTHER = IllegalTransition, AnotherPersonNeeded
HOLDER = Holder(
    nik=Nik("3522990101900001"),
    name="Sulastri Contohwati",
    birth_place="Bojonegoro",
    birth_date=date(1990, 1, 1),
    sex=Sex.FEMALE,
    religion="Islam",
    marital_status="Kawin",
    occupation="Petani",
    nationality="WNI",
    address="Dusun Contoh RT 1 RW 2",
)
REQUEST = LetterRequest(
    id="r",
    letter_type="domisili",
    agency_code="35.22.06.2001",
    holder=HOLDER,
    fields={},
    purpose="melamar",
    origin="counter",
    created_by="opener",
    created_at_utc=NOON,
    state=RequestState.REVIEWED,
)


def steps(*taken: tuple[RequestAction, str]) -> list[RequestStep]:
    return [
        RequestStep("r", number, NOON, who, action) for number, (action, who) in enumerate(taken, 2)
    ]


SENT = ((S, "opener"),)
ONE = (*SENT, (R, "a"))
TWO = (*ONE, (R, "b"))
# what was done, parafs asked for, four eyes, who, does what, what is raised
CASES = [
    (SENT, 1, False, "a", R, None),
    (SENT, 1, False, "opener", R, None),
    (SENT, 1, False, "a", F, ENOUGH),
    (ONE, 1, False, "a", R, ENOUGH),
    (ONE, 1, False, "b", R, ENOUGH),
    (ONE, 1, False, "a", F, None),
    (ONE, 1, False, "opener", F, None),
    (ONE, 2, False, "a", R, OTHER),
    (ONE, 2, False, "b", R, None),
    (ONE, 2, False, "b", F, ENOUGH),
    (TWO, 2, False, "b", F, None),
    (TWO, 2, False, "c", R, ENOUGH),
    (ONE, 1, True, "a", F, OTHER),
    (ONE, 1, True, "opener", F, OTHER),
    (ONE, 1, True, "b", F, None),
    (TWO, 2, True, "b", F, OTHER),
    (TWO, 2, True, "c", F, None),
    # What came back begins anew: a paraf of before counts neither for nor against.
    ((*ONE, (BACK, "b"), (S, "opener")), 1, False, "a", R, None),
    ((*ONE, (BACK, "b"), (S, "opener")), 1, False, "a", F, ENOUGH),
    ((*TWO, (F, "c"), (AGAIN, "operator")), 2, False, "a", R, None),
    # Neither rule is about giving back.
    (ONE, 2, True, "a", BACK, None),
]


@pytest.mark.parametrize(("done", "reviews", "four_eyes", "who", "action", "raised"), CASES)
def test_the_rules_about_people(
    done: tuple[tuple[RequestAction, str], ...],
    reviews: int,
    four_eyes: bool,
    who: str,
    action: RequestAction,
    raised: type[IssuerError] | None,
) -> None:
    handling = Handling(reviews=reviews, four_eyes=four_eyes)
    clerk = Actor(who, Role.COUNTER, "35.22.06.2001")
    operator = Actor(who, Role.OPERATOR, None)
    check_people(operator, REQUEST, steps(*done), handling, action)
    if raised is None:
        check_people(clerk, REQUEST, steps(*done), handling, action)
    else:
        with pytest.raises(raised):
            check_people(clerk, REQUEST, steps(*done), handling, action)


def test_only_the_parafs_since_it_was_sent_count() -> None:
    assert reviewers(steps(*TWO)) == ("a", "b")
    assert reviewers(steps(*TWO, (BACK, "c"), (S, "opener"), (R, "b"))) == ("b",)
    assert reviewers([]) == ()


@pytest.mark.parametrize("reviews", [0, 5, -1])
def test_a_chain_has_from_one_to_four_parafs(reviews: int) -> None:
    with pytest.raises(ValueError, match="reviews"):
        Handling(reviews=reviews)
    with pytest.raises(ValueError, match="reviews"):
        Stricter(reviews, four_eyes=False)


def test_an_agency_is_stricter_and_never_laxer() -> None:
    of_type = Handling(reviews=2, four_eyes=True, promise_days=3, lapse_days=9)
    assert Stricter(1, four_eyes=False).over(of_type) == of_type
    assert Stricter(3, four_eyes=False).over(of_type).reviews == 3
    assert Stricter(1, four_eyes=True).over(Handling()).four_eyes
    assert Handling().in_one_go
    assert not Handling(reviews=2).in_one_go
    assert not Handling(four_eyes=True).in_one_go
