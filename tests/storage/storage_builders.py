"""Aggregates with good defaults, one keyword to change, and invented people only."""

from __future__ import annotations

import hashlib
import itertools
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from issuer.domain.access import Role
from issuer.domain.accounts import Account, SignIn
from issuer.domain.audit import AuditEvent
from issuer.domain.letter import Ending, Lease, Letter, LetterAction, LetterState, StoredPdf
from issuer.domain.letter_request import LetterRequest
from issuer.domain.mandate import Mandate, MandateKind, Signatory
from issuer.domain.numbers import SeriesKey
from issuer.domain.office import Agency, AgencyKind, Letterhead
from issuer.domain.people import Holder, Nik, Sex
from issuer.domain.ports import UnitOfWork
from issuer.domain.record import LetterRecord
from issuer.storage.database import open_engine
from issuer.storage.lookup import SqlLookup
from issuer.storage.register import SqlRegister
from issuer.storage.sealing import RowCipher
from tests.records import a_record

DATA_KEY = bytes(range(32))
NOON = datetime(2026, 3, 2, 5, 0, 0, 123456, tzinfo=UTC)
NIK = "3522990101900001"
NAME = "Sulastri Contohwati"
CODE = "35.22.15.2001"
_counter = itertools.count(1)


class SystemRandom:
    """``Random`` by the operating system."""

    def token_bytes(self, count: int) -> bytes:
        return secrets.token_bytes(count)

    def below(self, limit: int) -> int:
        return secrets.randbelow(limit)


def cipher(key: bytes = DATA_KEY) -> RowCipher:
    return RowCipher(key, SystemRandom())


@contextmanager
def opened(url: str) -> Iterator[SqlRegister]:
    """A register whose connections are closed at the end."""
    engine = open_engine(url)
    yield SqlRegister(engine, cipher())
    engine.dispose()


@contextmanager
def looking_up(url: str) -> Iterator[SqlLookup]:
    """A lookup whose connections are closed at the end."""
    engine = open_engine(url)
    yield SqlLookup(engine, cipher())
    engine.dispose()


def add_agency(register: SqlRegister) -> None:
    with register.writing() as uow:
        uow.agencies.add(an_agency())
        uow.commit()


def fresh(word: str) -> str:
    return f"{word}-{next(_counter)}"


def an_agency(**changes: Any) -> Agency:
    agency = Agency(
        code=CODE,
        name="Desa Contoh",
        kind=AgencyKind.VILLAGE,
        parent_code=None,
        number_code="35.22.15.2001",
        seat="Contoh",
        letterhead=Letterhead(
            lines=("PEMERINTAH KABUPATEN BOJONEGORO", "DESA CONTOH"),
            address="Jalan Contoh 1",
            contact="surel@contoh.example",
        ),
    )
    return replace(agency, **changes)


def a_signatory(**changes: Any) -> Signatory:
    number = next(_counter)
    signatory = Signatory(
        id=f"signatory-{number}",
        number=number,
        name="Bambang Misal",
        nip="197001011990011001",
        rank="Penata",
        key_id="key-1",
    )
    return replace(signatory, **changes)


def a_mandate(signatory_id: str, **changes: Any) -> Mandate:
    mandate = Mandate(
        id=fresh("mandate"),
        signatory_id=signatory_id,
        agency_code=CODE,
        kind=MandateKind.DEFINITIVE,
        position="Kepala Desa Contoh",
        principal=None,
        via=None,
        decree_number="188/1/KEP/2026",
        starts_on=date(2026, 1, 1),
        ends_on=None,
    )
    return replace(mandate, **changes)


def a_holder(**changes: Any) -> Holder:
    holder = Holder(
        nik=Nik(NIK),
        name=NAME,
        birth_place="Bojonegoro",
        birth_date=date(1990, 1, 1),
        sex=Sex.MALE,
        religion="Islam",
        marital_status="Kawin",
        occupation="Petani",
        nationality="WNI",
        address="Dusun Contoh RT 1 RW 2",
    )
    return replace(holder, **changes)


def a_request(**changes: Any) -> LetterRequest:
    request = LetterRequest(
        id=fresh("request"),
        letter_type="domisili",
        agency_code=CODE,
        holder=a_holder(),
        fields={"since": 2019, "note": "dua • tiga"},
        purpose="mengurus rekening",
        origin="counter",
        created_by="clerk-1",
        created_at_utc=NOON,
    )
    return replace(request, **changes)


def a_letter(request: LetterRequest, sequence: int, **changes: Any) -> Letter:
    letter_id = fresh("letter")
    series = changes.get("series", SeriesKey(request.agency_code, "umum", 2026))
    number = changes.pop(
        "number", f"470/{sequence}/{series.series}/{series.agency_code}/{series.year}"
    )
    letter = Letter(
        id=letter_id,
        request_id=request.id,
        series=series,
        sequence=sequence,
        number=number,
        verification_code="ABCDEFGHJKMN",
        status_index=next(_counter),
        record=record_of(request, letter_id, number),
        state=LetterState.RESERVED,
        reserved_at_utc=NOON,
        lease=Lease("host:1:1", NOON + timedelta(minutes=5)),
    )
    return replace(letter, **changes)


def record_of(request: LetterRequest, letter_id: str, number: str) -> LetterRecord:
    return a_record(
        letter_id=letter_id,
        type_slug=request.letter_type,
        number=number,
        agency_code=request.agency_code,
        holder=request.holder.as_record(),
        fields=request.fields,
        purpose=request.purpose,
        issued_on=date(2026, 3, 2),
        expires_on=date(2026, 9, 2),
    )


def signing(letter: Letter) -> Letter:
    return replace(
        letter.after(LetterAction.BEGIN_SIGNING),
        qr_text=f"https://contoh.example/v/{letter.status_index}",
        to_sign_sha256="a" * 64,
    )


def issued(letter: Letter) -> Letter:
    sha256 = hashlib.sha256(letter.id.encode()).hexdigest()
    return replace(
        letter.after(LetterAction.COMPLETE),
        pdf=StoredPdf(sha256, 41_234, "c" * 64, "d" * 64),
        issued_at_utc=NOON + timedelta(seconds=1),
        lease=None,
    )


def revoked(letter: Letter) -> Letter:
    ending = Ending("salah nama", "officer-1", NOON + timedelta(days=1))
    return replace(letter.after(LetterAction.REVOKE), ending=ending)


def superseded(letter: Letter, by: str) -> Letter:
    ending = Ending("diganti", "officer-1", NOON + timedelta(days=1))
    return replace(letter.after(LetterAction.SUPERSEDE), ending=ending, replaced_by=by)


def voided(letter: Letter) -> Letter:
    ending = Ending("interrupted", "recovery", NOON + timedelta(hours=1))
    return replace(letter.after(LetterAction.VOID), ending=ending, lease=None)


def an_account(**changes: Any) -> Account:
    number = next(_counter)
    account = Account(
        id=f"account-{number}",
        username=f"petugas.{number}",
        full_name="Siti Misal",
        role=Role.COUNTER,
        agency_code=CODE,
        password_hash="scrypt$1$salt$hash",
    )
    return replace(account, **changes)


def a_sign_in(account_id: str, **changes: Any) -> SignIn:
    sign_in = SignIn(
        token_sha256=hashlib.sha256(fresh("token").encode()).hexdigest(),
        account_id=account_id,
        started_at_utc=NOON,
        expires_at_utc=NOON + timedelta(hours=8),
        id=fresh("sign-in"),
        last_seen_at_utc=NOON,
        device="Firefox, Linux",
    )
    return replace(sign_in, **changes)


def an_event(**changes: Any) -> AuditEvent:
    event = AuditEvent(
        at_utc=NOON,
        actor_id="clerk-1",
        action="letter.reserved",
        subject="letter-1",
        facts={"number": "470/1/umum/2026", "sequence": 1},
    )
    return replace(event, **changes)


def add_reserved(uow: UnitOfWork, **changes: Any) -> Letter:
    """Take the next number of a series and register a reserved letter with it."""
    request = a_request(id=f"request-{secrets.token_hex(8)}")
    uow.requests.add(request)
    series = changes.pop("series", SeriesKey(CODE, "umum", 2026))
    letter = a_letter(request, uow.numbers.next(series), series=series, **changes)
    letter_id = f"letter-{secrets.token_hex(8)}"
    letter = replace(
        letter,
        id=letter_id,
        record=replace(letter.record, letter_id=letter_id),
        status_index=changes.get("status_index", secrets.randbelow(2**30)),
    )
    uow.letters.add(letter)
    return letter
