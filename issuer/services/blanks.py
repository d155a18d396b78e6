"""Blanks: numbered sheets of security paper, from the delivery to the shredder.

Every movement is one transaction that changes the sheets, continues the audit trail
and keeps an event beside that entry. Three people are needed: who keeps the sheets,
who prints on them, and who destroys what was spoiled; the last in company.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Never

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.blank import (
    BEARS_LETTER,
    BLANK_TRANSITIONS,
    Blank,
    BlankAction,
    BlankEvent,
    BlankState,
    Printing,
    Serial,
    SerialRange,
    read_serial,
    runs,
)
from issuer.domain.blank_stock import StockReport, balance, entered, left
from issuer.domain.errors import IllegalTransition, InvalidInput, NotPermitted, Problem
from issuer.domain.letter import Letter, LetterState
from issuer.domain.office import Office
from issuer.domain.ports import Clock, LetterCatalogue, Register, UnitOfWork
from issuer.domain.presentation import SecurityPrinting, Variant
from issuer.domain.text import TextRefused, plain_text

MAX_REASON = 300


@dataclass(frozen=True, slots=True)
class LetterSheets:
    """What a counter sees of one letter's sheets.

    ``wanted``: this letter is printed on numbered paper. ``log``: what happened so far.
    ``bearing``: the sheet it is on, perhaps unconfirmed. ``pending``: the sheet this
    officer has yet to confirm, of any letter. ``proposed``: the counter's next sheet.
    """

    wanted: bool
    log: tuple[BlankEvent, ...]
    bearing: Blank | None
    pending: Blank | None
    proposed: Serial | None


class Blanks:
    """Keeps the register of blank sheets."""

    def __init__(
        self, *, register: Register, catalogue: LetterCatalogue, clock: Clock, office: Office
    ) -> None:
        self._register = register
        self._catalogue = catalogue
        self._clock = clock
        self._office = office

    # --- the custodian --------------------------------------------------------------

    def receive(self, actor: Actor, serials: SerialRange, delivery_note: str) -> SerialRange:
        """Enter a delivery into the store.

        Raises ``InvalidInput`` when one of these sheets was received before.
        """
        require(actor, Permission.KEEP_BLANKS, Subject())
        note = _reason("delivery_note", delivery_note)
        with self._register.writing() as uow:
            for sheet in uow.blanks.within(serials):
                _refuse("serials", "blank_known", serial=str(sheet.serial))
            new = [Blank(serial, BlankState.IN_STORE) for serial in serials]
            uow.blanks.add(new)
            self._note(uow, actor, BlankAction.RECEIVE, [(None, sheet) for sheet in new], note)
            uow.commit()
        return serials

    def hand_over(self, actor: Actor, serials: SerialRange, agency_code: str) -> SerialRange:
        """Give sheets of the store, or returned ones, to a counter.

        Raises ``NotFound`` for an unknown agency.
        """
        require(actor, Permission.KEEP_BLANKS, Subject())
        with self._register.writing() as uow:
            agency = uow.agencies.get(agency_code)
            given = [
                replace(sheet, agency_code=agency.code, handed_over_by=actor.id)
                for sheet in _all_within(uow, serials)
            ]
            self._move(uow, actor, BlankAction.HAND_OVER, given)
            uow.commit()
        return serials

    def take_back(self, actor: Actor, serials: SerialRange) -> SerialRange:
        """Take unused sheets back from a counter."""
        require(actor, Permission.KEEP_BLANKS, Subject())
        with self._register.writing() as uow:
            self._move(uow, actor, BlankAction.TAKE_BACK, _all_within(uow, serials))
            uow.commit()
        return serials

    # --- the counter ----------------------------------------------------------------

    def of_letter(self, actor: Actor, letter: Letter) -> LetterSheets:
        """Return a letter's sheets as its counter sees them."""
        agency_code = letter.record.agency_code
        require(actor, Permission.READ_LETTER, Subject(agency_code))
        with self._register.reading() as uow:
            return LetterSheets(
                wanted=self._wanted(uow, letter),
                log=tuple(uow.blanks.events(letter_id=letter.id)),
                bearing=_bearing(uow, letter.id),
                pending=uow.blanks.unconfirmed(actor.id),
                proposed=uow.blanks.lowest(agency_code),
            )

    def print_on(
        self,
        actor: Actor,
        letter_id: str,
        typed: str,
        *,
        skip_reason: str = "",
        reprint_reason: str = "",
    ) -> Blank:
        """Bind a sheet to the print of a letter that comes next; to be confirmed after it.

        It must be the counter's lowest unused sheet, or ``skip_reason`` says why not.
        When the letter is on a sheet already, ``reprint_reason`` says what spoiled it.
        The same again returns the sheet that is being printed. Raises ``InvalidInput``,
        also while this officer's last print is unconfirmed, and ``IllegalTransition``
        for a letter that is not to be printed on numbered paper.
        """
        serial = _serial(typed)
        with self._register.writing() as uow:
            letter = uow.letters.get(letter_id)
            require(actor, Permission.PRINT_ON_BLANK, Subject(letter.record.agency_code))
            if not self._wanted(uow, letter):
                raise IllegalTransition(letter.state, BlankAction.PRINT)
            pending = uow.blanks.unconfirmed(actor.id)
            if pending is not None:
                if (pending.serial, _letter_of(pending)) == (serial, letter_id):
                    return pending
                _refuse("serial", "print_unconfirmed", serial=str(pending.serial))
            sheet = _free_sheet(uow, serial, letter.record.agency_code)
            if sheet.handed_over_by == actor.id:
                raise NotPermitted(Permission.PRINT_ON_BLANK)
            why = self._why_not_the_lowest(uow, sheet, skip_reason)
            self._spoil_the_old(uow, actor, letter_id, reprint_reason)
            bound = replace(sheet, printed=Printing(letter_id, actor.id, self._clock.now()))
            (printing,) = self._move(uow, actor, BlankAction.PRINT, [bound], why)
            uow.commit()
        return printing

    def confirm(self, actor: Actor, typed: str) -> Blank:
        """Say that the print came out well. Raises ``InvalidInput``."""
        return self._close(actor, BlankAction.CONFIRM, _serial(typed))

    def spoil(self, actor: Actor, typed: str, reason: str) -> Blank:
        """Say that a sheet cannot be used any more: the print, or an unused one.

        Raises ``InvalidInput``.
        """
        why = _reason("spoil_reason", reason)
        return self._close(actor, BlankAction.SPOIL, _serial(typed), why)

    # --- losses, destruction, accounts ----------------------------------------------

    def report_lost(self, actor: Actor, serials: SerialRange, reason: str) -> SerialRange:
        """Declare sheets lost or stolen, for good, wherever they were."""
        why = _reason("reason", reason)
        with self._register.writing() as uow:
            sheets = _all_within(uow, serials)
            for agency_code in {sheet.agency_code for sheet in sheets}:
                require(actor, Permission.REPORT_BLANK_LOST, Subject(agency_code))
            self._move(uow, actor, BlankAction.LOSE, sheets, why)
            uow.commit()
        return serials

    def destroy(
        self, actor: Actor, witness: Actor, serials: SerialRange, minutes: str
    ) -> SerialRange:
        """Record that spoiled sheets were destroyed, by two people with an account each.

        ``minutes`` is the number of the berita acara. Raises ``NotPermitted`` when both
        are one, or when either kept these sheets or printed on them.
        """
        note = _reason("minutes", minutes)
        if actor.id == witness.id:
            raise NotPermitted(Permission.DESTROY_BLANK)
        with self._register.writing() as uow:
            sheets = _all_within(uow, serials)
            for sheet in sheets:
                for person in (actor, witness):
                    require(person, Permission.DESTROY_BLANK, Subject(sheet.agency_code))
                    if person.id in (sheet.handed_over_by, _officer_of(sheet)):
                        raise NotPermitted(Permission.DESTROY_BLANK)
            gone = [
                replace(sheet, destroyed_by=actor.id, witnessed_by=witness.id) for sheet in sheets
            ]
            self._move(uow, actor, BlankAction.DESTROY, gone, note)
            uow.commit()
        return serials

    def listed(
        self, actor: Actor, *, agency_code: str | None = None, state: BlankState | None = None
    ) -> Iterator[Blank]:
        """Yield sheets by serial. Raises ``NotPermitted``."""
        require(actor, Permission.READ_REGISTER, Subject(agency_code))
        with self._register.reading() as uow:
            yield from uow.blanks.list(agency_code=agency_code, state=state)

    def report(self, actor: Actor, agency_code: str, since: date | None = None) -> StockReport:
        """Return a counter's account since a day of the regency; None is today.

        Raises ``NotFound`` or ``NotPermitted``.
        """
        require(actor, Permission.READ_REGISTER, Subject(agency_code))
        day = since or self._office.today(self._clock.now())
        start = datetime.combine(day, time(), self._office.zone)
        with self._register.reading() as uow:
            agency = uow.agencies.get(agency_code)
            earlier = uow.blanks.moves(agency.code, since_utc=start, earlier=True)
            moves = uow.blanks.moves(agency.code, since_utc=start)
            return StockReport(
                agency_code=agency.code,
                since=day,
                opening=balance(earlier),
                received=entered(moves),
                used=left(moves, into=BlankState.USED),
                spoiled=left(moves, into=BlankState.SPOILED),
                returned=left(moves, into=BlankState.RETURNED),
                lost=left(moves, into=BlankState.LOST),
                on_hand=uow.blanks.on_hand(agency.code),
            )

    # --- what the movements share ---------------------------------------------------

    def _wanted(self, uow: UnitOfWork, letter: Letter) -> bool:
        """Say whether this letter is printed on numbered paper, by the policy of today."""
        if letter.state is not LetterState.ISSUED or letter.record.variant is not Variant.COUNTER:
            return False
        policy = self._catalogue.get(letter.record.type_slug).security
        policy = policy or uow.agencies.get(letter.record.agency_code).security
        return policy is SecurityPrinting.SECURITY_PAPER

    def _why_not_the_lowest(self, uow: UnitOfWork, sheet: Blank, reason: str) -> str:
        lowest = uow.blanks.lowest(str(sheet.agency_code))
        if sheet.serial == lowest:
            return ""
        if not reason.strip():
            _refuse("skip_reason", "skips_a_blank", serial=str(lowest))
        return _reason("skip_reason", reason)

    def _spoil_the_old(self, uow: UnitOfWork, actor: Actor, letter_id: str, reason: str) -> None:
        old = _bearing(uow, letter_id)
        if old is None:
            return
        if old.state is BlankState.PRINTING:
            _refuse("serial", "print_unconfirmed", serial=str(old.serial))
        self._move(uow, actor, BlankAction.SPOIL, [old], _reason("reprint_reason", reason))

    def _close(self, actor: Actor, action: BlankAction, serial: Serial, reason: str = "") -> Blank:
        with self._register.writing() as uow:
            found = uow.blanks.within(SerialRange(serial, serial))
            if not found:
                _refuse("serial", "blank_unknown", serial=str(serial))
            require(actor, Permission.PRINT_ON_BLANK, Subject(found[0].agency_code))
            (closed,) = self._move(uow, actor, action, found, reason)
            uow.commit()
        return closed

    def _move(
        self,
        uow: UnitOfWork,
        actor: Actor,
        action: BlankAction,
        sheets: Sequence[Blank],
        reason: str = "",
    ) -> list[Blank]:
        for sheet in sheets:
            if (sheet.state, action) not in BLANK_TRANSITIONS:
                _refuse("serial", "blank_elsewhere", serial=str(sheet.serial))
        moved = [sheet.after(action) for sheet in sheets]
        uow.blanks.save(moved)
        before = (sheet.state for sheet in sheets)
        self._note(uow, actor, action, zip(before, moved, strict=True), reason)
        return moved

    def _note(
        self,
        uow: UnitOfWork,
        actor: Actor,
        action: BlankAction,
        moved: Iterable[tuple[BlankState | None, Blank]],
        reason: str,
    ) -> None:
        now = self._clock.now()
        for serials, before, sheet in runs(moved):
            event = BlankEvent(
                position=0,
                at_utc=now,
                action=action,
                serials=serials,
                before=before,
                after=sheet.state,
                agency_code=sheet.agency_code,
                letter_id=_letter_of(sheet),
                reason=reason,
            )
            entry = uow.audit.append(
                AuditEvent(now, actor.id, f"blank.{action}", str(serials), event.facts())
            )
            uow.blanks.record(replace(event, position=entry.position))


def read_range(first: str, last: str | None = None) -> SerialRange:
    """Return the range between two typed serials; without ``last`` it is one sheet.

    Raises ``InvalidInput``.
    """
    start, end = read_serial(first), read_serial(first if last is None else last)
    problems = [
        Problem(where, "bad_serial") for where, s in (("first", start), ("last", end)) if s is None
    ]
    if start is None or end is None:
        raise InvalidInput(problems)
    try:
        return SerialRange(start, end)
    except ValueError as error:
        raise InvalidInput([Problem("last", "bad_serial_range")]) from error


def _serial(typed: str) -> Serial:
    serial = read_serial(typed)
    if serial is None:
        raise InvalidInput([Problem("serial", "bad_serial" if typed.strip() else "required")])
    return serial


def _refuse(where: str, code: str, **facts: str | int) -> Never:
    raise InvalidInput([Problem(where, code, facts)])


def _reason(where: str, typed: str) -> str:
    try:
        return plain_text(typed, MAX_REASON)
    except TextRefused as refused:
        raise InvalidInput([Problem(where, refused.code, refused.facts)]) from refused


def _all_within(uow: UnitOfWork, serials: SerialRange) -> Sequence[Blank]:
    """Return the range's sheets. Raises ``InvalidInput`` when one is not registered."""
    found = uow.blanks.within(serials)
    if len(found) != len(serials):
        there = {sheet.serial for sheet in found}
        missing = next(serial for serial in serials if serial not in there)
        _refuse("serials", "blank_unknown", serial=str(missing))
    return found


def _free_sheet(uow: UnitOfWork, serial: Serial, agency_code: str) -> Blank:
    for sheet in uow.blanks.within(SerialRange(serial, serial)):
        if (sheet.agency_code, sheet.state) == (agency_code, BlankState.AT_COUNTER):
            return sheet
    # A sheet of another counter gets the same answer as one that nobody has.
    _refuse("serial", "blank_not_here")


def _bearing(uow: UnitOfWork, letter_id: str) -> Blank | None:
    sheets = uow.blanks.of_letter(letter_id)
    return next((sheet for sheet in sheets if sheet.state in BEARS_LETTER), None)


def _letter_of(sheet: Blank) -> str | None:
    return sheet.printed.letter_id if sheet.printed else None


def _officer_of(sheet: Blank) -> str | None:
    return sheet.printed.officer_id if sheet.printed else None
