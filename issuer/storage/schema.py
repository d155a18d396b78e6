"""The tables. What must never be wrong is a constraint here, not a hope elsewhere.

The triggers that keep the audit trail and issued letters as they are stand in
``migrations``; a test holds the migrated database against this module.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from issuer.domain.blank import BEARS_LETTER, BlankAction, BlankState
from issuer.domain.letter import UNFINISHED_LETTER, LetterState
from issuer.domain.letter_request import RequestState
from issuer.domain.mandate import MandateKind
from issuer.domain.office import AgencyKind
from issuer.domain.presentation import Paper, SecurityPrinting
from issuer.storage.column_types import CanonicalJson, Code, UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def _one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in sorted(values))})"


def _together(first: str, *others: str) -> str:
    return " AND ".join(f"({first} IS NULL) = ({other} IS NULL)" for other in others)


agencies = Table(
    "agencies",
    metadata,
    Column("code", Code, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Code, nullable=False),
    Column("parent_code", Code, ForeignKey("agencies.code")),
    Column("number_code", Code, nullable=False),
    Column("seat", Text, nullable=False),
    Column("letterhead_lines", CanonicalJson, nullable=False),
    Column("letterhead_address", Text, nullable=False),
    Column("letterhead_contact", Text, nullable=False),
    Column("letterhead_emblem", Text, nullable=False),
    Column("number_pattern", Text),
    Column("paper", Code, nullable=False, server_default=Paper.A4.value),
    Column("security", Code, nullable=False, server_default=SecurityPrinting.HOME.value),
    CheckConstraint(_one_of("kind", AgencyKind), name="kind"),
    CheckConstraint(_one_of("paper", Paper), name="paper"),
    CheckConstraint(_one_of("security", SecurityPrinting), name="security"),
)

signatories = Table(
    "signatories",
    metadata,
    Column("id", Code, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("nip", Text),
    Column("rank", Text),
    Column("key_id", Code, nullable=False),
)

mandates = Table(
    "mandates",
    metadata,
    Column("id", Code, primary_key=True),
    Column("signatory_id", Code, ForeignKey("signatories.id"), nullable=False, index=True),
    Column("agency_code", Code, ForeignKey("agencies.code"), nullable=False, index=True),
    Column("kind", Code, nullable=False),
    Column("position", Text, nullable=False),
    Column("principal", Text),
    Column("via", Text),
    Column("decree_number", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date),
    Column("letter_types", CanonicalJson),
    CheckConstraint(_one_of("kind", MandateKind), name="kind"),
)

# ``content`` is sealed: holder, fields, purpose and what it replaces.
requests = Table(
    "requests",
    metadata,
    Column("id", Code, primary_key=True),
    Column("letter_type", Code, nullable=False),
    Column("agency_code", Code, ForeignKey("agencies.code"), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("origin", Code, nullable=False),
    Column("created_by", Code, nullable=False),
    Column("created_at_utc", UtcDateTime, nullable=False),
    Column("state", Code, nullable=False),
    Column("version", Integer, nullable=False),
    # A keyed hash of the holder's NIK; empty in what was asked for before there was one.
    Column("holder_index", Code, index=True),
    CheckConstraint(_one_of("state", RequestState), name="state"),
    CheckConstraint("version >= 1", name="version"),
)

number_series = Table(
    "number_series",
    metadata,
    Column("agency_code", Code, ForeignKey("agencies.code"), primary_key=True),
    Column("series", Code, primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    CheckConstraint("last >= 1", name="last"),
)

_NEVER_SIGNED = {LetterState.RESERVED, LetterState.VOIDED}
_NEVER_ISSUED = _NEVER_SIGNED | {LetterState.SIGNING}
_ENDED = {LetterState.VOIDED, LetterState.REVOKED, LetterState.SUPERSEDED}

# ``record`` and ``qr_text`` are sealed: both name the holder.
letters = Table(
    "letters",
    metadata,
    Column("id", Code, primary_key=True),
    Column("request_id", Code, ForeignKey("requests.id"), nullable=False),
    Column("agency_code", Code, ForeignKey("agencies.code"), nullable=False),
    Column("series", Code, nullable=False),
    Column("year", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("number", Code, nullable=False, unique=True),
    Column("verification_code", Code, nullable=False),
    Column("status_index", Integer, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("state", Code, nullable=False),
    Column("reserved_at_utc", UtcDateTime, nullable=False),
    Column("lease_worker", Code),
    Column("lease_until_utc", UtcDateTime),
    Column("qr_text", LargeBinary),
    Column("to_sign_sha256", Code),
    Column("pdf_sha256", Code, unique=True),
    Column("pdf_size_bytes", Integer),
    Column("certificate_sha256", Code),
    Column("issued_at_utc", UtcDateTime),
    Column("ending_reason", Text),
    Column("ending_actor_id", Code),
    Column("ending_at_utc", UtcDateTime),
    Column("replaced_by", Code),
    Column("version", Integer, nullable=False),
    Column("endorser_certificate_sha256", Code),
    UniqueConstraint("agency_code", "series", "year", "sequence"),
    UniqueConstraint("year", "status_index"),
    CheckConstraint("sequence >= 1", name="sequence"),
    CheckConstraint("status_index >= 0", name="status_index"),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint(_one_of("state", LetterState), name="state"),
    CheckConstraint(_together("lease_worker", "lease_until_utc"), name="lease"),
    CheckConstraint(_together("pdf_sha256", "pdf_size_bytes", "certificate_sha256"), name="pdf"),
    CheckConstraint(
        "endorser_certificate_sha256 IS NULL OR certificate_sha256 IS NOT NULL", name="endorser"
    ),
    CheckConstraint(
        f"{_one_of('state', _NEVER_SIGNED)} OR to_sign_sha256 IS NOT NULL", name="signing"
    ),
    CheckConstraint(
        f"{_one_of('state', _NEVER_ISSUED)} OR pdf_sha256 IS NOT NULL"
        " AND qr_text IS NOT NULL AND issued_at_utc IS NOT NULL",
        name="issued",
    ),
    CheckConstraint(
        f"({_one_of('state', _ENDED)}) = (ending_reason IS NOT NULL)"
        f" AND {_together('ending_reason', 'ending_actor_id', 'ending_at_utc')}",
        name="ending",
    ),
    CheckConstraint("(state = 'superseded') = (replaced_by IS NOT NULL)", name="replaced_by"),
)

# Literal, not parameters: only so does a query find the partial index.
NOT_VOIDED = text(f"state <> '{LetterState.VOIDED}'")
UNFINISHED = text(_one_of("state", UNFINISHED_LETTER))
ENDED = text(_one_of("state", _ENDED))

Index(
    "uq_letters_request_id_not_voided",
    letters.c.request_id,
    unique=True,
    sqlite_where=NOT_VOIDED,
    postgresql_where=NOT_VOIDED,
)
Index(None, letters.c.agency_code, letters.c.reserved_at_utc)
# Holds all that a status list is made from: a million letters take no second.
Index(
    "ix_letters_ended",
    letters.c.year,
    letters.c.status_index,
    letters.c.state,
    letters.c.ending_at_utc,
    sqlite_where=ENDED,
    postgresql_where=ENDED,
)
Index(
    "ix_letters_unfinished",
    letters.c.reserved_at_utc,
    letters.c.id,
    sqlite_where=UNFINISHED,
    postgresql_where=UNFINISHED,
)

# UNIQUE over ``previous_hash``: the chain cannot fork.
audit_trail = Table(
    "audit_trail",
    metadata,
    Column(
        "position",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("at_utc", UtcDateTime, nullable=False),
    Column("actor_id", Code, nullable=False),
    Column("action", Code, nullable=False),
    Column("subject", Code, nullable=False),
    Column("facts", CanonicalJson, nullable=False),
    Column("previous_hash", Code, nullable=False, unique=True),
    Column("hash", Code, nullable=False),
    CheckConstraint("position >= 1", name="position"),
    Index(None, "subject", "position"),
)

# Sheets of security paper (blangko). That keeper, printer and destroyer are different
# people is a constraint and not only a matter of roles, which may change hands.
blanks = Table(
    "blanks",
    metadata,
    Column("prefix", Code, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", Code, nullable=False),
    Column("agency_code", Code, ForeignKey("agencies.code")),
    Column("handed_over_by", Code),
    Column("letter_id", Code, ForeignKey("letters.id"), index=True),
    Column("printed_by", Code),
    Column("printed_at_utc", UtcDateTime),
    Column("destroyed_by", Code),
    Column("witnessed_by", Code),
    CheckConstraint("number BETWEEN 1 AND 999999", name="number"),
    CheckConstraint(_one_of("state", BlankState), name="state"),
    CheckConstraint(
        f"{_one_of('state', {BlankState.IN_STORE, BlankState.LOST})} OR agency_code IS NOT NULL",
        name="counter",
    ),
    CheckConstraint(_together("agency_code", "handed_over_by"), name="handed_over"),
    CheckConstraint(_together("letter_id", "printed_by", "printed_at_utc"), name="printed"),
    CheckConstraint(
        f"letter_id IS NOT NULL OR state NOT IN ('{BlankState.PRINTING}', '{BlankState.USED}')",
        name="bears_letter",
    ),
    CheckConstraint(
        f"(state = '{BlankState.DESTROYED}') = (destroyed_by IS NOT NULL)"
        f" AND {_together('destroyed_by', 'witnessed_by')}",
        name="destroyed",
    ),
    CheckConstraint("printed_by <> handed_over_by", name="keeper_prints_not"),
    CheckConstraint("destroyed_by <> witnessed_by", name="two_destroy"),
    CheckConstraint(
        "destroyed_by <> printed_by AND witnessed_by <> printed_by", name="printer_destroys_not"
    ),
    CheckConstraint(
        "destroyed_by <> handed_over_by AND witnessed_by <> handed_over_by",
        name="keeper_destroys_not",
    ),
    Index(None, "agency_code", "state", "prefix", "number"),
)

LIVE_PRINT = text(_one_of("state", BEARS_LETTER))
UNCONFIRMED = text(f"state = '{BlankState.PRINTING}'")

Index(
    "uq_blanks_letter_id_live",
    blanks.c.letter_id,
    unique=True,
    sqlite_where=LIVE_PRINT,
    postgresql_where=LIVE_PRINT,
)
Index(
    "uq_blanks_printed_by_unconfirmed",
    blanks.c.printed_by,
    unique=True,
    sqlite_where=UNCONFIRMED,
    postgresql_where=UNCONFIRMED,
)

blank_events = Table(
    "blank_events",
    metadata,
    Column(
        "position",
        BigInteger().with_variant(Integer, "sqlite"),
        ForeignKey("audit_trail.position"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("at_utc", UtcDateTime, nullable=False),
    Column("action", Code, nullable=False),
    Column("prefix", Code, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("before", Code),
    Column("after", Code, nullable=False),
    Column("agency_code", Code, ForeignKey("agencies.code"), index=True),
    Column("letter_id", Code, ForeignKey("letters.id"), index=True),
    Column("reason", Text, nullable=False),
    CheckConstraint("first BETWEEN 1 AND last", name="first"),
    CheckConstraint(_one_of("action", BlankAction), name="action"),
)
