"""The tables of what residents are told; whom and what is sealed."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    Text,
)

from issuer.domain.messages import AccountMail, Language, MessageKind, Way
from issuer.storage.column_types import Code
from issuer.storage.outbox import DONE, WAITING, outbox_columns
from issuer.storage.schema import metadata


def _one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in sorted(values))})"


# ``content`` is sealed: an e-mail address, a telephone number.
contacts = Table(
    "contacts",
    metadata,
    Column("request_id", Code, ForeignKey("requests.id"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

# ``content`` is sealed: the address and the words. It is gone once it was handed over.
messages = Table(
    "messages",
    metadata,
    *outbox_columns(),
    Column("request_id", Code, ForeignKey("requests.id"), index=True),
    Column("agency_code", Code, ForeignKey("agencies.code")),
    Column("kind", Code, nullable=False),
    Column("way", Code, nullable=False),
    Column("content", LargeBinary),
    CheckConstraint(_one_of("kind", [*MessageKind, *AccountMail]), name="kind"),
    CheckConstraint(f"({_one_of('kind', AccountMail)}) = (request_id IS NULL)", name="request"),
    CheckConstraint("(request_id IS NULL) = (agency_code IS NULL)", name="agency"),
    CheckConstraint(_one_of("way", Way), name="way"),
    CheckConstraint("state <> 'delivered' OR content IS NULL", name="forgotten"),
    CheckConstraint("state <> 'waiting' OR content IS NOT NULL", name="content"),
)

Index("ix_messages_waiting", messages.c.next_at_utc, sqlite_where=WAITING, postgresql_where=WAITING)
Index("ix_messages_done", messages.c.created_at_utc, sqlite_where=DONE, postgresql_where=DONE)
Index(None, messages.c.agency_code, messages.c.created_at_utc)

message_texts = Table(
    "message_texts",
    metadata,
    Column("agency_code", Code, ForeignKey("agencies.code"), primary_key=True),
    Column("kind", Code, primary_key=True),
    Column("language", Code, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    CheckConstraint(_one_of("kind", MessageKind), name="kind"),
    CheckConstraint(_one_of("language", Language), name="language"),
)
