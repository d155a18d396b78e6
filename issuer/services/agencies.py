"""Agencies: what may be changed of one once it is in the register."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_types import LetterType
from issuer.domain.numbers import MAX_NUMBER, NumberPattern
from issuer.domain.office import Agency
from issuer.domain.ports import Clock, LetterCatalogue, LetterRenderer, Register, UnitOfWork
from issuer.domain.presentation import Paper, SecurityPrinting
from issuer.domain.text import TextRefused, plain_text

MAX_LINE = 80
MAX_ADDRESS = 160
MAX_SEAT = 40
_NUMBER_CODE = re.compile(r"[A-Za-z0-9.-]{1,30}", re.ASCII)
_PARTS = "{sequence}, {agency_code}, {year}"


class Agencies:
    """Sets an agency's policy."""

    def __init__(
        self,
        *,
        register: Register,
        catalogue: LetterCatalogue,
        renderer: LetterRenderer,
        clock: Clock,
    ) -> None:
        self._register = register
        self._catalogue = catalogue
        self._renderer = renderer
        self._clock = clock

    def issuable(self, agency: Agency) -> list[LetterType]:
        """Return the letter types that an agency of this kind may issue."""
        return [kind for kind in self._catalogue.all() if agency.kind in kind.issued_by]

    def offered(self, agency: Agency) -> list[LetterType]:
        """Return the letter types that the agency issues now: what is not switched off."""
        off = self.switched_off(agency.code)
        return [kind for kind in self.issuable(agency) if kind.slug not in off]

    def issuing(self, letter_type: LetterType) -> list[Agency]:
        """Return the agencies that issue a letter type now, by code."""
        with self._register.reading() as uow:
            every, off = uow.agencies.list(), uow.agencies.off_at(letter_type.slug)
        return [a for a in every if a.kind in letter_type.issued_by and a.code not in off]

    def switched_off(self, code: str) -> frozenset[str]:
        """Return the slugs of the types that an agency has switched off."""
        with self._register.reading() as uow:
            return uow.agencies.switched_off(code)

    def switch(self, actor: Actor, code: str, slugs_on: Collection[str]) -> None:
        """Issue these types from now on and no others.

        What was asked for already is finished. Raises ``NotFound`` or ``NotPermitted``.
        """
        require(actor, Permission.SWITCH_LETTER_TYPES, Subject(code))
        with self._register.writing() as uow:
            agency = uow.agencies.get(code)
            before = uow.agencies.switched_off(code)
            off = {kind.slug for kind in self.issuable(agency)} - set(slugs_on)
            uow.agencies.switch_off(code, off)
            for slug in sorted(off ^ before):
                action = "agency.type_off" if slug in off else "agency.type_on"
                self._record(uow, actor, code, action, {"type": slug})
            uow.commit()

    def set_letterhead(
        self,
        actor: Actor,
        code: str,
        *,
        lines: Sequence[str],
        address: str,
        contact: str,
        seat: str,
    ) -> Agency:
        """Set what stands at the head of letters from now on, and before their date.

        Empty lines are left out. Raises ``InvalidInput`` with every problem.
        """
        require(actor, Permission.SET_LETTERHEAD, Subject(code))
        problems: list[Problem] = []

        def checked(where: str, text: str, limit: int) -> str:
            try:
                plain = plain_text(text, limit)
            except TextRefused as refused:
                problems.append(Problem(where, refused.code, refused.facts))
                return ""
            if missing := self._renderer.missing_glyphs(plain):
                shown = " ".join(sorted(missing)[:10])
                problems.append(Problem(where, "missing_glyph", {"characters": shown}))
            return plain

        filled = [line for line in lines if line.strip()]
        if not 2 <= len(filled) <= 3:
            problems.append(Problem("line_1", "bad_letterhead"))
        clean = tuple(checked(f"line_{n}", text, MAX_LINE) for n, text in enumerate(filled, 1))
        where = checked("address", address, MAX_ADDRESS)
        reached = checked("contact", contact, MAX_ADDRESS) if contact.strip() else ""
        place = checked("seat", seat, MAX_SEAT)
        if problems:
            raise InvalidInput(problems)
        with self._register.writing() as uow:
            found = uow.agencies.get(code)
            head = replace(found.letterhead, lines=clean, address=where, contact=reached)
            agency = replace(found, letterhead=head, seat=place)
            uow.agencies.set_words(agency)
            self._record(uow, actor, code, "agency.letterhead_set", {})
            uow.commit()
        return agency

    def set_numbering(self, actor: Actor, code: str, *, number_code: str, pattern: str) -> Agency:
        """Set how numbers are written from now on; their counters go on.

        An empty pattern is the type's own. Raises ``InvalidInput`` with every problem.
        """
        require(actor, Permission.SET_NUMBERING, Subject(code))
        with self._register.writing() as uow:
            found = uow.agencies.get(code)
            others = {one.number_code for one in uow.agencies.list() if one.code != code}
            problems = []
            if not _NUMBER_CODE.fullmatch(number_code):
                problems.append(Problem("number_code", "bad_number_code"))
            elif number_code != found.number_code and number_code in others:
                problems.append(Problem("number_code", "number_code_taken"))
            if pattern and not _usable(pattern, number_code):
                facts: dict[str, str | int] = {"parts": _PARTS, "limit": MAX_NUMBER}
                problems.append(Problem("number_pattern", "bad_number_pattern", facts))
            if problems:
                raise InvalidInput(problems)
            agency = replace(found, number_code=number_code, number_pattern=pattern or None)
            uow.agencies.set_words(agency)
            facts_now: dict[str, str | int] = {"code": number_code, "pattern": pattern or "-"}
            self._record(uow, actor, code, "agency.numbering_set", facts_now)
            uow.commit()
        return agency

    def set_printing(
        self,
        actor: Actor,
        code: str,
        *,
        paper: Paper | None = None,
        security: SecurityPrinting | None = None,
    ) -> Agency:
        """Set the sheet or the security printing of letters from now on; None keeps it.

        Raises ``NotFound`` or ``NotPermitted``.
        """
        require(actor, Permission.SET_AGENCY, Subject(code))
        with self._register.writing() as uow:
            found = uow.agencies.get(code)
            agency = replace(found, paper=paper or found.paper, security=security or found.security)
            uow.agencies.set_printing(agency)
            facts = {"paper": agency.paper.value, "security": agency.security.value}
            now = self._clock.now()
            uow.audit.append(AuditEvent(now, actor.id, "agency.printing_set", code, facts))
            uow.commit()
        return agency

    def _record(
        self,
        uow: UnitOfWork,
        actor: Actor,
        code: str,
        action: str,
        facts: Mapping[str, str | int],
    ) -> None:
        uow.audit.append(AuditEvent(self._clock.now(), actor.id, action, code, facts))


def _usable(pattern: str, number_code: str) -> bool:
    try:
        NumberPattern(pattern).format(
            classification="400.12.2.2",
            sequence=99_999,
            agency_code=number_code,
            year=2026,
            month=8,
        )
    except ValueError:
        return False
    return True
