"""What the office holds about one person, for that person.

UU 27/2022 pasal 7 gives everybody access to the data held about them and a copy. What
concerns somebody else stays out: a person who is only named in another's letter (an
heir, a child) is told which letter that is, and not what it says of its holder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.citizens import Citizen, CounterCode
from issuer.domain.letter import Letter
from issuer.domain.letter_request import LetterRequest, RequestAction
from issuer.domain.letter_types import FieldValue
from issuer.domain.office import Office
from issuer.domain.people import Nik
from issuer.domain.ports import Clock, Register, UnitOfWork
from issuer.domain.resident import Resident

KINDS = ("resident", "account", "code", "letter", "request")


class Part(StrEnum):
    """What a person is to a letter or a request."""

    HOLDER = "holder"
    NAMED = "named"


@dataclass(frozen=True, slots=True, repr=False)
class Holding:
    """One thing that the office holds, of one of the ``KINDS``.

    ``facts`` are plain and may be shown to the person; ``content`` is what was written
    of a holder and None for somebody who is only named.
    """

    kind: str
    part: Part
    facts: Mapping[str, str]
    content: Mapping[str, object] | None

    def as_plain(self) -> dict[str, object]:
        """Return what goes into the file that the person gets."""
        plain: dict[str, object] = {"kind": self.kind, "part": self.part.value, **self.facts}
        return plain if self.content is None else {**plain, "content": dict(self.content)}


class PersonalData:
    """Finds everything about one person; nothing is found by a name alone."""

    def __init__(self, *, register: Register, clock: Clock, office: Office) -> None:
        self._register = register
        self._clock = clock
        self._office = office

    def about(self, actor: Actor, nik: Nik) -> list[Holding]:
        """Return all that names this NIK, the person first, then letters and requests.

        Every record is opened and looked at, so a register of a million letters takes
        about a minute. That it was asked for is audited with the counts, not the NIK.
        Raises ``NotPermitted``.
        """
        require(actor, Permission.TELL_PERSONAL_DATA, Subject())
        with self._register.reading() as uow:
            letters = _found(self._letter(letter, nik) for letter in uow.letters.list())
            requests = _found(self._request(uow, request, nik) for request in uow.requests.each())
            resident = uow.residents.by_nik(nik)
            citizen, given = uow.citizens.by_nik(nik), uow.citizens.code_of(nik)
        residents = [] if resident is None else [self._resident(resident)]
        accounts = [] if citizen is None else [self._account(citizen)]
        codes = [] if given is None else [self._code(given)]
        held = [*residents, *accounts, *codes, *letters, *requests]
        with self._register.writing() as uow:
            kinds = [holding.kind for holding in held]
            counts = {f"{kind}s": kinds.count(kind) for kind in KINDS}
            uow.audit.append(
                AuditEvent(self._clock.now(), actor.id, "personal_data.told", "register", counts)
            )
            uow.commit()
        return held

    def _resident(self, resident: Resident) -> Holding:
        facts = {
            "agency": resident.agency_code,
            "date": self._office.today(resident.updated_at_utc).isoformat(),
        }
        content = {"holder": resident.holder.as_record()}
        return Holding("resident", Part.HOLDER, facts, content)

    def _account(self, citizen: Citizen) -> Holding:
        facts = {"date": self._office.today(citizen.created_at_utc).isoformat()}
        return Holding("account", Part.HOLDER, facts, _person(citizen))

    def _code(self, given: CounterCode) -> Holding:
        facts = {"until": self._office.today(given.expires_at_utc).isoformat()}
        return Holding("code", Part.HOLDER, facts, _person(given))

    def _letter(self, letter: Letter, nik: Nik) -> Holding | None:
        record = letter.record
        part = _part(nik, record.holder["nik"], record.fields, record.purpose)
        if part is None:
            return None
        facts = {
            "number": letter.number,
            "title": record.title,
            "agency": record.agency_name,
            "date": record.issued_on.isoformat(),
            "state": letter.state.value,
        }
        content = _content(record.holder, record.fields, record.purpose)
        return Holding("letter", part, facts, content if part is Part.HOLDER else None)

    def _request(self, uow: UnitOfWork, request: LetterRequest, nik: Nik) -> Holding | None:
        part = _part(nik, request.holder.nik.value, request.fields, request.purpose)
        if part is None:
            return None
        facts = {
            "id": request.id,
            "letter_type": request.letter_type,
            "agency": request.agency_code,
            "date": self._office.today(request.created_at_utc).isoformat(),
            "state": request.state.value,
        }
        if part is not Part.HOLDER:
            return Holding("request", part, facts, None)
        content = _content(request.holder.as_record(), request.fields, request.purpose)
        content["steps"] = [
            # Who received a letter may be somebody else, whose name is not the holder's data.
            {"step": step.action.value, "at": step.at_utc.isoformat(), "note": step.note}
            for step in uow.cases.steps(request.id)
            if step.action is not RequestAction.HAND_OVER
        ]
        content["originals_seen"] = [place + 1 for place in request.seen]
        content["documents"] = [
            {
                "place": one.place + 1,
                "kind": one.kind.value,
                "bytes": one.size,
                "date": self._office.today(one.added_at_utc).isoformat(),
            }
            for one in uow.applications.documents(request.id)
        ]
        contact = uow.contacts.find(request.id)
        if contact is not None:
            content["contact"] = {"email": contact.email, "phone": contact.phone}
        return Holding("request", part, facts, content)


def _found(holdings: Iterable[Holding | None]) -> list[Holding]:
    return [holding for holding in holdings if holding is not None]


def _person(of: Citizen | CounterCode) -> dict[str, object]:
    born = of.born.isoformat() if of.born else ""
    return {"holder": {"nik": of.nik.value if of.nik else "", "name": of.name, "birth_date": born}}


def _content(
    holder: Mapping[str, str], fields: Mapping[str, FieldValue], purpose: str
) -> dict[str, object]:
    return {"holder": dict(holder), "fields": dict(fields), "purpose": purpose}


def _part(nik: Nik, holder: str, fields: Mapping[str, FieldValue], purpose: str) -> Part | None:
    if holder == nik.value:
        return Part.HOLDER
    named = any(nik.value in text for text in (purpose, *_texts(fields)))
    return Part.NAMED if named else None


def _texts(values: Mapping[str, FieldValue]) -> Iterator[str]:
    """Yield every text in the fields; a NIK may also stand in a free text."""
    for value in values.values():
        if isinstance(value, str):
            yield value
        elif not isinstance(value, int):
            for row in value:
                yield from _texts(row)
