"""Every step that people are told of is told by the office itself, and by no other step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from issuer.bootstrap import Composition
from issuer.domain.access import Actor, Role
from issuer.domain.errors import StaleVersion
from issuer.domain.handling import Handling
from issuer.domain.letter import LetterState
from issuer.domain.letter_request import LetterRequest, RequestAction, RequestState
from issuer.domain.messages import TOLD, Contact, MessageKind
from issuer.storage.audit_trail import SqlAudit
from tests.messages.message_office import EMAIL, Notebook, asked, of, sending_by
from tests.offices import OPERATOR, VILLAGE, VILLAGE_HEAD, Clock, open_request, replace_letter

ONLY_MAIL = Contact(EMAIL, "")
CLERK = Actor("petugas-1", Role.COUNTER, VILLAGE)
HEAD = Actor("kades", Role.SIGNATORY, VILLAGE)


def kinds(office: Composition, request: LetterRequest) -> list[str]:
    return sorted(message.kind for message in of(office, request))


def submitted(office: Composition) -> LetterRequest:
    """Return a request that is back at its beginning, its person known."""
    request = asked(office, ONLY_MAIL)
    casework = office.services.casework
    returned = casework.return_(HEAD, request.id, request.version, "foto kurang jelas")
    return casework.submit(OPERATOR, request.id, returned.version)


def test_what_is_told_of_each_step() -> None:
    told: Mapping[RequestAction, MessageKind] = {
        RequestAction.SUBMIT: MessageKind.RECEIVED,
        RequestAction.RETURN: MessageKind.RETURNED,
        RequestAction.REJECT: MessageKind.REJECTED,
        RequestAction.CANCEL: MessageKind.CANCELLED,
        RequestAction.LAPSE: MessageKind.LAPSED,
        RequestAction.ISSUE: MessageKind.ISSUED,
    }
    assert told == TOLD
    assert set(TOLD.values()) | {MessageKind.ENDED} == set(MessageKind)


def test_returned_corrected_and_rejected(telling: Composition) -> None:
    request = submitted(telling)
    assert request.state is RequestState.SUBMITTED
    assert kinds(telling, request) == [MessageKind.RECEIVED, MessageKind.RETURNED]
    telling.services.casework.reject(CLERK, request.id, request.version, "bukan warga desa")
    assert kinds(telling, request) == [
        MessageKind.RECEIVED,
        MessageKind.REJECTED,
        MessageKind.RETURNED,
    ]
    notebook = Notebook()
    sending_by(telling, mail=notebook).sweep()
    words = " ".join(m.content.body for m in notebook.sent if m.content)
    assert "bukan warga" not in words
    assert "foto kurang" not in words


def test_a_form_sent_twice_is_told_once(telling: Composition) -> None:
    request = asked(telling, ONLY_MAIL)
    for _ in range(2):
        telling.services.casework.return_(HEAD, request.id, request.version, "kurang")
    assert kinds(telling, request) == [MessageKind.RETURNED]


def test_the_office_s_own_steps_are_not_told(telling: Composition) -> None:
    request = submitted(telling)
    before = kinds(telling, request)
    casework = telling.services.casework
    reviewed = casework.review(CLERK, request.id, request.version)
    casework.forward(CLERK, request.id, reviewed.version)
    assert kinds(telling, request) == before


def test_cancelled_at_the_counter(telling: Composition) -> None:
    request = asked(telling, ONLY_MAIL)
    for _ in range(2):
        telling.services.casework.cancel(CLERK, request.id, request.version, "pindah ke Tuban")
    assert kinds(telling, request) == [MessageKind.CANCELLED]
    notebook = Notebook()
    sending_by(telling, mail=notebook).sweep()
    (told,) = notebook.sent
    assert told.content
    assert "Tuban" not in told.content.body


def test_lapsed_after_it_was_returned(telling: Composition, clock: Clock) -> None:
    request = asked(telling, ONLY_MAIL)
    telling.services.casework.return_(HEAD, request.id, request.version, "kurang")
    clock.advance(Handling().patience)
    for _ in range(3):
        clock.advance(timedelta(days=1))
        open_request(telling)
    assert telling.services.casework.lapse() >= 1
    assert kinds(telling, request) == [MessageKind.LAPSED, MessageKind.RETURNED]


def test_a_message_is_not_there_without_the_step(
    telling: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = asked(telling, ONLY_MAIL)

    def broken(*_arguments: object) -> None:
        raise StaleVersion

    with monkeypatch.context() as patch:
        patch.setattr(SqlAudit, "append", broken)
        with pytest.raises(StaleVersion):
            telling.services.casework.return_(HEAD, request.id, request.version, "kurang")
    assert kinds(telling, request) == []


def test_issued_while_the_mail_server_is_down_then_revoked(telling: Composition) -> None:
    request = asked(telling, ONLY_MAIL)
    letter = telling.services.issuance.issue(OPERATOR, request.id, VILLAGE_HEAD)
    assert letter.state is LetterState.ISSUED
    assert telling.services.message_sending.sweep() == 1, "tried, and nobody listens"
    assert kinds(telling, request) == [MessageKind.ISSUED]
    telling.services.letters.revoke(OPERATOR, letter.id, "salah data")
    assert kinds(telling, request) == [MessageKind.ENDED, MessageKind.ISSUED]
    notebook = Notebook()
    sending_by(telling, mail=notebook).sweep()
    (told,) = notebook.sent
    assert told.content
    assert letter.number in told.content.body
    assert "salah data" not in told.content.body


def test_who_had_the_old_letter_is_told_that_another_took_its_place(telling: Composition) -> None:
    request = asked(telling, ONLY_MAIL)
    old = telling.services.issuance.issue(OPERATOR, request.id, VILLAGE_HEAD)
    replace_letter(telling, old)
    assert kinds(telling, request) == [MessageKind.ENDED, MessageKind.ISSUED]
