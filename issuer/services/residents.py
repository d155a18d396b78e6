"""The register of residents: filled from tables, read one person at a time at the counter.

Whoever imports reads nobody; whoever reads sees only who lives where the counter is in
charge, is counted, and leaves an entry in the audit trail for every look.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.limits import Rule
from issuer.domain.office import Office
from issuer.domain.people import Nik
from issuer.domain.ports import Clock, Random, Register, UnitOfWork
from issuer.domain.resident import KEY_LETTERS, Resident, search_keys
from issuer.domain.resident_imports import ResidentImport
from issuer.domain.text import fits
from issuer.services.limits import Limits
from issuer.services.resident_tables import (
    Person,
    Row,
    RowOutcome,
    RowResult,
    homes,
    missing,
    plan,
    read_table,
)

MAX_FOUND = 20
_MAX_LOOKED_AT = 2_000
"""How many names with the same first letters are opened to find who is meant."""

_ROWS_A_TRANSACTION = 200
"""So that a large import never keeps the counters waiting for long."""

_ID_BYTES = 16


class Residents:
    """Imports residents and finds them."""

    def __init__(
        self, *, register: Register, limits: Limits, clock: Clock, random: Random, office: Office
    ) -> None:
        self._register = register
        self._limits = limits
        self._clock = clock
        self._random = random
        self._office = office

    # --- filling the register -----------------------------------------------------------

    def imported(
        self,
        actor: Actor,
        table: Iterable[Row],
        agency_code: str | None = None,
        *,
        complete: bool = False,
        dry_run: bool = False,
    ) -> tuple[Sequence[str], Iterator[RowResult]]:
        """Return the headings that are left out, and the rows' results as they come.

        ``table`` has numbered rows, the headings first. Everybody lives at
        ``agency_code``, or where the row says. A row with a problem is refused by itself,
        and the others are stored some hundreds at a time, each time with an entry in the
        audit trail: what was interrupted is done again, and then finds itself done.
        A ``complete`` table names everybody: whoever the agency has besides is removed,
        unless a row was refused. ``dry_run`` stores nothing and says what would become of
        every row.

        Raises ``NotPermitted``, and ``InvalidInput`` for a table without rows or
        columns, or an agency where nobody lives; while iterating, for a complete table
        that would remove more than it names.
        """
        require(actor, Permission.IMPORT_RESIDENTS, Subject(agency_code))
        if complete and agency_code is None:
            raise InvalidInput([Problem("agency", "required")])
        with self._register.reading() as uow:
            everywhere = homes(uow, self._office)
        today = self._office.today(self._clock.now())
        read = read_table(table, everywhere, agency_code, today)
        goes = self._stored(actor, read.rows, agency_code, complete=complete, dry_run=dry_run)
        return read.left_out, goes

    def _stored(
        self,
        actor: Actor,
        read: Iterable[Person | RowResult],
        agency_code: str | None,
        *,
        complete: bool,
        dry_run: bool,
    ) -> Iterator[RowResult]:
        people = iter(read)
        kept: set[str] = set()
        counts: dict[str, Counter[RowOutcome]] = {}
        refused = False
        while some := list(islice(people, _ROWS_A_TRANSACTION)):
            with self._register.reading() if dry_run else self._register.writing() as uow:
                now = self._clock.now()
                made = plan(uow, actor, some, now, self._new_id)
                if not dry_run and (made.added or made.changed):
                    made.store(uow)
                    subject = agency_code or self._office.region_code
                    facts = {**counted(made.results), "last_row": some[-1].number or 0}
                    uow.audit.append(
                        AuditEvent(now, actor.id, "residents.imported", subject, facts)
                    )
                    uow.commit()
            kept |= made.kept
            for code, found in made.counts.items():
                counts.setdefault(code, Counter()).update(found)
            refused = refused or any(one.outcome is RowOutcome.REFUSED for one in made.results)
            yield from made.results
        if complete and agency_code is not None and not refused:
            yield from self._remove_others(actor, agency_code, kept, dry_run=dry_run)
        if not dry_run:
            self._note(actor, counts, complete=complete)

    def _remove_others(
        self, actor: Actor, agency_code: str, kept: set[str], *, dry_run: bool
    ) -> Iterator[RowResult]:
        with self._register.reading() if dry_run else self._register.writing() as uow:
            gone = missing(uow, agency_code, kept)
            if gone and not dry_run:
                uow.residents.remove(gone)
                now, facts = self._clock.now(), {RowOutcome.REMOVED.value: len(gone)}
                uow.audit.append(AuditEvent(now, actor.id, "residents.removed", agency_code, facts))
                uow.commit()
        yield from (RowResult(None, RowOutcome.REMOVED) for _ in gone)

    def _note(
        self, actor: Actor, counts: Mapping[str, Counter[RowOutcome]], *, complete: bool
    ) -> None:
        """Write down that these agencies were imported: from then on counters see the age."""
        now = self._clock.now()
        with self._register.writing() as uow:
            for code, found in counts.items():
                plain = {outcome.value: count for outcome, count in found.items()}
                uow.resident_imports.add(
                    ResidentImport(self._new_id(), code, actor.id, complete, now, now, plain)
                )
            uow.commit()

    def _new_id(self) -> str:
        return self._random.token_bytes(_ID_BYTES).hex()

    # --- looking somebody up ------------------------------------------------------------

    def any_of(self, actor: Actor, agency_code: str) -> bool:
        """Say whether there is anybody to be found from this counter."""
        require(actor, Permission.READ_RESIDENTS, Subject(agency_code))
        with self._register.reading() as uow:
            return uow.residents.any_of(in_charge_of(uow, agency_code))

    def as_of(self, actor: Actor, agency_code: str) -> datetime | None:
        """Return how old the register is that this counter searches, or None if unknown.

        A district is as old as the oldest of its villages that was ever imported.
        """
        require(actor, Permission.READ_RESIDENTS, Subject(agency_code))
        with self._register.reading() as uow:
            last = uow.resident_imports.last(in_charge_of(uow, agency_code))
        return min(last.values(), default=None)

    def found(self, actor: Actor, agency_code: str, typed: str) -> Sequence[Resident]:
        """Return who is meant by a NIK or by the beginnings of words of a name.

        Only who lives where this agency is in charge: a district sees its villages.
        Raises ``NotPermitted``, ``TooManyAttempts``, and ``InvalidInput`` when too
        little was typed, or more than ``MAX_FOUND`` fit.
        """
        require(actor, Permission.READ_RESIDENTS, Subject(agency_code))
        nik = _nik(typed)
        keys = search_keys(typed)
        if nik is None and re.sub(r"[ .]", "", typed).isdecimal():
            raise InvalidInput([Problem("resident", "impossible_nik")])
        if nik is None and not keys:
            raise InvalidInput([Problem("resident", "name_too_short", {"letters": KEY_LETTERS})])
        self._limits.hit(Rule.RESIDENTS_PER_ACCOUNT, actor.id)
        # Opening many rows takes a while: the lock of the writers is for the entry alone.
        with self._register.reading() as uow:
            codes = in_charge_of(uow, agency_code)
            if nik is not None:
                one = uow.residents.by_nik(nik)
                found = [one] if one is not None and one.agency_code in codes else []
                too_many = False
            else:
                most = _MAX_LOOKED_AT + 1
                like = uow.residents.by_keys(codes, keys, most)
                found = [one for one in like if fits(typed, one.holder.name)]
                too_many = len(found) > MAX_FOUND or len(like) == most
        facts: dict[str, str | int] = {"by": "nik" if nik else "name", "found": len(found)}
        subject = found[0].id if len(found) == 1 else agency_code
        with self._register.writing() as uow:
            uow.audit.append(
                AuditEvent(self._clock.now(), actor.id, "residents.searched", subject, facts)
            )
            uow.commit()
        if too_many:
            raise InvalidInput([Problem("resident", "too_many_found")])
        return sorted(found, key=lambda one: (one.holder.name, one.holder.birth_date, one.id))

    def one(self, actor: Actor, agency_code: str, resident_id: str) -> Resident:
        """Return one resident to fill a form with, and write down who was opened.

        Raises ``NotPermitted``, ``TooManyAttempts``, and ``NotFound`` for nobody here.
        """
        require(actor, Permission.READ_RESIDENTS, Subject(agency_code))
        self._limits.hit(Rule.RESIDENTS_PER_ACCOUNT, actor.id)
        with self._register.writing() as uow:
            resident = uow.residents.get(resident_id)
            if resident.agency_code not in in_charge_of(uow, agency_code):
                raise NotFound("resident", "")
            uow.audit.append(
                AuditEvent(self._clock.now(), actor.id, "resident.opened", resident.id, {})
            )
            uow.commit()
        return resident


def in_charge_of(uow: UnitOfWork, agency_code: str) -> Sequence[str]:
    """Return the agency and those below it: where its counter serves who lives there."""
    below = [agency.code for agency in uow.agencies.list() if agency.parent_code == agency_code]
    return [agency_code, *below]


def _nik(typed: str) -> Nik | None:
    try:
        return Nik.parse(typed[:40])
    except ValueError:
        return None


def counted(results: Iterable[RowResult]) -> dict[str, int]:
    """Return how many rows did something, by what it was; for the audit trail."""
    counts = Counter(result.outcome for result in results)
    left_out = (RowOutcome.SAME, RowOutcome.REFUSED)
    return {o.value: counts[o] for o in RowOutcome if counts[o] and o not in left_out}
