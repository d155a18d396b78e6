"""Letters signed by passkey: exactly what was asked about, once, by whom it was asked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from threading import Barrier
from typing import Any

import pytest

from issuer.bootstrap import Composition
from issuer.domain.errors import InvalidInput, NotFound, TooManyAttempts
from issuer.domain.limits import MINUTES_15
from issuer.domain.passkeys import CHALLENGE_TIME
from issuer.domain.presence import PasskeyAnswer
from issuer.domain.signing_batches import BatchState, Order, Progress
from issuer.domain.verdict import Verdict
from tests.accounts.soft_passkey import PRESENT, encoded
from tests.officers.changes_in_between import CHANGES, LURAH
from tests.officers.officer_office import (
    BY_PIN,
    BY_WRONG_PIN,
    PIN,
    a_mandate,
    an_officer,
    give,
    waiting,
)
from tests.officers.passkey_officer import (
    PasskeyOfficer,
    a_passkey_officer,
    clock_of,
    last_event,
    refused,
    stopped,
)
from tests.offices import (
    DISTRICT,
    DISTRICT_HEAD,
    OPERATOR,
    VILLAGE_HEAD,
    Clock,
    compose_office,
    founded_on,
    pdf_of,
)

_NEW = count()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composition]:
    """An office for the module, on either database; each test makes its own officer."""
    with founded_on(request.param, tmp_path_factory.mktemp("passkeys") / "office") as folder:
        composition = compose_office(folder, Clock())
        give(composition, a_mandate(LURAH, DISTRICT))
        yield composition
        composition.close()


@pytest.fixture
def officer(office: Composition) -> PasskeyOfficer:
    return a_passkey_officer(office)


def test_three_letters_are_signed_by_one_passkey(
    office: Composition, officer: PasskeyOfficer
) -> None:
    order = officer.order(waiting(office, 3))
    options = officer.asked(order)
    assert [one["id"] for one in options["allowCredentials"]] == [
        encoded(officer.device.credential_id)
    ]
    batch = office.services.batches.begin(officer.actor, order, officer.answers(options))
    office.background.finish()
    view = office.services.batches.one(officer.actor, batch.id)
    assert view.progress == Progress(signed=3, failed=0, waiting=0)
    for row in view.rows:
        letter = office.services.letters.by_number(OPERATOR, row.number or "")
        assert office.services.verifier.by_file(pdf_of(office, letter)).verdict is Verdict.VALID
    begun = last_event(office, "batch.begun")
    assert (begun["presence"], begun["passkey"]) == ("passkey", officer.passkey.id)
    assert officer.passkey.last_used_at_utc == office.services.clock.now()


def test_a_pin_is_as_good_and_the_trail_says_which(
    office: Composition, officer: PasskeyOfficer
) -> None:
    office.services.batches.begin(officer.actor, officer.order(waiting(office)), BY_PIN)
    office.background.finish()
    assert last_event(office, "batch.begun")["presence"] == "pin"
    assert "passkey" not in last_event(office, "batch.begun")


def test_an_officer_without_a_pin_signs_by_passkey_alone(
    office: Composition, officer: PasskeyOfficer
) -> None:
    username = officer.held.account.username
    office.services.officers.link(OPERATOR, username, VILLAGE_HEAD, None)
    order = officer.order(waiting(office))
    for _ in range(6):
        assert refused(officer, order, BY_PIN) == "no_pin"
    with pytest.raises(InvalidInput):
        office.services.officers.change_pin(officer.actor, "", PIN, PIN)
    answer = officer.answers(officer.asked(order))
    office.services.batches.begin(officer.actor, order, answer)
    office.background.finish()
    assert office.services.batches.one(officer.actor, order.batch_id).progress.signed == 1


# --- bound to what was shown ---------------------------------------------------------------


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_anything_else_than_was_asked_about_is_not_signed(
    office: Composition,
    officer: PasskeyOfficer,
    change: Callable[[PasskeyOfficer, Order], Order],
) -> None:
    kinds = [kind.slug for kind in office.services.catalogue.all() if kind.endorsed_by_district]
    letters = [*waiting(office, 2), *waiting(office, 1, kinds[0])]
    order = officer.order(letters, DISTRICT_HEAD)
    answer = officer.answers(officer.asked(order))
    issued = len(list(office.services.letters.listed(OPERATOR)))
    changed = change(officer, order)
    assert refused(officer, changed, answer) == "changed_since_asked"
    office.background.finish()
    assert len(list(office.services.letters.listed(OPERATOR))) == issued
    facts = last_event(office, "officer.agreed_to_something_else")
    assert facts["passkey"] == officer.passkey.id
    # The answer is used up, even for what it was given for.
    assert refused(officer, order, answer) == "wrong_passkey"


def test_another_certificate_is_not_what_was_asked_about(
    office: Composition, officer: PasskeyOfficer, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = officer.order(waiting(office, 2))
    answer = officer.answers(officer.asked(order))

    class Renewed:
        def check_keys(self, *_: object) -> tuple[str, None]:
            return "0" * 64, None

    monkeypatch.setattr(office.services.proposals, "_room", Renewed())
    assert refused(officer, order, answer) == "changed_since_asked"


def test_one_that_could_not_be_signed_is_not_signed_because_it_now_could(
    office: Composition, officer: PasskeyOfficer
) -> None:
    (first, second) = waiting(office, 2)
    stale = replace(second, version=second.version - 1)
    order = officer.order([first, stale])
    answer = officer.answers(officer.asked(order))
    assert refused(officer, replace(order, chosen=[first, second]), answer) == "changed_since_asked"


# --- once, here, and for this --------------------------------------------------------------


def test_the_same_form_and_answer_twice_are_one_batch(
    office: Composition, officer: PasskeyOfficer
) -> None:
    order = officer.order(waiting(office, 2))
    answer, batches = officer.answers(officer.asked(order)), office.services.batches
    meeting = Barrier(2, timeout=60)

    def send() -> str:
        meeting.wait()
        return batches.begin(officer.actor, order, answer).id

    with ThreadPoolExecutor(2) as both:
        assert {one.result() for one in [both.submit(send), both.submit(send)]} == {order.batch_id}
    office.background.finish()
    assert batches.one(officer.actor, order.batch_id).progress == Progress(2, 0, 0)
    with office.register.reading() as uow:
        subjects = [one.event for one in uow.audit.entries() if one.event.subject == order.batch_id]
    assert Counter(event.action for event in subjects) == {"batch.begun": 1, "batch.done": 1}


def test_an_answer_belongs_to_the_session_that_was_asked(
    office: Composition, officer: PasskeyOfficer
) -> None:
    order = officer.order(waiting(office))
    sent = officer.answers(officer.asked(order)).sent
    elsewhere = PasskeyAnswer(sent, officer.again().sign_in.token_sha256)
    assert refused(officer, order, elsewhere) == "wrong_passkey"


def test_a_question_waits_five_minutes(office: Composition, officer: PasskeyOfficer) -> None:
    order = officer.order(waiting(office))
    answer = officer.answers(officer.asked(order))
    clock_of(office).advance(CHALLENGE_TIME)
    assert refused(officer, order, answer) == "wrong_passkey"


def test_what_signs_in_does_not_sign_and_what_signs_does_not_sign_in(
    office: Composition, officer: PasskeyOfficer
) -> None:
    passkeys, order = office.services.passkeys, officer.order(waiting(office))
    to_sign_in = officer.answers(json.loads(passkeys.ask_again(officer.held)))
    assert refused(officer, order, to_sign_in) == "wrong_passkey"
    to_sign = officer.answers(officer.asked(order))
    with pytest.raises(InvalidInput):
        passkeys.prove(officer.held, to_sign.sent)


def test_nobody_signs_by_somebody_else_s_passkey(
    office: Composition, officer: PasskeyOfficer
) -> None:
    other = a_passkey_officer(office)
    order = officer.order(waiting(office))
    theirs = other.device.show(officer.asked(order), uninvited=True)
    answer = PasskeyAnswer(theirs, officer.held.sign_in.token_sha256)
    assert refused(officer, order, answer) == "wrong_passkey"
    options = other.asked(replace(order, batch_id="theirs"))
    answer = officer.answers(options, uninvited=True)
    assert refused(officer, order, answer) == "wrong_passkey"


WRONG: dict[str, dict[str, Any]] = {
    "nobody was asked who he is": {"flags": PRESENT},
    "another site": {"origin": "https://surat.bojonegoro.example.evil.example"},
    "altered": {"tamper": True},
    "a challenge of its own": {"challenge": encoded(b"c" * 48)},
    "a count that falls": {"count": 0},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_an_answer_that_is_not_as_it_should_be_signs_nothing(
    office: Composition, officer: PasskeyOfficer, wrong: dict[str, Any]
) -> None:
    order = officer.order(waiting(office))
    officer.device.count = 7
    office.services.batches.begin(officer.actor, order, officer.answers(officer.asked(order)))
    order = officer.order(waiting(office))
    answer = officer.answers(officer.asked(order), **wrong)
    assert refused(officer, order, answer) == "wrong_passkey"
    if "count" in wrong:
        assert last_event(office, "account.passkey_count_fell")["passkey"] == officer.passkey.id
    office.background.finish()


def test_wrong_answers_and_wrong_pins_are_tries_under_one_limit(
    office: Composition, officer: PasskeyOfficer
) -> None:
    order, batches = officer.order(waiting(office)), office.services.batches
    # What changed in between is nobody's try.
    for _ in range(5):
        answer = officer.answers(officer.asked(order))
        other = officer.order(order.chosen)
        assert refused(officer, other, answer) == "changed_since_asked"
    for _ in range(3):
        answer = officer.answers(officer.asked(order), tamper=True)
        assert refused(officer, order, answer) == "wrong_passkey"
    asked = officer.asked(order)
    for _ in range(2):
        assert refused(officer, order, BY_WRONG_PIN) == "wrong_pin"
    for presence in (BY_PIN, officer.answers(asked)):
        with pytest.raises(TooManyAttempts):
            batches.begin(officer.actor, order, presence)
    with pytest.raises(TooManyAttempts):
        officer.asked(order)
    clock_of(office).advance(MINUTES_15)
    batches.begin(officer.actor, order, officer.answers(officer.asked(order)))
    office.background.finish()


def test_without_a_passkey_nobody_is_asked_for_any(office: Composition) -> None:
    actor = an_officer(office, username=f"tanpa-passkey-{next(_NEW)}")
    with pytest.raises(InvalidInput) as error:
        office.services.batches.ask(actor, Order("none", waiting(office)), "0" * 64)
    assert error.value.problems[0].code == "no_passkey"


# --- going on ------------------------------------------------------------------------------


def test_a_batch_that_stopped_goes_on_by_passkey(
    office: Composition, officer: PasskeyOfficer, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id, batches = stopped(officer, monkeypatch).batch_id, office.services.batches
    answer = officer.answers(officer.asked_to_go_on(batch_id))
    for _ in range(2):
        batches.go_on(officer.actor, batch_id, answer)
        office.background.finish()
    assert batches.one(officer.actor, batch_id).progress == Progress(2, 1, 0)
    with pytest.raises(InvalidInput):
        officer.asked_to_go_on(batch_id)
    resumed = last_event(office, "batch.resumed")
    assert (resumed["presence"], resumed["passkey"]) == ("passkey", officer.passkey.id)


def test_going_on_is_asked_about_as_well(
    office: Composition, officer: PasskeyOfficer, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches = office.services.batches
    first, second = (stopped(officer, monkeypatch) for _ in range(2))
    beginning = officer.order(waiting(office))

    def still_stopped(presence: PasskeyAnswer, code: str) -> None:
        with pytest.raises(InvalidInput) as error:
            batches.go_on(officer.actor, first.batch_id, presence)
        assert error.value.problems[0].code == code
        view = batches.one(officer.actor, first.batch_id)
        assert (view.batch.state, view.progress.signed) == (BatchState.STOPPED, 0)

    of_another_batch = officer.answers(officer.asked_to_go_on(second.batch_id))
    still_stopped(of_another_batch, "changed_since_asked")
    still_stopped(of_another_batch, "wrong_passkey")
    still_stopped(officer.answers(officer.asked(beginning)), "changed_since_asked")
    before = officer.answers(officer.asked_to_go_on(first.batch_id))
    with office.register.writing() as uow:
        batch = uow.batches.find(first.batch_id)
        assert batch is not None
        item = uow.batches.items(first.batch_id)[-1].failed("not_permitted")
        uow.batches.save(replace(batch, version=batch.version + 1), item)
        uow.commit()
    still_stopped(before, "changed_since_asked")
    with pytest.raises(NotFound):
        a_passkey_officer(office).asked_to_go_on(first.batch_id)
