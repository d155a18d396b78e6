"""Column types that mean the same on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text, TypeDecorator
from sqlalchemy.dialects import postgresql

from issuer.domain.record import canonical_json

Code = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
"""Text in the order of its code points; a locale would sort 35.22.15 differently."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, aware in and out, in UTC, to the microsecond.

    SQLite has no such type; there it is text of one width, so that it sorts.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as the database takes it. Raises ``ValueError`` for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC, whatever zone the session of the database has."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class CanonicalJson(TypeDecorator[Any]):
    """A list or an object as canonical JSON, in a text column."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Return the JSON; None stays NULL."""
        return None if value is None else canonical_json(value).decode()

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Any | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Return what the JSON says; NULL is None."""
        return None if value is None else json.loads(value)
