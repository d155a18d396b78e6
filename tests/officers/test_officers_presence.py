"""What a passkey's question covers: every part of a batch and of its letters, by one digest."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from issuer.domain.letter import Lease
from issuer.domain.presence import digest_of
from issuer.domain.signing_batches import BatchItem, BatchState, ItemState, OnError, SigningBatch
from tests.offices import MORNING

BATCH = SigningBatch(
    id="batch",
    account_id="account",
    agency_code="35.22.06.2001",
    signatory_id="kades",
    endorser_id="camat",
    certificates=("a" * 64, "b" * 64),
    on_error=OnError.CONTINUE,
    created_at_utc=MORNING,
    lease=None,
)
ITEMS = [
    BatchItem(1, "first", 4, ("mandate", None), type_digest="c" * 64),
    BatchItem(2, "second", 5, ("mandate", "endorsing"), endorsed=True, type_digest="d" * 64),
]
AGREED = digest_of(BATCH, ITEMS, begun=False)

COVERED: dict[str, list[Any]] = {
    "id": ["other"],
    "account_id": ["other"],
    "agency_code": ["35.22.06.2002"],
    "signatory_id": ["other"],
    "endorser_id": ["other", None],
    "certificates": [("e" * 64, "b" * 64), ("a" * 64, "e" * 64), ("a" * 64, None)],
    "on_error": [OnError.STOP],
}
ONLY_ITS_COURSE: dict[str, Any] = {
    "created_at_utc": MORNING + timedelta(seconds=1),
    "lease": Lease("worker", MORNING),
    "state": BatchState.STOPPED,
    "version": 2,
}
COVERED_OF_AN_ITEM: dict[str, list[Any]] = {
    "request_id": ["other"],
    "version": [5],
    "mandates": [("other", None), ("mandate", "other"), None],
    "endorsed": [True],
    "type_digest": ["f" * 64, None],
}
ONLY_ITS_COURSE_OF_AN_ITEM: dict[str, Any] = {
    "position": 7,
    "state": ItemState.FAILED,
    "letter_id": "letter",
    "outcome": "no_mandate",
}


def test_every_field_is_in_one_table() -> None:
    assert {one.name for one in fields(SigningBatch)} == {*COVERED, *ONLY_ITS_COURSE}
    of_an_item = {*COVERED_OF_AN_ITEM, *ONLY_ITS_COURSE_OF_AN_ITEM}
    assert {one.name for one in fields(BatchItem)} == of_an_item


@pytest.mark.parametrize("name", COVERED)
def test_each_part_of_the_batch_is_covered(name: str) -> None:
    for other in COVERED[name]:
        assert digest_of(replace(BATCH, **{name: other}), ITEMS, begun=False) != AGREED


@pytest.mark.parametrize("name", COVERED_OF_AN_ITEM)
def test_each_part_of_an_item_is_covered(name: str) -> None:
    for other in COVERED_OF_AN_ITEM[name]:
        changed = [replace(ITEMS[0], **{name: other}), ITEMS[1]]
        assert digest_of(BATCH, changed, begun=False) != AGREED


def test_how_many_in_which_order_and_what_for_is_covered() -> None:
    for others in (ITEMS[:1], ITEMS[::-1], [*ITEMS, ITEMS[0]], []):
        assert digest_of(BATCH, others, begun=False) != AGREED
    assert digest_of(BATCH, ITEMS, begun=True) != AGREED


def test_what_only_says_how_far_it_is_changes_nothing() -> None:
    for name, other in ONLY_ITS_COURSE.items():
        assert digest_of(replace(BATCH, **{name: other}), ITEMS, begun=False) == AGREED
    for name, other in ONLY_ITS_COURSE_OF_AN_ITEM.items():
        changed = [replace(ITEMS[0], **{name: other}), ITEMS[1]]
        assert digest_of(BATCH, changed, begun=False) == AGREED
