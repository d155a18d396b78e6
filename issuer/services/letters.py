"""Letters after issue: the register as staff sees it, the file, revocation, replacement."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.letter import Ending, Letter, LetterAction
from issuer.domain.letter_request import Replacement
from issuer.domain.letter_types import LetterType
from issuer.domain.mandate import Mandate, Signatory
from issuer.domain.office import Agency, Office
from issuer.domain.paper_number import PaperNumber, PaperState
from issuer.domain.ports import Clock, FileStore, Register
from issuer.domain.text import TextRefused, plain_text
from issuer.services.deliveries import announce
from issuer.services.freezing import endorsing_district
from issuer.services.intake import Intake, LetterOrder
from issuer.services.issuance import Issuance
from issuer.services.messages import Messages

MAX_REASON = 300
UNCLAIMED_PAGE = 50


class Letters:
    """Reads the register and ends letters."""

    def __init__(
        self,
        *,
        register: Register,
        files: FileStore,
        intake: Intake,
        issuance: Issuance,
        messages: Messages,
        clock: Clock,
        office: Office,
    ) -> None:
        self._register = register
        self._files = files
        self._intake = intake
        self._issuance = issuance
        self._messages = messages
        self._clock = clock
        self._office = office

    def agencies(self) -> list[Agency]:
        """Return every agency, by code."""
        with self._register.reading() as uow:
            return list(uow.agencies.list())

    def agency(self, code: str) -> Agency:
        """Return one agency. Raises ``NotFound``."""
        with self._register.reading() as uow:
            return uow.agencies.get(code)

    def signatories(self, agency_code: str | None = None) -> list[tuple[Signatory, Mandate]]:
        """Return who may sign today, with the mandate, by agency."""
        today = self._office.today(self._clock.now())
        with self._register.reading() as uow:
            people = {signatory.id: signatory for signatory in uow.signatories.list()}
            mandates = uow.signatories.mandates(agency_code=agency_code)
        return [
            (people[mandate.signatory_id], mandate)
            for mandate in mandates
            if mandate.starts_on <= today and (mandate.ends_on is None or mandate.ends_on >= today)
        ]

    def usual_endorser(self, letter_type: LetterType, agency: Agency) -> str | None:
        """Return who endorses such a letter when nobody is named: the district's head.

        None where no endorsement is needed, or not exactly one person is head today.
        """
        district = endorsing_district(letter_type, agency)
        if district is None:
            return None
        today = self._office.today(self._clock.now())
        heads = {
            signatory.id
            for signatory, mandate in self.signatories(district)
            if mandate.principal is None and mandate.covers(letter_type.slug, today)
        }
        return heads.pop() if len(heads) == 1 else None

    def listed(
        self, actor: Actor, *, agency_code: str | None = None, year: int | None = None
    ) -> Iterator[Letter]:
        """Yield the register's letters in order. Raises ``NotPermitted``."""
        require(actor, Permission.READ_REGISTER, Subject(agency_code))
        with self._register.reading() as uow:
            yield from uow.letters.list(agency_code=agency_code, year=year)

    def numbers(
        self, actor: Actor, *, agency_code: str | None = None, year: int | None = None
    ) -> Iterator[Letter | PaperNumber]:
        """Yield every number that was ever taken, once and in order, as of one moment.

        That is every letter, and the numbers on paper that have none. Raises
        ``NotPermitted``.
        """
        require(actor, Permission.READ_REGISTER, Subject(agency_code))
        with self._register.reading() as uow:
            on_paper = uow.paper_numbers.list(agency_code=agency_code, year=year)
            rows: list[Iterable[Letter | PaperNumber]] = [
                uow.letters.list(agency_code=agency_code, year=year),
                (one for one in on_paper if one.state is not PaperState.ENTERED),
            ]
            yield from heapq.merge(*rows, key=_place)

    def of_today(self, actor: Actor, agency_code: str) -> list[Letter]:
        """Return an agency's letters of today, the newest first. Raises ``NotPermitted``."""
        require(actor, Permission.READ_REGISTER, Subject(agency_code))
        since_utc = self._office.begins(self._office.today(self._clock.now()))
        with self._register.reading() as uow:
            letters = list(uow.letters.list(agency_code=agency_code, since_utc=since_utc))
        return sorted(letters, key=lambda letter: letter.reserved_at_utc, reverse=True)

    def unclaimed(
        self, actor: Actor, agency_code: str, *, after: str | None = None
    ) -> Sequence[Letter]:
        """Return a page of letters that still lie at the counter, the oldest first.

        Nobody was handed one or has fetched its file. Raises ``NotPermitted``.
        """
        require(actor, Permission.HAND_OVER_LETTER, Subject(agency_code))
        with self._register.reading() as uow:
            return uow.letters.unclaimed(agency_code, limit=UNCLAIMED_PAGE, after=after)

    def one(self, actor: Actor, letter_id: str) -> Letter:
        """Return a letter. Raises ``NotFound`` or ``NotPermitted``."""
        with self._register.reading() as uow:
            letter = uow.letters.get(letter_id)
        require(actor, Permission.READ_LETTER, Subject(letter.record.agency_code))
        return letter

    def pdf(self, actor: Actor, letter_id: str) -> bytes:
        """Return the finished file. Raises ``NotFound`` before the letter is issued."""
        letter = self.one(actor, letter_id)
        if letter.pdf is None:
            raise NotFound("pdf", letter_id)
        return self._files.get(letter.pdf.sha256)

    def by_number(self, actor: Actor, number: str) -> Letter:
        """Return a letter by its number. Raises ``NotFound`` or ``NotPermitted``."""
        with self._register.reading() as uow:
            letter = uow.letters.by_number(number)
        if letter is None:
            raise NotFound("letter", number)
        require(actor, Permission.READ_LETTER, Subject(letter.record.agency_code))
        return letter

    def of_request(self, actor: Actor, request_id: str) -> Letter:
        """Return the letter of a request, also while it is being issued.

        Raises ``NotFound`` or ``NotPermitted``.
        """
        with self._register.reading() as uow:
            letter = uow.letters.by_request(request_id)
        if letter is None:
            raise NotFound("letter", request_id)
        require(actor, Permission.READ_LETTER, Subject(letter.record.agency_code))
        return letter

    def revoke(self, actor: Actor, letter_id: str, reason: str) -> Letter:
        """Withdraw an issued letter for good; the reason is shown to the public.

        Raises ``InvalidInput`` without a reason, ``IllegalTransition`` unless issued.
        """
        why = _checked(reason)
        now = self._clock.now()
        with self._register.writing() as uow:
            letter = uow.letters.get(letter_id)
            require(actor, Permission.REVOKE_LETTER, Subject(letter.record.agency_code))
            revoked = replace(letter.after(LetterAction.REVOKE), ending=Ending(why, actor.id, now))
            uow.letters.save(revoked)
            announce(uow, revoked, now)
            self._messages.tell_of_end(uow, revoked)
            facts = {"number": letter.number}
            uow.audit.append(AuditEvent(now, actor.id, "letter.revoked", letter.id, facts))
            uow.commit()
        return revoked

    def replace(
        self,
        actor: Actor,
        letter_id: str,
        order: LetterOrder,
        reason: str,
        signatory_id: str,
        endorser_id: str | None = None,
        *,
        origin: str,
        decided_by: Actor | None = None,
    ) -> Letter:
        """Issue a corrected letter of the same type and agency, and supersede the old one.

        The reason is shown to the public. ``decided_by``, if not the actor, is who may
        withdraw the old letter and answers for it. Raises what ``revoke`` raises, what
        ``Issuance.issue`` raises, and ``StaleVersion`` when the letter is being replaced.
        """
        decider = decided_by or actor
        why = _checked(reason)
        with self._register.reading() as uow:
            old = uow.letters.get(letter_id)
        require(decider, Permission.REVOKE_LETTER, Subject(old.record.agency_code))
        old.after(LetterAction.SUPERSEDE)
        if (order.letter_type.slug, order.agency.code) != (
            old.record.type_slug,
            old.record.agency_code,
        ):
            raise InvalidInput([Problem("replaces", "another_kind_of_letter")])
        self._issuance.check(actor, order, signatory_id, endorser_id)
        request = self._intake.open_at_counter(
            actor,
            order,
            request_id=self._intake.new_request_id(),
            origin=origin,
            replaces=Replacement(old.number, why, decider.id),
        )
        return self._issuance.issue(actor, request.id, signatory_id, endorser_id)


def _place(row: Letter | PaperNumber) -> tuple[str, str, int, int]:
    series = row.series
    return series.agency_code, series.series, series.year, row.sequence


def _checked(reason: str) -> str:
    try:
        return plain_text(reason, MAX_REASON)
    except TextRefused as refused:
        raise InvalidInput([Problem("reason", refused.code, refused.facts)]) from refused
