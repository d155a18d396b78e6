"""Freezing: all facts of one letter, gathered on the day it is issued."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from issuer.domain.errors import AnswersOutdated, InvalidInput, NoMandate, NotFound, Problem
from issuer.domain.letter_request import ORIGIN_COUNTER, ORIGIN_PAPER, LetterRequest
from issuer.domain.letter_types import LetterType
from issuer.domain.mandate import Mandate, Signatory
from issuer.domain.office import Agency, AgencyKind, Office
from issuer.domain.ports import LetterCatalogue, UnitOfWork
from issuer.domain.presentation import variant_for
from issuer.domain.record import LetterRecord, Signer


@dataclass(frozen=True, slots=True)
class Signing:
    """Who signs for which agency, by which mandate, and who endorses it, if anybody."""

    agency: Agency
    district_name: str
    signatory: Signatory
    mandate: Mandate
    endorsing: Signing | None = None

    @property
    def mandate_ids(self) -> tuple[str, str | None]:
        """The mandates by which they sign, in the order of signing."""
        return self.mandate.id, self.endorsing.mandate.id if self.endorsing else None


def endorsing_district(letter_type: LetterType, agency: Agency) -> str | None:
    """Return the code of the district that endorses such a letter of this agency, or None.

    A district's own letter needs nobody above it. Raises ``NotFound`` for a village or
    ward whose district is not known.
    """
    of_a_district = agency.kind in (AgencyKind.VILLAGE, AgencyKind.WARD)
    if not letter_type.endorsed_by_district or not of_a_district:
        return None
    if agency.parent_code is None:
        raise NotFound("district", agency.code)
    return agency.parent_code


def find_signing(
    uow: UnitOfWork,
    letter_type: LetterType,
    *,
    agency_code: str,
    signatory_id: str,
    endorser_id: str | None,
    on: date,
) -> Signing:
    """Return the signing with mandates in force that day.

    Raises ``NotFound`` for an unknown agency or signatory, ``NoMandate``, and
    ``InvalidInput`` for an endorser that is missing or not asked for.
    """
    signing = _find_one(uow, agency_code, signatory_id, letter_type.slug, on)
    district = endorsing_district(letter_type, signing.agency)
    if district is None:
        if endorser_id is not None:
            raise InvalidInput([Problem("endorser", "not_endorsed")])
        return signing
    if endorser_id is None:
        raise InvalidInput([Problem("endorser", "required")])
    endorsing = _find_one(uow, district, endorser_id, letter_type.slug, on)
    return replace(signing, endorsing=endorsing)


def check_answers(
    catalogue: LetterCatalogue, letter_type: LetterType, request: LetterRequest, on: date
) -> None:
    """Raise ``AnswersOutdated`` unless a request answers what its type asks now.

    It was checked by the version of its day. An answer to a question that is no more says
    nothing in the letter, so it is let be.
    """
    asked = {spec.name for spec in letter_type.fields}
    answers = {name: value for name, value in request.fields.items() if name in asked}
    try:
        catalogue.check_fields(letter_type, answers, on)
    except InvalidInput as invalid:
        raise AnswersOutdated(problem.where for problem in invalid.problems) from None


def usual_signatory(uow: UnitOfWork, agency_code: str, slug: str, on: date) -> str:
    """Return who signs such a letter of an agency that day when nobody is named: its head.

    Of several heads whoever was appointed last; where there is none, whoever else may.
    Raises ``NoMandate``.
    """
    mandates = uow.signatories.mandates(agency_code=agency_code)
    able = [mandate for mandate in mandates if mandate.covers(slug, on)]
    if not able:
        raise NoMandate("-", agency_code)
    first = max(able, key=lambda mandate: (mandate.principal is None, mandate.starts_on))
    return first.signatory_id


def _find_one(uow: UnitOfWork, agency_code: str, signatory_id: str, slug: str, on: date) -> Signing:
    agency = uow.agencies.get(agency_code)
    signatory = uow.signatories.get(signatory_id)
    mandates = uow.signatories.mandates(agency_code=agency_code, signatory_id=signatory_id)
    in_force = [mandate for mandate in mandates if mandate.covers(slug, on)]
    if not in_force:
        raise NoMandate(signatory_id, agency_code)
    return Signing(agency, _district_name(uow, agency), signatory, in_force[-1])


def freeze(
    request: LetterRequest,
    letter_type: LetterType,
    signing: Signing,
    office: Office,
    *,
    letter_id: str,
    number: str,
    salt: str,
    issued_on: date,
) -> LetterRecord:
    """Return the record of a letter: letterhead, signatory, mandate, texts and values."""
    agency = signing.agency
    return LetterRecord(
        letter_id=letter_id,
        type_slug=letter_type.slug,
        type_version=letter_type.version,
        type_digest=letter_type.digest,
        title=letter_type.title.id,
        number=number,
        region_name=office.name,
        agency_code=agency.code,
        agency_name=agency.name,
        district_name=signing.district_name,
        letterhead_lines=agency.letterhead.lines,
        letterhead_address=agency.letterhead.address,
        letterhead_contact=agency.letterhead.contact,
        letterhead_emblem=agency.letterhead.emblem,
        signer=signer_of(signing),
        endorser=signer_of(signing.endorsing) if signing.endorsing else None,
        paper=agency.paper,
        variant=variant_for(
            letter_type.security or agency.security,
            printed_at_counter=request.origin in (ORIGIN_COUNTER, ORIGIN_PAPER),
        ),
        holder=request.holder.as_record(),
        fields=dict(request.fields),
        purpose=request.purpose,
        place=agency.seat,
        issued_on=issued_on,
        expires_on=letter_type.validity.last_day(issued_on),
        specimen=office.specimen,
        salt=salt,
    )


def signer_of(signing: Signing) -> Signer:
    """Return what a record says of who signs."""
    signatory, mandate = signing.signatory, signing.mandate
    return Signer(
        agency_code=signing.agency.code,
        id=signatory.id,
        name=signatory.name,
        nip=signatory.nip,
        rank=signatory.rank,
        mandate_kind=mandate.kind,
        position=mandate.position,
        principal=mandate.principal,
        via=mandate.via,
        decree_number=mandate.decree_number,
    )


def _district_name(uow: UnitOfWork, agency: Agency) -> str:
    if agency.kind is AgencyKind.DISTRICT:
        return agency.name
    if agency.parent_code is None:
        return ""
    try:
        parent = uow.agencies.get(agency.parent_code)
    except NotFound:
        return ""
    return parent.name if parent.kind is AgencyKind.DISTRICT else ""
