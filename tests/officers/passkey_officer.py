"""An officer with a passkey of his own, who is asked by it before he signs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import cbor2
import pytest

from issuer.bootstrap import Composition
from issuer.domain.access import Actor
from issuer.domain.accounts import Account
from issuer.domain.errors import InvalidInput, NotFound
from issuer.domain.passkeys import NewKey, Passkey
from issuer.domain.presence import PasskeyAnswer, Presence
from issuer.domain.signing_batches import BatchState, Chosen, OnError, Order
from issuer.services.sessions import Held
from tests.accounts.soft_passkey import SoftPasskey, encoded
from tests.officers.officer_office import an_officer, waiting
from tests.offices import BASE_URL, VILLAGE, VILLAGE_HEAD, Clock

_HOST = BASE_URL.removeprefix("https://")
_NEW = count()


@dataclass
class PasskeyOfficer:
    """Somebody who signs, his session, and the device that holds his passkey."""

    office: Composition
    actor: Actor
    held: Held
    device: SoftPasskey

    @property
    def passkey(self) -> Passkey:
        """Return what the office keeps of it."""
        (one,) = self.office.services.passkeys.listed(self.held)
        return one

    def order(
        self, letters: Sequence[Chosen], endorser: str | None = None, on_error: str = "continue"
    ) -> Order:
        """Return a form with these letters and an id of its own."""
        return Order(f"batch-{next(_NEW)}", letters, endorser, OnError(on_error))

    def asked(self, order: Order) -> dict[str, Any]:
        """Return what the browser is asked before this begins."""
        session = self.held.sign_in.token_sha256
        question = self.office.services.batches.ask(self.actor, order, session)
        return dict(json.loads(question.options))

    def asked_to_go_on(self, batch_id: str) -> dict[str, Any]:
        """Return what the browser is asked before a batch goes on."""
        session = self.held.sign_in.token_sha256
        question = self.office.services.batches.ask_to_go_on(self.actor, batch_id, session)
        return dict(json.loads(question.options))

    def answers(self, options: dict[str, Any], **wrong: Any) -> PasskeyAnswer:
        """Return what the device says to that, in this session."""
        return PasskeyAnswer(self.device.show(options, **wrong), self.held.sign_in.token_sha256)

    def again(self) -> Held:
        """Return a second session of the same person."""
        return signed_in(self.office, self.held.account)


def a_passkey_officer(office: Composition, signatory: str = VILLAGE_HEAD) -> PasskeyOfficer:
    """Make an officer who has a passkey, and is signed in."""
    actor = an_officer(office, signatory, VILLAGE, f"pejabat-{next(_NEW)}")
    device = SoftPasskey(BASE_URL, _HOST, user_handle=encoded(actor.id.encode()))
    key = NewKey(encoded(device.credential_id), cbor2.dumps(device.cose()), 0)
    passkey = Passkey(actor.id, actor.id, "HP saya", key, office.services.clock.now())
    with office.register.writing() as uow:
        uow.passkeys.add(passkey)
        account = uow.accounts.get(actor.id)
        uow.commit()
    return PasskeyOfficer(office, actor, signed_in(office, account), device)


def signed_in(office: Composition, account: Account) -> Held:
    """Return a fresh session."""
    sessions = office.services.sessions
    with office.register.writing() as uow:
        token = sessions.begin(uow, account, "HP")
        uow.commit()
    return sessions.held_by(token)


def clock_of(office: Composition) -> Clock:
    """Return the office's clock, to be moved."""
    clock = office.services.clock
    assert isinstance(clock, Clock)
    return clock


def refused(officer: PasskeyOfficer, order: Order, presence: Presence) -> str:
    """Say why it was refused; nothing was begun by it."""
    batches = officer.office.services.batches
    with pytest.raises(InvalidInput) as error:
        batches.begin(officer.actor, order, presence)
    with pytest.raises(NotFound):
        batches.one(officer.actor, order.batch_id)
    return error.value.problems[0].code


def last_event(office: Composition, action: str) -> dict[str, Any]:
    """Return the facts of the trail's last entry of this kind."""
    with office.register.reading() as uow:
        found = [one.event for one in uow.audit.entries() if one.event.action == action]
    return dict(found[-1].facts)


def stopped(officer: PasskeyOfficer, monkeypatch: pytest.MonkeyPatch) -> Order:
    """Begin a batch of three by passkey that stops at its first letter."""
    office = officer.office
    order = officer.order(waiting(office, 3), on_error="stop")
    answer = officer.answers(officer.asked(order))
    with monkeypatch.context() as patched:
        failing = lambda _actor, _batch, item: item.failed("no_mandate")  # noqa: E731
        patched.setattr(office.services.batches, "_sign", failing)
        office.services.batches.begin(officer.actor, order, answer)
        office.background.finish()
    view = office.services.batches.one(officer.actor, order.batch_id)
    assert view.batch.state is BatchState.STOPPED
    return order
