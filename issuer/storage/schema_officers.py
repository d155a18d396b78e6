"""The tables of officers and of the batches that they sign."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from issuer.domain.signing_batches import BatchState, ItemState, OnError
from issuer.storage.column_types import Code, UtcDateTime
from issuer.storage.schema import metadata


def _one_of(column: str, values: type[BatchState] | type[ItemState] | type[OnError]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in sorted(values))})"


def _together(first: str, second: str) -> str:
    return f"({first} IS NULL) = ({second} IS NULL)"


officer_accounts = Table(
    "officer_accounts",
    metadata,
    Column("account_id", Code, ForeignKey("accounts.id"), primary_key=True),
    Column("signatory_id", Code, ForeignKey("signatories.id"), nullable=False),
    # Of the PIN, where there is one; it stands nowhere, in no table of a batch either.
    Column("pin_hash", Text),
)

signing_batches = Table(
    "signing_batches",
    metadata,
    Column("id", Code, primary_key=True),
    Column("account_id", Code, ForeignKey("accounts.id"), nullable=False),
    Column("agency_code", Code, ForeignKey("agencies.code"), nullable=False),
    Column("signatory_id", Code, ForeignKey("signatories.id"), nullable=False),
    Column("endorser_id", Code, ForeignKey("signatories.id")),
    Column("certificate_sha256", Code, nullable=False),
    Column("endorser_certificate_sha256", Code),
    Column("on_error", Code, nullable=False),
    Column("created_at_utc", UtcDateTime, nullable=False),
    Column("lease_worker", Code),
    Column("lease_until_utc", UtcDateTime),
    Column("state", Code, nullable=False),
    Column("version", Integer, nullable=False),
    CheckConstraint(_one_of("on_error", OnError), name="on_error"),
    CheckConstraint(_one_of("state", BatchState), name="state"),
    CheckConstraint(_together("lease_worker", "lease_until_utc"), name="lease"),
    CheckConstraint(_together("endorser_id", "endorser_certificate_sha256"), name="endorser"),
    CheckConstraint("version >= 1", name="version"),
    Index("ix_signing_batches_account_id_created_at_utc", "account_id", "created_at_utc"),
)

signing_batch_items = Table(
    "signing_batch_items",
    metadata,
    Column("batch_id", Code, ForeignKey("signing_batches.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("request_id", Code, ForeignKey("requests.id"), nullable=False),
    Column("request_version", Integer, nullable=False),
    Column("mandate_id", Code, ForeignKey("mandates.id")),
    Column("endorser_mandate_id", Code, ForeignKey("mandates.id")),
    Column("endorsed", Boolean, nullable=False),
    Column("state", Code, nullable=False),
    Column("letter_id", Code, ForeignKey("letters.id")),
    Column("outcome", Code),
    Column("type_digest", Code),
    UniqueConstraint("batch_id", "request_id"),
    CheckConstraint(_one_of("state", ItemState), name="state"),
    CheckConstraint("(state = 'signed') = (letter_id IS NOT NULL)", name="letter"),
    CheckConstraint("(state = 'failed') = (outcome IS NOT NULL)", name="outcome"),
    CheckConstraint("mandate_id IS NOT NULL OR state = 'failed'", name="mandate"),
    CheckConstraint("position >= 1", name="position"),
)
