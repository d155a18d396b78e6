"""The tables of residents. Nobody is read or searched in them without the data key.

``nik_index`` and ``key_index`` are keyed hashes: equal NIKs, and equal first letters of
names in one agency, have equal ones, and nothing else follows from them. An import has its
table, sealed, until it is done, and only then counts.
"""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table

from issuer.storage.column_types import CanonicalJson, Code, UtcDateTime
from issuer.storage.schema import metadata

residents = Table(
    "residents",
    metadata,
    Column("id", Code, primary_key=True),
    Column("agency_code", Code, ForeignKey("agencies.code"), nullable=False, index=True),
    Column("nik_index", Code, nullable=False, unique=True),
    Column("holder", LargeBinary, nullable=False),
    Column("updated_at_utc", UtcDateTime, nullable=False),
)

resident_names = Table(
    "resident_names",
    metadata,
    Column("resident_id", Code, ForeignKey("residents.id"), primary_key=True),
    Column("key_index", Code, primary_key=True),
)

resident_imports = Table(
    "resident_imports",
    metadata,
    Column("id", Code, primary_key=True),
    Column("agency_code", Code, ForeignKey("agencies.code"), nullable=False),
    Column("actor_id", Code, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("begun_at_utc", UtcDateTime, nullable=False),
    Column("done_at_utc", UtcDateTime),
    Column("content", LargeBinary),
    Column("counts", CanonicalJson, nullable=False),
    CheckConstraint("(content IS NULL) = (done_at_utc IS NOT NULL)", name="done"),
)

Index(None, resident_names.c.key_index)
Index(None, resident_imports.c.agency_code, resident_imports.c.done_at_utc)
