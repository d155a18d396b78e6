"""Strangers meet the limits: what they learn, what they cannot, who still gets through."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

import pytest
import sqlalchemy as sa

from issuer.bootstrap import Composition
from issuer.domain.codes import new_code
from issuer.domain.errors import DependencyUnavailable, TooManyAttempts
from issuer.domain.letter import Letter
from issuer.domain.limits import ALLOWANCES, Asker, Rule
from issuer.domain.verdict import Reason, Verdict, Verification
from issuer.storage.counting import SqlLimiter
from tests.databases import fresh_postgres
from tests.offices import Clock, compose_office, found_office, issue, pdf_of

HOME, BANK = Asker("192.0.2.7"), Asker("198.51.100.9")
UNKNOWN = "400.12.2.1/999/412.414.01/2026"
FIVE = ALLOWANCES[Rule.WRONG_CODE_PER_NUMBER].attempts


def wrong_codes(seed: int = 1) -> Iterator[str]:
    chance = random.Random(seed)
    while True:
        yield new_code(chance.randrange)


def right(office: Composition, letter: Letter, asker: Asker) -> Verification:
    return office.services.inquiries.by_number(letter.number, letter.verification_code, asker)


def guess(office: Composition, number: str, asker: Asker, times: int, seed: int = 1) -> None:
    codes = wrong_codes(seed)
    for _ in range(times):
        answer = office.services.inquiries.by_number(number, next(codes), asker)
        assert answer.reasons == (Reason.NUMBER_OR_CODE_WRONG,)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_office(
    request: pytest.FixtureRequest, tmp_path: Path, clock: Clock
) -> Iterator[Composition]:
    if request.param == "sqlite":
        yield request.getfixturevalue("office")
        return
    with fresh_postgres() as url:
        found_office(tmp_path / "on postgresql", clock, url)
        office = compose_office(tmp_path / "on postgresql", clock)
        yield office
        office.close()


def test_five_wrong_codes_meet_the_limit_alike_for_every_number(any_office: Composition) -> None:
    letter = issue(any_office)
    refusals = []
    for number in (letter.number, UNKNOWN):
        guess(any_office, number, HOME, FIVE)
        with pytest.raises(TooManyAttempts) as caught:
            any_office.services.inquiries.by_number(number, next(wrong_codes()), HOME)
        refusals.append((str(caught.value), caught.value.args, vars(caught.value)))
    assert refusals[0] == refusals[1]
    # Not even the right code tells then that there is such a number.
    with pytest.raises(TooManyAttempts):
        right(any_office, letter, HOME)


def test_spaces_do_not_make_another_number(office: Composition) -> None:
    letter = issue(office)
    guess(office, letter.number, HOME, FIVE)
    for number in (f" {letter.number}", f"{letter.number}\t\n", letter.number + " " * 1_000):
        with pytest.raises(TooManyAttempts):
            office.services.inquiries.by_number(number, next(wrong_codes()), HOME)


def test_right_codes_are_never_counted(office: Composition) -> None:
    letter = issue(office)
    for _ in range(3 * FIVE):
        assert right(office, letter, HOME).verdict is Verdict.VALID


def test_the_limit_ends_after_a_quarter_of_an_hour(office: Composition, clock: Clock) -> None:
    letter = issue(office)
    guess(office, letter.number, HOME, FIVE)
    clock.advance(timedelta(minutes=15))
    assert right(office, letter, HOME).verdict is Verdict.VALID


def test_whoever_holds_the_code_gets_through_while_the_number_is_attacked(
    office: Composition, clock: Clock
) -> None:
    """From a thousand addresses, five tries each, then one each; the holder has his one."""
    letter = issue(office)
    anywhere = ALLOWANCES[Rule.WRONG_CODE_PER_NUMBER_ANYWHERE].attempts
    attackers = [Asker(f"203.0.113.{host}") for host in range(40)]
    passed = 0
    for attacker in attackers:
        for code, _ in zip(wrong_codes(), range(FIVE), strict=False):
            try:
                office.services.inquiries.by_number(letter.number, code, attacker)
            except TooManyAttempts:
                break
            passed += 1
    assert passed == anywhere + len(attackers) - anywhere // FIVE
    for asker in (HOME, BANK):
        for _ in range(3):
            assert right(office, letter, asker).verdict is Verdict.VALID
    # One wrong key, and the holder waits a quarter of an hour, no longer.
    guess(office, letter.number, HOME, 1)
    with pytest.raises(TooManyAttempts) as caught:
        right(office, letter, HOME)
    assert caught.value.retry_after_seconds <= 900
    clock.advance(timedelta(minutes=15))
    assert right(office, letter, HOME).verdict is Verdict.VALID


def test_one_address_cannot_walk_through_the_numbers(office: Composition) -> None:
    letter = issue(office)
    most = ALLOWANCES[Rule.WRONG_CODE_PER_ADDRESS].attempts
    for sequence in range(most):
        guess(office, f"400.12.2.1/{sequence}/412.414.01/2026", HOME, 1)
    for number in (UNKNOWN, letter.number):
        with pytest.raises(TooManyAttempts):
            office.services.inquiries.by_number(number, next(wrong_codes()), HOME)
    assert right(office, letter, BANK).verdict is Verdict.VALID


def test_what_was_refused_is_not_counted(office: Composition) -> None:
    """Else whoever goes on trying one number could ask after no other."""
    letter = issue(office)
    guess(office, UNKNOWN, HOME, FIVE)
    for _ in range(100):
        with pytest.raises(TooManyAttempts):
            office.services.inquiries.by_number(UNKNOWN, next(wrong_codes()), HOME)
    assert right(office, letter, HOME).verdict is Verdict.VALID


def test_a_hundred_unknown_tokens_meet_the_limit_and_true_ones_never_count(
    any_office: Composition,
) -> None:
    inquiries, letter = any_office.services.inquiries, issue(any_office)
    token = letter.qr_text or ""
    most = ALLOWANCES[Rule.UNKNOWN_TOKEN_PER_ADDRESS].attempts
    for _ in range(most + 20):
        assert inquiries.by_qr(token, HOME).verdict is Verdict.VALID
    chance = random.Random(1)
    for _ in range(most):
        other = f"/v/{chance.randrange(10**400)}"
        assert inquiries.by_qr(other, HOME).verdict is Verdict.UNKNOWN
    with pytest.raises(TooManyAttempts):
        inquiries.by_qr("/v/1", HOME)
    assert inquiries.by_qr(token, HOME).verdict is Verdict.VALID
    assert inquiries.by_qr("/v/1", BANK).verdict is Verdict.UNKNOWN


def test_files_are_counted(office: Composition) -> None:
    inquiries, pdf = office.services.inquiries, pdf_of(office, issue(office))
    for _ in range(ALLOWANCES[Rule.UPLOAD_PER_ADDRESS].attempts):
        inquiries.by_file(b"", HOME)
    with pytest.raises(TooManyAttempts):
        inquiries.by_file(pdf, HOME)
    assert inquiries.by_file(pdf, BANK).verdict is Verdict.VALID


def away(*_: object) -> None:
    raise DependencyUnavailable("database")


def test_without_counters_no_code_is_compared_and_signatures_still_are(
    office: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = issue(office)
    for ask in ("hit", "require", "give_back"):
        monkeypatch.setattr(SqlLimiter, ask, away)
    inquiries = office.services.inquiries
    for number in (letter.number, UNKNOWN):
        answer = inquiries.by_number(number, letter.verification_code, HOME)
        assert answer.verdict is Verdict.INDETERMINATE
        assert answer.reasons == (Reason.REGISTER_UNAVAILABLE,)
        assert answer.letter is None
    assert inquiries.by_qr(letter.qr_text or "", HOME).verdict is Verdict.VALID
    assert inquiries.by_file(pdf_of(office, letter), HOME).verdict is Verdict.VALID


def test_nothing_of_asker_number_or_token_is_stored_or_logged(
    any_office: Composition, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    inquiries, letter = any_office.services.inquiries, issue(any_office)
    caplog.clear()
    token = (letter.qr_text or "").replace("/v/", "/v/1")
    inquiries.by_qr(token, HOME)
    inquiries.by_file(b"", HOME)
    guess(any_office, letter.number, HOME, 1)
    with any_office.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT * FROM attempts")).all()
    assert len(rows) == 5
    told = repr(rows) + caplog.text
    for secret in (HOME.address, letter.number, token, token.removeprefix("/v/")):
        assert secret not in told
    assert {len(row.key) for row in rows} == {32}


def test_time_does_not_tell_whether_a_number_exists(
    office: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The difference of the medians is small against the spread of either kind.

    Both kinds are asked in turn, in random order, and measured in processor time, so
    that what else the machine does falls on both alike. The bound is four times what
    chance makes of so many rounds; what it must catch, a record that is decrypted for
    known numbers alone, shifts the medians by half a spread and more.
    """
    letter = issue(office)
    inquiries, codes, chance = office.services.inquiries, wrong_codes(), random.Random(3)
    # Limits would end the experiment; the work of counting is still done.
    for rule, allowance in list(ALLOWANCES.items()):
        monkeypatch.setitem(ALLOWANCES, rule, allowance._replace(attempts=1_000_000))
    spent: dict[str, list[float]] = {letter.number: [], UNKNOWN: []}
    for round_ in range(400):
        for number in chance.sample(list(spent), 2):
            code = next(codes)
            before = time.process_time_ns()
            inquiries.by_number(number, code, HOME)
            after = time.process_time_ns()
            if round_ >= 20:
                spent[number].append(after - before)
    known, unknown = spent.values()
    spread = max(q3 - q1 for q1, _, q3 in (quantiles(known, n=4), quantiles(unknown, n=4)))
    apart = abs(median(known) - median(unknown)) / spread
    assert apart < 0.3
