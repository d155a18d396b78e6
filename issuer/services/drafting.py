"""Drafts (konsep): what a letter would look like, before anybody signs it.

A draft has no number, no QR and no signature, and says KONSEP across the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import NotFound
from issuer.domain.letter_request import LetterRequest
from issuer.domain.letter_types import LetterType
from issuer.domain.mandate import Mandate, Signatory
from issuer.domain.office import Office
from issuer.domain.ports import Clock, LetterCatalogue, LetterRenderer, Register, UnitOfWork
from issuer.services.freezing import (
    Signing,
    check_answers,
    endorsing_district,
    find_signing,
    freeze,
    usual_signatory,
)
from issuer.services.intake import LetterOrder
from issuer.services.issuance import Issuance


class Drafts:
    """Draws drafts of requests, and of orders that are not requests yet."""

    def __init__(
        self,
        *,
        register: Register,
        catalogue: LetterCatalogue,
        issuance: Issuance,
        renderer: LetterRenderer,
        clock: Clock,
        office: Office,
    ) -> None:
        self._register = register
        self._catalogue = catalogue
        self._issuance = issuance
        self._renderer = renderer
        self._clock = clock
        self._office = office

    def of_order(
        self, actor: Actor, order: LetterOrder, signatory_id: str, endorser_id: str | None = None
    ) -> bytes:
        """Return the draft of a letter that is being typed. Raises what ``issue`` would."""
        signing = self._issuance.check(actor, order, signatory_id, endorser_id)
        request = LetterRequest(
            id="",
            letter_type=order.letter_type.slug,
            agency_code=order.agency.code,
            holder=order.holder,
            fields=order.fields,
            purpose=order.purpose,
            origin="preview",
            created_by=actor.id,
            created_at_utc=self._clock.now(),
        )
        return self._draw(request, order.letter_type, signing)

    def signers(self, actor: Actor, request_id: str) -> Sequence[tuple[Signatory, Mandate]]:
        """Return who may sign the letter of a request today, the usual one first.

        Raises ``NotFound`` or ``NotPermitted``.
        """
        with self._register.reading() as uow:
            request = _readable(uow, actor, request_id)
            today = self._office.today(self._clock.now())
            able = _able(uow, request, today)
            if not able:
                return []
            usual = usual_signatory(uow, request.agency_code, request.letter_type, today)
            people = {one.id: one for one in uow.signatories.list()}
        found = {mandate.signatory_id: mandate for mandate in able}
        first = sorted(found, key=lambda who: (who != usual, people[who].name))
        return [(people[who], found[who]) for who in first]

    def of_request(
        self,
        actor: Actor,
        request_id: str,
        signatory_id: str | None = None,
        endorser_id: str | None = None,
    ) -> bytes:
        """Return the draft of what would be signed for a request as it is now.

        Whoever signs, and whoever endorses where that is asked for, is the usual one when
        nobody is named. The look is recorded. Raises ``NotFound``, ``NotPermitted``,
        ``AnswersOutdated``, ``NoMandate`` when nobody can sign today, and ``InvalidInput`` about
        the endorser.
        """
        today = self._office.today(self._clock.now())
        with self._register.reading() as uow:
            request = _readable(uow, actor, request_id)
            letter_type = self._catalogue.current(uow, request.letter_type)
            check_answers(self._catalogue, letter_type, request, today)
            agency = uow.agencies.get(request.agency_code)
            district = endorsing_district(letter_type, agency)
            if signatory_id is None:
                signatory_id = usual_signatory(uow, agency.code, letter_type.slug, today)
            if district is not None and endorser_id is None:
                endorser_id = usual_signatory(uow, district, letter_type.slug, today)
            signing = find_signing(
                uow,
                letter_type,
                agency_code=agency.code,
                signatory_id=signatory_id,
                endorser_id=endorser_id,
                on=today,
            )
        pdf = self._draw(request, letter_type, signing)
        facts: dict[str, str | int] = {"type": letter_type.slug, "version": letter_type.version}
        with self._register.writing() as uow:
            now = self._clock.now()
            uow.audit.append(AuditEvent(now, actor.id, "request.draft_seen", request.id, facts))
            uow.commit()
        return pdf

    def _draw(self, request: LetterRequest, letter_type: LetterType, signing: Signing) -> bytes:
        record = freeze(
            request,
            letter_type,
            signing,
            self._office,
            letter_id="",
            number="",
            salt="",
            issued_on=self._office.today(self._clock.now()),
        )
        return self._renderer.draft(letter_type, record)


def _readable(uow: UnitOfWork, actor: Actor, request_id: str) -> LetterRequest:
    request = uow.requests.find(request_id)
    if request is None:
        raise NotFound("request", request_id)
    require(actor, Permission.READ_REQUEST, Subject(request.agency_code, request.created_by))
    return request


def _able(uow: UnitOfWork, request: LetterRequest, on: date) -> list[Mandate]:
    mandates = uow.signatories.mandates(agency_code=request.agency_code)
    return [mandate for mandate in mandates if mandate.covers(request.letter_type, on)]
