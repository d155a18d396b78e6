"""The register of residents: filled from tables, read one person at a time at the counter.

Whoever imports reads nobody; whoever reads sees only who lives where the counter is in
charge, is counted, and leaves an entry in the audit trail for every look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.limits import Rule
from issuer.domain.office import Agency, AgencyKind, Office
from issuer.domain.people import Holder, Nik
from issuer.domain.ports import Clock, Random, Register, UnitOfWork
from issuer.domain.resident import KEY_LETTERS, Resident, search_keys
from issuer.domain.resident_rows import AGENCY, read_agency, read_headings, read_holder
from issuer.domain.text import fits
from issuer.services.limits import Limits

MAX_FOUND = 20
_MAX_LOOKED_AT = 2_000
"""How many names with the same first letters are opened to find who is meant."""

_ROWS_A_TRANSACTION = 200
"""So that a large import never keeps the counters waiting for long."""

_HOMES = frozenset({AgencyKind.VILLAGE, AgencyKind.WARD})
_ID_BYTES = 16


class RowOutcome(StrEnum):
    """What became of a row, or would become of it."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    SAME = "same"
    REFUSED = "refused"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class RowResult:
    """A row of the table, by its number there, and what became of it.

    Somebody who was removed stands in no row.
    """

    number: int | None
    outcome: RowOutcome
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class _Person:
    number: int
    agency_code: str
    holder: Holder


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
        table: Iterable[tuple[int, Sequence[str]]],
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
        homes = self._homes()
        if agency_code is not None and agency_code not in homes:
            raise InvalidInput([Problem("agency", "not_a_home")])
        if complete and agency_code is None:
            raise InvalidInput([Problem("agency", "required")])
        rows = iter(table)
        _, headings = next(rows, (0, ()))
        columns, left_out = read_headings(headings)
        if agency_code is None and AGENCY not in columns.values():
            raise InvalidInput([Problem(AGENCY, "column_missing")])
        read = self._read(rows, columns, homes, agency_code)
        goes = self._stored(actor, read, agency_code, complete=complete, dry_run=dry_run)
        return left_out, goes

    def _homes(self) -> Mapping[str, str]:
        """Return every village and ward by code, as it ends an address."""
        with self._register.reading() as uow:
            agencies = {agency.code: agency for agency in uow.agencies.list()}
        return {
            code: ", ".join([*_names_upwards(agency, agencies), self._office.name])
            for code, agency in agencies.items()
            if agency.kind in _HOMES
        }

    def _read(
        self,
        rows: Iterable[tuple[int, Sequence[str]]],
        columns: Mapping[int, str],
        homes: Mapping[str, str],
        agency_code: str | None,
    ) -> Iterator[_Person | RowResult]:
        today = self._office.today(self._clock.now())
        first_in: dict[str, int] = {}
        empty = True
        for number, cells in rows:
            empty = False
            row = {name: cells[index] for index, name in columns.items() if index < len(cells)}
            try:
                code = _home_of(row, homes, agency_code)
                holder = read_holder(row, homes[code], today)
                if holder.nik.value in first_in:
                    facts: dict[str, str | int] = {"row": first_in[holder.nik.value]}
                    raise InvalidInput([Problem("nik", "twice_in_file", facts)])
            except InvalidInput as invalid:
                yield RowResult(number, RowOutcome.REFUSED, invalid.problems)
                continue
            first_in[holder.nik.value] = number
            yield _Person(number, code, holder)
        if empty:
            raise InvalidInput([Problem("file", "no_rows")])

    def _stored(
        self,
        actor: Actor,
        read: Iterable[_Person | RowResult],
        agency_code: str | None,
        *,
        complete: bool,
        dry_run: bool,
    ) -> Iterator[RowResult]:
        people = iter(read)
        kept: set[str] = set()
        refused = False
        while some := list(islice(people, _ROWS_A_TRANSACTION)):
            with self._register.reading() if dry_run else self._register.writing() as uow:
                results = [
                    one
                    if isinstance(one, RowResult)
                    else self._store(uow, one, kept, dry_run=dry_run)
                    for one in some
                ]
                counts = _counted(results)
                if not dry_run and counts:
                    now, subject = self._clock.now(), agency_code or self._office.region_code
                    facts = {**counts, "last_row": some[-1].number or 0}
                    uow.audit.append(
                        AuditEvent(now, actor.id, "residents.imported", subject, facts)
                    )
                    uow.commit()
            refused = refused or any(one.outcome is RowOutcome.REFUSED for one in results)
            yield from results
        if complete and agency_code is not None and not refused:
            yield from self._remove_others(actor, agency_code, kept, dry_run=dry_run)

    def _remove_others(
        self, actor: Actor, agency_code: str, kept: set[str], *, dry_run: bool
    ) -> Iterator[RowResult]:
        """Remove who lives there by the register and is not kept: moved away, or died."""
        with self._register.reading() if dry_run else self._register.writing() as uow:
            gone = [one for one in uow.residents.ids_of(agency_code) if one not in kept]
            if len(gone) > len(kept):
                # A wrong file, or a part of it.
                raise InvalidInput([Problem("file", "removes_most", {"count": len(gone)})])
            if gone and not dry_run:
                for resident_id in gone:
                    uow.residents.remove(resident_id)
                now, facts = self._clock.now(), {RowOutcome.REMOVED.value: len(gone)}
                uow.audit.append(AuditEvent(now, actor.id, "residents.removed", agency_code, facts))
                uow.commit()
        yield from (RowResult(None, RowOutcome.REMOVED) for _ in gone)

    def _store(
        self, uow: UnitOfWork, person: _Person, kept: set[str], *, dry_run: bool
    ) -> RowResult:
        now = self._clock.now()
        there = uow.residents.by_nik(person.holder.nik)
        if there is None:
            outcome = RowOutcome.ADDED
            new_id = self._random.token_bytes(_ID_BYTES).hex()
            resident = Resident(new_id, person.agency_code, person.holder, now)
        else:
            resident = replace(
                there, agency_code=person.agency_code, holder=person.holder, updated_at_utc=now
            )
            if there.agency_code != person.agency_code:
                outcome = RowOutcome.MOVED
            elif there.holder != person.holder:
                outcome = RowOutcome.CHANGED
            else:
                outcome = RowOutcome.SAME
        if not dry_run and outcome is RowOutcome.ADDED:
            uow.residents.add(resident)
        elif not dry_run and outcome is not RowOutcome.SAME:
            uow.residents.save(resident)
        kept.add(resident.id)
        return RowResult(person.number, outcome)

    # --- looking somebody up ------------------------------------------------------------

    def any_of(self, actor: Actor, agency_code: str) -> bool:
        """Say whether there is anybody to be found from this counter."""
        require(actor, Permission.READ_RESIDENTS, Subject(agency_code))
        with self._register.reading() as uow:
            return uow.residents.any_of(in_charge_of(uow, agency_code))

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


def _names_upwards(agency: Agency, agencies: Mapping[str, Agency]) -> list[str]:
    names = [agency.name]
    above = agencies.get(agency.parent_code or "")
    if above is not None and above.kind is AgencyKind.DISTRICT:
        names.append(above.name)
    return names


def _home_of(row: Mapping[str, str], homes: Mapping[str, str], agency_code: str | None) -> str:
    written = read_agency(row.get(AGENCY, ""))
    code = agency_code if agency_code is not None and not written else written
    if code not in homes:
        raise InvalidInput([Problem(AGENCY, "not_a_home")])
    if agency_code is not None and code != agency_code:
        raise InvalidInput([Problem(AGENCY, "another_home")])
    return code


def _nik(typed: str) -> Nik | None:
    try:
        return Nik.parse(typed[:40])
    except ValueError:
        return None


def _counted(results: Sequence[RowResult]) -> dict[str, str | int]:
    counts: dict[str, str | int] = {}
    for outcome in RowOutcome:
        count = sum(result.outcome is outcome for result in results)
        if count and outcome not in (RowOutcome.SAME, RowOutcome.REFUSED):
            counts[outcome.value] = count
    return counts
