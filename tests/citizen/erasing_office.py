"""An office that holds everything it can hold of one person, and something of others."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from issuer.domain.access import Actor, Role
from issuer.domain.letter_request import RequestState
from issuer.domain.messages import Contact, MessageKind
from issuer.domain.people import Nik
from issuer.storage.schema import metadata
from tests.citizen.account_office import NIK, active, given_code, letter_about
from tests.citizen.citizen_browser import Resident
from tests.citizen.test_citizen_documents import photo, upload
from tests.messages.message_office import messages_of
from tests.offices import OPERATOR, WARD
from tests.web.web_office import WebOffice

PERSON = Nik(NIK)
NEIGHBOUR = Nik("3522990101850002")
NOTE = "Sudah pindah ke rumah istri"
HEADINGS = (
    "nik",
    "nama",
    "tempat lahir",
    "tanggal lahir",
    "jenis kelamin",
    "agama",
    "status perkawinan",
    "pekerjaan",
    "alamat",
)
EVERYTHING = {
    "residents": 1,
    "accounts": 1,
    "codes": 1,
    "drafts": 1,
    "applications": 1,
    "documents": 3,
    "contacts": 2,
    "messages": 4,
    "requests": 1,
}
"""What there is of the person, by kind."""


@dataclass
class Held:
    """The requests of the person: one that became a letter, one that was cancelled."""

    issued: str
    cancelled: str


def fill_office(web: WebOffice) -> Held:
    """Let the office hold something of every kind about the person, and of neighbours."""
    office = web.composition
    row = (NIK, "Siti Aminah Contoh", "Bojonegoro", "17-08-1990", "P", "Islam", "Kawin")
    other = (NEIGHBOUR.value, "Budi Contoh", "Bojonegoro", "01-01-1985", "L", "Islam", "Kawin")
    table = [HEADINGS, (*row, "Petani", "Jl. Contoh 1"), (*other, "Petani", "Jl. Contoh 2")]
    _, results = office.services.residents.imported(OPERATOR, enumerate(table, 1), WARD)
    assert [result.outcome.value for result in results] == ["added", "added"]
    issued = letter_about(web)
    letter_about(web, nik=NEIGHBOUR.value, birth_date="1985-01-01", sex="L", name="Budi Contoh")
    clerk = Actor("petugas", Role.COUNTER, WARD)
    office.services.documents.add_at_counter(clerk, issued, 0, photo())
    cancelled = sent_from_home(web)
    casework = office.services.casework
    casework.cancel(OPERATOR, cancelled, casework.one(OPERATOR, cancelled).request.version, NOTE)
    for request_id in (issued, cancelled):
        reach(web, request_id)
    draft = Resident(web)
    draft.fill()
    upload(draft, photo())
    neighbours = Resident(web)
    neighbours.fill()
    neighbours.answer("/permohonan/isi/holder.nik", **{"holder.nik": NEIGHBOUR.value})
    upload(neighbours, photo())
    active(web)
    given_code(web)
    return Held(issued, cancelled)


def sent_from_home(web: WebOffice) -> str:
    """Send a request of the person with a document; return its id."""
    resident = Resident(web)
    resident.fill()
    upload(resident, photo())
    resident.send()
    with web.composition.register.reading() as uow:
        (sent,) = [
            one
            for one in uow.requests.each()
            if one.origin == "home" and one.state is RequestState.SUBMITTED
        ]
    return sent.id


def reach(web: WebOffice, request_id: str) -> None:
    """Leave two addresses with a request, and a message for each."""
    with web.composition.register.writing() as uow:
        uow.contacts.save(request_id, Contact("siti@contoh.example", "+6281234567890"))
        request = uow.requests.find(request_id)
        assert request is not None
        messages_of(web.composition).tell(uow, request, MessageKind.RECEIVED)
        uow.commit()


def rows_of(web: WebOffice) -> dict[str, set[tuple[str, ...]]]:
    """Return every row of every table, but what any look writes: the trail and the counters."""
    with web.composition.engine.connect() as connection:
        return {
            name: {tuple(map(repr, row)) for row in connection.execute(sa.select(table))}
            for name, table in metadata.tables.items()
            if name not in ("audit_trail", "attempts")
        }
