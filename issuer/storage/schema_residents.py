"""The tables of residents. No column can be read or searched without the data key.

``nik_index`` and ``key_index`` are keyed hashes: equal NIKs, and equal first letters of
names in one agency, have equal ones, and nothing else follows from them.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table

from issuer.storage.column_types import Code, UtcDateTime
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

Index(None, resident_names.c.key_index)
