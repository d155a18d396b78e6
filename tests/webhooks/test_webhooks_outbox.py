"""What an institution is told: written with the ending, sent until received, never lost."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from issuer.bootstrap import Composition
from issuer.domain.access import Actor, Role
from issuer.domain.errors import IllegalTransition, NotFound, NotPermitted, StaleVersion
from issuer.domain.institution import Scope
from issuer.domain.outbox import DeliveryState
from issuer.domain.webhook import Delivery, Outcome, WebhookEvent, delivery_of
from issuer.services.outbox_sending import LEASE
from issuer.storage.audit_trail import SqlAudit
from issuer.storage.schema_institutions import institutions
from tests.offices import OPERATOR, Clock, issue, replace_letter
from tests.webhooks.webhook_office import URL, Notebook, add_bank, check, deliveries_by, watch


def revoke(office: Composition, letter_id: str) -> None:
    office.services.letters.revoke(OPERATOR, letter_id, "salah data")


def of(office: Composition, institution_id: str) -> list[Delivery]:
    return office.services.deliveries.listed(OPERATOR, institution_id=institution_id)


def test_who_checked_a_letter_is_told_of_its_end_once(either: Composition) -> None:
    bank, _ = add_bank(either)
    letter = issue(either)
    watch(either, bank, letter)
    check(either, bank, letter)
    notebook = Notebook()
    worker = deliveries_by(either, notebook)
    assert worker.sweep() == 0
    revoke(either, letter.id)
    (row,) = of(either, bank.id)
    assert (row.state, row.event) == (DeliveryState.WAITING, WebhookEvent.REVOKED)
    assert worker.sweep() == 1
    (post,) = notebook.posts
    assert post.url == URL
    assert json.loads(post.body)["data"] == {"number": letter.number}
    assert post.headers["webhook-id"] == row.id
    holder = letter.record.holder
    for secret in (holder["name"], holder["nik"], letter.verification_code, letter.id):
        assert secret not in post.body.decode()
    assert worker.sweep() == 0
    assert of(either, bank.id)[0].state is DeliveryState.DELIVERED


def test_a_letter_that_was_replaced_has_ended_too(either: Composition) -> None:
    bank, _ = add_bank(either)
    letter = issue(either)
    watch(either, bank, letter)
    replace_letter(either, letter)
    (row,) = of(either, bank.id)
    assert row.event is WebhookEvent.SUPERSEDED
    notebook = Notebook()
    assert deliveries_by(either, notebook).sweep() == 1
    assert json.loads(notebook.posts[0].body)["data"] == {"number": letter.number}


def test_who_did_not_check_it_or_has_no_webhook_is_not_told(either: Composition) -> None:
    letter, other_letter = issue(either), issue(either)
    stranger, _ = add_bank(either)
    watch(either, stranger, other_letter)
    silent, _ = add_bank(either)
    check(either, silent, letter)
    shut_out, _ = add_bank(either)
    watch(either, shut_out, letter)
    either.services.institutions.set_active(OPERATOR, shut_out.id, False)
    unscoped, _ = add_bank(either, scopes=frozenset({Scope.VERIFY}))
    check(either, unscoped, letter)
    revoke(either, letter.id)
    for institution in (stranger, silent, shut_out, unscoped):
        assert of(either, institution.id) == []
    with either.register.reading() as uow:
        watching = {institution.id for institution in uow.institutions.watching(letter.id)}
    assert watching == {silent.id, shut_out.id}


def test_the_message_is_not_there_without_the_ending(
    either: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank, _ = add_bank(either)
    letter = issue(either)
    watch(either, bank, letter)

    def broken(*_arguments: object) -> None:
        raise StaleVersion

    with monkeypatch.context() as patch:
        patch.setattr(SqlAudit, "append", broken)
        with pytest.raises(StaleVersion):
            revoke(either, letter.id)
    assert of(either, bank.id) == []
    revoke(either, letter.id)
    assert len(of(either, bank.id)) == 1


def test_a_failed_try_is_repeated_with_the_same_id_and_body(
    either: Composition, clock: Clock
) -> None:
    bank, _ = add_bank(either)
    letter = issue(either)
    watch(either, bank, letter)
    revoke(either, letter.id)
    notebook = Notebook([Outcome.NO_CONNECTION, Outcome.TIMED_OUT])
    worker = deliveries_by(either, notebook)
    worker.sweep()
    assert worker.sweep() == 0, "not before its time"
    clock.advance(timedelta(minutes=1))
    worker.sweep()
    clock.advance(timedelta(minutes=5))
    worker.sweep()
    assert len(notebook.posts) == 3
    assert len({post.body for post in notebook.posts}) == 1
    assert len({post.headers["webhook-id"] for post in notebook.posts}) == 1
    assert len({post.headers["webhook-timestamp"] for post in notebook.posts}) == 3
    (row,) = of(either, bank.id)
    assert (row.state, row.tries, row.outcome) == (DeliveryState.DELIVERED, 3, Outcome.RECEIVED)


def test_what_is_given_up_is_listed_and_can_be_sent_again(
    either: Composition, clock: Clock
) -> None:
    bank, _ = add_bank(either)
    letter = issue(either)
    watch(either, bank, letter)
    revoke(either, letter.id)
    notebook = Notebook([Outcome.REFUSED] * 10)
    worker = deliveries_by(either, notebook)
    (row,) = of(either, bank.id)
    with pytest.raises(IllegalTransition):
        worker.resend(OPERATOR, row.id)
    for _ in range(12):
        worker.sweep()
        clock.advance(timedelta(hours=24))
    dead = worker.listed(OPERATOR, institution_id=bank.id, state=DeliveryState.DEAD)
    assert [(d.id, d.tries, d.outcome) for d in dead] == [(row.id, 10, Outcome.REFUSED)]
    assert len(notebook.posts) == 10
    worker.resend(OPERATOR, row.id)
    assert worker.sweep() == 1
    assert of(either, bank.id)[0].state is DeliveryState.DELIVERED
    assert {post.headers["webhook-id"] for post in notebook.posts} == {row.id}


def test_without_a_webhook_any_more_it_is_given_up(either: Composition) -> None:
    bank, _ = add_bank(either)
    letter = issue(either)
    watch(either, bank, letter)
    revoke(either, letter.id)
    either.services.institutions.set_webhook(OPERATOR, bank.id, None)
    notebook = Notebook()
    deliveries_by(either, notebook).sweep()
    assert notebook.posts == []
    assert of(either, bank.id)[0].outcome is Outcome.NO_WEBHOOK


def test_a_damaged_record_does_not_stand_in_the_way(either: Composition) -> None:
    damaged, _ = add_bank(either)
    sound, _ = add_bank(either)
    letter = issue(either)
    watch(either, damaged, letter)
    watch(either, sound, letter)
    revoke(either, letter.id)
    with either.engine.begin() as connection:
        secret = institutions.update().where(institutions.c.id == damaged.id)
        connection.execute(secret.values(webhook_secret=b"not sealed"))
    deliveries_by(either, Notebook()).sweep()
    assert of(either, damaged.id)[0].outcome is Outcome.RECORD_DAMAGED
    assert of(either, damaged.id)[0].state is DeliveryState.WAITING
    assert of(either, sound.id)[0].state is DeliveryState.DELIVERED


def test_two_workers_do_not_send_the_same(either: Composition, clock: Clock) -> None:
    bank, _ = add_bank(either)
    letter = issue(either)
    watch(either, bank, letter)
    revoke(either, letter.id)
    now = clock.now()
    with either.register.writing() as uow:
        taken = uow.deliveries.take("another", now, now + LEASE, 5)
        uow.commit()
    assert [delivery.institution_id for delivery in taken] == [bank.id]
    notebook = Notebook()
    worker = deliveries_by(either, notebook)
    assert worker.sweep() == 0
    # The other one never comes back: its lease runs out.
    clock.advance(LEASE)
    assert worker.sweep() == 1
    assert notebook.posts[0].headers["webhook-id"] == taken[0].id
    with pytest.raises(StaleVersion), either.register.writing() as uow:
        uow.deliveries.save(taken[0], taken[0].tried(Outcome.REFUSED, clock.now()))
    assert of(either, bank.id)[0].state is DeliveryState.DELIVERED


def test_a_worker_that_comes_too_late_changes_nothing(either: Composition, clock: Clock) -> None:
    bank, _ = add_bank(either)
    letter = issue(either)
    watch(either, bank, letter)
    revoke(either, letter.id)
    fast = deliveries_by(either, Notebook())

    class Slow(Notebook):
        def post(self, *_arguments: object) -> Outcome:
            clock.advance(LEASE)
            fast.sweep()
            return Outcome.TIMED_OUT

    deliveries_by(either, Slow()).sweep()
    (row,) = of(either, bank.id)
    assert (row.state, row.tries) == (DeliveryState.DELIVERED, 1)


def test_writing_an_event_twice_is_once(either: Composition, clock: Clock) -> None:
    bank, _ = add_bank(either)
    letter = issue(either)
    delivery = delivery_of(WebhookEvent.REVOKED, letter.id, bank.id, clock.now())
    for _ in range(2):
        with either.register.writing() as uow:
            uow.deliveries.add(delivery)
            uow.commit()
    assert len(of(either, bank.id)) == 1
    with pytest.raises(NotFound), either.register.reading() as uow:
        uow.deliveries.get("msg_unknown")
    deliveries_by(either, Notebook()).sweep()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.OPERATOR, Role.REGENCY_ADMIN}))
def test_only_who_keeps_institutions_sees_deliveries(either: Composition, role: Role) -> None:
    nobody = Actor("x", role, None)
    with pytest.raises(NotPermitted):
        either.services.deliveries.listed(nobody)
    with pytest.raises(NotPermitted):
        either.services.deliveries.resend(nobody, "msg_x")
