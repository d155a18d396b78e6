"""Versions of letter types as rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from issuer.domain.errors import NotFound, StaleVersion
from issuer.domain.type_versions import OPEN_VERSION, TypeVersion, VersionState
from issuer.storage.schema_types import type_versions
from issuer.storage.statements import rows

_COLUMN = type_versions.c
_RELEASED = _COLUMN.state == VersionState.RELEASED.value
_ADD = insert(type_versions)
_SAVE = update(type_versions).where(
    _COLUMN.id == bindparam("key"), _COLUMN.row == bindparam("before")
)
_GET = select(type_versions).where(_COLUMN.id == bindparam("key"))
_OF_TYPE = (
    select(type_versions).where(_COLUMN.slug == bindparam("key")).order_by(_COLUMN.version.desc())
)
_EVERY = select(type_versions)
_OPEN = (
    select(type_versions)
    .where(_COLUMN.state.in_([state.value for state in sorted(OPEN_VERSION)]))
    .order_by(_COLUMN.slug)
)
_NEWEST = (
    select(_COLUMN.slug.label("slug"), func.max(_COLUMN.version).label("version"))
    .where(_RELEASED)
    .group_by(_COLUMN.slug)
    .subquery()
)
_IN_FORCE = (
    select(type_versions)
    .join(
        _NEWEST,
        (_COLUMN.slug == _NEWEST.c.slug) & (_COLUMN.version == _NEWEST.c.version),
    )
    .order_by(_COLUMN.slug)
)
_COUNT = select(func.count().label("count")).select_from(type_versions).where(_RELEASED)
_DECISIONS = (
    "state",
    "row",
    "content",
    "saved_by",
    "proposed_by",
    "proposed_at_utc",
    "decided_by",
    "decided_at_utc",
    "reason",
)


class SqlTypeVersions:
    """``TypeVersionRepository`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, version: TypeVersion) -> None:
        """Insert one. Raises ``StaleVersion`` when its type has an open one already."""
        values = {name: getattr(version, name) for name in _COLUMN.keys()}  # noqa: SIM118 - no mapping
        self._connection.execute(_ADD, values | {"state": version.state.value})

    def save(self, version: TypeVersion) -> None:
        """Write one, read in this same transaction. Raises ``StaleVersion``."""
        values = {name: getattr(version, name) for name in _DECISIONS}
        values |= {"state": version.state.value, "key": version.id, "before": version.row - 1}
        statement = _SAVE.values({name: bindparam(name) for name in _DECISIONS})
        if self._connection.execute(statement, values).rowcount != 1:
            raise StaleVersion

    def get(self, version_id: str) -> TypeVersion:
        """Return one. Raises ``NotFound``."""
        row = self._connection.execute(_GET, {"key": version_id}).first()
        if row is None:
            raise NotFound("type_version", version_id[:40])
        return _version(row)

    def of_type(self, slug: str) -> list[TypeVersion]:
        """Return every version of a type, the newest first."""
        return [_version(row) for row in self._connection.execute(_OF_TYPE, {"key": slug})]

    def every(self) -> list[TypeVersion]:
        """Return all there are."""
        return [_version(row) for row in self._connection.execute(_EVERY)]

    def open(self) -> list[TypeVersion]:
        """Return what is being written or waits for release, by type."""
        return [_version(row) for row in self._connection.execute(_OPEN)]

    def in_force(self) -> list[TypeVersion]:
        """Return the newest released version of every type, by type."""
        return [_version(row) for row in self._connection.execute(_IN_FORCE)]

    def released_count(self) -> int:
        """Return how many were ever released."""
        (row,) = rows(self._connection, _COUNT, {})
        return int(row.count)


def _version(row: Row[Any]) -> TypeVersion:
    values = dict(row._mapping)
    return TypeVersion(**{**values, "state": VersionState(row.state)})
