"""People who handle requests, and requests to handle."""

from __future__ import annotations

from dataclasses import replace

from issuer.bootstrap import Composition
from issuer.domain.access import Actor, Role
from issuer.domain.handling import Stricter
from issuer.domain.letter_request import LetterRequest, RequestAction
from issuer.services.moving import open_request
from tests.offices import OPERATOR, VILLAGE, WARD, example

SECOND = "petugas-kedua"
"""The name to sign in of the ward's second clerk."""

WARDS_HEAD = "lurah-3522151001"
CLERK = Actor("clerk-a", Role.COUNTER, WARD)
SECOND_CLERK = Actor("clerk-b", Role.COUNTER, WARD)
REVIEWER = Actor("reviewer", Role.REVIEWER, WARD)
SIGNATORY = Actor("lurah", Role.SIGNATORY, WARD)
ADMIN = Actor("admin", Role.AGENCY_ADMIN, WARD)
STRANGER = Actor("clerk-of-another-agency", Role.COUNTER, VILLAGE)
APPLICANT = Actor("home:1", Role.APPLICANT, None)
ANOTHER_APPLICANT = Actor("home:2", Role.APPLICANT, None)


def from_home(
    office: Composition,
    slug: str = "domisili",
    agency: str = WARD,
    by: Actor = APPLICANT,
    name: str | None = None,
) -> LetterRequest:
    """Return a request that a resident sent in from home."""
    services = office.services
    order = services.intake.check(slug, agency, example(office, slug))
    holder = replace(order.holder, name=name) if name else order.holder
    request = LetterRequest(
        id=services.intake.new_request_id(),
        letter_type=slug,
        agency_code=agency,
        holder=holder,
        fields=order.fields,
        purpose=order.purpose,
        origin="home",
        created_by=by.id,
        created_at_utc=services.clock.now(),
    )
    with office.register.writing() as uow:
        sent = open_request(uow, by, request, [RequestAction.SUBMIT], services.clock.now())
        uow.commit()
    return sent


def at_the_counter(
    office: Composition, clerk: Actor = CLERK, slug: str = "domisili"
) -> LetterRequest:
    """Return a request of somebody who is present at the ward's counter."""
    intake = office.services.intake
    order = intake.check(slug, WARD, example(office, slug))
    return intake.open_at_counter(
        clerk, order, request_id=intake.new_request_id(), origin="counter"
    )


def ask_more(
    office: Composition, *, reviews: int = 1, four_eyes: bool = False, slug: str = "domisili"
) -> None:
    """Let the ward ask for more parafs, or for four eyes."""
    stricter = Stricter(reviews, four_eyes)
    office.services.casework.set_stricter(OPERATOR, WARD, slug, stricter)


def ask_no_more(office: Composition, slug: str = "domisili") -> None:
    """Let the ward ask what the type asks."""
    office.services.casework.set_stricter(OPERATOR, WARD, slug, None)
