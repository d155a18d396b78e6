"""Many letters by one PIN: what is signed, what is not, and what is told of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa

from issuer.bootstrap import Composition
from issuer.domain.access import Actor, Role
from issuer.domain.accounts import Account
from issuer.domain.errors import InvalidInput, NotFound, NotPermitted, TooManyAttempts
from issuer.domain.letter import LetterState
from issuer.domain.letter_request import RequestState
from issuer.domain.limits import MINUTES_15
from issuer.domain.presence import Pin
from issuer.domain.signing_batches import (
    BatchState,
    Chosen,
    ItemState,
    OnError,
    Order,
    Progress,
    SigningBatch,
)
from issuer.domain.verdict import Verdict
from issuer.services.batches import BatchView
from tests.officers.officer_office import (
    BY_PIN,
    BY_WRONG_PIN,
    OTHER_PIN,
    PIN,
    a_mandate,
    an_officer,
    chosen,
    give,
    waiting,
)
from tests.offices import DISTRICT, DISTRICT_HEAD, OPERATOR, VILLAGE, Clock, compose_office, pdf_of

LURAH = "lurah-3522151001"
LETTERS = 100


def sign(
    office: Composition,
    officer: Actor,
    letters: list[Chosen],
    *,
    batch_id: str = "batch",
    pin: str = PIN,
    endorser: str | None = None,
    on_error: OnError = OnError.CONTINUE,
) -> BatchView:
    """Sign, wait until it is done, and return what the officer is shown."""
    batches = office.services.batches
    batches.begin(officer, Order(batch_id, letters, endorser, on_error), Pin(pin))
    office.background.finish()
    return batches.one(officer, batch_id)


def actions(office: Composition) -> Counter[str]:
    with office.register.reading() as uow:
        return Counter(entry.event.action for entry in uow.audit.entries())


def test_a_hundred_letters_by_one_pin_and_one_that_cannot_be(office: Composition) -> None:
    give(office, a_mandate(LURAH, only="domisili"))
    officer = an_officer(office, LURAH)
    letters = waiting(office, LETTERS - 1)
    letters.insert(50, *waiting(office, slug="usaha"))
    view = sign(office, officer, letters)
    assert view.progress == Progress(signed=LETTERS - 1, failed=1, waiting=0)
    assert view.batch.state is BatchState.DONE
    assert not view.interrupted
    (failed,) = [row for row in view.rows if row.item.state is ItemState.FAILED]
    assert (failed.item.position, failed.item.outcome) == (51, "no_mandate")
    assert failed.request.state is RequestState.AWAITING_SIGNATURE
    issued = list(office.services.letters.listed(OPERATOR))
    assert [letter.sequence for letter in issued] == list(range(1, LETTERS))
    assert {letter.record.signer.id for letter in issued} == {LURAH}
    for row in view.rows[:3]:
        letter = office.services.letters.by_number(OPERATOR, row.number or "")
        assert office.services.verifier.by_file(pdf_of(office, letter)).verdict is Verdict.VALID
        assert letter.request_id == row.request.id
    assert actions(office)["batch.begun"] == actions(office)["batch.done"] == 1
    assert list(office.selfcheck.run()) == []


@pytest.mark.parametrize("on_error", OnError)
def test_one_error_stops_the_rest_or_does_not(office: Composition, on_error: OnError) -> None:
    officer = an_officer(office)
    letters = waiting(office, 4)
    # Somebody else signs the second one at the moment its turn comes.
    really = office.services.batches._sign
    calls = []

    def sign_too(actor, batch, item):  # type: ignore[no-untyped-def]
        calls.append(item.position)
        if item.position == 2:
            office.services.issuance.issue(OPERATOR, item.request_id, DISTRICT_HEAD)
        return really(actor, batch, item)

    give(office, a_mandate(DISTRICT_HEAD))
    office.services.batches._sign = sign_too  # type: ignore[method-assign]
    view = sign(office, officer, letters, on_error=on_error)
    if on_error is OnError.CONTINUE:
        assert view.progress == Progress(signed=3, failed=1, waiting=0)
        assert view.batch.state is BatchState.DONE
        return
    assert view.progress == Progress(signed=1, failed=1, waiting=2)
    assert view.batch.state is BatchState.STOPPED
    assert view.interrupted
    with pytest.raises(InvalidInput):
        office.services.batches.go_on(officer, "batch", BY_WRONG_PIN)
    office.services.batches.go_on(officer, "batch", BY_PIN)
    office.background.finish()
    view = office.services.batches.one(officer, "batch")
    assert view.progress == Progress(signed=3, failed=1, waiting=0)
    assert calls == [1, 2, 3, 4]


def test_the_same_form_twice_is_one_batch(office: Composition) -> None:
    officer = an_officer(office)
    letters = waiting(office, 2)
    first = sign(office, officer, letters)
    again = sign(office, officer, letters)
    assert first.batch == again.batch
    assert len(list(office.services.letters.listed(OPERATOR))) == 2
    assert actions(office)["batch.begun"] == 1


def test_a_letter_that_i_signed_already_is_that_letter(office: Composition) -> None:
    officer = an_officer(office)
    letters = waiting(office, 1)
    with office.register.reading() as uow:
        version = letters[0].version
        assert uow.requests.find(letters[0].request_id)
    office.services.batches.begin(officer, Order("one", letters), BY_PIN)
    office.background.finish()
    with pytest.raises(InvalidInput) as refused:
        sign(office, officer, [replace(letters[0], version=version)], batch_id="two")
    assert [problem.code for problem in refused.value.problems] == ["nothing_to_sign"]


def test_what_changed_since_it_was_looked_at_is_not_signed(office: Composition) -> None:
    officer = an_officer(office)
    seen = waiting(office, 2)
    old = replace(seen[0], version=seen[0].version - 1)
    view = sign(office, officer, [old, seen[1]])
    assert [row.item.outcome for row in view.rows] == ["stale_version", None]


def test_a_mandate_that_ends_between_preview_and_signature(
    office: Composition, clock: Clock
) -> None:
    give(office, a_mandate(LURAH, until=date(2026, 11, 24)))
    officer = an_officer(office, LURAH)
    letters = waiting(office, 2)
    assert [row.item.state for row in office.services.proposals.propose(officer, letters)] == [
        ItemState.WAITING,
        ItemState.WAITING,
    ]
    clock.advance(timedelta(days=1))
    with pytest.raises(InvalidInput):
        sign(office, officer, letters)
    assert not list(office.services.letters.listed(OPERATOR))


def test_another_mandate_than_the_one_agreed_to_signs_nothing(office: Composition) -> None:
    officer = an_officer(office)
    letters = waiting(office, 3)
    really = office.services.batches._sign

    def change_mandate(actor, batch, item):  # type: ignore[no-untyped-def]
        if item.position == 2:
            give(office, a_mandate(batch.signatory_id))
        return really(actor, batch, item)

    office.services.batches._sign = change_mandate  # type: ignore[method-assign]
    view = sign(office, officer, letters)
    assert [row.item.outcome for row in view.rows] == [None, "no_mandate", "no_mandate"]


def test_a_role_that_is_withdrawn_meanwhile_signs_nothing_more(office: Composition) -> None:
    officer = an_officer(office)
    letters = waiting(office, 3)
    really = office.services.batches._sign

    def dismiss(actor, batch, item):  # type: ignore[no-untyped-def]
        if item.position == 2:
            with office.register.writing() as uow:
                was = uow.accounts.get(actor.id)
                fields = {name: getattr(was, name) for name in was.__dataclass_fields__}
                uow.accounts.save(Account(**{**fields, "role": Role.REVIEWER}))
                uow.commit()
        return really(actor, batch, item)

    office.services.batches._sign = dismiss  # type: ignore[method-assign]
    view = sign(office, officer, letters)
    assert [row.item.outcome for row in view.rows] == [None, "not_permitted", "not_permitted"]


def test_letters_that_the_district_endorses(office: Composition) -> None:
    officer = an_officer(office)
    kinds = [kind.slug for kind in office.services.catalogue.all() if kind.endorsed_by_district]
    letters = [*waiting(office, 1), *waiting(office, 1, slug=kinds[0])]
    proposed = office.services.proposals.propose(officer, letters)
    assert [row.item.outcome for row in proposed] == [None, "no_endorser"]
    with pytest.raises(InvalidInput) as refused:
        sign(office, officer, letters)
    assert refused.value.problems[0].where == "endorser"
    view = sign(office, officer, letters, endorser=DISTRICT_HEAD)
    assert view.progress == Progress(signed=2, failed=0, waiting=0)
    records = [
        office.services.letters.by_number(OPERATOR, row.number or "").record for row in view.rows
    ]
    assert records[0].endorser is None
    assert records[1].endorser is not None
    assert records[1].endorser.id == DISTRICT_HEAD


def test_no_officer_signs_for_another_agency_or_as_somebody_else(office: Composition) -> None:
    officer = an_officer(office)
    letters = waiting(office, 1)
    stranger = an_officer(office, DISTRICT_HEAD, DISTRICT, "camat", OTHER_PIN)
    with pytest.raises(NotPermitted):
        sign(office, stranger, letters, pin=OTHER_PIN)
    with pytest.raises(NotPermitted):
        office.services.issuance.issue(officer, letters[0].request_id, DISTRICT_HEAD)
    with pytest.raises(NotFound):
        sign(office, officer, [Chosen("nothing", 1, "")])
    clerk = Actor("clerk", Role.COUNTER, VILLAGE)
    with pytest.raises(NotPermitted):
        sign(office, clerk, letters)
    assert not list(office.services.letters.listed(OPERATOR))


def test_a_batch_is_its_officer_s_alone(office: Composition) -> None:
    officer = an_officer(office)
    sign(office, officer, waiting(office, 1))
    stranger = an_officer(office, DISTRICT_HEAD, VILLAGE, "camat", OTHER_PIN)
    with pytest.raises(NotFound):
        office.services.batches.one(stranger, "batch")
    with pytest.raises(NotFound):
        office.services.batches.go_on(stranger, "batch", BY_WRONG_PIN)
    assert office.services.batches.recent(stranger) == []
    assert len(office.services.batches.recent(officer)) == 1


@pytest.mark.parametrize("count", [0, 201])
def test_none_and_too_many_are_refused(office: Composition, count: int) -> None:
    officer = an_officer(office)
    with pytest.raises(InvalidInput):
        sign(office, officer, [Chosen(f"{number}", 4, "") for number in range(count)])


def test_five_wrong_pins_meet_the_limit_and_a_right_one_waits(
    office: Composition, clock: Clock
) -> None:
    officer = an_officer(office)
    letters = waiting(office, 1)
    for _ in range(5):
        with pytest.raises(InvalidInput) as refused:
            sign(office, officer, letters, pin=OTHER_PIN)
        assert refused.value.problems[0].code == "wrong_pin"
    for pin in (OTHER_PIN, PIN):
        with pytest.raises(TooManyAttempts):
            sign(office, officer, letters, pin=pin)
    assert not list(office.services.letters.listed(OPERATOR))
    assert actions(office)["officer.wrong_pin"] == 5
    clock.advance(MINUTES_15)
    assert sign(office, officer, letters).progress.signed == 1


def test_right_pins_are_not_counted(office: Composition) -> None:
    officer = an_officer(office)
    for number in range(7):
        sign(office, officer, waiting(office, 1), batch_id=f"batch-{number}")


def test_a_pin_is_changed_with_the_old_one(office: Composition) -> None:
    officers, officer = office.services.officers, an_officer(office)
    with pytest.raises(InvalidInput):
        officers.change_pin(officer, OTHER_PIN, "731904", "731904")
    with pytest.raises(InvalidInput):
        officers.change_pin(officer, PIN, "111111", "111111")
    officers.change_pin(officer, PIN, OTHER_PIN, OTHER_PIN)
    with pytest.raises(InvalidInput):
        officers.prove(officer, PIN)
    assert officers.prove(officer, OTHER_PIN).account_id == officer.id


def test_an_account_that_is_no_signatory_s_is_not_linked(office: Composition) -> None:
    office.services.accounts.create(
        username="petugas",
        password="kata-sandi-contoh",
        full_name="Petugas Contoh",
        role=Role.COUNTER,
        agency_code=VILLAGE,
    )
    with pytest.raises(InvalidInput):
        office.services.officers.link(OPERATOR, "petugas", LURAH, PIN)
    officer = an_officer(office)
    with pytest.raises(NotPermitted):
        office.services.officers.link(officer, "pejabat", LURAH, PIN)


def test_the_pin_stands_nowhere(
    office: Composition, office_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pin = "295038471629"
    officer = an_officer(office, pin=pin)
    sign(office, officer, waiting(office, 2), pin=pin)
    with office.engine.connect() as connection:
        for table in sa.inspect(connection).get_table_names():
            for row in connection.execute(sa.select(sa.text("*")).select_from(sa.table(table))):
                assert pin not in repr(tuple(row)), table
    assert pin not in caplog.text
    for path in office_folder.rglob("*"):
        if path.is_file():
            assert pin.encode() not in path.read_bytes(), path


def together(office: Composition, barrier: Barrier) -> None:
    """Let a batch of this office wait, before its first letter, for the other one."""
    really = office.services.batches._work

    def work(actor: Actor, batch: SigningBatch) -> None:
        barrier.wait()
        really(actor, batch)

    office.services.batches._work = work  # type: ignore[method-assign]


def test_two_officers_at_once_and_exactly_one_signs_each_letter(shared_office: Path) -> None:
    first, second = (compose_office(shared_office, Clock()) for _ in range(2))
    give(first, a_mandate(LURAH))
    one = an_officer(first)
    other = an_officer(first, LURAH, VILLAGE, "pejabat-lain", OTHER_PIN)
    letters = chosen(first, [row.request_id for row in waiting(first, 20)])
    both_have_begun = Barrier(2, timeout=60)
    for office in (first, second):
        together(office, both_have_begun)
    first.services.batches.begin(one, Order("one", letters), BY_PIN)
    second.services.batches.begin(other, Order("other", letters[::-1]), BY_WRONG_PIN)
    first.background.finish()
    second.background.finish()
    views = [
        first.services.batches.one(one, "one"),
        first.services.batches.one(other, "other"),
    ]
    assert sum(view.progress.signed for view in views) == 20
    assert sum(view.progress.failed for view in views) == 20
    assert {row.item.outcome for view in views for row in view.rows} == {None, "stale_version"}
    mine = {row.request.id for row in views[0].rows if row.item.state is ItemState.SIGNED}
    theirs = {row.request.id for row in views[1].rows if row.item.state is ItemState.SIGNED}
    assert not mine & theirs
    found = list(first.services.letters.listed(OPERATOR))
    assert [letter.sequence for letter in found] == list(range(1, 21))
    assert {letter.state for letter in found} == {LetterState.ISSUED}
    for office in (first, second):
        office.close()
