"""Verdicts on the device: the server's table, and what age and clock do to it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Browser

from issuer.domain.verdict import Check, Reason, Status, Verdict, decide
from tests.offline.script_page import ScriptPage, script_page

HOUR, DAY = 3600, 86400
ISSUED = 1_790_000_000
SKEW = 300

REFUSALS = {
    "credential_malformed": ("UNKNOWN", "issuer"),
    "credential_foreign_host": ("UNKNOWN", "issuer"),
    "credential_unknown_key": ("UNKNOWN", "issuer"),
    "issuer_not_trusted": ("UNKNOWN", "issuer"),
    "signature_broken": ("ALTERED", "integrity"),
    "qr_not_found": ("INDETERMINATE", None),
    "file_unreadable": ("INDETERMINATE", None),
    "file_too_large": ("INDETERMINATE", None),
}

# Age of the list in seconds (None: no list), what it says of the letter, seconds until the
# letter's expiry (None: no expiry), seconds by which the device's clock is behind:
# the verdict, the last reason, the notes.
TABLE: dict[tuple[int | None, str, int | None, int], tuple[str, str, str]] = {
    (0, "in_force", None, 0): ("VALID", "in_force", ""),
    (HOUR, "in_force", DAY, 0): ("VALID", "in_force", ""),
    (DAY, "in_force", DAY, 0): ("VALID", "in_force", ""),
    (DAY + 1, "in_force", DAY, 0): ("VALID", "in_force", "list_old"),
    (7 * DAY - 1, "in_force", DAY, 0): ("VALID", "in_force", "list_old"),
    (7 * DAY, "in_force", DAY, 0): ("INDETERMINATE", "revocation_list_stale", "list_stale"),
    (30 * DAY, "in_force", None, 0): ("INDETERMINATE", "revocation_list_stale", "list_stale"),
    (None, "in_force", DAY, 0): ("INDETERMINATE", "register_unavailable", "list_missing"),
    (0, "not_known", DAY, 0): ("INDETERMINATE", "register_unavailable", ""),
    (0, "in_force", 0, 0): ("VALID", "in_force", ""),
    (0, "in_force", -1, 0): ("EXPIRED", "expired", ""),
    (None, "in_force", -1, 0): ("EXPIRED", "expired", "list_missing"),
    (30 * DAY, "in_force", -1, 0): ("EXPIRED", "expired", "list_stale"),
    (0, "revoked", DAY, 0): ("REVOKED", "revoked", ""),
    (0, "revoked", -1, 0): ("REVOKED", "revoked", ""),
    (30 * DAY, "revoked", DAY, 0): ("REVOKED", "revoked", "list_stale"),
    (0, "superseded", DAY, 0): ("SUPERSEDED", "superseded", ""),
    (30 * DAY, "superseded", -1, 0): ("SUPERSEDED", "superseded", "list_stale"),
    (0, "in_force", DAY, SKEW): ("VALID", "in_force", ""),
    (0, "in_force", DAY, SKEW + 1): (
        "INDETERMINATE",
        "revocation_list_stale",
        "clock_wrong",
    ),
    (0, "revoked", DAY, 30 * DAY): ("REVOKED", "revoked", "clock_wrong"),
}


@pytest.fixture(scope="module")
def scripts(browser: Browser) -> Iterator[ScriptPage]:
    with script_page(browser) as page:
        yield page


def test_the_table_is_the_server_s(scripts: ScriptPage) -> None:
    cases = list(product(Check, Check, Status))
    given = [[integrity.value, issuer.value, status.value] for integrity, issuer, status in cases]
    found = scripts.run("return given.map(row => modules.verdict.decide(...row));", given)
    assert found == [decide(*case).value for case in cases]


def test_refusals_have_the_server_s_verdicts(scripts: ScriptPage) -> None:
    found = scripts.run("return given.map(modules.verdict.refused);", list(REFUSALS))
    for (reason, (verdict, failed)), answer in zip(REFUSALS.items(), found, strict=True):
        assert Reason(reason)
        assert answer["verdict"] == Verdict(verdict)
        assert answer["reasons"] == [reason]
        expected = dict.fromkeys(("integrity", "status", "issuer"), "not_checked")
        assert answer["checks"] == {**expected, **({failed: "failed"} if failed else {})}


def judge(scripts: ScriptPage, **given: Any) -> Any:
    body = """
        const values = { in_force: 0, revoked: 1, not_known: 2, superseded: 3 };
        const packed = new Uint8Array(2 ** 18);
        packed[1] = values[given.listed] << 2;
        const list = given.listAt === null ? null
            : { issuedAt: given.listAt, expiresAt: given.listAt + given.lifetime, packed };
        const claims = { statusIndex: 5, issuedAt: given.issuedAt, expiresAt: given.expiresAt };
        return modules.verdict.judge(claims, list, given.now, given.known);
    """
    return scripts.run(body, {"lifetime": 7 * DAY, **given})


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_age_expiry_and_clock_decide(
    scripts: ScriptPage, case: tuple[int | None, str, int | None, int]
) -> None:
    age, listed, left, behind = case
    now = ISSUED + 60 * DAY
    answer = judge(
        scripts,
        listed=listed,
        listAt=None if age is None else now - age,
        issuedAt=ISSUED,
        expiresAt=None if left is None else now + left,
        now=now - behind,
        known=ISSUED,
    )
    verdict, reason, notes = TABLE[case]
    assert (answer["verdict"], answer["reasons"][-1]) == (verdict, reason)
    assert answer["notes"] == notes.split()
    assert answer["reasons"][:-1] == ["signature_holds", "issuer_trusted"]
    assert answer["checks"]["status"] == {"VALID": "passed", "INDETERMINATE": "not_checked"}.get(
        verdict, "failed"
    )


def test_a_clock_behind_the_letter_or_what_is_kept_proves_nothing(scripts: ScriptPage) -> None:
    now = ISSUED + DAY
    fine: dict[str, Any] = {
        "listed": "in_force",
        "listAt": now - HOUR,
        "issuedAt": ISSUED,
        "expiresAt": None,
        "now": now,
        "known": ISSUED,
    }
    assert judge(scripts, **fine)["verdict"] == "VALID"
    for wrong in ({"issuedAt": now + SKEW + 1}, {"known": now + SKEW + 1}):
        answer = judge(scripts, **{**fine, **wrong})
        assert answer["verdict"] == "INDETERMINATE"
        assert "clock_wrong" in answer["notes"]
    younger = judge(scripts, **{**fine, "issuedAt": now - HOUR + 1})
    assert (younger["verdict"], younger["notes"]) == ("VALID", ["list_before_letter"])


def test_never_in_force_by_a_list_of_more_than_seven_days(scripts: ScriptPage) -> None:
    """Also when the list itself says that it is good for years."""
    now = ISSUED + 500 * DAY
    for age, lifetime in product((7 * DAY + 1, 8 * DAY, 400 * DAY), (7 * DAY, 1000 * DAY)):
        answer = judge(
            scripts,
            listed="in_force",
            listAt=now - age,
            lifetime=lifetime,
            issuedAt=ISSUED,
            expiresAt=None,
            now=now,
            known=ISSUED,
        )
        assert answer["verdict"] == "INDETERMINATE"
        assert "list_stale" in answer["notes"]
