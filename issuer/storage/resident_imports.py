"""Imports of residents as rows: a table that waits is sealed, and gone once it is done."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from issuer.domain.errors import NotFound, StaleVersion
from issuer.domain.resident_imports import ResidentImport
from issuer.storage.schema_residents import resident_imports
from issuer.storage.sealing import RowCipher
from issuer.storage.statements import changed, rows

_TABLE = "resident_imports.content"
_OF = resident_imports.c
_FACTS = (
    _OF.id,
    _OF.agency_code,
    _OF.actor_id,
    _OF.complete,
    _OF.begun_at_utc,
    _OF.done_at_utc,
    _OF.counts,
)
_WAITS = _OF.done_at_utc.is_(None)
_ADD = insert(resident_imports)
_BY_ID = select(*_FACTS).where(_OF.id == bindparam("key"))
_CONTENT = select(_OF.content).where(_OF.id == bindparam("key"), _WAITS)
_FINISH = update(resident_imports).where(_OF.id == bindparam("import_id"), _WAITS)
_DROP = delete(resident_imports).where(_OF.id == bindparam("import_id"), _WAITS)
_DROP_OTHER = delete(resident_imports).where(
    _OF.actor_id == bindparam("actor"), _OF.agency_code == bindparam("agency"), _WAITS
)
_FORGET = delete(resident_imports).where(_OF.begun_at_utc < bindparam("before"), _WAITS)
_DONE = (
    select(*_FACTS)
    .where(_OF.agency_code == bindparam("agency"), _OF.done_at_utc.is_not(None))
    .order_by(_OF.done_at_utc.desc(), _OF.id)
    .limit(bindparam("most"))
)
_LAST = (
    select(_OF.agency_code, func.max(_OF.done_at_utc).label("at_utc"))
    .where(_OF.agency_code.in_(bindparam("agencies", expanding=True)), _OF.done_at_utc.is_not(None))
    .group_by(_OF.agency_code)
)


class SqlResidentImports:
    """``ResidentImportRepository`` over one transaction."""

    def __init__(self, connection: Connection, cipher: RowCipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def add(self, one: ResidentImport, table: bytes | None = None) -> None:
        """Insert an import; one that waits takes the place of its actor's other one there."""
        if table is not None:
            other = {"actor": one.actor_id, "agency": one.agency_code}
            changed(self._connection, _DROP_OTHER, other)
        values = {
            "id": one.id,
            "agency_code": one.agency_code,
            "actor_id": one.actor_id,
            "complete": one.complete,
            "begun_at_utc": one.begun_at_utc,
            "done_at_utc": one.done_at_utc,
            "content": None if table is None else self._cipher.seal(_TABLE, one.id, table),
            "counts": dict(one.counts),
        }
        changed(self._connection, _ADD, values)

    def get(self, import_id: str) -> ResidentImport:
        """Return an import. Raises ``NotFound``."""
        found = rows(self._connection, _BY_ID, {"key": import_id})
        if not found:
            raise NotFound("import", "")
        return _import(found[0])

    def table(self, import_id: str) -> bytes:
        """Return the table of an import that waits. Raises ``NotFound`` or ``CorruptStore``."""
        found = rows(self._connection, _CONTENT, {"key": import_id})
        if not found:
            raise NotFound("import", "")
        return self._cipher.open(_TABLE, import_id, found[0].content)

    def finish(self, import_id: str, at_utc: datetime, counts: Mapping[str, int]) -> None:
        """Say that an import is done, and forget its table. Raises ``StaleVersion``."""
        values = {
            "import_id": import_id,
            "done_at_utc": at_utc,
            "content": None,
            "counts": dict(counts),
        }
        if changed(self._connection, _FINISH, values) != 1:
            raise StaleVersion

    def drop(self, import_id: str) -> None:
        """Remove an import that waits; one that does not is left alone."""
        changed(self._connection, _DROP, {"import_id": import_id})

    def done(self, agency_code: str, most: int) -> Sequence[ResidentImport]:
        """Return an agency's imports that were done, the newest first, at most so many."""
        found = rows(self._connection, _DONE, {"agency": agency_code, "most": most})
        return [_import(row) for row in found]

    def last(self, agency_codes: Collection[str]) -> Mapping[str, datetime]:
        """Return when these agencies were imported last; those that never were are left out."""
        found = self._connection.execute(_LAST, {"agencies": list(agency_codes)})
        return {row.agency_code: row.at_utc for row in found}

    def forget(self, before_utc: datetime) -> int:
        """Remove imports that began before this and still wait; return how many."""
        return changed(self._connection, _FORGET, {"before": before_utc})


def _import(row: Any) -> ResidentImport:
    return ResidentImport(
        id=row.id,
        agency_code=row.agency_code,
        actor_id=row.actor_id,
        complete=bool(row.complete),
        begun_at_utc=row.begun_at_utc,
        done_at_utc=row.done_at_utc,
        counts=row.counts,
    )
