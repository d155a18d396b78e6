"""What residents are told: written with the change, sent until handed over, never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from issuer.bootstrap import Composition
from issuer.domain.access import Actor, Role
from issuer.domain.errors import IllegalTransition, NotFound, NotPermitted, StaleVersion
from issuer.domain.messages import Contact, Language, Message, MessageKind, Sent, Way
from issuer.domain.outbox import DeliveryState
from issuer.services.outbox_sending import LEASE
from issuer.storage.schema_messages import contacts, messages
from tests.messages.message_office import (
    BOTH,
    EMAIL,
    PHONE,
    Notebook,
    asked,
    messages_of,
    of,
    sending_by,
    tell,
)
from tests.offices import OPERATOR, VILLAGE, Clock

TEN_TRIES = [timedelta(minutes=m) for m in (1, 5, 15, 30)] + [
    timedelta(hours=h) for h in (1, 2, 4, 8, 24)
]


def test_both_addresses_are_told_once(telling: Composition) -> None:
    request = asked(telling)
    tell(telling, request)
    tell(telling, request)
    assert [m.state for m in of(telling, request)] == [DeliveryState.WAITING] * 2
    notebook = Notebook()
    worker = sending_by(telling, mail=notebook)
    assert worker.sweep() == 2
    assert worker.sweep() == 0
    told = {m.way: m.content for m in notebook.sent}
    assert {way: content and content.address for way, content in told.items()} == {
        Way.MAIL: EMAIL,
        Way.GATEWAY: PHONE,
    }
    assert {m.state for m in of(telling, request)} == {DeliveryState.DELIVERED}


def test_nothing_about_the_person_is_in_a_message(telling: Composition) -> None:
    request = asked(telling)
    for kind in MessageKind:
        tell(telling, request, kind, "400.12/1/2026")
    notebook = Notebook()
    sending_by(telling, mail=notebook).sweep()
    assert len(notebook.sent) == 2 * len(MessageKind)
    holder = request.holder
    for message in notebook.sent:
        assert message.content
        told = " ".join(
            (message.content.subject, message.content.body, *message.content.facts.values())
        )
        assert "https://surat.bojonegoro.example/" in told
        for secret in (holder.nik.value, holder.name, holder.address, request.id, request.purpose):
            assert secret not in told
        assert ("400.12/1/2026" in told) is (message.kind is MessageKind.ENDED)


def test_a_sensitive_type_keeps_its_neutral_title(telling: Composition) -> None:
    kinds = [kind for kind in telling.services.catalogue.all() if kind.sensitive]
    kind = next(k for k in kinds if k.public_title.id != k.title.id)
    request = asked(telling)
    tell(telling, replace(request, letter_type=kind.slug))
    notebook = Notebook()
    sending_by(telling, mail=notebook).sweep()
    for message in notebook.sent:
        assert message.content
        assert kind.title.id not in message.content.body
        assert kind.public_title.id in message.content.body


def test_a_type_that_exists_no_more_is_told_of_all_the_same(telling: Composition) -> None:
    request = asked(telling)
    tell(telling, replace(request, letter_type="sudah-tidak-ada"))
    notebook = Notebook()
    assert sending_by(telling, mail=notebook).sweep() == 2
    assert all(m.content and "sudah-tidak-ada" not in m.content.body for m in notebook.sent)


def test_english_is_written_to_who_asked_for_it(telling: Composition) -> None:
    request = asked(telling, Contact(EMAIL, "", Language.ENGLISH))
    tell(telling, request, MessageKind.RETURNED)
    notebook = Notebook()
    sending_by(telling, mail=notebook).sweep()
    (message,) = notebook.sent
    assert message.content
    assert message.content.subject == "Your request needs a correction"


def test_without_an_address_or_a_way_nothing_is_written(telling: Composition) -> None:
    nobody = asked(telling, Contact("", ""))
    tell(telling, nobody)
    assert of(telling, nobody) == []
    by_phone = asked(telling, Contact("", PHONE))
    with telling.register.writing() as uow:
        messages_of(telling, Way.MAIL).tell(uow, by_phone, MessageKind.ISSUED)
        uow.commit()
    assert of(telling, by_phone) == []


def test_an_office_without_a_way_writes_nothing(office: Composition) -> None:
    request = asked(office)
    with office.register.writing() as uow:
        office.services.messages.tell(uow, request, MessageKind.ISSUED)
        uow.commit()
    assert of(office, request) == []


def test_what_is_undone_is_not_told(telling: Composition) -> None:
    request = asked(telling)
    with telling.register.writing() as uow:
        messages_of(telling).tell(uow, request, MessageKind.REJECTED)
    assert of(telling, request) == []


def test_a_later_return_is_another_message(telling: Composition) -> None:
    request = asked(telling, Contact(EMAIL, ""))
    tell(telling, request, MessageKind.RETURNED)
    tell(telling, replace(request, version=request.version + 2), MessageKind.RETURNED)
    assert len(of(telling, request)) == 2


def test_ten_tries_in_two_days_then_it_is_dead(telling: Composition, clock: Clock) -> None:
    request = asked(telling, Contact(EMAIL, ""))
    tell(telling, request)
    notebook = Notebook([Sent.REFUSED] * 11)
    worker = sending_by(telling, mail=notebook)
    assert worker.sweep() == 1
    for wait in TEN_TRIES:
        clock.advance(wait - timedelta(seconds=1))
        assert worker.sweep() == 0, "not before its time"
        clock.advance(timedelta(seconds=1))
        assert worker.sweep() == 1
    assert len(notebook.sent) == 10
    assert len({(m.id, m.content and m.content.body) for m in notebook.sent}) == 1
    (row,) = of(telling, request)
    assert (row.state, row.tries, row.outcome) == (DeliveryState.DEAD, 10, Sent.REFUSED)


def test_a_refused_address_is_not_tried_again(telling: Composition, clock: Clock) -> None:
    request = asked(telling, Contact(EMAIL, ""))
    tell(telling, request)
    worker = sending_by(telling, mail=Notebook([Sent.ADDRESS_REFUSED]))
    worker.sweep()
    clock.advance(timedelta(days=1))
    assert worker.sweep() == 0
    assert of(telling, request)[0].state is DeliveryState.DEAD


def test_a_server_that_is_away_is_not_asked_for_every_message(
    telling: Composition, clock: Clock
) -> None:
    people = [asked(telling, Contact(EMAIL, "")) for _ in range(12)]
    for request in people:
        tell(telling, request)
    away = Notebook([Sent.NO_CONNECTION] * 12)
    assert sending_by(telling, mail=away).sweep() == 5
    clock.advance(timedelta(minutes=1))
    back = Notebook()
    assert sending_by(telling, mail=back).sweep() == 12
    assert {m.state for r in people for m in of(telling, r)} == {DeliveryState.DELIVERED}


def test_what_was_handed_over_is_forgotten(telling: Composition) -> None:
    request = asked(telling)
    tell(telling, request)
    sending_by(telling, mail=Notebook()).sweep()
    with telling.engine.connect() as connection:
        left = connection.execute(
            sa.select(messages.c.content).where(messages.c.request_id == request.id)
        )
        assert set(left.scalars()) == {None}


def test_no_address_lies_open_in_the_database(telling: Composition) -> None:
    request = asked(telling)
    tell(telling, request)
    with telling.engine.connect() as connection:
        rows = [
            *connection.execute(sa.select(contacts).where(contacts.c.request_id == request.id)),
            *connection.execute(sa.select(messages).where(messages.c.request_id == request.id)),
        ]
    assert len(rows) == 3
    stored = repr(rows)
    assert EMAIL not in stored
    assert PHONE not in stored


def test_an_operator_sends_a_dead_one_again(telling: Composition, clock: Clock) -> None:
    request = asked(telling, Contact(EMAIL, ""))
    tell(telling, request)
    dead = Notebook([Sent.ADDRESS_REFUSED])
    sending_by(telling, mail=dead).sweep()
    sending = telling.services.message_sending
    (row,) = of(telling, request)
    again = sending.resend(OPERATOR, row.id)
    assert (again.state, again.tries) == (DeliveryState.WAITING, 0)
    with pytest.raises(IllegalTransition):
        sending.resend(OPERATOR, row.id)
    well = Notebook()
    assert sending_by(telling, mail=well).sweep() == 1
    assert well.sent[0].content == dead.sent[0].content
    with pytest.raises(IllegalTransition):
        sending.resend(OPERATOR, row.id)
    with telling.register.reading() as uow:
        actions = [entry.event.action for entry in uow.audit.entries(request.id)]
    assert actions[-1] == "message.resent"


def test_a_killed_worker_s_messages_are_sent_by_another(telling: Composition, clock: Clock) -> None:
    request = asked(telling, Contact(EMAIL, ""))
    tell(telling, request)
    now = clock.now()
    with telling.register.writing() as uow:
        (taken,) = uow.messages.take("another", now, now + LEASE, 5)
        uow.commit()
    notebook = Notebook()
    worker = sending_by(telling, mail=notebook)
    assert worker.sweep() == 0
    clock.advance(LEASE)
    assert worker.sweep() == 1
    assert notebook.sent[0].id == taken.id
    with pytest.raises(StaleVersion), telling.register.writing() as uow:
        uow.messages.save(taken, taken.tried(Sent.REFUSED, clock.now()))
    assert of(telling, request)[0].state is DeliveryState.DELIVERED


def test_a_worker_that_comes_too_late_changes_nothing(telling: Composition, clock: Clock) -> None:
    request = asked(telling, Contact(EMAIL, ""))
    tell(telling, request)
    fast = sending_by(telling, mail=Notebook())

    class Slow(Notebook):
        def send(self, message: Message) -> Sent:
            clock.advance(LEASE)
            fast.sweep()
            return super().send(message)

    sending_by(telling, mail=Slow([Sent.TIMED_OUT])).sweep()
    (row,) = of(telling, request)
    assert (row.state, row.tries) == (DeliveryState.DELIVERED, 1)


def test_a_damaged_row_does_not_stand_in_the_way(telling: Composition) -> None:
    damaged, sound = (asked(telling, Contact(EMAIL, "")) for _ in range(2))
    for request in (damaged, sound):
        tell(telling, request)
    with telling.engine.begin() as connection:
        of_it = messages.c.request_id == damaged.id
        connection.execute(messages.update().where(of_it).values(content=b"not sealed"))
    assert sending_by(telling, mail=Notebook()).sweep() == 2
    assert of(telling, damaged)[0].outcome is Sent.RECORD_DAMAGED
    assert of(telling, sound)[0].state is DeliveryState.DELIVERED


def test_a_damaged_contact_does_not_keep_a_request_from_moving(telling: Composition) -> None:
    request = asked(telling)
    with telling.engine.begin() as connection:
        of_it = contacts.c.request_id == request.id
        connection.execute(contacts.update().where(of_it).values(content=b"not sealed"))
    tell(telling, request)
    rows = of(telling, request)
    assert {(m.state, m.outcome) for m in rows} == {(DeliveryState.DEAD, Sent.RECORD_DAMAGED)}
    with pytest.raises(IllegalTransition):
        telling.services.message_sending.resend(OPERATOR, rows[0].id)


def test_a_way_that_was_taken_away_is_named(telling: Composition) -> None:
    request = asked(telling)
    tell(telling, request)
    assert telling.services.message_sending.ways == {Way.MAIL}
    telling.services.message_sending.sweep()
    by_gateway, by_mail = of(telling, request)
    assert (by_gateway.state, by_gateway.outcome) == (DeliveryState.WAITING, Sent.NOT_SET_UP)
    assert (by_mail.state, by_mail.outcome) == (DeliveryState.WAITING, Sent.NO_CONNECTION)


def test_a_contact_is_replaced_and_removed(telling: Composition) -> None:
    request = asked(telling)
    with telling.register.writing() as uow:
        assert uow.contacts.find(request.id) == BOTH
        uow.contacts.save(request.id, Contact("", PHONE, Language.ENGLISH))
        assert uow.contacts.find(request.id) == Contact("", PHONE, Language.ENGLISH)
        uow.contacts.save(request.id, Contact("", ""))
        assert uow.contacts.find(request.id) is None
        uow.commit()
    with pytest.raises(NotFound), telling.register.reading() as uow:
        uow.messages.get("msg_unknown")


def test_an_agency_s_admin_sees_and_resends_its_own_alone(telling: Composition) -> None:
    request = asked(telling, Contact(EMAIL, ""))
    tell(telling, request)
    sending_by(telling, mail=Notebook([Sent.ADDRESS_REFUSED])).sweep()
    sending = telling.services.message_sending
    own = Actor("a", Role.AGENCY_ADMIN, VILLAGE)
    (row,) = [m for m in sending.listed(own, agency_code=VILLAGE) if m.request_id == request.id]
    assert row.content is None
    stranger = Actor("b", Role.AGENCY_ADMIN, "35.22.15.1001")
    clerk = Actor("c", Role.COUNTER, VILLAGE)
    for nobody in (stranger, clerk):
        with pytest.raises(NotPermitted):
            sending.listed(nobody, agency_code=VILLAGE)
        with pytest.raises(NotPermitted):
            sending.resend(nobody, row.id)
    with pytest.raises(NotPermitted):
        sending.listed(own)
    assert sending.of_request(clerk, request.id, VILLAGE) == [row]
    with pytest.raises(NotPermitted):
        sending.of_request(Actor("d", Role.COUNTER, "35.22.15.1001"), request.id, VILLAGE)
    sending.resend(own, row.id)
