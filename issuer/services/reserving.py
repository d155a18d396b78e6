"""Reserving: the next number, a code and a place in the status list, for a frozen record."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from issuer.domain.codes import new_code
from issuer.domain.errors import NumberConflict, StatusListFull
from issuer.domain.letter import Lease, Letter, LetterState
from issuer.domain.letter_request import ORIGIN_PAPER, LetterRequest
from issuer.domain.letter_types import LetterType
from issuer.domain.numbers import DEFAULT_PATTERN, NumberPattern, SeriesKey
from issuer.domain.office import Office
from issuer.domain.paper_number import PaperAction, PaperNumber
from issuer.domain.ports import Random, UnitOfWork
from issuer.domain.record import SALT_BYTES
from issuer.domain.status_list import SIZE
from issuer.services.freezing import Signing, freeze

LEASE = timedelta(seconds=120)
DRAWS = 128
"""Of a list three quarters full, one reservation in 10^16 draws no free place; of one that
is full to 98 of 100, one in 13. So nobody is refused long before the list is full.
"""


class Reserving:
    """Takes numbers. ``worker`` names this process in leases.

    ``places`` is the size of a year's status list.
    """

    def __init__(self, *, random: Random, office: Office, worker: str, places: int = SIZE) -> None:
        self._random = random
        self._office = office
        self._worker = worker
        self._places = places

    def reserve(
        self,
        uow: UnitOfWork,
        request: LetterRequest,
        letter_type: LetterType,
        signing: Signing,
        now: datetime,
    ) -> Letter:
        """Add a letter of this moment to the register, leased to this process.

        The caller commits; until then the number is nobody's. A request that enters a
        letter from paper brings its number, as long as its year lasts. Raises ``NumberConflict``,
        ``StatusListFull``, and ``StaleVersion`` when the request has a letter already.
        """
        today = self._office.today(now)
        series = SeriesKey(signing.agency.code, letter_type.series, today.year)
        paper = _on_paper(uow, request, series)
        if paper is None:
            sequence = uow.numbers.next(series)
            number = _number(letter_type, signing, sequence, today)
        else:
            sequence, number = paper.sequence, paper.number(letter_type.classification)
        letter_id = self._random.token_bytes(16).hex()
        record = freeze(
            request,
            letter_type,
            signing,
            self._office,
            letter_id=letter_id,
            number=number,
            salt=self._random.token_bytes(SALT_BYTES).hex(),
            issued_on=today,
        )
        letter = Letter(
            id=letter_id,
            request_id=request.id,
            series=series,
            sequence=sequence,
            number=number,
            verification_code=new_code(self._random.below),
            status_index=self._free_status_index(uow, today.year),
            record=record,
            state=LetterState.RESERVED,
            reserved_at_utc=now.replace(microsecond=0),
            lease=self.lease(now),
        )
        if paper is not None:
            uow.paper_numbers.save(paper.after(PaperAction.ENTER))
        uow.letters.add(letter)
        return letter

    def lease(self, now: datetime) -> Lease:
        """Return this process's claim on a letter it works on."""
        return Lease(self._worker, now + LEASE)

    def _free_status_index(self, uow: UnitOfWork, year: int) -> int:
        """Draw an index at random: neighbours and counts must not show in the list."""
        for _ in range(DRAWS):
            index = self._random.below(self._places)
            if not uow.letters.status_index_taken(year, index):
                return index
        raise StatusListFull(year)


def _number(letter_type: LetterType, signing: Signing, sequence: int, today: date) -> str:
    try:
        return NumberPattern(signing.agency.number_pattern or DEFAULT_PATTERN).format(
            classification=letter_type.classification,
            sequence=sequence,
            agency_code=signing.agency.number_code,
            year=today.year,
            month=today.month,
        )
    except ValueError as error:
        raise NumberConflict from error


def _on_paper(uow: UnitOfWork, request: LetterRequest, series: SeriesKey) -> PaperNumber | None:
    if request.origin != ORIGIN_PAPER:
        return None  # nearly all: no question to the database
    paper = uow.paper_numbers.reserved_for(request.id)
    return paper if paper is not None and paper.series == series else None
