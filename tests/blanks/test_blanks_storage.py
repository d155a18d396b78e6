"""What the database itself refuses, and how it came to have these tables."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from issuer.domain.blank import BlankState
from issuer.domain.errors import StaleVersion
from issuer.domain.office import Agency
from issuer.domain.presentation import Paper, SecurityPrinting
from issuer.storage import migrations
from issuer.storage.database import open_engine
from issuer.storage.register import SqlRegister
from tests.blanks.blank_office import CLERK, HEAD, INSPECTOR, KEEPER, Stock, sheets, typed
from tests.storage.conftest import Databases
from tests.storage.storage_builders import an_agency, cipher


@pytest.mark.parametrize("paper", Paper)
@pytest.mark.parametrize("security", SecurityPrinting)
def test_an_agency_keeps_its_paper(
    register: SqlRegister, paper: Paper, security: SecurityPrinting
) -> None:
    agency = an_agency(code="35.22.16.2001", paper=paper, security=security)
    with register.writing() as uow:
        uow.agencies.add(agency)
        uow.commit()
    with register.reading() as uow:
        assert uow.agencies.get(agency.code) == agency
        assert agency in uow.agencies.list()


@pytest.fixture
def used(stock: Stock, raw: sa.Engine) -> sa.Engine:
    """Sheet 1 printed and good, 2 spoiled and destroyed, 3 being printed, 4 lost, 5 free."""
    stock.hand_over(5)
    stock.printed(1)
    stock.blanks.spoil(CLERK, typed(2), "sobek")
    stock.blanks.destroy(HEAD, INSPECTOR, sheets(2), "BAP 1")
    stock.blanks.print_on(CLERK, stock.letter().id, typed(3))
    stock.blanks.report_lost(CLERK, sheets(4), "hilang")
    stock.blanks.receive(KEEPER, sheets(6), "BAST 2")
    return raw


def change(number: int, assignment: str) -> str:
    return f"UPDATE blanks SET {assignment} WHERE number = {number}"  # noqa: S608 - constants of this file


LETTER_OF_1 = "letter_id = (SELECT letter_id FROM blanks WHERE number = 1)"
LETTER_OF_3 = LETTER_OF_1.replace("= 1", "= 3")
A_FREE_LETTER = (
    "letter_id = (SELECT id FROM letters WHERE id NOT IN"
    " (SELECT letter_id FROM blanks WHERE letter_id IS NOT NULL) LIMIT 1)"
)
PRINTED = "printed_by = 'somebody', printed_at_utc = (SELECT max(at_utc) FROM blank_events)"
ALLOWED = {
    "a sheet is printed": change(5, f"state = 'spoiled', {PRINTED}, {LETTER_OF_1}"),
    "a sheet is confirmed": change(3, "state = 'used'"),
    "a sheet is lost": change(1, "state = 'lost'"),
}
REFUSED = {
    "a deleted sheet": "DELETE FROM blanks WHERE number = 5",
    "a deleted event": "DELETE FROM blank_events WHERE action = 'spoil'",
    "a changed event": "UPDATE blank_events SET reason = 'x' WHERE action = 'spoil'",
    "an event without an audit entry": "INSERT INTO blank_events SELECT position + 1000, at_utc,"
    " action, prefix, first, last, before, after, agency_code, letter_id, reason FROM blank_events",
    "another letter": change(1, LETTER_OF_3),
    "another officer": change(1, "printed_by = 'x'"),
    "an unprinted print": change(1, "letter_id = NULL, printed_by = NULL, printed_at_utc = NULL"),
    "another serial": change(5, "number = 50"),
    "another prefix": change(5, "prefix = 'X'"),
    "a lost sheet found": change(4, "state = 'at_counter'"),
    "a destroyed sheet back": change(
        2, "state = 'spoiled', destroyed_by = NULL, witnessed_by = NULL"
    ),
    "a second live sheet of a letter": change(5, f"state = 'used', {PRINTED}, {LETTER_OF_1}"),
    "a second unconfirmed print of an officer": change(
        5,
        f"state = 'printing', {PRINTED.replace('somebody', 'clerk')}, {A_FREE_LETTER}",
    ),
    "used for no letter": change(5, "state = 'used'"),
    "half a print": change(5, "printed_by = 'x'"),
    "printed by its keeper": change(
        5, f"state = 'spoiled', {LETTER_OF_1}, {PRINTED.replace('somebody', 'keeper')}"
    ),
    "destroyed by nobody": change(5, "state = 'destroyed'"),
    "destroyed by one alone": change(
        5, "state = 'destroyed', destroyed_by = 'a', witnessed_by = 'a'"
    ),
    "destroyed by its keeper": change(
        5, "state = 'destroyed', destroyed_by = 'a', witnessed_by = 'keeper'"
    ),
    "at no counter": change(6, "state = 'at_counter'"),
    "handed over by nobody": change(5, "handed_over_by = NULL"),
    "an unknown state": change(5, "state = 'eaten'"),
    "a letter that is not there": change(5, f"state = 'spoiled', {PRINTED}, letter_id = 'x'"),
    "number 0": "INSERT INTO blanks (prefix, number, state) VALUES ('B', 0, 'in_store')",
    "a serial twice": "INSERT INTO blanks (prefix, number, state) VALUES ('BJN', 1, 'in_store')",
    "unknown paper": "UPDATE agencies SET paper = 'A5'",
    "unknown security": "UPDATE agencies SET security = 'x'",
}


def test_the_database_refuses(used: sa.Engine, stock: Stock) -> None:
    stock.letter()
    with used.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        for name, statement in REFUSED.items():
            with pytest.raises(sa.exc.IntegrityError):
                pytest.fail(f"{name}: {connection.exec_driver_sql(statement).rowcount} rows")
            connection.rollback()
        for statement in ALLOWED.values():
            assert connection.exec_driver_sql(statement).rowcount == 1
            connection.rollback()


def test_postgresql_refuses_to_truncate(used: sa.Engine) -> None:
    if used.dialect.name == "postgresql":  # SQLite has no such statement
        with used.connect() as connection:
            for table in ("blanks", "blank_events"):
                with pytest.raises(sa.exc.IntegrityError):
                    connection.exec_driver_sql(f"TRUNCATE {table}")
                connection.rollback()


def test_a_sheet_added_twice_is_told_apart_from_a_damaged_register(stock: Stock) -> None:
    stock.hand_over(1)
    with stock.register.writing() as uow, pytest.raises(StaleVersion):
        uow.blanks.add([stock.sheet(1)])


def test_events_and_lists_can_be_narrowed(stock: Stock) -> None:
    stock.hand_over(4)
    letter = stock.printed(1)
    with stock.register.reading() as uow:
        assert [event.letter_id for event in uow.blanks.events(letter_id=letter.id)] == [
            letter.id,
            letter.id,
        ]
        assert len(list(uow.blanks.events())) == 4
        free = uow.blanks.list(agency_code=CLERK.agency_code, state=BlankState.AT_COUNTER)
        assert [sheet.serial for sheet in free] == list(sheets(2, 4))


@pytest.mark.parametrize("kind", ["empty sqlite", "empty postgresql"])
def test_an_office_of_the_first_revision_keeps_its_agencies(
    databases: Databases, kind: str
) -> None:
    engine = open_engine(databases[kind]())
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        agency = an_agency()
        columns = "code, name, kind, number_code, seat, letterhead_lines, letterhead_address"
        head = agency.letterhead
        lines = '["PEMERINTAH KABUPATEN BOJONEGORO","DESA CONTOH"]'
        connection.execute(
            sa.text(
                f"INSERT INTO agencies ({columns}, letterhead_contact, letterhead_emblem)"  # noqa: S608 - a constant
                " VALUES (:code, :name, 'village', :number_code, :seat, :lines, :address,"
                " :contact, 'neutral')"
            ),
            {
                "code": agency.code,
                "name": agency.name,
                "number_code": agency.number_code,
                "seat": agency.seat,
                "lines": lines,
                "address": head.address,
                "contact": head.contact,
            },
        )
    migrations.upgrade(engine)
    with SqlRegister(engine, cipher()).reading() as uow:
        kept: Agency = uow.agencies.get(agency.code)
    assert kept == agency
    assert (kept.paper, kept.security) == (Paper.A4, SecurityPrinting.HOME)
    engine.dispose()
