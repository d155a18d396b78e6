"""Residents as rows: the person sealed, NIK and name found by keyed hashes."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Connection,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from issuer.domain.errors import CorruptStore, NotFound, StaleVersion
from issuer.domain.people import Holder, Nik, Sex
from issuer.domain.record import canonical_json
from issuer.domain.resident import Resident, name_keys
from issuer.storage.schema_residents import resident_names, residents
from issuer.storage.sealing import RowCipher
from issuer.storage.statements import changed, rows

_HOLDER, _NIK, _NAME = "residents.holder", "residents.nik", "residents.name"
_ADD, _ADD_NAME = insert(residents), insert(resident_names)
_BY_NIK = select(residents).where(residents.c.nik_index == bindparam("key"))
_BY_NIKS = select(residents).where(residents.c.nik_index.in_(bindparam("keys", expanding=True)))
_BY_ID = select(residents).where(residents.c.id == bindparam("key"))
_SAVE = update(residents).where(residents.c.id == bindparam("resident_id"))
_FORGET_NAMES = delete(resident_names).where(
    resident_names.c.resident_id == bindparam("resident_id")
)
_REMOVE = delete(residents).where(residents.c.id == bindparam("resident_id"))
_AT_A_TIME = 500
"""Values in one statement: databases bound how many there may be."""
_IDS_OF = (
    select(residents.c.id)
    .where(residents.c.agency_code == bindparam("key"))
    .order_by(residents.c.id)
)
_WITH_KEYS = (
    select(resident_names.c.resident_id)
    .where(resident_names.c.key_index.in_(bindparam("keys", expanding=True)))
    .group_by(resident_names.c.resident_id)
    .having(func.count() == bindparam("wanted"))
)
_BY_KEYS = (
    select(residents)
    .where(
        residents.c.id.in_(_WITH_KEYS),
        residents.c.agency_code.in_(bindparam("agencies", expanding=True)),
    )
    .order_by(residents.c.id)
    .limit(bindparam("most"))
)
_ANY_OF = select(literal(1)).where(
    exists().where(residents.c.agency_code.in_(bindparam("agencies", expanding=True)))
)


class SqlResidents:
    """``ResidentRepository`` over one transaction."""

    def __init__(self, connection: Connection, cipher: RowCipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def by_nik(self, nik: Nik) -> Resident | None:
        """Return the resident with this NIK, wherever, or None. Raises ``CorruptStore``."""
        found = rows(self._connection, _BY_NIK, {"key": self._cipher.index(_NIK, nik.value)})
        return self._resident(found[0]) if found else None

    def by_niks(self, niks: Collection[Nik]) -> Mapping[Nik, Resident]:
        """Return who of these is there, wherever. Raises ``CorruptStore``."""
        keys = [self._cipher.index(_NIK, nik.value) for nik in niks]
        found = (
            self._resident(row)
            for start in range(0, len(keys), _AT_A_TIME)
            for row in self._connection.execute(
                _BY_NIKS, {"keys": keys[start : start + _AT_A_TIME]}
            )
        )
        return {one.holder.nik: one for one in found}

    def get(self, resident_id: str) -> Resident:
        """Return one resident. Raises ``NotFound`` or ``CorruptStore``."""
        found = rows(self._connection, _BY_ID, {"key": resident_id})
        if not found:
            raise NotFound("resident", "")
        return self._resident(found[0])

    def by_keys(
        self, agency_codes: Sequence[str], keys: Sequence[str], most: int
    ) -> Sequence[Resident]:
        """Return residents of these agencies whose names have all the keys, at most so many."""
        values = {
            "keys": [self._key(code, key) for code in agency_codes for key in keys],
            "wanted": len(keys),
            "agencies": list(agency_codes),
            "most": most,
        }
        return [self._resident(row) for row in self._connection.execute(_BY_KEYS, values)]

    def any_of(self, agency_codes: Sequence[str]) -> bool:
        """Say whether one of these agencies has a resident."""
        values = {"agencies": list(agency_codes)}
        return self._connection.execute(_ANY_OF, values).first() is not None

    def ids_of(self, agency_code: str) -> Sequence[str]:
        """Return the ids of everybody who lives there, in order."""
        return [row.id for row in rows(self._connection, _IDS_OF, {"key": agency_code})]

    def remove(self, resident_ids: Collection[str]) -> None:
        """Remove residents; one who is not there stays so."""
        gone = [{"resident_id": resident_id} for resident_id in resident_ids]
        for statement in (_FORGET_NAMES, _REMOVE):
            self._run(statement, gone)

    def add(self, residents: Sequence[Resident]) -> None:
        """Insert residents; their NIKs are new."""
        values = [
            {
                "id": one.id,
                "agency_code": one.agency_code,
                "nik_index": self._cipher.index(_NIK, one.holder.nik.value),
                "holder": self._seal(one),
                "updated_at_utc": one.updated_at_utc,
            }
            for one in residents
        ]
        self._run(_ADD, values)
        self._add_names(residents)

    def save(self, residents: Sequence[Resident]) -> None:
        """Write changed residents. Raises ``StaleVersion`` when there is no such id."""
        for one in residents:
            values = {
                "resident_id": one.id,
                "agency_code": one.agency_code,
                "holder": self._seal(one),
                "updated_at_utc": one.updated_at_utc,
            }
            if changed(self._connection, _SAVE, values) != 1:
                raise StaleVersion
        self._run(_FORGET_NAMES, [{"resident_id": one.id} for one in residents])
        self._add_names(residents)

    def _add_names(self, residents: Sequence[Resident]) -> None:
        values = [
            {"resident_id": one.id, "key_index": self._key(one.agency_code, key)}
            for one in residents
            for key in name_keys(one.holder.name)
        ]
        self._run(_ADD_NAME, values)

    def _run(self, statement: Any, values: Sequence[dict[str, Any]]) -> None:
        """Run a statement for each of these; SQLAlchemy takes none for one without values."""
        if values:
            self._connection.execute(statement, values)

    def _key(self, agency_code: str, key: str) -> str:
        # Of the agency, so that how often a name occurs is not told across the regency.
        return self._cipher.index(f"{_NAME} in {agency_code}", key)

    def _seal(self, resident: Resident) -> bytes:
        plain = canonical_json(resident.holder.as_record())
        return self._cipher.seal(_HOLDER, resident.id, plain)

    def _resident(self, row: Any) -> Resident:
        try:
            stored = json.loads(self._cipher.open(_HOLDER, row.id, row.holder))
            holder = Holder(
                **{
                    **stored,
                    "nik": Nik(stored["nik"]),
                    "birth_date": date.fromisoformat(stored["birth_date"]),
                    "sex": Sex(stored["sex"]),
                }
            )
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptStore(f"{_HOLDER} of {row.id}") from error
        return Resident(row.id, row.agency_code, holder, row.updated_at_utc)
