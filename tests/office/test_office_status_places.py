"""Places in a year's status list: each once, and a plain refusal when there are none left."""

from __future__ import annotations

from datetime import timedelta

import pytest

from issuer.bootstrap import Composition, SystemRandom
from issuer.domain.errors import StatusListFull
from issuer.domain.letter import Letter
from issuer.services.freezing import find_signing
from issuer.services.reserving import Reserving
from tests.offices import VILLAGE, VILLAGE_HEAD, Clock, open_request

PLACES = 3


@pytest.fixture
def reserving(office: Composition) -> Reserving:
    """Reserving as in the office, with a list of three places."""
    return Reserving(
        random=SystemRandom(), office=office.settings.office(), worker="test", places=PLACES
    )


def reserve(office: Composition, reserving: Reserving, clock: Clock) -> Letter:
    request_id = open_request(office)
    letter_type = office.services.catalogue.get("domisili")
    with office.register.writing() as uow:
        request = uow.requests.find(request_id)
        assert request
        signing = find_signing(
            uow,
            letter_type,
            agency_code=VILLAGE,
            signatory_id=VILLAGE_HEAD,
            endorser_id=None,
            on=clock.now().date(),
        )
        letter = reserving.reserve(uow, request, letter_type, signing, clock.now())
        uow.commit()
    return letter


def test_a_full_list_refuses_before_a_number_is_taken_and_the_next_year_has_its_own(
    office: Composition, reserving: Reserving, clock: Clock
) -> None:
    letters = [reserve(office, reserving, clock) for _ in range(PLACES)]
    assert {letter.status_index for letter in letters} == set(range(PLACES))
    for _ in range(2):
        with pytest.raises(StatusListFull) as refused:
            reserve(office, reserving, clock)
        assert refused.value.year == 2026
    with office.register.reading() as uow:
        assert uow.numbers.highest()[letters[0].series] == PLACES
    clock.advance(timedelta(days=45))
    next_year = reserve(office, reserving, clock)
    assert (next_year.series.year, next_year.sequence) == (2027, 1)
    assert next_year.status_index in range(PLACES)
