"""The tables of applications from home, their documents, and the survey without persons.

``code_index`` and ``token_index`` are keyed hashes of what only the applicant has.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
)

from issuer.domain.application import SURVEY_QUESTIONS, DocumentKind
from issuer.storage.column_types import Code, UtcDateTime
from issuer.storage.schema import metadata

applications = Table(
    "applications",
    metadata,
    Column("id", Code, primary_key=True),
    Column("code_index", Code, nullable=False, unique=True),
    Column("token_index", Code, nullable=False, unique=True),
    Column("held_until_utc", UtcDateTime, nullable=False),
    Column("letter_type", Code, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("created_at_utc", UtcDateTime, nullable=False),
    Column("saved_at_utc", UtcDateTime, nullable=False, index=True),
    Column("request_id", Code, ForeignKey("requests.id"), unique=True),
    Column("surveyed", Boolean, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("id", Code, primary_key=True),
    # Of an application or a request: what is sent from home has one id as both.
    Column("owner_id", Code, nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("kind", Code, nullable=False),
    Column("size", Integer, nullable=False),
    Column("file", Code, nullable=False, index=True),
    Column("key", LargeBinary, nullable=False),
    Column("added_at_utc", UtcDateTime, nullable=False),
    Column("added_by", Code),
    CheckConstraint(
        f"kind IN ({', '.join(repr(str(kind)) for kind in sorted(DocumentKind))})", name="kind"
    ),
)

surveys = Table(
    "surveys",
    metadata,
    Column("id", Code, primary_key=True),
    Column("agency_code", Code, ForeignKey("agencies.code"), nullable=False),
    Column("letter_type", Code, nullable=False),
    Column("month", Code, nullable=False),
    *(
        Column(f"score_{number}", Integer, nullable=False)
        for number in range(1, SURVEY_QUESTIONS + 1)
    ),
    *(
        CheckConstraint(f"score_{number} BETWEEN 1 AND 4", name=f"score_{number}")
        for number in range(1, SURVEY_QUESTIONS + 1)
    ),
)

Index(None, surveys.c.agency_code, surveys.c.month)
