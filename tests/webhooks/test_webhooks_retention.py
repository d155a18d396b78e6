"""What is removed when its time has passed, what stays, and that the sum is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from itertools import count as count_up
from typing import TypeVar

import pytest
from sqlalchemy import text

from issuer.bootstrap import Composition, SystemClock
from issuer.cli.main import main
from issuer.domain.audit import first_broken
from issuer.domain.citizens import Citizen
from issuer.domain.limits import Asker
from issuer.domain.messages import Contact, Sent
from issuer.domain.retention import KEPT_FOR, Kept
from issuer.services import retention
from issuer.services.retention import FORGET, Retention
from tests.messages.message_office import Notebook as MailNotebook
from tests.messages.message_office import asked, sending_by, tell
from tests.offices import OPERATOR, Clock, issue, work_three_days
from tests.webhooks.webhook_office import Notebook, add_bank, check, deliveries_by, watch

SECOND = timedelta(seconds=1)
# No address may report as often as these tests do.
_ADDRESSES = (f"192.0.2.{last}" for last in count_up(1))
K = TypeVar("K", bound=str)
_WHERE = {
    Kept.DELIVERIES: "deliveries WHERE state <> 'waiting'",
    Kept.INSTITUTION_CHECKS: "institution_checks",
    Kept.CLOSED_REPORTS: "forgery_reports WHERE closed_at_utc IS NOT NULL",
    Kept.MESSAGES: "messages WHERE state <> 'waiting'",
    Kept.CONTACTS: "contacts",
    Kept.UNUSED_ACCOUNTS: "citizens",
}
RESIDENTS = ("messages", "contacts", "citizens")
_MAY_NOT = {
    "waiting": "deliveries WHERE state = 'waiting'",
    "waiting message": "messages WHERE state = 'waiting'",
    "open": "forgery_reports WHERE closed_at_utc IS NULL",
    "letters": "letters",
    "accounts, which the trail names": "accounts",
    "numbers": "number_series",
}


def count(office: Composition, tables: Mapping[K, str]) -> dict[K, int]:
    """Count by SQL of the test's own."""
    with office.engine.begin() as connection:
        return {
            name: connection.execute(text(f"SELECT count(*) FROM {what}")).scalar_one()  # noqa: S608
            for name, what in tables.items()
        }


def sweep(office: Composition, clock: Clock) -> int:
    work_three_days(office, clock.now())
    return Retention(register=office.register, clock=clock).sweep()


def report(office: Composition, *, closed: bool) -> None:
    typed = {"finding": "other", "detail": "Nama di kertas lain."}
    received = office.services.reports.receive(typed, Asker(next(_ADDRESSES)))
    if closed:
        office.services.reports.close(OPERATOR, received.reference, "Sudah ditangani.")


@pytest.fixture
def filled(either: Composition) -> Composition:
    """Of every kind two rows that may go, beside rows that may not."""
    with either.engine.begin() as connection:
        for table in ("deliveries", "institution_checks", "forgery_reports", *RESIDENTS):
            connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - what other tests left
    bank, _ = add_bank(either)
    for number in range(3):
        letter = issue(either)
        watch(either, bank, letter)
        if number < 2:
            check(either, bank, letter)
        either.services.letters.revoke(OPERATOR, letter.id, "Salah data.")
    deliveries_by(either, Notebook()).sweep()
    with either.engine.begin() as connection:
        connection.execute(
            text("DELETE FROM institution_checks WHERE letter_id = :l"), {"l": letter.id}
        )
        connection.execute(
            text(
                "UPDATE deliveries SET state = 'waiting', next_at_utc = created_at_utc, tries = 9"
                " WHERE letter_id = :l"
            ),
            {"l": letter.id},
        )
    for outcome in (Sent.HANDED_OVER, Sent.ADDRESS_REFUSED):
        tell(either, asked(either, Contact("warga@contoh.example", "")))
        sending_by(either, mail=MailNotebook([outcome])).sweep()
    tell(either, waits := asked(either, Contact("warga@contoh.example", "")))
    with either.register.writing() as uow:
        uow.contacts.save(waits.id, Contact("", ""))
        uow.commit()
    for closed in (True, True, False):
        report(either, closed=closed)
    citizens = either.services.citizens
    with either.register.writing() as uow:
        for _ in range(2):
            account = citizens.add_account(uow, "-")
            uow.citizens.save(Citizen(account.id, either.services.clock.now()))
        uow.commit()
    return either


def test_every_kind_has_its_days_and_its_statement() -> None:
    assert set(KEPT_FOR) == set(FORGET) == set(Kept) == set(_WHERE)
    assert min(KEPT_FOR.values()) >= timedelta(days=90)


@pytest.mark.parametrize("kind", Kept)
def test_a_row_goes_when_its_time_has_passed_and_not_a_second_before(
    filled: Composition, clock: Clock, kind: Kept
) -> None:
    assert count(filled, _WHERE) == dict.fromkeys(Kept, 2)
    others, started = count(filled, _MAY_NOT), clock.now()
    clock.at_utc = started + KEPT_FOR[kind]
    sweep(filled, clock)
    assert count(filled, _WHERE)[kind] == 2
    clock.advance(SECOND)
    sweep(filled, clock)
    left = count(filled, _WHERE)
    assert left == {other: 2 if KEPT_FOR[other] > KEPT_FOR[kind] else 0 for other in Kept}
    assert count(filled, _MAY_NOT) == others


def test_the_sum_is_recorded_and_many_go_a_few_at_a_time(
    filled: Composition, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_A_TIME", 1)
    clock.advance(max(KEPT_FOR.values()) + SECOND)
    assert sweep(filled, clock) == 2 * len(Kept)
    assert sweep(filled, clock) == 0
    with filled.register.reading() as uow:
        entries = [entry.event for entry in uow.audit.entries()]
        assert first_broken(uow.audit.entries()) is None
    removed = [entry for entry in entries if entry.action == "retention.removed"]
    removed = removed[-2 * len(Kept) :]
    assert [(entry.subject, entry.facts["count"]) for entry in removed] == [
        (kind, 1) for kind in Kept for _ in range(2)
    ]
    assert {entry.actor_id for entry in removed} == {"retention"}


def test_a_clock_that_nothing_bears_out_removes_nothing(filled: Composition, clock: Clock) -> None:
    before, right = count(filled, _WHERE), clock.now()
    # Further ahead than any other test of this register has written.
    clock.advance(timedelta(days=50 * 365))
    keeper = Retention(register=filled.register, clock=clock)
    assert keeper.sweep() == 0
    assert count(filled, _WHERE) == before
    clock.at_utc = right + min(KEPT_FOR.values()) + SECOND
    work_three_days(filled, clock.now())
    assert keeper.sweep() == 2


def test_a_process_looks_once_a_day(filled: Composition, clock: Clock) -> None:
    clock.advance(min(KEPT_FOR.values()) - timedelta(hours=1))
    work_three_days(filled, clock.now())
    keeper = Retention(register=filled.register, clock=clock)
    assert keeper.sweep() == 0
    clock.advance(timedelta(hours=2))
    assert keeper.sweep() == 0
    clock.advance(timedelta(hours=23))
    assert keeper.sweep() == 2


def test_the_worker_does_it(
    office: Composition, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.at_utc -= 2 * max(KEPT_FOR.values())
    report(office, closed=True)
    work_three_days(office, SystemClock().now())
    folder = str(office.settings.data_dir)
    with pytest.raises(SystemExit) as ended:
        main(["--data-dir", folder, "worker", "--once"])
    assert ended.value.code == 0
    assert "removed 1" in capsys.readouterr().err
    assert count(office, _WHERE)[Kept.CLOSED_REPORTS] == 0
