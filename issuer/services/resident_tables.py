"""A table of residents: read row by row, held against the register, and only then stored."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from issuer.domain.access import Actor, Permission, Subject, permits
from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.office import Agency, AgencyKind, Office
from issuer.domain.people import Holder, Nik
from issuer.domain.ports import UnitOfWork
from issuer.domain.record import canonical_json
from issuer.domain.resident import Resident
from issuer.domain.resident_rows import AGENCY, read_agency, read_headings, read_holder

Row = tuple[int, Sequence[str]]
_HOMES = frozenset({AgencyKind.VILLAGE, AgencyKind.WARD})


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
class Person:
    """A row that can be read: somebody, and where he lives."""

    number: int
    agency_code: str
    holder: Holder


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """What stands in a table: the columns that are read, those left out, and the rows."""

    columns: Sequence[str]
    left_out: Sequence[str]
    rows: Iterator[Person | RowResult]


@dataclass(slots=True, repr=False)
class Plan:
    """What rows would do to the register as it is, and nothing is done yet.

    ``kept`` are the ids of those who stand in the rows; ``seen`` is what the register had,
    row by row, so that two plans are the same only when it has not changed in between.
    """

    results: list[RowResult] = field(default_factory=list)
    added: list[Resident] = field(default_factory=list)
    changed: list[Resident] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    seen: list[list[str]] = field(default_factory=list)
    counts: dict[str, Counter[RowOutcome]] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """What is agreed to when somebody confirms this plan, as SHA-256 (hex)."""
        return hashlib.sha256(canonical_json([self.seen, sorted(self.removed)])).hexdigest()

    def store(self, uow: UnitOfWork) -> None:
        """Do it."""
        uow.residents.add(self.added)
        uow.residents.save(self.changed)
        uow.residents.remove(self.removed)


def read_table(
    table: Iterable[Row], homes: Mapping[str, str], agency_code: str | None, today: date
) -> Table:
    """Return what stands in a table; its rows are read as they are asked for.

    Everybody lives at ``agency_code``, or where the row says; ``homes`` are the agencies
    where anybody may. Raises ``InvalidInput`` for an agency that is none, or columns that
    are missing; while iterating, for a table without rows.
    """
    if agency_code is not None and agency_code not in homes:
        raise InvalidInput([Problem("agency", "not_a_home")])
    rows = iter(table)
    _, headings = next(rows, (0, ()))
    columns, left_out = read_headings(headings)
    if agency_code is None and AGENCY not in columns.values():
        raise InvalidInput([Problem(AGENCY, "column_missing")])
    return Table(
        list(columns.values()), left_out, _people(rows, columns, homes, agency_code, today)
    )


def _people(
    rows: Iterable[Row],
    columns: Mapping[int, str],
    homes: Mapping[str, str],
    agency_code: str | None,
    today: date,
) -> Iterator[Person | RowResult]:
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
        yield Person(number, code, holder)
    if empty:
        raise InvalidInput([Problem("file", "no_rows")])


def plan(
    uow: UnitOfWork,
    actor: Actor,
    some: Sequence[Person | RowResult],
    now: datetime,
    new_id: Callable[[], str],
) -> Plan:
    """Hold rows against the register.

    Who lives elsewhere by the register moves only when the actor may import there too: an
    agency takes nobody from another by itself.
    """
    made = Plan()
    there = uow.residents.by_niks([one.holder.nik for one in some if isinstance(one, Person)])
    for one in some:
        if isinstance(one, RowResult):
            made.results.append(one)
            codes = [problem.code for problem in one.problems]
            made.seen.append([str(one.number), one.outcome, *codes])
        else:
            _plan_person(made, actor, one, there, now, new_id)
    return made


def _plan_person(
    made: Plan,
    actor: Actor,
    person: Person,
    there: Mapping[Nik, Resident],
    now: datetime,
    new_id: Callable[[], str],
) -> None:
    known = there.get(person.holder.nik)
    problems: tuple[Problem, ...] = ()
    if known is None:
        outcome = RowOutcome.ADDED
        resident = Resident(new_id(), person.agency_code, person.holder, now)
        made.added.append(resident)
    else:
        outcome = _compared(actor, known, person)
        resident = known
        if outcome is RowOutcome.REFUSED:
            problems = (Problem("nik", "lives_elsewhere"),)
        elif outcome is not RowOutcome.SAME:
            resident = replace(
                known, agency_code=person.agency_code, holder=person.holder, updated_at_utc=now
            )
            made.changed.append(resident)
    made.kept.add(resident.id)
    made.results.append(RowResult(person.number, outcome, problems))
    made.counts.setdefault(person.agency_code, Counter())[outcome] += 1
    had = [known.id, known.updated_at_utc.isoformat()] if known else []
    made.seen.append([str(person.number), outcome, *had])


def _compared(actor: Actor, known: Resident, person: Person) -> RowOutcome:
    if known.agency_code != person.agency_code:
        may_move = permits(actor, Permission.IMPORT_RESIDENTS, Subject(known.agency_code))
        return RowOutcome.MOVED if may_move else RowOutcome.REFUSED
    return RowOutcome.CHANGED if known.holder != person.holder else RowOutcome.SAME


def missing(uow: UnitOfWork, agency_code: str, kept: set[str]) -> list[str]:
    """Return who lives there by the register and is not kept: moved away, or died.

    Raises ``InvalidInput`` when that is more than are kept: a wrong table, or a part of it.
    """
    gone = [one for one in uow.residents.ids_of(agency_code) if one not in kept]
    if len(gone) > len(kept):
        raise InvalidInput([Problem("file", "removes_most", {"count": len(gone)})])
    return gone


def homes(uow: UnitOfWork, office: Office) -> Mapping[str, str]:
    """Return every village and ward by code, as it ends an address."""
    agencies = {agency.code: agency for agency in uow.agencies.list()}
    return {
        code: ", ".join([*_names_upwards(agency, agencies), office.name])
        for code, agency in agencies.items()
        if is_home(agency)
    }


def is_home(agency: Agency) -> bool:
    """Say whether people live there: in a village or a ward."""
    return agency.kind in _HOMES


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
