"""Letters that were written by hand, to be entered; and the register as it is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from issuer.bootstrap import Composition
from issuer.domain.letter import Letter
from issuer.domain.letter_request import ORIGIN_PAPER, LetterRequest
from issuer.domain.paper_number import PaperNumber
from tests.casework.casework_office import CLERK, WARDS_HEAD
from tests.offices import OPERATOR, WARD, example

TODAY = date(2026, 11, 24)
SERIES = "keterangan"


def reserve(
    office: Composition, count: int = 3, for_date: date = TODAY, agency: str = WARD
) -> Sequence[PaperNumber]:
    """Take numbers on paper for the ward."""
    return office.services.paper_numbers.reserve(OPERATOR, agency, SERIES, count, for_date)


def open_from_paper(office: Composition, number_id: str, slug: str = "domisili") -> LetterRequest:
    """Open the request that enters the letter with this number."""
    intake = office.services.intake
    order = intake.check(slug, WARD, example(office, slug))
    return intake.open_at_counter(
        CLERK,
        order,
        request_id=intake.new_request_id(),
        origin=ORIGIN_PAPER,
        paper=number_id,
    )


def enter(office: Composition, number_id: str, slug: str = "domisili") -> Letter:
    """Issue the letter with this number."""
    request = open_from_paper(office, number_id, slug)
    return office.services.issuance.issue(CLERK, request.id, WARDS_HEAD)


def told(office: Composition) -> list[tuple[int, str]]:
    """Return the ward's register: every sequence with its state."""
    rows = office.services.letters.numbers(OPERATOR, agency_code=WARD)
    return [(row.sequence, row.state.value) for row in rows]
