"""The table of rules, who counts as one asker, and keys that tell nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.domain.limits import (
    ALLOWANCES,
    CODE_GUESSES,
    PASSWORD_GUESSES,
    Asker,
    GuessRules,
    Rule,
    counter_key,
    counting_secret,
)

SECRET = counting_secret(b"k" * 32)


def test_every_rule_has_an_allowance_that_shuts_nobody_out_for_long() -> None:
    assert set(ALLOWANCES) == set(Rule)
    for attempts, period in ALLOWANCES.values():
        assert attempts > 0
        assert timedelta() < period <= timedelta(days=1)


@pytest.mark.parametrize("rules", [CODE_GUESSES, PASSWORD_GUESSES])
def test_the_rules_around_a_secret_stand_in_order(rules: GuessRules) -> None:
    """One asker at one thing least, then at anything; under attack least of all."""
    of = ALLOWANCES
    assert of[rules.attacked].attempts < of[rules.each].attempts <= of[rules.all].attempts
    assert of[rules.each].attempts <= of[rules.anywhere].attempts
    # Whoever holds the right answer waits a quarter of an hour at most.
    assert of[rules.each].period == of[rules.attacked].period == timedelta(minutes=15)


def test_the_issue_s_numbers() -> None:
    assert ALLOWANCES[Rule.WRONG_CODE_PER_NUMBER].attempts == 5
    assert ALLOWANCES[Rule.UNKNOWN_TOKEN_PER_ADDRESS].attempts == 100


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("-", "-", True),
        ("no address", "another", False),
    ],
)
def test_who_is_one_asker(one: str, other: str, same: bool) -> None:
    assert (Asker(one).network == Asker(other).network) is same


def test_an_asker_is_not_shown() -> None:
    assert "192.0.2.1" not in repr(Asker("192.0.2.1", "bank"))


@given(st.sampled_from(Rule), st.lists(st.text(max_size=60), max_size=3))
def test_a_key_is_of_one_size_and_shows_no_part(rule: Rule, parts: list[str]) -> None:
    key = counter_key(SECRET, rule, *parts)
    assert len(key) == 32
    assert int(key, 16) >= 0
    assert key != counter_key(counting_secret(b"other"), rule, *parts)


def test_keys_differ_by_rule_and_by_part() -> None:
    keys = {
        counter_key(SECRET, rule, *parts)
        for rule in (Rule.WRONG_CODE_PER_NUMBER, Rule.WRONG_CODE_UNDER_ATTACK)
        for parts in (("a", "b"), ("b", "a"), ("ab",), ("a", "b", ""), ())
    }
    assert len(keys) == 10


def test_the_counting_secret_is_not_the_session_s() -> None:
    assert counting_secret(b"k" * 32) != b"k" * 32
