"""The register as it began.

Frozen: it names every type and constraint itself and imports nothing of the
program, so it does the same for ever.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)

_NEVER_CHANGES = (
    "id",
    "request_id",
    "agency_code",
    "series",
    "year",
    "sequence",
    "number",
    "verification_code",
    "status_index",
    "record",
    "reserved_at_utc",
)
_KEPT_ONCE_ISSUED = (
    "to_sign_sha256",
    "pdf_sha256",
    "pdf_size_bytes",
    "certificate_sha256",
    "issued_at_utc",
)
_ISSUED = "('issued', 'revoked', 'superseded')"


def upgrade() -> None:
    """Create the tables, then the triggers that refuse what must never happen."""
    _agencies()
    _signatories()
    _mandates()
    _requests()
    _number_series()
    _letters()
    _audit_trail()
    _accounts()
    _sign_ins()
    _refuse("letters_keep_their_number", "UPDATE", "letters", _changed(_NEVER_CHANGES))
    _refuse(
        "letters_stay_issued",
        "UPDATE",
        "letters",
        f"OLD.state IN {_ISSUED} AND (NEW.state NOT IN {_ISSUED} OR {_changed(_KEPT_ONCE_ISSUED)})",
    )
    _refuse(
        "letters_stay_voided", "UPDATE", "letters", "OLD.state = 'voided' AND NEW.state <> 'voided'"
    )
    _refuse("letters_are_never_deleted", "DELETE", "letters")
    _refuse("audit_trail_is_never_changed", "UPDATE", "audit_trail")
    _refuse("audit_trail_is_never_deleted", "DELETE", "audit_trail")
    if _on_postgresql():
        _refuse("letters_are_never_truncated", "TRUNCATE", "letters")
        _refuse("audit_trail_is_never_truncated", "TRUNCATE", "audit_trail")


def _agencies() -> None:
    op.create_table(
        "agencies",
        sa.Column("code", _CODE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", _CODE, nullable=False),
        sa.Column("parent_code", _CODE),
        sa.Column("number_code", _CODE, nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("letterhead_lines", sa.Text(), nullable=False),
        sa.Column("letterhead_address", sa.Text(), nullable=False),
        sa.Column("letterhead_contact", sa.Text(), nullable=False),
        sa.Column("letterhead_emblem", sa.Text(), nullable=False),
        sa.Column("number_pattern", sa.Text()),
        sa.CheckConstraint(
            "kind IN ('department', 'district', 'regency', 'village', 'ward')",
            name=op.f("ck_agencies_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["parent_code"], ["agencies.code"], name=op.f("fk_agencies_parent_code")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_agencies")),
    )


def _signatories() -> None:
    op.create_table(
        "signatories",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("nip", sa.Text()),
        sa.Column("rank", sa.Text()),
        sa.Column("key_id", _CODE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatories")),
        sa.UniqueConstraint("number", name=op.f("uq_signatories_number")),
    )


def _mandates() -> None:
    op.create_table(
        "mandates",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("signatory_id", _CODE, nullable=False),
        sa.Column("agency_code", _CODE, nullable=False),
        sa.Column("kind", _CODE, nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("principal", sa.Text()),
        sa.Column("via", sa.Text()),
        sa.Column("decree_number", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("letter_types", sa.Text()),
        sa.CheckConstraint(
            "kind IN ('Pj.', 'Plh.', 'Plt.', 'a.n.', 'definitif', 'u.b.')",
            name=op.f("ck_mandates_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_mandates_agency_code")
        ),
        sa.ForeignKeyConstraint(
            ["signatory_id"], ["signatories.id"], name=op.f("fk_mandates_signatory_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandates")),
    )
    op.create_index(op.f("ix_mandates_agency_code"), "mandates", ["agency_code"])
    op.create_index(op.f("ix_mandates_signatory_id"), "mandates", ["signatory_id"])


def _requests() -> None:
    op.create_table(
        "requests",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("letter_type", _CODE, nullable=False),
        sa.Column("agency_code", _CODE, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("origin", _CODE, nullable=False),
        sa.Column("created_by", _CODE, nullable=False),
        sa.Column("created_at_utc", _MOMENT, nullable=False),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('awaiting_signature', 'cancelled', 'draft', 'handed_over', 'issued',"
            " 'lapsed', 'rejected', 'returned', 'reviewed', 'submitted')",
            name=op.f("ck_requests_state"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_requests_version")),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_requests_agency_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )


def _number_series() -> None:
    op.create_table(
        "number_series",
        sa.Column("agency_code", _CODE, nullable=False),
        sa.Column("series", _CODE, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 1", name=op.f("ck_number_series_last")),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_number_series_agency_code")
        ),
        sa.PrimaryKeyConstraint("agency_code", "series", "year", name=op.f("pk_number_series")),
    )


def _letters() -> None:
    op.create_table(
        "letters",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("request_id", _CODE, nullable=False),
        sa.Column("agency_code", _CODE, nullable=False),
        sa.Column("series", _CODE, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("number", _CODE, nullable=False),
        sa.Column("verification_code", _CODE, nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("reserved_at_utc", _MOMENT, nullable=False),
        sa.Column("lease_worker", _CODE),
        sa.Column("lease_until_utc", _MOMENT),
        sa.Column("qr_text", sa.LargeBinary()),
        sa.Column("to_sign_sha256", _CODE),
        sa.Column("pdf_sha256", _CODE),
        sa.Column("pdf_size_bytes", sa.Integer()),
        sa.Column("certificate_sha256", _CODE),
        sa.Column("issued_at_utc", _MOMENT),
        sa.Column("ending_reason", sa.Text()),
        sa.Column("ending_actor_id", _CODE),
        sa.Column("ending_at_utc", _MOMENT),
        sa.Column("replaced_by", _CODE),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'superseded') = (replaced_by IS NOT NULL)",
            name=op.f("ck_letters_replaced_by"),
        ),
        sa.CheckConstraint(
            "(state IN ('revoked', 'superseded', 'voided')) = (ending_reason IS NOT NULL) AND"
            " (ending_reason IS NULL) = (ending_actor_id IS NULL) AND (ending_reason IS NULL) ="
            " (ending_at_utc IS NULL)",
            name=op.f("ck_letters_ending"),
        ),
        sa.CheckConstraint(
            "state IN ('issued', 'reserved', 'revoked', 'signing', 'superseded', 'voided')",
            name=op.f("ck_letters_state"),
        ),
        sa.CheckConstraint(
            "state IN ('reserved', 'signing', 'voided') OR pdf_sha256 IS NOT NULL AND qr_text"
            " IS NOT NULL AND issued_at_utc IS NOT NULL",
            name=op.f("ck_letters_issued"),
        ),
        sa.CheckConstraint(
            "state IN ('reserved', 'voided') OR to_sign_sha256 IS NOT NULL",
            name=op.f("ck_letters_signing"),
        ),
        sa.CheckConstraint(
            "(lease_worker IS NULL) = (lease_until_utc IS NULL)", name=op.f("ck_letters_lease")
        ),
        sa.CheckConstraint(
            "(pdf_sha256 IS NULL) = (pdf_size_bytes IS NULL) AND (pdf_sha256 IS NULL) ="
            " (certificate_sha256 IS NULL)",
            name=op.f("ck_letters_pdf"),
        ),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_letters_sequence")),
        sa.CheckConstraint("status_index >= 0", name=op.f("ck_letters_status_index")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_letters_version")),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_letters_agency_code")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_letters_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letters")),
        sa.UniqueConstraint(
            "agency_code",
            "series",
            "year",
            "sequence",
            name=op.f("uq_letters_agency_code_series_year_sequence"),
        ),
        sa.UniqueConstraint("number", name=op.f("uq_letters_number")),
        sa.UniqueConstraint("pdf_sha256", name=op.f("uq_letters_pdf_sha256")),
        sa.UniqueConstraint("year", "status_index", name=op.f("uq_letters_year_status_index")),
    )
    op.create_index(
        op.f("ix_letters_unfinished"),
        "letters",
        ["reserved_at_utc", "id"],
        sqlite_where=sa.text("state IN ('reserved', 'signing')"),
        postgresql_where=sa.text("state IN ('reserved', 'signing')"),
    )
    op.create_index(
        op.f("uq_letters_request_id_not_voided"),
        "letters",
        ["request_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'voided'"),
        postgresql_where=sa.text("state <> 'voided'"),
    )


def _audit_trail() -> None:
    op.create_table(
        "audit_trail",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at_utc", _MOMENT, nullable=False),
        sa.Column("actor_id", _CODE, nullable=False),
        sa.Column("action", _CODE, nullable=False),
        sa.Column("subject", _CODE, nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("previous_hash", _CODE, nullable=False),
        sa.Column("hash", _CODE, nullable=False),
        sa.CheckConstraint("position >= 1", name=op.f("ck_audit_trail_position")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_audit_trail")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_audit_trail_previous_hash")),
    )
    op.create_index(op.f("ix_audit_trail_subject_position"), "audit_trail", ["subject", "position"])


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("username", _CODE, nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("role", _CODE, nullable=False),
        sa.Column("agency_code", _CODE),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "role IN ('admin_kabupaten', 'admin_opd', 'auditor', 'operator', 'pemohon',"
            " 'penandatangan', 'petugas', 'verifikator')",
            name=op.f("ck_accounts_role"),
        ),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_accounts_agency_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("username", name=op.f("uq_accounts_username")),
    )


def _sign_ins() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("token_sha256", _CODE, nullable=False),
        sa.Column("account_id", _CODE, nullable=False),
        sa.Column("started_at_utc", _MOMENT, nullable=False),
        sa.Column("expires_at_utc", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sign_ins_account_id")
        ),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_sign_ins")),
    )


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _changed(columns: Iterable[str]) -> str:
    differs = "IS DISTINCT FROM" if _on_postgresql() else "IS NOT"
    return "(" + " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in columns) + ")"


def _refuse(name: str, event: str, table: str, when: str = "") -> None:
    condition = f"WHEN ({when})" if when else ""
    if _on_postgresql():
        level = "STATEMENT" if event == "TRUNCATE" else "ROW"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE integrity_constraint_violation USING MESSAGE = '{name}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {level} {condition}"
            f" EXECUTE FUNCTION {name}()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} {condition}"
            f" BEGIN SELECT RAISE(ABORT, '{name}'); END"
        )
