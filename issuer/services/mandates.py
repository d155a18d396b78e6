"""Mandates: who may sign for an agency, from when, until when, by which decree."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.letter_types import LetterType
from issuer.domain.mandate import SIGNATURE_FORMS, Mandate, MandateKind, Signatory
from issuer.domain.office import Agency, AgencyKind, Office
from issuer.domain.ports import Clock, LetterCatalogue, Random, Register
from issuer.domain.text import TextRefused, plain_text

MAX_POST, MAX_DECREE = 120, 80
ENDS_BY_ITSELF = frozenset({MandateKind.ACTING_ABSENT, MandateKind.ACTING_VACANT})
"""Plh. and Plt. stand in for a while: such a mandate has a last day from the start."""


@dataclass(frozen=True, slots=True)
class NewMandate:
    """A mandate as somebody wrote it down. ``letter_types`` is empty for every type."""

    signatory_id: str
    agency_code: str
    kind: MandateKind
    position: str
    decree_number: str
    starts_on: date
    ends_on: date | None = None
    principal: str = ""
    via: str = ""
    letter_types: Collection[str] = ()


class Mandates:
    """Lists, adds and ends mandates. None is ever removed: letters were signed by it."""

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

    def listed(self, actor: Actor, agency_code: str) -> list[tuple[Signatory, Mandate]]:
        """Return an agency's mandates of any date, the newest first. ``NotPermitted``."""
        require(actor, Permission.READ_REGISTER, Subject(agency_code))
        with self._register.reading() as uow:
            people = {signatory.id: signatory for signatory in uow.signatories.list()}
            found = uow.signatories.mandates(agency_code=agency_code)
        return [(people[mandate.signatory_id], mandate) for mandate in reversed(found)]

    def signable(self, agency: Agency) -> list[LetterType]:
        """Return the letter types that officers of an agency sign or endorse."""
        endorses = agency.kind is AgencyKind.DISTRICT
        return [
            kind
            for kind in self._catalogue.all()
            if agency.kind in kind.issued_by or (endorses and kind.endorsed_by_district)
        ]

    def add(self, actor: Actor, new: NewMandate) -> Mandate:
        """Add a mandate, which begins today or later.

        Raises ``NotPermitted``, ``NotFound`` for an unknown signatory or agency, and
        ``InvalidInput`` with every problem.
        """
        require(actor, Permission.KEEP_MANDATES, Subject(new.agency_code))
        mandate = self._checked(new)
        with self._register.writing() as uow:
            uow.agencies.get(mandate.agency_code)
            uow.signatories.get(mandate.signatory_id)
            uow.signatories.add_mandate(mandate)
            facts: dict[str, str | int] = {
                "agency": mandate.agency_code,
                "signatory": mandate.signatory_id,
                "kind": mandate.kind.value,
                "decree": mandate.decree_number,
                "from": mandate.starts_on.isoformat(),
                "until": mandate.ends_on.isoformat() if mandate.ends_on else "",
            }
            now = self._clock.now()
            uow.audit.append(AuditEvent(now, actor.id, "mandate.added", mandate.id, facts))
            uow.commit()
        return mandate

    def end(self, actor: Actor, mandate_id: str, last_day: date | None = None) -> Mandate:
        """Let a mandate end, after its ``last_day`` or at once; it is only ever shortened.

        Raises ``NotFound``, ``NotPermitted``, and ``InvalidInput`` for a day before
        yesterday, which would take back what was signed, or after its present end.
        """
        now = self._clock.now()
        yesterday = self._office.today(now) - timedelta(days=1)
        with self._register.writing() as uow:
            found = [one for one in uow.signatories.mandates() if one.id == mandate_id]
            if not found:
                raise NotFound("mandate", mandate_id)
            (mandate,) = found
            require(actor, Permission.KEEP_MANDATES, Subject(mandate.agency_code))
            day = last_day or yesterday
            present = mandate.ends_on
            if day < yesterday or (present is not None and present < day):
                raise InvalidInput([Problem("ends_on", "not_shortened")])
            ended = replace(mandate, ends_on=day)
            uow.signatories.end_mandate(ended)
            facts: dict[str, str | int] = {
                "agency": mandate.agency_code,
                "signatory": mandate.signatory_id,
                "until": day.isoformat(),
            }
            uow.audit.append(AuditEvent(now, actor.id, "mandate.ended", mandate.id, facts))
            uow.commit()
        return ended

    def _checked(self, new: NewMandate) -> Mandate:
        problems: list[Problem] = []
        form = SIGNATURE_FORMS[new.kind]
        position = _text("position", new.position, MAX_POST, problems)
        decree = _text("decree_number", new.decree_number, MAX_DECREE, problems)
        posts: dict[str, str | None] = {}
        for name, value, wanted in (
            ("principal", new.principal, form.has_principal),
            ("via", new.via, form.has_via),
        ):
            posts[name] = _text(name, value, MAX_POST, problems) if wanted else None
            if value.strip() and not wanted:
                problems.append(Problem(name, "not_of_this_kind"))
        if new.starts_on < self._office.today(self._clock.now()):
            problems.append(Problem("starts_on", "begins_in_the_past"))
        if new.ends_on is None and new.kind in ENDS_BY_ITSELF:
            problems.append(Problem("ends_on", "required"))
        if new.ends_on is not None and new.ends_on < new.starts_on:
            problems.append(Problem("ends_on", "ends_before_it_begins"))
        known = {kind.slug for kind in self._catalogue.all()}
        if not known.issuperset(new.letter_types):
            problems.append(Problem("letter_types", "no_such_type"))
        if problems:
            raise InvalidInput(problems)
        return Mandate(
            id=self._random.token_bytes(8).hex(),
            signatory_id=new.signatory_id,
            agency_code=new.agency_code,
            kind=new.kind,
            position=position,
            principal=posts["principal"],
            via=posts["via"],
            decree_number=decree,
            starts_on=new.starts_on,
            ends_on=new.ends_on,
            letter_types=frozenset(new.letter_types) or None,
        )


def _text(where: str, value: str, limit: int, problems: list[Problem]) -> str:
    try:
        return plain_text(value, limit)
    except TextRefused as refused:
        problems.append(Problem(where, refused.code, refused.facts))
        return ""
