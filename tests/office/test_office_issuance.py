"""The issuance cycle: what it refuses before a number, what it voids, what survives a crash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from issuer.bootstrap import Composition
from issuer.domain.access import Actor, Role
from issuer.domain.errors import (
    IllegalTransition,
    KeyUnavailable,
    NoMandate,
    NotFitToSign,
    NotFound,
    NotPermitted,
    StaleVersion,
)
from issuer.domain.letter import LetterState
from issuer.domain.letter_request import RequestAction, RequestState
from issuer.domain.verdict import Verdict
from issuer.services.reserving import LEASE
from tests.offices import (
    DISTRICT,
    OPERATOR,
    VILLAGE,
    VILLAGE_HEAD,
    WARD,
    Clock,
    compose_office,
    issue,
    open_request,
    pdf_of,
    renew_lists,
)


class Killed(BaseException):
    """Stands for SIGKILL: nothing in the program may catch it."""


def series(office: Composition) -> list[tuple[int, LetterState]]:
    """Every number of the register with its state."""
    listed = office.services.letters.listed(OPERATOR)
    return [(letter.sequence, letter.state) for letter in listed]


@pytest.mark.parametrize("slug", ["domisili", "tidak-mampu", "usaha"])
def test_a_letter_of_each_type_is_valid_in_every_way(office: Composition, slug: str) -> None:
    letter = issue(office, slug)
    verifier = office.services.verifier
    assert letter.state is LetterState.ISSUED
    assert letter.qr_text is not None
    assert verifier.by_file(pdf_of(office, letter)).verdict is Verdict.VALID
    assert verifier.by_qr(letter.qr_text).verdict is Verdict.VALID
    assert verifier.by_number(letter.number, letter.verification_code).verdict is Verdict.VALID
    assert list(office.selfcheck.run()) == []


def test_numbers_run_from_one_in_each_series(office: Composition) -> None:
    numbers = [issue(office).sequence for _ in range(3)]
    ward = issue(office, "domisili", WARD, "lurah-3522151001")
    assert numbers == [1, 2, 3]
    assert ward.sequence == 1
    assert ward.series.agency_code == WARD


@pytest.mark.parametrize(
    ("at_utc", "year"),
    [
        (datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, 17, 30, tzinfo=UTC), 2027),
    ],
)
def test_half_past_midnight_on_new_year_belongs_to_the_new_year(
    office: Composition, clock: Clock, at_utc: datetime, year: int
) -> None:
    clock.at_utc = at_utc
    renew_lists(office)
    letter = issue(office)
    assert letter.series.year == year
    assert letter.number.endswith(f"/{year}")
    assert letter.record.issued_on.year == year


def test_the_first_letter_of_the_new_year_is_number_one(office: Composition, clock: Clock) -> None:
    clock.at_utc = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    renew_lists(office)
    assert [issue(office).sequence, issue(office).sequence] == [1, 2]
    clock.advance(timedelta(hours=1, minutes=30))
    assert issue(office).sequence == 1


def test_a_request_sent_twice_is_one_letter(office: Composition) -> None:
    request_id = open_request(office)
    first = office.services.issuance.issue(OPERATOR, request_id, VILLAGE_HEAD)
    second = office.services.issuance.issue(OPERATOR, request_id, VILLAGE_HEAD)
    assert first.id == second.id
    assert series(office) == [(1, LetterState.ISSUED)]


def test_a_letter_follows_its_request_to_issued(office: Composition) -> None:
    request_id = open_request(office)
    office.services.issuance.issue(OPERATOR, request_id, VILLAGE_HEAD)
    with office.register.reading() as uow:
        request = uow.requests.find(request_id)
        actions = [e.event.action for e in uow.audit.entries()]
    assert request is not None
    assert request.state is RequestState.ISSUED
    assert actions == [
        "request.submit",
        "request.review",
        "request.forward",
        "letter.reserved",
        "letter.signing",
        "letter.issued",
    ]


# --- refused before a number is taken ---------------------------------------------


def _unknown_signatory(office: Composition) -> None:
    office.services.issuance.issue(OPERATOR, open_request(office), "kades-0000000000")


def _other_agency(office: Composition) -> None:
    office.services.issuance.issue(OPERATOR, open_request(office), "lurah-3522151001")


def _unknown_request(office: Composition) -> None:
    office.services.issuance.issue(OPERATOR, "0" * 32, VILLAGE_HEAD)


def _clerk_of_another_agency(office: Composition) -> None:
    clerk = Actor("clerk", Role.COUNTER, WARD)
    office.services.issuance.issue(clerk, open_request(office), VILLAGE_HEAD)


def _cancelled(office: Composition) -> None:
    request_id = open_request(office)
    with office.register.writing() as uow:
        request = uow.requests.find(request_id)
        assert request is not None
        uow.requests.save(request.after(RequestAction.CANCEL))
        uow.commit()
    office.services.issuance.issue(OPERATOR, request_id, VILLAGE_HEAD)


@pytest.mark.parametrize(
    ("attempt", "error"),
    [
        (_unknown_signatory, NotFound),
        (_other_agency, NoMandate),
        (_unknown_request, NotFound),
        (_clerk_of_another_agency, NotPermitted),
        (_cancelled, IllegalTransition),
    ],
)
def test_refused_before_a_number_is_taken(
    office: Composition, attempt: Callable[[Composition], None], error: type[Exception]
) -> None:
    with pytest.raises(error):
        attempt(office)
    assert series(office) == []


def test_no_number_for_an_expired_certificate(office: Composition, clock: Clock) -> None:
    request_id = open_request(office)
    clock.advance(timedelta(days=1096))
    renew_lists(office)
    with pytest.raises(KeyUnavailable, match="outside_its_dates"):
        office.services.issuance.issue(OPERATOR, request_id, VILLAGE_HEAD)
    assert series(office) == []


def test_no_number_when_the_mandate_has_ended(office: Composition, clock: Clock) -> None:
    with office.register.writing() as uow:
        mandate = uow.signatories.mandates(signatory_id=VILLAGE_HEAD)[0]
    request_id = open_request(office)
    clock.at_utc = datetime.combine(mandate.starts_on, datetime.min.time(), UTC) - timedelta(days=2)
    with pytest.raises(NoMandate):
        office.services.issuance.issue(OPERATOR, request_id, VILLAGE_HEAD)
    assert series(office) == []


@pytest.mark.parametrize("damage", ["missing", "readable by others", "garbage"])
def test_no_number_without_a_usable_key(
    office: Composition, office_folder: Path, damage: str
) -> None:
    key = office_folder / "keys" / "private" / f"{VILLAGE_HEAD}.key"
    if damage == "missing":
        key.unlink()
    elif damage == "garbage":
        key.write_bytes(b"\x00" * 100)
    else:
        key.chmod(0o644)
    request_id = open_request(office)
    with pytest.raises(KeyUnavailable):
        office.services.issuance.issue(OPERATOR, request_id, VILLAGE_HEAD)
    assert series(office) == []


# --- voided after a number was taken ----------------------------------------------


def _put(office: Composition, name: str, replacement: Any) -> None:
    """Put something else in the place of one port of the signing room."""
    room = replace(office.services.issuance._room, **{name: replacement})
    office.services.issuance._room = room


class _BlindDecoder:
    def decode_modules(self, _modules: object) -> str | None:
        return None


def test_a_qr_that_cannot_be_read_back_voids_the_number(office: Composition) -> None:
    _put(office, "decoder", _BlindDecoder())
    with pytest.raises(NotFitToSign) as refused:
        issue(office)
    assert refused.value.findings == ("qr_does_not_read",)
    assert series(office) == [(1, LetterState.VOIDED)]
    assert list(office.selfcheck.run()) == []


def test_a_voided_request_gets_a_new_number(office: Composition, office_folder: Path) -> None:
    request_id = open_request(office)
    _put(office, "decoder", _BlindDecoder())
    with pytest.raises(NotFitToSign):
        office.services.issuance.issue(OPERATOR, request_id, VILLAGE_HEAD)
    again = compose_office(office_folder, Clock())
    letter = again.services.issuance.issue(OPERATOR, request_id, VILLAGE_HEAD)
    assert letter.sequence == 2
    assert series(office) == [(1, LetterState.VOIDED), (2, LetterState.ISSUED)]


# --- killed between the steps -------------------------------------------------------


def _killed(*_arguments: object, **_named: object) -> Any:
    raise Killed


_KILLED_IN = {
    "render": ("_room.renderer", "render"),
    "lint": ("_room.letters", "prepare"),
    "sign": ("_room.letters", "sign"),
    "verify": ("_room.validator", "validate"),
    "store": ("_files", "put"),
}


@pytest.mark.parametrize("step", _KILLED_IN)
def test_killed_in_a_step_and_recovered_the_letter_is_issued(
    office: Composition, office_folder: Path, clock: Clock, step: str, monkeypatch: Any
) -> None:
    owner, method = _KILLED_IN[step]
    target: Any = office.services.issuance
    for part in owner.split("."):
        target = getattr(target, part)
    with monkeypatch.context() as patch:
        patch.setattr(type(target), method, _killed)
        with pytest.raises(Killed):
            issue(office)
    ((_, left_in),) = series(office)
    assert left_in in (LetterState.RESERVED, LetterState.SIGNING)
    next_run = compose_office(office_folder, clock)
    assert next_run.recovery.run().finished == ()  # its process may still be alive
    clock.advance(LEASE + timedelta(seconds=1))
    assert len(next_run.recovery.run().finished) == 1
    assert series(office) == [(1, LetterState.ISSUED)]
    assert list(next_run.selfcheck.run()) == []
    letter = next(office.services.letters.listed(OPERATOR))
    verdict = office.services.verifier.by_file(pdf_of(office, letter)).verdict
    assert verdict is Verdict.VALID


def test_recovered_the_next_day_the_number_is_voided(
    office: Composition, office_folder: Path, clock: Clock, monkeypatch: Any
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(type(office.services.issuance._room.letters), "sign", _killed)
        with pytest.raises(Killed):
            issue(office)
    clock.advance(timedelta(days=1))
    recovered = compose_office(office_folder, clock).recovery.run()
    assert len(recovered.voided) == 1
    letter = next(office.services.letters.listed(OPERATOR))
    assert letter.ending is not None
    assert letter.ending.reason == "interrupted"
    assert issue(office).sequence == 2


def test_a_process_that_wakes_up_after_its_letter_was_taken_over_writes_nothing(
    office: Composition, office_folder: Path, clock: Clock, monkeypatch: Any
) -> None:
    """The slow process signs, but another one has finished the letter meanwhile."""
    other = compose_office(office_folder, clock)
    real_put = type(office.services.issuance._files).put

    def slow_put(self: Any, data: bytes) -> str:
        if self is office.services.issuance._files:
            clock.advance(LEASE + timedelta(seconds=1))
            assert len(other.recovery.run().finished) == 1
        return real_put(self, data)

    monkeypatch.setattr(type(office.services.issuance._files), "put", slow_put)
    with pytest.raises(StaleVersion):
        issue(office)
    assert series(office) == [(1, LetterState.ISSUED)]
    assert list(other.selfcheck.run()) == []


def test_two_at_once_on_one_request_the_second_is_told(
    office: Composition, office_folder: Path, clock: Clock, monkeypatch: Any
) -> None:
    request_id = open_request(office)
    other = compose_office(office_folder, clock)
    real = type(office.services.issuance._room.letters).prepare

    def meanwhile(self: Any, *arguments: Any) -> Any:
        with pytest.raises(StaleVersion):
            other.services.issuance.issue(OPERATOR, request_id, VILLAGE_HEAD)
        return real(self, *arguments)

    monkeypatch.setattr(type(office.services.issuance._room.letters), "prepare", meanwhile)
    office.services.issuance.issue(OPERATOR, request_id, VILLAGE_HEAD)
    assert series(office) == [(1, LetterState.ISSUED)]


def test_a_district_signs_in_each_of_its_forms(office: Composition) -> None:
    people = office.services.letters.signatories(DISTRICT)
    assert len(people) >= 3
    assert VILLAGE not in {mandate.agency_code for _, mandate in people}
