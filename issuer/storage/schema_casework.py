"""The tables of casework: the steps of requests, and what agencies ask beyond a type."""

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

from issuer.domain.handling import MAX_REVIEWS
from issuer.domain.letter_request import RequestAction
from issuer.storage.column_types import Code, UtcDateTime
from issuer.storage.schema import metadata, requests

# The primary key is the second lock of a request's version: of two people at once only
# one can have taken the step that led to it. ``note`` is sealed.
request_steps = Table(
    "request_steps",
    metadata,
    Column("request_id", Code, ForeignKey("requests.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at_utc", UtcDateTime, nullable=False),
    Column("actor_id", Code, nullable=False),
    Column("action", Code, nullable=False),
    Column("note", LargeBinary),
    CheckConstraint("version >= 2", name="version"),
    CheckConstraint(
        f"action IN ({', '.join(repr(str(action)) for action in sorted(RequestAction))})",
        name="action",
    ),
)

agency_handling = Table(
    "agency_handling",
    metadata,
    Column("agency_code", Code, ForeignKey("agencies.code"), primary_key=True),
    Column("letter_type", Code, primary_key=True),
    Column("reviews", Integer, nullable=False),
    Column("four_eyes", Boolean, nullable=False),
    CheckConstraint(f"reviews BETWEEN 1 AND {MAX_REVIEWS}", name="reviews"),
)

# A queue, and what lapses, is found among the open ones, never among all there ever were.
Index(
    "ix_requests_queue",
    requests.c.state,
    requests.c.agency_code,
    requests.c.created_at_utc,
    requests.c.id,
)
