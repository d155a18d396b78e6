"""What nobody may do even with SQL in hand: the database itself refuses."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from tests.storage.storage_builders import (
    add_agency,
    add_reserved,
    an_account,
    an_event,
    issued,
    opened,
    signing,
    voided,
)

RESERVED, BEING_SIGNED, ISSUED, VOIDED = 1, 2, 3, 4
ENDING = "ending_reason = 'x', ending_actor_id = 'x', ending_at_utc = reserved_at_utc"
NO_ENDING = "ending_reason = NULL, ending_actor_id = NULL, ending_at_utc = NULL"
LONG_AGO = "'2020-01-01 00:00:00.000000'"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def connection(
    request: pytest.FixtureRequest, databases: dict[str, Callable[[], str]]
) -> Iterator[sa.Connection]:
    """A plain connection to a register with a letter in each of four states."""
    url = databases[f"own {request.param}"]()
    with opened(url) as register:
        add_agency(register)
        with register.writing() as uow:
            for _ in range(4):
                add_reserved(uow)
            letters = list(uow.letters.list())
            uow.letters.save(signing(letters[1]))
            uow.letters.save(signing(letters[2]))
            uow.letters.save(issued(signing(letters[2])))
            uow.letters.save(voided(letters[3]))
            uow.audit.append(an_event())
            uow.audit.append(an_event())
            uow.accounts.add(an_account())
            uow.commit()
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def change(assignment: str, sequence: int) -> str:
    return f"UPDATE letters SET {assignment} WHERE sequence = {sequence}"  # noqa: S608 - constants of this file


def copy(table: str, which: str, **changes: str) -> str:
    """An INSERT of a copy of one row, with other expressions for some columns."""
    columns = {
        "letters": "id request_id agency_code series year sequence number verification_code"
        " status_index record state reserved_at_utc version",
        "audit_trail": "position at_utc actor_id action subject facts previous_hash hash",
    }[table].split()
    values = ", ".join(changes.get(column, column) for column in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {which}"  # noqa: S608 - constants of this file


def new_letter(**changes: str) -> str:
    free = {"id": "'x'", "sequence": "9", "number": "'x'", "status_index": "1"}
    return copy("letters", "state = 'voided'", **{**free, "state": "'reserved'", **changes})


def new_entry(**changes: str) -> str:
    following = {"position": "3", "previous_hash": "hash", "hash": "'x'"}
    return copy("audit_trail", "position = 2", **{**following, **changes})


def of_the_reserved(column: str) -> str:
    return f"(SELECT {column} FROM letters WHERE sequence = 1)"  # noqa: S608 - constants of this file


ALLOWED = {
    "another worker": change("lease_worker = 'x'", RESERVED),
    "a new letter": new_letter(),
    "a new audit entry": new_entry(),
    "a revocation": change(f"state = 'revoked', {ENDING}", ISSUED),
    "a replacement": change(f"state = 'superseded', replaced_by = 'x', {ENDING}", ISSUED),
}
REFUSED = {
    "a deleted letter": "DELETE FROM letters WHERE sequence = 1",
    "a deleted voided letter": "DELETE FROM letters WHERE sequence = 4",
    "all letters deleted": "DELETE FROM letters",
    "another id": change("id = 'x'", RESERVED),
    "another request": change(f"request_id = {of_the_reserved('request_id')}", VOIDED),
    "another agency": change("agency_code = 'x'", RESERVED),
    "another series": change("series = 'x'", RESERVED),
    "another year": change("year = 2027", RESERVED),
    "another sequence": change("sequence = 5", RESERVED),
    "another number": change("number = 'x'", RESERVED),
    "another number of a voided letter": change("number = 'x'", VOIDED),
    "another code": change("verification_code = 'x'", ISSUED),
    "another status index": change("status_index = status_index + 1", RESERVED),
    "another record": change("record = qr_text", ISSUED),
    "another time of reserving": change(f"reserved_at_utc = {LONG_AGO}", RESERVED),
    "another file": change(f"pdf_sha256 = '{hashlib.sha256(b'x').hexdigest()}'", ISSUED),
    "another size": change("pdf_size_bytes = 1", ISSUED),
    "another certificate": change("certificate_sha256 = 'x'", ISSUED),
    "another endorser": change("endorser_certificate_sha256 = 'x'", ISSUED),
    "an endorser of nothing": change("endorser_certificate_sha256 = 'x'", RESERVED),
    "another digest": change("to_sign_sha256 = 'x'", ISSUED),
    "another time of issue": change(f"issued_at_utc = {LONG_AGO}", ISSUED),
    "an issued letter without QR": change("qr_text = NULL", ISSUED),
    "an issued letter reserved again": change("state = 'reserved'", ISSUED),
    "an issued letter voided": change(f"state = 'voided', {ENDING}", ISSUED),
    "a voided number revived": change(f"state = 'reserved', {NO_ENDING}", VOIDED),
    "issued without file": change("state = 'issued'", BEING_SIGNED),
    "signing without digest": change("state = 'signing'", RESERVED),
    "revoked without reason": change("state = 'revoked'", ISSUED),
    "superseded by nothing": change(f"state = 'superseded', {ENDING}", ISSUED),
    "replaced but in force": change("replaced_by = 'x'", ISSUED),
    "a reason without an end": change(ENDING, RESERVED),
    "half a reason": change("ending_actor_id = NULL", VOIDED),
    "an unknown state": change("state = 'lost'", RESERVED),
    "half a lease": change("lease_worker = NULL", RESERVED),
    "half a file": change("pdf_size_bytes = 1", RESERVED),
    "version 0": change("version = 0", RESERVED),
    "the same id": new_letter(id=of_the_reserved("id")),
    "the same number": new_letter(number=of_the_reserved("number")),
    "the same sequence": new_letter(sequence="4"),
    "the same status index": new_letter(status_index=of_the_reserved("status_index")),
    "a second letter of a request": new_letter(request_id=of_the_reserved("request_id")),
    "a letter of no request": new_letter(request_id="'x'"),
    "a letter of no agency": new_letter(agency_code="'x'"),
    "sequence 0": new_letter(sequence="0"),
    "a negative status index": new_letter(status_index="-1"),
    "a changed audit entry": "UPDATE audit_trail SET actor_id = 'nobody' WHERE position = 1",
    "a deleted audit entry": "DELETE FROM audit_trail WHERE position = 2",
    "a fork of the audit chain": new_entry(previous_hash="previous_hash"),
    "an audit position twice": new_entry(position="2"),
    "an audit position 0": new_entry(position="0"),
    "a counter at 0": "UPDATE number_series SET last = 0",
    "an unknown request state": "UPDATE requests SET state = 'lost'",
    "an unknown role": "UPDATE accounts SET role = 'king'",
    "an unknown kind of agency": "UPDATE agencies SET kind = 'empire'",
}
REFUSED_ON_POSTGRESQL = ["TRUNCATE letters CASCADE", "TRUNCATE audit_trail CASCADE"]


@pytest.mark.parametrize("attempt", REFUSED.values(), ids=REFUSED)
def test_the_database_refuses(connection: sa.Connection, attempt: str) -> None:
    connection.exec_driver_sql(
        "PRAGMA foreign_keys = ON" if connection.dialect.name == "sqlite" else "SELECT 1"
    )
    before = everything(connection)
    with pytest.raises(sa.exc.IntegrityError):
        connection.exec_driver_sql(attempt)
    connection.rollback()
    assert everything(connection) == before
    connection.rollback()


@pytest.mark.parametrize("attempt", REFUSED_ON_POSTGRESQL)
def test_postgresql_refuses_to_truncate(connection: sa.Connection, attempt: str) -> None:
    if connection.dialect.name == "postgresql":  # SQLite has no such statement
        with pytest.raises(sa.exc.IntegrityError):
            connection.exec_driver_sql(attempt)
        connection.rollback()


@pytest.mark.parametrize("statement", ALLOWED.values(), ids=ALLOWED)
def test_the_same_statements_without_a_fault_go_through(
    connection: sa.Connection, statement: str
) -> None:
    assert connection.exec_driver_sql(statement).rowcount == 1
    connection.rollback()


def everything(connection: sa.Connection) -> list[list[str]]:
    tables = ("letters", "audit_trail", "requests", "accounts", "agencies", "number_series")
    return [
        sorted(repr(tuple(row)) for row in connection.execute(sa.text(f"SELECT * FROM {table}")))  # noqa: S608 - the names above
        for table in tables
    ]
