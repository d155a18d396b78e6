"""Every aggregate comes back as it went in, whatever plain text and dates it holds."""

from __future__ import annotations

import string
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from issuer.domain.access import Role
from issuer.domain.audit import AuditEvent, first_broken
from issuer.domain.errors import CorruptStore, NotFound, StaleVersion
from issuer.domain.letter_request import RequestAction
from issuer.domain.mandate import MandateKind
from issuer.domain.numbers import SeriesKey
from issuer.domain.office import Agency, AgencyKind, Letterhead
from issuer.domain.people import Holder
from issuer.storage.register import SqlRegister
from tests.storage.storage_builders import (
    CODE,
    NOON,
    a_holder,
    a_letter,
    a_mandate,
    a_request,
    a_sign_in,
    a_signatory,
    add_agency,
    an_account,
    an_agency,
    an_event,
    fresh,
    issued,
    signing,
)

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
WEST = timezone(timedelta(hours=-11))
FIRST, LAST = datetime(1900, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001 - Hypothesis adds the zone
MOMENT = st.datetimes(min_value=FIRST, max_value=LAST, timezones=st.just(UTC))
DAY = st.dates()
OFTEN = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


@OFTEN
@given(
    kind=st.sampled_from(AgencyKind),
    text=TEXT,
    lines=st.lists(TEXT, min_size=2, max_size=3),
    pattern=st.none() | TEXT,
    code=st.integers(0, 9999),
)
def test_agency(
    shared_register: SqlRegister,
    kind: AgencyKind,
    text: str,
    lines: list[str],
    pattern: str | None,
    code: int,
) -> None:
    agency = Agency(
        code=f"35.22.16.{code:04}",
        name=text,
        kind=kind,
        parent_code=CODE,
        number_code=text,
        seat=text,
        letterhead=Letterhead(tuple(lines), text, text, text),
        number_pattern=pattern,
    )
    with shared_register.writing() as uow:
        uow.agencies.add(agency)
        assert uow.agencies.get(agency.code) == agency
        assert agency in uow.agencies.list()


def test_agencies_are_listed_by_code_on_both_databases(register: SqlRegister) -> None:
    # A locale would ignore the dots and sort 35.22.2 before 35.22.15.
    codes = ["35.22", "35.22.15", "35.22.16.0001", "35.23", "35.22.20"]
    with register.writing() as uow:
        for code in codes:
            uow.agencies.add(an_agency(code=code))
        assert [agency.code for agency in uow.agencies.list()] == sorted([*codes, CODE])


@OFTEN
@given(
    name=TEXT,
    nip=st.none() | TEXT,
    starts=DAY,
    ends=st.none() | DAY,
    types=st.none() | st.frozensets(TEXT),
    kind=st.sampled_from(MandateKind),
)
def test_signatory_and_mandate(
    shared_register: SqlRegister,
    name: str,
    nip: str | None,
    starts: date,
    ends: date | None,
    types: frozenset[str] | None,
    kind: MandateKind,
) -> None:
    posts = {
        MandateKind.ON_BEHALF: ("Camat", None),
        MandateKind.FOR_ON_BEHALF: ("Camat", "Sekretaris"),
    }
    principal, via = posts.get(kind, (None, None))
    signatory = a_signatory(name=name, nip=nip, rank=nip)
    mandate = a_mandate(
        signatory.id,
        kind=kind,
        principal=principal,
        via=via,
        position=name,
        starts_on=starts,
        ends_on=ends,
        letter_types=types,
    )
    with shared_register.writing() as uow:
        uow.signatories.add(signatory)
        uow.signatories.add_mandate(mandate)
        assert uow.signatories.get(signatory.id) == signatory
        assert signatory in uow.signatories.list()
        assert uow.signatories.mandates(signatory_id=signatory.id) == [mandate]
        assert mandate in uow.signatories.mandates(agency_code=CODE)


def test_mandates_are_listed_oldest_first_and_filtered(register: SqlRegister) -> None:
    one, other = a_signatory(), a_signatory()
    third = a_mandate(one.id, starts_on=date(2022, 1, 1))
    second = a_mandate(other.id, starts_on=date(2021, 1, 1))
    first = a_mandate(one.id, starts_on=date(2020, 1, 1))
    with register.writing() as uow:
        uow.signatories.add(one)
        uow.signatories.add(other)
        for mandate in (third, first, second):
            uow.signatories.add_mandate(mandate)
        assert uow.signatories.mandates() == [first, second, third]
        assert uow.signatories.mandates(signatory_id=one.id) == [first, third]
        assert uow.signatories.mandates(agency_code="35.22") == []


@OFTEN
@given(
    values=st.dictionaries(
        st.text(string.ascii_lowercase, max_size=10),
        TEXT | st.integers(-(2**53) + 1, 2**53 - 1),
        max_size=5,
    ),
    text=TEXT,
    at=MOMENT,
    born=DAY,
)
def test_request(
    shared_register: SqlRegister,
    values: dict[str, str | int],
    text: str,
    at: datetime,
    born: date,
) -> None:
    holder = a_holder(name=text, address=text, birth_date=born)
    request = a_request(holder=holder, fields=values, purpose=text, created_at_utc=at)
    changed = replace(request.after(RequestAction.SUBMIT), purpose=text + "!")
    with shared_register.writing() as uow:
        uow.requests.add(request)
        found = uow.requests.find(request.id)
        assert found == request
        assert found is not None
        assert found.holder.as_record() == request.holder.as_record()
        uow.requests.save(changed)
        assert uow.requests.find(request.id) == changed
        with pytest.raises(StaleVersion):
            uow.requests.save(changed)
        assert uow.requests.find("no such request") is None


def test_every_field_of_a_holder_is_stored(register: SqlRegister) -> None:
    request = a_request()
    with register.writing() as uow:
        uow.requests.add(request)
        found = uow.requests.find(request.id)
    assert found is not None
    for field in fields(Holder):
        assert getattr(found.holder, field.name) == getattr(request.holder, field.name)


@OFTEN
@given(
    purpose=TEXT,
    reserved=MOMENT,
    until=MOMENT,
    sequence=st.integers(1, 10**6),
    year=st.integers(2000, 10**6),
    worker=TEXT,
)
def test_letter(
    shared_register: SqlRegister,
    purpose: str,
    reserved: datetime,
    until: datetime,
    sequence: int,
    year: int,
    worker: str,
) -> None:
    request = a_request(purpose=purpose)
    series = SeriesKey(CODE, fresh("series"), year)
    letter = a_letter(request, sequence, series=series, reserved_at_utc=reserved)
    assert letter.lease is not None
    letter = replace(letter, lease=replace(letter.lease, worker=worker, until_utc=until))
    with shared_register.writing() as uow:
        uow.requests.add(request)
        uow.letters.add(letter)
        assert uow.letters.get(letter.id) == letter
        for changed in (being := signing(letter), issued(being)):
            uow.letters.save(changed)
            assert uow.letters.get(letter.id) == changed


@OFTEN
@given(
    full_name=TEXT,
    role=st.sampled_from(Role),
    active=st.booleans(),
    agency=st.sampled_from([None, CODE]),
    at=MOMENT,
)
def test_account_and_sign_in(
    shared_register: SqlRegister,
    full_name: str,
    role: Role,
    active: bool,
    agency: str | None,
    at: datetime,
) -> None:
    account = an_account(full_name=full_name, role=role, active=active, agency_code=agency)
    sign_in = a_sign_in(account.id, started_at_utc=at, expires_at_utc=at)
    with shared_register.writing() as uow:
        accounts = uow.accounts
        accounts.add(account)
        accounts.add_sign_in(sign_in)
        assert accounts.get(account.id) == account
        assert accounts.by_username(account.username) == account
        assert (account in accounts.list()) is (role is not Role.APPLICANT)
        assert accounts.find_sign_in(sign_in.token_sha256) == sign_in
        accounts.remove_sign_in(sign_in.token_sha256)
        accounts.remove_sign_in(sign_in.token_sha256)
        assert accounts.find_sign_in(sign_in.token_sha256) is None
        assert accounts.by_username("nobody") is None


@OFTEN
@given(
    facts=st.dictionaries(st.text(string.ascii_lowercase), TEXT | st.integers(-(2**53) + 1, 9)),
    subject=TEXT,
    at=MOMENT,
    zone=st.sampled_from([UTC, WEST]),
)
def test_audit_entry(
    shared_register: SqlRegister,
    facts: dict[str, str | int],
    subject: str,
    at: datetime,
    zone: timezone,
) -> None:
    event = AuditEvent(at.astimezone(zone), subject, "tried", subject, facts)
    with shared_register.writing() as uow:
        appended = uow.audit.append(event)
        assert appended.event == event
        assert appended in list(uow.audit.entries(subject))
        uow.commit()
    with shared_register.reading() as uow:
        assert first_broken(uow.audit.entries()) is None


def test_the_audit_trail_is_read_by_subject_and_in_order(register: SqlRegister) -> None:
    with register.writing() as uow:
        for n in range(1, 8):
            uow.audit.append(an_event(subject=f"letter-{n % 2}", facts={"n": n}))
        assert [e.position for e in uow.audit.entries()] == [1, 2, 3, 4, 5, 6, 7]
        assert [e.event.facts["n"] for e in uow.audit.entries("letter-0")] == [2, 4, 6]


def test_moments_are_aware_and_in_utc_and_keep_their_order(register: SqlRegister) -> None:
    early = datetime(2026, 1, 1, 6, 0, tzinfo=timezone(timedelta(hours=7)))
    requests = [a_request(created_at_utc=early + timedelta(microseconds=n)) for n in range(3)]
    with register.writing() as uow:
        for request in requests:
            uow.requests.add(request)
        stored = [uow.requests.find(request.id) for request in requests]
    moments = [request.created_at_utc for request in stored if request]
    assert moments == [r.created_at_utc for r in requests]
    assert [moment.isoformat() for moment in moments[:2]] == [
        "2025-12-31T23:00:00+00:00",
        "2025-12-31T23:00:00.000001+00:00",
    ]


def test_a_moment_without_a_zone_is_refused(register: SqlRegister) -> None:
    naive = NOON.replace(tzinfo=None)
    with register.writing() as uow, pytest.raises(CorruptStore) as caught:
        uow.requests.add(a_request(created_at_utc=naive))
    assert isinstance(caught.value.__cause__, ValueError)


def test_what_is_absent_is_not_found(register: SqlRegister) -> None:
    with register.reading() as uow:
        for get, kind in (
            (uow.agencies.get, "agency"),
            (uow.signatories.get, "signatory"),
            (uow.letters.get, "letter"),
            (uow.accounts.get, "account"),
        ):
            with pytest.raises(NotFound) as caught:
                get("nothing")
            assert (caught.value.kind, caught.value.key) == (kind, "nothing")


def test_the_same_agency_twice_is_refused(register: SqlRegister) -> None:
    with pytest.raises(StaleVersion):
        add_agency(register)
