"""Imports of residents by page: what a table would do is shown before anything is stored.

The table waits sealed in the register, for an hour, for whoever sent it. To confirm is to
name what was shown by its digest; the table is then held against the register again, in
the transaction that stores it, and any difference stops it. So an import is exactly what
was shown, whole or not at all.
"""

from __future__ import annotations

import hmac
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from issuer.domain.access import Actor, Permission, Subject, require
from issuer.domain.audit import AuditEvent
from issuer.domain.errors import InvalidInput, NotFound, Problem, StaleVersion
from issuer.domain.limits import Rule
from issuer.domain.office import Office
from issuer.domain.ports import Clock, Random, Register, UnitOfWork
from issuer.domain.resident_imports import WAITS, ResidentImport
from issuer.domain.resident_rows import SAMPLE
from issuer.services.limits import Limits
from issuer.services.resident_tables import (
    Person,
    Plan,
    Row,
    RowOutcome,
    RowResult,
    homes,
    is_home,
    missing,
    plan,
    read_table,
)
from issuer.services.residents import counted

_ID_BYTES = 16
_MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Preview:
    """What a table that waits would do; ``digest`` is what is agreed to by confirming."""

    columns: Sequence[str]
    left_out: Sequence[str]
    counts: Counter[RowOutcome]
    refused: Sequence[RowResult]
    digest: str

    @property
    def does_something(self) -> bool:
        """Whether there is anything to confirm."""
        idle = self.counts[RowOutcome.REFUSED] + self.counts[RowOutcome.SAME]
        return self.counts.total() > idle


@dataclass(frozen=True, slots=True, repr=False)
class _Read:
    columns: Sequence[str]
    left_out: Sequence[str]
    rows: Sequence[Person | RowResult]


class ResidentImports:
    """Takes tables in, shows what they would do, and stores them."""

    def __init__(
        self,
        *,
        register: Register,
        limits: Limits,
        clock: Clock,
        random: Random,
        office: Office,
        read: Callable[[bytes], Iterator[Row]],
        write: Callable[[Sequence[Sequence[str]]], bytes],
    ) -> None:
        self._register = register
        self._limits = limits
        self._clock = clock
        self._random = random
        self._office = office
        self._read_table = read
        self._write_table = write

    def sample(self) -> bytes:
        """Return an XLSX with the columns that are needed and two people who do not exist."""
        return self._write_table(SAMPLE)

    def done(self, actor: Actor, agency_code: str) -> Sequence[tuple[ResidentImport, str | None]]:
        """Return the latest imports of an agency, the newest first, each with who did it.

        None is the operator, who has no account. Raises ``NotPermitted``.
        """
        require(actor, Permission.IMPORT_RESIDENTS, Subject(agency_code))
        with self._register.reading() as uow:
            found = uow.resident_imports.done(agency_code, _MOST_LISTED)
            return [(one, _name(uow, one.actor_id)) for one in found]

    def has_residents(self, actor: Actor, agency_code: str) -> bool | None:
        """Say whether anybody lives there by the register; None where nobody can.

        Raises ``NotPermitted``.
        """
        require(actor, Permission.IMPORT_RESIDENTS, Subject(agency_code))
        with self._register.reading() as uow:
            home = is_home(uow.agencies.get(agency_code))
            return uow.residents.any_of([agency_code]) if home else None

    def begin(
        self, actor: Actor, agency_code: str, data: bytes, *, complete: bool
    ) -> ResidentImport:
        """Take a table in that can be read, to be looked at; it takes the place of one before.

        Raises ``NotPermitted``, ``TooManyAttempts``, and ``InvalidInput`` for a table that
        cannot be imported at all.
        """
        require(actor, Permission.IMPORT_RESIDENTS, Subject(agency_code))
        self._limits.hit(Rule.IMPORTS_PER_ACCOUNT, actor.id)
        now = self._clock.now()
        one = ResidentImport(self._new_id(), agency_code, actor.id, complete, now, None, {})
        read = self._read(agency_code, data)
        with self._register.reading() as uow:
            self._plan(uow, actor, one, read)
        with self._register.writing() as uow:
            uow.resident_imports.add(one, data)
            uow.commit()
        return one

    def one(
        self, actor: Actor, agency_code: str, import_id: str
    ) -> tuple[ResidentImport, Preview | None]:
        """Return an import, and what it would do by the register as it is while it waits.

        Raises ``NotPermitted``, ``NotFound``, also for one of another agency, or one of
        somebody else that waits, and ``InvalidInput`` when it cannot be done any more.
        """
        one, table = self._found(actor, agency_code, import_id)
        if table is None:
            return one, None
        read = self._read(agency_code, table)
        with self._register.reading() as uow:
            made = self._plan(uow, actor, one, read)
        refused = [result for result in made.results if result.outcome is RowOutcome.REFUSED]
        counts = Counter(result.outcome for result in made.results)
        return one, Preview(read.columns, read.left_out, counts, refused, made.digest)

    def confirm(
        self, actor: Actor, agency_code: str, import_id: str, agreed: str
    ) -> ResidentImport:
        """Store what was shown under this digest; the same form sent twice is one import.

        Raises as ``one``, and ``StaleVersion`` when it would do anything else by now.
        """
        one, table = self._found(actor, agency_code, import_id)
        if table is None:
            return one
        read = self._read(agency_code, table)
        with self._register.writing() as uow:
            if uow.resident_imports.get(import_id).done_at_utc is not None:
                return uow.resident_imports.get(import_id)
            made = self._plan(uow, actor, one, read)
            if not hmac.compare_digest(made.digest.encode(), agreed.encode()):
                raise StaleVersion
            made.store(uow)
            now = self._clock.now()
            counts = {o.value: n for o, n in Counter(r.outcome for r in made.results).items()}
            uow.resident_imports.finish(import_id, now, counts)
            facts: dict[str, str | int] = {**counted(made.results), "import": import_id}
            uow.audit.append(AuditEvent(now, actor.id, "residents.imported", agency_code, facts))
            uow.commit()
        return replace(one, done_at_utc=now, counts=counts)

    def drop(self, actor: Actor, agency_code: str, import_id: str) -> None:
        """Throw a table away that waits. Raises ``NotPermitted`` or ``NotFound``."""
        self._found(actor, agency_code, import_id)
        with self._register.writing() as uow:
            uow.resident_imports.drop(import_id)
            uow.commit()

    def sweep(self) -> int:
        """Throw tables away that nobody confirmed in time; return how many.

        Raises ``DependencyUnavailable``.
        """
        with self._register.writing() as uow:
            count = uow.resident_imports.forget(self._clock.now() - WAITS)
            if count:
                uow.commit()
        return count

    # --- what they share ------------------------------------------------------------

    def _found(
        self, actor: Actor, agency_code: str, import_id: str
    ) -> tuple[ResidentImport, bytes | None]:
        require(actor, Permission.IMPORT_RESIDENTS, Subject(agency_code))
        with self._register.reading() as uow:
            one = uow.resident_imports.get(import_id)
            if one.agency_code != agency_code:
                raise NotFound("import", "")
            if one.done_at_utc is not None:
                return one, None
            late = one.begun_at_utc + WAITS < self._clock.now()
            if late or one.actor_id != actor.id:
                raise NotFound("import", "")
            return one, uow.resident_imports.table(import_id)

    def _read(self, agency_code: str, data: bytes) -> _Read:
        """Return a table, read to its end; outside of any transaction, as it takes a while."""
        if not data:
            raise InvalidInput([Problem("file", "required")])
        with self._register.reading() as uow:
            everywhere = homes(uow, self._office)
        today = self._office.today(self._clock.now())
        table = read_table(self._read_table(data), everywhere, agency_code, today)
        return _Read(table.columns, table.left_out, list(table.rows))

    def _plan(self, uow: UnitOfWork, actor: Actor, one: ResidentImport, read: _Read) -> Plan:
        made = plan(uow, actor, read.rows, self._clock.now(), self._new_id)
        refused = any(result.outcome is RowOutcome.REFUSED for result in made.results)
        if one.complete and not refused:
            made.removed = missing(uow, one.agency_code, made.kept)
            made.results += [RowResult(None, RowOutcome.REMOVED) for _ in made.removed]
        return made

    def _new_id(self) -> str:
        return self._random.token_bytes(_ID_BYTES).hex()


def _name(uow: UnitOfWork, account_id: str) -> str | None:
    try:
        return uow.accounts.get(account_id).full_name
    except NotFound:
        return None
