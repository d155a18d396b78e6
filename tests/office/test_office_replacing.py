"""Replacing a letter: at every moment one of the two is in force, whatever is killed."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from issuer.bootstrap import Composition
from issuer.domain.access import Actor, Role
from issuer.domain.errors import (
    IllegalTransition,
    InvalidInput,
    IssuerError,
    KeyUnavailable,
    NotFound,
    NotPermitted,
    StaleVersion,
)
from issuer.domain.letter import Letter, LetterState
from issuer.domain.letter_request import RequestAction
from issuer.domain.verdict import Verdict
from issuer.services.reserving import LEASE
from tests.offices import (
    OPERATOR,
    VILLAGE,
    VILLAGE_HEAD,
    Clock,
    compose_office,
    example,
    issue,
    open_request,
    pdf_of,
    renew_lists,
    replace_letter,
)

ROOT = Path(__file__).parents[2]
ADMIN = Actor("admin-1", Role.AGENCY_ADMIN, VILLAGE)


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the program may catch it."""


def now_of(office: Composition, letter: Letter) -> Letter:
    return office.services.letters.one(OPERATOR, letter.id)


def states(office: Composition) -> list[LetterState]:
    return [letter.state for letter in office.services.letters.listed(OPERATOR)]


def test_the_old_letter_says_which_took_its_place(office: Composition, clock: Clock) -> None:
    old = issue(office, "usaha")
    clock.advance(timedelta(days=3))
    new = replace_letter(office, old, decided_by=ADMIN, reason="Nama usaha salah tulis")
    assert states(office) == [LetterState.SUPERSEDED, LetterState.ISSUED]
    ended = now_of(office, old)
    assert ended.replaced_by == new.number
    assert ended.ending is not None
    assert ended.ending.reason == "Nama usaha salah tulis"
    assert ended.ending.actor_id == ADMIN.id
    verifier = office.services.verifier
    for answer in (
        verifier.by_file(pdf_of(office, old)),
        verifier.by_qr(old.qr_text or ""),
        verifier.by_number(old.number, old.verification_code),
    ):
        assert answer.verdict is Verdict.SUPERSEDED
        assert answer.letter is not None
        assert answer.letter.replaced_by == new.number
        assert answer.letter.revocation_reason == "Nama usaha salah tulis"
    # What the reader is told can be looked up with the new letter's code.
    found = verifier.by_number(new.number, new.verification_code)
    assert found.verdict is Verdict.VALID
    assert verifier.by_file(pdf_of(office, new)).verdict is Verdict.VALID
    renew_lists(office)
    assert list(office.selfcheck.run()) == []


def test_the_audit_trail_has_both_ends_and_who_decided(office: Composition) -> None:
    old = issue(office)
    new = replace_letter(office, old, decided_by=ADMIN)
    with office.register.reading() as uow:
        events = [entry.event for entry in uow.audit.entries()]
    (ended,) = [event for event in events if event.action == "letter.superseded"]
    assert (ended.actor_id, ended.subject) == (ADMIN.id, old.id)
    assert ended.facts == {"number": old.number, "replaced_by": new.number}


def test_a_chain_of_replacements_leaves_the_last_in_force(office: Composition) -> None:
    first = issue(office)
    second = replace_letter(office, first)
    third = replace_letter(office, second)
    expected = [LetterState.SUPERSEDED, LetterState.SUPERSEDED, LetterState.ISSUED]
    assert states(office) == expected
    assert now_of(office, first).replaced_by == second.number
    assert now_of(office, second).replaced_by == third.number


# --- refused before a number is taken ---------------------------------------------


def test_what_has_ended_is_not_replaced(office: Composition) -> None:
    revoked, superseded = issue(office), issue(office)
    office.services.letters.revoke(OPERATOR, revoked.id, "Salah alamat")
    replace_letter(office, superseded)
    for letter in (revoked, superseded):
        with pytest.raises(IllegalTransition):
            replace_letter(office, letter)
    assert len(states(office)) == 3


@pytest.mark.parametrize("reason", ["", " ", "x" * 301, "a\x00b"])
def test_without_a_printable_reason_nothing_is_replaced(office: Composition, reason: str) -> None:
    old = issue(office)
    with pytest.raises(InvalidInput):
        replace_letter(office, old, reason=reason)
    assert states(office) == [LetterState.ISSUED]


@pytest.mark.parametrize(
    "decider",
    [
        Actor("clerk", Role.COUNTER, VILLAGE),
        Actor("stranger", Role.AGENCY_ADMIN, "35.22.15.1001"),
        Actor("auditor", Role.AUDITOR, None),
    ],
)
def test_only_who_may_revoke_may_decide(office: Composition, decider: Actor) -> None:
    old = issue(office)
    with pytest.raises(NotPermitted):
        replace_letter(office, old, decided_by=decider)
    assert states(office) == [LetterState.ISSUED]


def test_whoever_may_revoke_but_not_issue_replaces_nothing_himself(office: Composition) -> None:
    old = issue(office)
    order = office.services.intake.check("domisili", VILLAGE, example(office))
    with pytest.raises(NotPermitted):
        office.services.letters.replace(ADMIN, old.id, order, "x", VILLAGE_HEAD, origin="test")
    assert states(office) == [LetterState.ISSUED]


def test_another_type_is_another_letter(office: Composition) -> None:
    old = issue(office, "usaha")
    order = office.services.intake.check("domisili", VILLAGE, example(office))
    with pytest.raises(InvalidInput):
        office.services.letters.replace(OPERATOR, old.id, order, "x", VILLAGE_HEAD, origin="test")
    with pytest.raises(NotFound):
        office.services.letters.replace(OPERATOR, "0" * 32, order, "x", VILLAGE_HEAD, origin="test")
    assert states(office) == [LetterState.ISSUED]


def test_without_a_key_the_old_letter_stays(office: Composition, office_folder: Path) -> None:
    old = issue(office)
    (office_folder / "keys" / "private" / f"{VILLAGE_HEAD}.key").unlink()
    with pytest.raises(KeyUnavailable):
        replace_letter(office, old)
    assert states(office) == [LetterState.ISSUED]


# --- between the two -----------------------------------------------------------------


def test_revoked_meanwhile_the_new_number_is_voided(
    office: Composition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever revokes is sure of it: no replacement comes after."""
    old = issue(office)
    put = type(office.services.issuance._files).put

    def meanwhile(self: Any, data: bytes) -> str:
        office.services.letters.revoke(OPERATOR, old.id, "Palsu")
        return put(self, data)

    monkeypatch.setattr(type(office.services.issuance._files), "put", meanwhile)
    with pytest.raises(IllegalTransition):
        replace_letter(office, old)
    assert states(office) == [LetterState.REVOKED, LetterState.VOIDED]
    assert list(office.selfcheck.run()) == []


_KILLED_IN = {
    "render": ("_room.renderer", "render"),
    "lint": ("_room.letters", "prepare"),
    "sign": ("_room.letters", "sign"),
    "store": ("_files", "put"),
}


@pytest.mark.parametrize("step", _KILLED_IN)
@pytest.mark.parametrize("revoked", [False, True])
def test_killed_in_a_step_the_old_letter_is_in_force_until_recovery(
    office: Composition, office_folder: Path, clock: Clock, step: str, revoked: bool
) -> None:
    old = issue(office)
    owner, method = _KILLED_IN[step]
    target: Any = office.services.issuance
    for part in owner.split("."):
        target = getattr(target, part)

    def killed(*_arguments: object, **_named: object) -> Any:
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(target), method, killed)
        with pytest.raises(Killed):
            replace_letter(office, old)
    assert now_of(office, old).state is LetterState.ISSUED
    with pytest.raises(StaleVersion):  # a second one would take the same place
        replace_letter(office, old)
    if revoked:
        office.services.letters.revoke(OPERATOR, old.id, "Palsu")
    clock.advance(LEASE + timedelta(seconds=1))
    next_run = compose_office(office_folder, clock)
    recovered = next_run.recovery.run()
    if revoked:
        assert (len(recovered.finished), len(recovered.voided)) == (0, 1)
        assert states(next_run) == [LetterState.REVOKED, LetterState.VOIDED]
    else:
        assert (len(recovered.finished), len(recovered.voided)) == (1, 0)
        assert states(next_run) == [LetterState.SUPERSEDED, LetterState.ISSUED]
        assert now_of(next_run, old).ending is not None
    assert list(next_run.selfcheck.run()) == []
    next_run.close()


@pytest.mark.parametrize("commits", [1, 2, 3, 4])
def test_killed_after_any_commit_exactly_one_is_in_force(
    office: Composition, office_folder: Path, clock: Clock, commits: int
) -> None:
    """After the request, the reservation, the announcement, the completion."""
    old = issue(office)
    with office.register.reading() as uow:
        transaction: Any = type(uow)
    commit, done = transaction.commit, 0

    def commit_and_die(self: Any) -> None:
        nonlocal done
        commit(self)
        done += 1
        if done == commits:
            raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transaction, "commit", commit_and_die)
        with pytest.raises(Killed):
            replace_letter(office, old)
    assert states(office).count(LetterState.ISSUED) == 1
    clock.advance(LEASE + timedelta(seconds=1))
    next_run = compose_office(office_folder, clock)
    next_run.recovery.run()
    assert states(next_run).count(LetterState.ISSUED) == 1
    started = commits > 1
    assert now_of(next_run, old).state == (
        LetterState.SUPERSEDED if started else LetterState.ISSUED
    )
    assert list(next_run.selfcheck.run()) == []
    next_run.close()


def test_a_request_withdrawn_while_its_letter_is_signed_has_no_letter(
    office: Composition, office_folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Step 8 saves the request as it was reserved; its version refuses another's change."""
    request_id = open_request(office)
    put = type(office.services.issuance._files).put

    def meanwhile(self: Any, data: bytes) -> str:
        with office.register.writing() as uow:
            request = uow.requests.find(request_id)
            assert request is not None
            uow.requests.save(request.after(RequestAction.CANCEL))
            uow.commit()
        return put(self, data)

    with monkeypatch.context() as patch:
        patch.setattr(type(office.services.issuance._files), "put", meanwhile)
        with pytest.raises(StaleVersion):
            office.services.issuance.issue(OPERATOR, request_id, VILLAGE_HEAD)
    assert states(office) == [LetterState.SIGNING]
    clock.advance(LEASE + timedelta(seconds=1))
    next_run = compose_office(office_folder, clock)
    assert len(next_run.recovery.run().voided) == 1
    assert states(next_run) == [LetterState.VOIDED]
    next_run.close()


# --- two at once, and many, on either database ------------------------------------------


def test_two_at_once_exactly_one_wins(shared_office: Path) -> None:
    offices = [compose_office(shared_office, Clock()) for _ in range(2)]
    old = issue(offices[0])
    at_once = threading.Barrier(2)
    ended: list[type[IssuerError] | None] = []

    def take_the_place(office: Composition) -> None:
        at_once.wait()
        try:
            replace_letter(office, old)
        except IssuerError as error:
            ended.append(type(error))
        else:
            ended.append(None)

    threads = [threading.Thread(target=take_the_place, args=[office]) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended.count(None) == 1
    assert set(ended) <= {None, StaleVersion, IllegalTransition}
    letters = list(offices[0].services.letters.listed(OPERATOR))
    in_force = [letter for letter in letters if letter.state is LetterState.ISSUED]
    assert [letter.number for letter in in_force] == [now_of(offices[0], old).replaced_by]
    assert list(offices[0].selfcheck.run()) == []
    for office in offices:
        office.close()


def test_killed_at_random_every_first_letter_has_one_heir(shared_office: Path) -> None:
    first, replacements = 6, 50
    office = compose_office(shared_office, Clock())
    for _ in range(first):
        issue(office)
    office.close()
    stage = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.office.replacing_stage",
            str(shared_office),
            str(replacements),
            "3522",
        ],
        check=False,
        capture_output=True,
        text=True,
        timeout=600,
        cwd=ROOT,
    )
    assert stage.returncode == 0, stage.stderr
    assert int(stage.stdout) >= 12, "too few kills to say anything"
    office = compose_office(shared_office, Clock())
    office.recovery.run()
    letters = list(office.services.letters.listed(OPERATOR))
    by_state = Counter(letter.state for letter in letters)
    assert set(by_state) <= {LetterState.ISSUED, LetterState.SUPERSEDED, LetterState.VOIDED}
    assert by_state[LetterState.ISSUED] == first
    assert by_state[LetterState.SUPERSEDED] >= replacements
    heirs = [letter.replaced_by for letter in letters if letter.replaced_by is not None]
    assert len(heirs) == len(set(heirs)) == by_state[LetterState.SUPERSEDED]
    with_file = {letter.number for letter in letters if letter.pdf is not None}
    assert set(heirs) <= with_file
    assert list(office.selfcheck.run()) == []
    office.close()


def test_selfcheck_sees_a_letter_superseded_by_nothing(office: Composition) -> None:
    old = issue(office)
    replace_letter(office, old)
    with office.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS letters_stay_issued")
        connection.exec_driver_sql(
            "UPDATE letters SET replaced_by = 'x' WHERE replaced_by IS NOT NULL"
        )
    (finding,) = office.selfcheck.run()
    assert (finding.subject, finding.code) == (old.number, "superseded_by_nothing")
