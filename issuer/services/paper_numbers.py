"""Numbers on paper: taken for a day without network, then entered or voided one by one.

Entering is issuing: the request carries the number (``bind``), and the cycle takes it
instead of the next one (``Reserving``), with every check of that day. So what stands in
the register is either a letter that verifies or a number given up with a reason; that a
letter was only ever written by hand is no state of a letter.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.casework import OPEN
from issuer.domain.errors import InvalidInput, NotFound, NumberConflict, Problem, StaleVersion
from issuer.domain.letter import Ending
from issuer.domain.letter_request import LetterRequest, RequestState
from issuer.domain.letter_types import LetterType
from issuer.domain.numbers import DEFAULT_PATTERN, NumberPattern, SeriesKey
from issuer.domain.office import Office
from issuer.domain.paper_number import (
    CLASSIFICATION,
    IN_ADVANCE,
    MAX_BLOCK,
    MAX_WAITING,
    PaperAction,
    PaperNumber,
    PaperState,
    PaperVoidReason,
)
from issuer.domain.ports import Clock, LetterCatalogue, Random, Register, UnitOfWork

_LED_TO_A_LETTER = frozenset({RequestState.ISSUED, RequestState.HANDED_OVER})


class PaperNumbers:
    """Takes numbers in advance and says what became of each."""

    def __init__(
        self,
        *,
        register: Register,
        catalogue: LetterCatalogue,
        clock: Clock,
        random: Random,
        office: Office,
    ) -> None:
        self._register = register
        self._catalogue = catalogue
        self._clock = clock
        self._random = random
        self._office = office

    def series(self) -> list[str]:
        """Return the series that numbers can be taken of."""
        return sorted({letter_type.series for letter_type in self._catalogue.all()})

    def reserve(
        self, actor: Actor, agency_code: str, series: str, count: int, for_date: date
    ) -> Sequence[PaperNumber]:
        """Take a block of numbers for a day, all or none, and return it.

        Raises ``NotPermitted``, ``NotFound`` for an unknown agency, ``NumberConflict``, and
        ``InvalidInput`` about ``series``, ``count`` and ``for_date``.
        """
        require(actor, Permission.KEEP_PAPER_NUMBERS, Subject(agency_code))
        now = self._clock.now()
        today = self._office.today(now)
        problems: list[Problem] = []
        if series not in self.series():
            problems.append(Problem("series", "required"))
        if not 1 <= count <= MAX_BLOCK:
            problems.append(Problem("count", "paper_count", {"most": MAX_BLOCK}))
        if not today <= for_date <= today + IN_ADVANCE:
            problems.append(Problem("for_date", "paper_date", {"days": IN_ADVANCE.days}))
        if problems:
            raise InvalidInput(problems)
        key = SeriesKey(agency_code, series, for_date.year)
        block_id = self._random.token_bytes(16).hex()
        with self._register.writing() as uow:
            agency = uow.agencies.get(agency_code)
            waiting = uow.paper_numbers.list(agency_code=agency_code, state=PaperState.RESERVED)
            if len(waiting) + count > MAX_WAITING:
                facts: dict[str, str | int] = {"most": MAX_WAITING, "waiting": len(waiting)}
                raise InvalidInput([Problem("count", "paper_too_many_waiting", facts)])
            pattern = NumberPattern(agency.number_pattern or DEFAULT_PATTERN)
            block: list[PaperNumber] = []
            for _ in range(count):
                sequence = uow.numbers.next(key)
                try:
                    text = pattern.format(
                        classification=CLASSIFICATION,
                        sequence=sequence,
                        agency_code=agency.number_code,
                        year=for_date.year,
                        month=for_date.month,
                    )
                except ValueError as error:
                    raise NumberConflict from error
                block.append(
                    PaperNumber(
                        id=self._random.token_bytes(16).hex(),
                        block_id=block_id,
                        series=key,
                        sequence=sequence,
                        text=text,
                        for_date=for_date,
                        state=PaperState.RESERVED,
                        reserved_by=actor.id,
                        reserved_at_utc=now.replace(microsecond=0),
                    )
                )
            uow.paper_numbers.add(block)
            said: dict[str, str | int] = {
                "agency": agency_code,
                "series": series,
                "first": block[0].sequence,
                "last": block[-1].sequence,
                "for": for_date.isoformat(),
            }
            uow.audit.append(AuditEvent(now, actor.id, "paper.reserved", block_id, said))
            uow.commit()
        return block

    def void(
        self, actor: Actor, number_ids: Collection[str], reason: PaperVoidReason
    ) -> Sequence[PaperNumber]:
        """Give numbers up for good, all or none, and return them.

        Raises ``NotFound``, ``NotPermitted``, and ``IllegalTransition`` when one was
        entered or voided already.
        """
        now = self._clock.now()
        voided = []
        with self._register.writing() as uow:
            for number_id in sorted(set(number_ids)):
                one = _get(uow, number_id)
                require(actor, Permission.KEEP_PAPER_NUMBERS, Subject(one.series.agency_code))
                ending = Ending(reason.value, actor.id, now)
                gone = replace(one.after(PaperAction.VOID), ending=ending, request_id=None)
                uow.paper_numbers.save(gone)
                facts = {"number": gone.shown, "reason": reason.value}
                uow.audit.append(AuditEvent(now, actor.id, "paper.voided", gone.id, facts))
                voided.append(gone)
            uow.commit()
        return voided

    def waiting(self, actor: Actor, agency_code: str) -> Sequence[PaperNumber]:
        """Return an agency's numbers of which nobody has said yet what became of them.

        Raises ``NotPermitted``.
        """
        require(actor, Permission.READ_REGISTER, Subject(agency_code))
        with self._register.reading() as uow:
            return uow.paper_numbers.list(agency_code=agency_code, state=PaperState.RESERVED)

    def overdue(self, actor: Actor, agency_code: str) -> int:
        """Return how many of them are of a day that is over. Raises ``NotPermitted``."""
        today = self._office.today(self._clock.now())
        return sum(one.overdue(today) for one in self.waiting(actor, agency_code))

    def block(self, actor: Actor, block_id: str) -> Sequence[PaperNumber]:
        """Return the numbers of one list. Raises ``NotFound`` or ``NotPermitted``."""
        with self._register.reading() as uow:
            found = uow.paper_numbers.list(block_id=block_id)
        if not found:
            raise NotFound("paper numbers", "")
        require(actor, Permission.KEEP_PAPER_NUMBERS, Subject(found[0].series.agency_code))
        return found

    def one(self, actor: Actor, number_id: str) -> PaperNumber:
        """Return a number, whatever became of it. Raises ``NotFound`` or ``NotPermitted``."""
        with self._register.reading() as uow:
            number = _get(uow, number_id)
        require(actor, Permission.KEEP_PAPER_NUMBERS, Subject(number.series.agency_code))
        return number

    def to_enter(self, actor: Actor, number_id: str) -> PaperNumber:
        """Return a number that can be entered now.

        Raises ``NotFound``, ``NotPermitted``, ``IllegalTransition`` for one that was entered
        or voided, ``StaleVersion`` for one that is being entered, and ``InvalidInput`` for
        one of a year that is over.
        """
        with self._register.reading() as uow:
            return _enterable(uow, actor, number_id, self._office.today(self._clock.now()))


def bind(
    uow: UnitOfWork,
    actor: Actor,
    number_id: str,
    request: LetterRequest,
    letter_type: LetterType,
    today: date,
    now: datetime,
) -> None:
    """Let a request that was just opened carry this number; the caller commits.

    Raises what ``PaperNumbers.to_enter`` raises, and ``InvalidInput`` for a number of another
    agency or series.
    """
    number = _enterable(uow, actor, number_id, today)
    here = (request.agency_code, letter_type.series)
    if (number.series.agency_code, number.series.series) != here:
        raise InvalidInput([Problem("paper", "paper_other_series")])
    bound = replace(number, request_id=request.id, version=number.version + 1)
    uow.paper_numbers.save(bound)
    facts = {"number": number.shown, "request": request.id}
    uow.audit.append(AuditEvent(now, actor.id, "paper.bound", number.id, facts))


def _enterable(uow: UnitOfWork, actor: Actor, number_id: str, today: date) -> PaperNumber:
    number = _get(uow, number_id)
    require(actor, Permission.KEEP_PAPER_NUMBERS, Subject(number.series.agency_code))
    number.after(PaperAction.ENTER)
    if number.series.year != today.year:
        raise InvalidInput([Problem("paper", "paper_year_over")])
    if number.request_id is not None:
        request = uow.requests.find(number.request_id)
        if request is None or request.state in OPEN | _LED_TO_A_LETTER:
            raise StaleVersion
    return number


def _get(uow: UnitOfWork, number_id: str) -> PaperNumber:
    number = uow.paper_numbers.find(number_id)
    if number is None:
        raise NotFound("paper number", "")
    return number
