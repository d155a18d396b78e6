"""PINs, the table of a batch's states, and what an officer has agreed to."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from issuer.domain.access import Actor, Role
from issuer.domain.errors import (
    IllegalTransition,
    InvalidInput,
    IssuerError,
    KeyUnavailable,
    NoMandate,
    NotPermitted,
    StaleVersion,
)
from issuer.domain.officers import Officer, check_new_pin, check_own_hand
from issuer.domain.signing_batches import (
    BATCH_TRANSITIONS,
    Agreed,
    BatchAction,
    BatchItem,
    BatchState,
    ItemState,
    OnError,
    Progress,
    SigningBatch,
)
from tests.offices import MORNING

BATCH = SigningBatch(
    "b", "a", "35.22.06", "s", None, ("c", None), OnError.STOP, MORNING, lease=None
)
# Where each action leads from each state; "-" where it leads nowhere.
TABLE = """
state    go_on    stop     finish
running  running  stopped  done
stopped  running  -        -
done     -        -        -
"""
(_, *ACTIONS), *ROWS = [line.split() for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize("pin", ["295038", "847261", "120934857610"])
def test_a_good_pin_is_taken(pin: str) -> None:
    check_new_pin(pin, pin)


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ("", "bad_pin"),
        ("29503", "bad_pin"),
        ("2950384716295", "bad_pin"),
        ("29503a", "bad_pin"),
        ("29503\u0664", "bad_pin"),
        ("295038\n", "bad_pin"),
        ("000000", "easy_pin"),
        ("123456", "easy_pin"),
        ("890123", "easy_pin"),
        ("98765432", "easy_pin"),
        ("121212", "easy_pin"),
        ("123123", "easy_pin"),
    ],
)
def test_a_pin_of_another_form_or_the_first_that_is_tried_is_refused(pin: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_new_pin(pin, pin)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert pin not in str(refused.value) or not pin


def test_a_pin_typed_differently_twice_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        check_new_pin("295038", "295039")
    assert [problem.code for problem in refused.value.problems] == ["not_the_same"]


@pytest.mark.parametrize(("state", "action"), list(product(BatchState, BatchAction)))
def test_a_batch_moves_as_the_table_says(state: BatchState, action: BatchAction) -> None:
    cells = {
        (BatchState(row[0]), name): to
        for row in ROWS
        for name, to in zip(ACTIONS, row[1:], strict=True)
    }
    assert len(cells) == len(BatchState) * len(BatchAction)
    to = cells[state, action.value]
    moved = replace(BATCH, state=state)
    if to == "-":
        assert (state, action) not in BATCH_TRANSITIONS
        with pytest.raises(IllegalTransition):
            moved.after(action)
    else:
        after = moved.after(action)
        assert (after.state, after.version) == (BatchState(to), 2)


@pytest.mark.parametrize(
    ("seen", "error"),
    [
        ((2, ("m", "n"), ("c", "d"), "t"), None),
        ((3, ("m", "n"), ("c", "d"), "t"), StaleVersion),
        ((2, ("m", "n"), ("c", "d"), "u"), StaleVersion),
        ((2, ("x", "n"), ("c", "d"), "t"), NoMandate),
        ((2, ("m", None), ("c", "d"), "t"), NoMandate),
        ((2, ("m", "n"), ("x", "d"), "t"), KeyUnavailable),
        ((2, ("m", "n"), ("c", "x"), "t"), KeyUnavailable),
    ],
)
def test_anything_else_than_was_agreed_to_is_refused(
    seen: tuple[int, tuple[str, str | None], tuple[str, str | None], str],
    error: type[IssuerError] | None,
) -> None:
    agreed = Agreed(2, ("m", "n"), ("c", "d"), "t")
    now = Agreed(*seen)
    if error is None:
        agreed.check(now, "s", "a")
    else:
        with pytest.raises(error):
            agreed.check(now, "s", "a")


def test_a_batch_that_kept_no_digest_signs_nothing() -> None:
    with pytest.raises(StaleVersion):
        Agreed(2, ("m", None), ("c", None), None).check(
            Agreed(2, ("m", None), ("c", None), "t"), "s", "a"
        )


def test_a_letter_that_nobody_endorses_needs_no_endorser_s_certificate() -> None:
    batch = replace(BATCH, certificates=("c", "d"))
    alone = BatchItem(1, "r", 3, ("m", None))
    both = BatchItem(2, "q", 4, ("m", "n"), endorsed=True, type_digest="t")
    assert batch.agreed(alone).certificates == ("c", None)
    assert batch.agreed(both) == Agreed(4, ("m", "n"), ("c", "d"), "t")


def test_progress_counts_every_item() -> None:
    item = BatchItem(1, "r", 3, ("m", None))
    items = [item, item.signed("l"), item.failed("no_mandate"), item.failed("x")]
    assert Progress.of(items) == Progress(signed=1, failed=2, waiting=1)
    assert Progress.of(items).all == 4
    assert items[1].state is ItemState.SIGNED


@pytest.mark.parametrize("role", Role)
def test_an_officer_signs_as_himself_alone(role: Role) -> None:
    actor, himself = Actor("a", role, "35.22.06"), Officer("a", "s", "h")
    check_own_hand(actor, himself, "s")
    for officer, signatory in [
        (himself, "t"),
        (Officer("b", "s", "h"), "s"),
        (None, "s"),
    ]:
        if role is Role.SIGNATORY:
            with pytest.raises(NotPermitted):
                check_own_hand(actor, officer, signatory)
        else:
            check_own_hand(actor, officer, signatory)


def test_an_officer_is_shown_without_the_hash() -> None:
    assert "argon" not in repr(Officer("a", "s", "$argon2id$"))
