"""The bits of a status list, held against the standard's own examples."""

from __future__ import annotations

import zlib
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from issuer.domain.letter import UNFINISHED_LETTER, LetterState
from issuer.domain.status_list import (
    LIFETIME,
    NOT_VALID,
    SIZE,
    STATUS_VALUES,
    EndedPlace,
    StatusList,
    StatusValue,
    build,
    not_valid,
    pack,
)
from issuer.domain.verdict import Check, Status, Verdict, decide
from tests.credential.credential_samples import NOW
from tests.publication.publication_samples import REVOKED, SUPERSEDED, VOIDED, YEAR, listed

PASSED = Check.PASSED


def test_the_standard_s_list_of_two_bits() -> None:
    """Token Status List, §4.1: twelve places of two bits, and the bytes they become."""
    places = [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]
    packed = bytes.fromhex("c944f9")
    read = StatusList(YEAR, NOW, NOW + LIFETIME, packed)
    for index, value in enumerate(places):
        if value == 2:
            with pytest.raises(ValueError, match="2 is not a valid"):
                read.value_at(index)
        else:
            assert read.value_at(index) == value


@settings(max_examples=30)
@given(st.dictionaries(st.integers(0, SIZE - 1), st.sampled_from(StatusValue), max_size=40))
def test_what_is_packed_is_found_again_and_nothing_else(places: dict[int, StatusValue]) -> None:
    packed = pack(places.items())
    assert len(packed) == SIZE * 2 // 8
    assert dict(not_valid(packed)) == {i: v for i, v in places.items() if v}
    # The bits as one number, by arithmetic instead of by bytes.
    assert int.from_bytes(packed, "little") == sum(v << 2 * i for i, v in places.items())


@pytest.mark.parametrize("index", [-1, SIZE, 2**40])
def test_a_place_outside_the_list_is_refused(index: int) -> None:
    with pytest.raises(ValueError, match="no such place"):
        pack([(index, StatusValue.INVALID)])
    with pytest.raises(ValueError, match="no such place"):
        listed().value_at(index)


def test_every_state_has_a_value() -> None:
    assert set(STATUS_VALUES) == set(LetterState)
    assert set(StatusValue) == set(STATUS_VALUES.values())
    assert set(LetterState) - UNFINISHED_LETTER - {LetterState.ISSUED} == NOT_VALID


def test_the_values_are_those_of_the_registry() -> None:
    """§7.1 and the registry of §14.5: 0 valid, 1 invalid, 3 for the application."""
    assert {v.name: v.value for v in StatusValue} == {"VALID": 0, "INVALID": 1, "SUPERSEDED": 3}


def test_a_list_says_what_became_of_a_letter() -> None:
    fresh = listed()
    assert fresh.status_at(REVOKED.index, NOW) is Status.REVOKED
    assert fresh.status_at(SUPERSEDED.index, NOW) is Status.SUPERSEDED
    assert fresh.status_at(VOIDED.index, NOW) is Status.REVOKED
    assert fresh.status_at(7, NOW) is Status.IN_FORCE


@pytest.mark.parametrize(
    "later", [LIFETIME, timedelta(days=400), -timedelta(minutes=6), -timedelta(days=1)]
)
@pytest.mark.parametrize("index", [7, REVOKED.index])
def test_a_stale_list_is_never_valid(later: timedelta, index: int) -> None:
    status = listed().status_at(index, NOW + later)
    assert status is Status.NOT_KNOWN
    assert decide(PASSED, PASSED, status) is Verdict.INDETERMINATE


def test_a_list_is_believed_for_seven_days_and_a_clock_five_minutes_slow() -> None:
    almost = LIFETIME - timedelta(seconds=1)
    for later in (timedelta(0), almost, -timedelta(minutes=5)):
        assert listed().status_at(7, NOW + later) is Status.IN_FORCE
    verdict = decide(PASSED, PASSED, listed().status_at(7, NOW + almost))
    assert verdict is Verdict.VALID


def test_a_list_has_whole_seconds() -> None:
    made = build(YEAR, [], NOW.replace(microsecond=999_999))
    assert made.issued_at_utc == NOW.replace(microsecond=0)
    assert made.expires_at_utc - made.issued_at_utc == timedelta(days=7)


def test_a_list_does_not_grow_with_the_letters() -> None:
    """Nobody learns from its size how many letters there are, only how many ended."""
    assert len(build(YEAR, [], NOW).packed) == len(listed().packed) == 262_144
    assert len(zlib.compress(build(YEAR, [], NOW).packed, 9)) < 300


def test_a_place_keeps_nothing_of_a_person() -> None:
    assert set(EndedPlace.__slots__) == {"index", "state", "ended_at_utc"}
