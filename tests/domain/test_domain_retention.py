"""When the audit trail bears the clock out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from issuer.domain.application import DRAFT_LIVES
from issuer.domain.handling import Handling
from issuer.domain.retention import KEPT_FOR, WITNESSED_WITHIN, clock_is_witnessed

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days_ago", "believed"),
    [
        ([], True),
        ([0], True),
        ([0, 1, 2, 1100], True),
        ([0, 0, 0, 1100], False),
        ([0, 1, 1100], False),
        ([12, 13, 14], True),
        ([13, 14, 15], False),
        ([1095, 1096, 1097], False),
        ([0, 16, 17, 18], False),
        # Put right: what the wrong clock recorded comes first and says nothing.
        ([-1095, -1095, 0, 1, 2, 40], True),
        ([-1095, -1096, -1097, 40], False),
    ],
    ids=str,
)
def test_three_days_of_the_last_fourteen_bear_it_out(days_ago: list[int], believed: bool) -> None:
    assert clock_is_witnessed([NOW - timedelta(days=d) for d in days_ago], NOW) is believed


def test_nothing_is_kept_for_so_short_a_time_that_a_new_office_could_lose_it() -> None:
    shortest = min(*KEPT_FOR.values(), DRAFT_LIVES, Handling().patience)
    assert shortest > WITNESSED_WITHIN


def test_no_more_of_the_trail_is_read_than_is_needed() -> None:
    def trail() -> object:
        yield from (NOW - timedelta(days=d) for d in range(3))
        pytest.fail("read on")

    assert clock_is_witnessed(trail(), NOW)  # type: ignore[arg-type]
