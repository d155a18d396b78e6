"""Officers of the small office: who they are, and letters that wait for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from issuer.bootstrap import Composition
from issuer.domain.access import Actor, Role
from issuer.domain.mandate import Mandate, MandateKind
from issuer.domain.presence import Pin
from issuer.domain.signing_batches import Chosen
from tests.offices import OPERATOR, VILLAGE, VILLAGE_HEAD, open_request

PIN, OTHER_PIN = "295038", "847261"
BY_PIN, BY_WRONG_PIN = Pin(PIN), Pin(OTHER_PIN)
PASSWORD = "kata-sandi-contoh"
DEPUTY = "sekdes-3522062001"


def an_officer(
    office: Composition,
    signatory: str = VILLAGE_HEAD,
    agency: str = VILLAGE,
    username: str = "pejabat",
    pin: str = PIN,
) -> Actor:
    """Make an account that is a signatory, and return it as somebody who acts."""
    services = office.services
    account = services.accounts.create(
        username=username,
        password=PASSWORD,
        full_name="Pejabat Contoh",
        role=Role.SIGNATORY,
        agency_code=agency,
    )
    services.officers.link(OPERATOR, username, signatory, pin)
    return account.actor()


def a_mandate(
    signatory: str, agency: str = VILLAGE, *, only: str | None = None, until: date | None = None
) -> Mandate:
    """Return a mandate as Plh., for one type or every type."""
    return Mandate(
        id=f"plh-{signatory}-{agency}",
        signatory_id=signatory,
        agency_code=agency,
        kind=MandateKind.ACTING_ABSENT,
        position="Kepala Desa",
        principal=None,
        via=None,
        decree_number="800/1/2026",
        starts_on=date(2026, 1, 2),
        ends_on=until,
        letter_types=None if only is None else frozenset({only}),
    )


def give(office: Composition, mandate: Mandate) -> None:
    """Add a mandate."""
    with office.register.writing() as uow:
        uow.signatories.add_mandate(mandate)
        uow.commit()


def waiting(
    office: Composition, count: int = 1, slug: str = "domisili", agency: str = VILLAGE
) -> list[Chosen]:
    """Open requests that wait for a signature, as an officer would tick them."""
    ids = [open_request(office, slug, agency) for _ in range(count)]
    return chosen(office, ids)


def chosen(office: Composition, ids: Sequence[str]) -> list[Chosen]:
    """Return requests as they stand now."""
    with office.register.reading() as uow:
        found = [uow.requests.find(request_id) for request_id in ids]
    current = office.services.catalogue.get
    return [Chosen(one.id, one.version, current(one.letter_type).digest) for one in found if one]
