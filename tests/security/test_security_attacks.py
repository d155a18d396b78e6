"""The whole table of attacks on a letter's file: never VALID, never a crash, never slow."""

from __future__ import annotations

import time
from collections import Counter

import pytest

from issuer.domain.verdict import Check, Reason, Verdict
from tests.security import byte_attacks, key_attacks, parser_attacks, update_attacks
from tests.security.attacks import Attack, Family
from tests.security.conftest import Stage

ATTACKS = (
    *byte_attacks.ATTACKS,
    *update_attacks.ATTACKS,
    *key_attacks.ATTACKS,
    *parser_attacks.ATTACKS,
)
MAX_SECONDS = 2.0
"""A promise to whoever uploads, not a measure of speed: a hundred times what it takes."""


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: f"{a.family.name}-{a.name}")
def test_a_manipulated_file_gets_the_true_answer(stage: Stage, attack: Attack) -> None:
    made = attack.make(stage.target)
    assert made not in (stage.target.letter, stage.target.endorsed)
    before = time.process_time()
    answer = stage.office.services.verifier.by_file(made)
    spent = time.process_time() - before
    assert answer.verdict is attack.verdict, answer.reasons
    assert attack.reason in answer.reasons
    # A true QR on a file without a signature shows its letter, to be compared.
    if Reason.RECORD_MATCHES not in answer.reasons:
        assert answer.letter is None
        assert answer.checks.status is not Check.PASSED
    assert answer.checks.integrity is not Check.PASSED or answer.checks.issuer is Check.FAILED
    assert spent < MAX_SECONDS


def test_the_table_is_as_wide_as_the_literature() -> None:
    names = Counter((attack.family, attack.name) for attack in ATTACKS)
    assert max(names.values()) == 1
    assert len(names) >= 100
    assert {family for family, _ in names} == set(Family)


def test_no_two_attacks_are_the_same_file(stage: Stage) -> None:
    """A table may look long by saying one thing twice."""
    made = Counter(
        attack.make(stage.target) for attack in ATTACKS if attack.family is not Family.BOMB
    )
    assert max(made.values()) == 1


def test_the_untouched_letters_are_still_true(stage: Stage) -> None:
    for pdf in (stage.target.letter, stage.target.endorsed):
        assert stage.office.services.verifier.by_file(pdf).verdict is Verdict.VALID
