"""The page of a type's version: its example, as a draft (KONSEP) with an invented officer."""

from __future__ import annotations

from datetime import date

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_request import LetterRequest
from issuer.domain.letter_types import LetterType
from issuer.domain.mandate import Mandate, MandateKind, Signatory
from issuer.domain.office import Agency, Office
from issuer.domain.people import Holder
from issuer.domain.ports import Clock, LetterRenderer, Register, UnitOfWork
from issuer.domain.type_ports import TypeDesk
from issuer.services.freezing import Signing, endorsing_district, freeze
from issuer.services.intake import mapping_in

_NAME = "NAMA PEJABAT CONTOH"


class TypePreview:
    """Draws the example of a version with the letterhead of the first agency that issues it."""

    def __init__(
        self,
        *,
        register: Register,
        desk: TypeDesk,
        renderer: LetterRenderer,
        clock: Clock,
        office: Office,
    ) -> None:
        self._register = register
        self._desk = desk
        self._renderer = renderer
        self._clock = clock
        self._office = office

    def pdf(self, actor: Actor, version_id: str) -> bytes:
        """Return the draft: no number, no QR, nobody's name.

        Raises ``InvalidInput`` for a version that has findings, or that no agency issues: it
        cannot be drawn.
        """
        require(actor, Permission.KEEP_LETTER_TYPES, Subject())
        with self._register.reading() as uow:
            version = uow.type_versions.get(version_id)
            kind = self._desk.read(version.slug, version.content)
            found = self._desk.findings(version.slug, version.content, None)
            if kind is None or found:
                raise InvalidInput(list(found) or [Problem("content", "no_content")])
            today = self._office.today(self._clock.now())
            signing = _invented(uow, kind, today)
        record = freeze(
            self._request(kind, signing.agency, today),
            kind,
            signing,
            self._office,
            letter_id="",
            number="",
            salt="",
            issued_on=today,
        )
        return self._renderer.draft(kind, record)

    def _request(self, kind: LetterType, agency: Agency, today: date) -> LetterRequest:
        fields = mapping_in(kind.example, "fields")
        return LetterRequest(
            id="",
            letter_type=kind.slug,
            agency_code=agency.code,
            holder=Holder.parse(mapping_in(kind.example, "holder"), today),
            fields=dict(fields),  # type: ignore[arg-type]  # they were proven with the type
            purpose=str(kind.example["purpose"]),
            origin="preview",
            created_by="",
            created_at_utc=self._clock.now(),
        )


def _invented(uow: UnitOfWork, kind: LetterType, today: date) -> Signing:
    agencies = [one for one in uow.agencies.list() if one.kind in kind.issued_by]
    if not agencies:
        raise InvalidInput([Problem("issued_by", "no_issuing_agency")])
    own = _signing(agencies[0], "JABATAN CONTOH", today)
    district = endorsing_district(kind, own.agency)
    if district is None:
        return own
    second = _signing(uow.agencies.get(district), "CAMAT CONTOH", today)
    return Signing(own.agency, second.agency.name, own.signatory, own.mandate, second)


def _signing(agency: Agency, post: str, today: date) -> Signing:
    person = Signatory(id="contoh", number=0, name=_NAME, nip=None, rank=None, key_id="")
    mandate = Mandate(
        id="",
        signatory_id=person.id,
        agency_code=agency.code,
        kind=MandateKind.DEFINITIVE,
        position=post,
        principal=None,
        via=None,
        decree_number="-",
        starts_on=today,
        ends_on=None,
    )
    return Signing(agency, "", person, mandate)
