"""The verdict table over the whole product of checks, literally."""

from __future__ import annotations

from itertools import product

import pytest

from issuer.domain.verdict import Check, Status, Verdict, decide

TABLE = """
integrity   issuer      in_force      expired       revoked superseded not_yet_issued not_registered not_known
passed      passed      VALID         EXPIRED       REVOKED SUPERSEDED NOT_YET_ISSUED UNKNOWN        INDETERMINATE
passed      not_checked INDETERMINATE INDETERMINATE REVOKED SUPERSEDED NOT_YET_ISSUED UNKNOWN        INDETERMINATE
passed      failed      UNKNOWN       UNKNOWN       UNKNOWN UNKNOWN    UNKNOWN        UNKNOWN        UNKNOWN
not_checked passed      INDETERMINATE INDETERMINATE REVOKED SUPERSEDED NOT_YET_ISSUED UNKNOWN        INDETERMINATE
not_checked not_checked INDETERMINATE INDETERMINATE REVOKED SUPERSEDED NOT_YET_ISSUED UNKNOWN        INDETERMINATE
not_checked failed      UNKNOWN       UNKNOWN       UNKNOWN UNKNOWN    UNKNOWN        UNKNOWN        UNKNOWN
failed      passed      ALTERED       ALTERED       ALTERED ALTERED    ALTERED        ALTERED        ALTERED
failed      not_checked ALTERED       ALTERED       ALTERED ALTERED    ALTERED        ALTERED        ALTERED
failed      failed      ALTERED       ALTERED       ALTERED ALTERED    ALTERED        ALTERED        ALTERED
"""  # noqa: E501 - a table is read by its columns
(_, _, *STATUSES), *ROWS = [line.split() for line in TABLE.strip().splitlines()]
EXPECTED = {
    (Check(integrity), Check(issuer), Status(status)): Verdict(verdict)
    for integrity, issuer, *verdicts in ROWS
    for status, verdict in zip(STATUSES, verdicts, strict=True)
}


def test_the_table_is_complete() -> None:
    assert set(EXPECTED) == set(product(Check, Check, Status))


@pytest.mark.parametrize(("integrity", "issuer", "status"), list(product(Check, Check, Status)))
def test_the_verdict_is_the_table_s(integrity: Check, issuer: Check, status: Status) -> None:
    assert decide(integrity, issuer, status) is EXPECTED[integrity, issuer, status]


def test_valid_needs_all_three_checks() -> None:
    valid = [key for key, verdict in EXPECTED.items() if verdict is Verdict.VALID]
    assert valid == [(Check.PASSED, Check.PASSED, Status.IN_FORCE)]


@pytest.mark.parametrize("answer", [*Verdict, *Check])
def test_an_answer_has_no_truth_value(answer: Verdict | Check) -> None:
    with pytest.raises(TypeError, match="do not test its truth"):
        bool(answer)
