"""Two counters on security paper, their people, and letters to print."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from functools import cache
from zoneinfo import ZoneInfo

from issuer.bootstrap import read_catalogue
from issuer.config import locate_templates
from issuer.domain.access import Actor, Role
from issuer.domain.blank import Blank, BlankState, Serial, SerialRange
from issuer.domain.letter import Letter
from issuer.domain.numbers import SeriesKey
from issuer.domain.office import Office
from issuer.domain.ports import LetterCatalogue
from issuer.domain.presentation import SecurityPrinting, Variant
from issuer.services.blanks import Blanks
from issuer.storage.register import SqlRegister
from tests.offices import Clock
from tests.storage.storage_builders import a_letter, a_request, an_agency, issued, signing

COUNTER, OTHER_COUNTER = "35.22.15.2002", "35.22.15.2003"
KEEPER = Actor("keeper", Role.REGENCY_ADMIN, None)
CLERK = Actor("clerk", Role.COUNTER, COUNTER)
COLLEAGUE = Actor("colleague", Role.COUNTER, COUNTER)
STRANGER = Actor("stranger", Role.COUNTER, OTHER_COUNTER)
HEAD = Actor("head", Role.AGENCY_ADMIN, COUNTER)
INSPECTOR = Actor("inspector", Role.AUDITOR, None)
OFFICE = Office("Kabupaten Contoh", "35.22", ZoneInfo("Asia/Jakarta"), "https://x.example", True)


@dataclass
class Stock:
    """The use cases over a register, and a clock to move."""

    blanks: Blanks
    register: SqlRegister
    clock: Clock

    def hand_over(self, count: int, *, first: int = 1, to: str = COUNTER) -> SerialRange:
        """Receive sheets and give them to a counter."""
        serials = sheets(first, first + count - 1)
        self.blanks.receive(KEEPER, serials, "BAST 1")
        return self.blanks.hand_over(KEEPER, serials, to)

    def letter(self, agency: str = COUNTER, variant: Variant = Variant.COUNTER) -> Letter:
        """Register an issued letter of a counter."""
        key = secrets.token_hex(8)
        request = a_request(id=f"request-{key}", agency_code=agency)
        with self.register.writing() as uow:
            uow.requests.add(request)
            series = SeriesKey(agency, "umum", 2026)
            letter = a_letter(request, uow.numbers.next(series), series=series)
            record = replace(letter.record, letter_id=f"letter-{key}", variant=variant)
            status_index = secrets.randbelow(2**30)
            letter = replace(letter, id=record.letter_id, record=record, status_index=status_index)
            uow.letters.add(letter)
            uow.letters.save(signing(letter))
            uow.letters.save(issued(signing(letter)))
            uow.commit()
        return issued(signing(letter))

    def state(self, number: int) -> BlankState:
        return self.sheet(number).state

    def sheet(self, number: int) -> Blank:
        with self.register.reading() as uow:
            (sheet,) = uow.blanks.within(sheets(number))
        return sheet

    def printed(self, number: int, letter: Letter | None = None, **reasons: str) -> Letter:
        """Print a letter on a sheet and confirm it."""
        letter = letter or self.letter()
        self.blanks.print_on(CLERK, letter.id, typed(number), **reasons)
        self.blanks.confirm(CLERK, typed(number))
        return letter


def open_stock(register: SqlRegister) -> Stock:
    """Add the two counters to a register."""
    for code in (COUNTER, OTHER_COUNTER):
        add_counter(register, code)
    clock = Clock()
    service = Blanks(register=register, catalogue=catalogue(), clock=clock, office=OFFICE)
    return Stock(service, register, clock)


def add_counter(register: SqlRegister, code: str) -> None:
    """Add an agency whose letters are printed on numbered paper."""
    with register.writing() as uow:
        uow.agencies.add(an_agency(code=code, security=SecurityPrinting.SECURITY_PAPER))
        uow.commit()


@cache
def catalogue() -> LetterCatalogue:
    return read_catalogue(locate_templates())


def sheets(first: int, last: int | None = None) -> SerialRange:
    return SerialRange(Serial("BJN", first), Serial("BJN", last or first))


def typed(number: int) -> str:
    """What a scanner types."""
    return str(Serial("BJN", number))
