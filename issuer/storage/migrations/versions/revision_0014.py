"""Officers with a PIN, and the batches that they sign.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def _to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=op.f(f"fk_{table}_{column}"))


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "officer_accounts",
        sa.Column("account_id", _CODE, nullable=False),
        sa.Column("signatory_id", _CODE, nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        _to("officer_accounts", "account_id", "accounts.id"),
        _to("officer_accounts", "signatory_id", "signatories.id"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_officer_accounts")),
    )
    batches = "signing_batches"
    op.create_table(
        batches,
        sa.Column("id", _CODE, nullable=False),
        sa.Column("account_id", _CODE, nullable=False),
        sa.Column("agency_code", _CODE, nullable=False),
        sa.Column("signatory_id", _CODE, nullable=False),
        sa.Column("endorser_id", _CODE),
        sa.Column("certificate_sha256", _CODE, nullable=False),
        sa.Column("endorser_certificate_sha256", _CODE),
        sa.Column("on_error", _CODE, nullable=False),
        sa.Column("created_at_utc", _MOMENT, nullable=False),
        sa.Column("lease_worker", _CODE),
        sa.Column("lease_until_utc", _MOMENT),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        _check(batches, "on_error", "on_error IN ('continue', 'stop')"),
        _check(batches, "state", "state IN ('done', 'running', 'stopped')"),
        _check(batches, "lease", "(lease_worker IS NULL) = (lease_until_utc IS NULL)"),
        _check(
            batches,
            "endorser",
            "(endorser_id IS NULL) = (endorser_certificate_sha256 IS NULL)",
        ),
        _check(batches, "version", "version >= 1"),
        _to(batches, "account_id", "accounts.id"),
        _to(batches, "agency_code", "agencies.code"),
        _to(batches, "signatory_id", "signatories.id"),
        _to(batches, "endorser_id", "signatories.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_batches")),
    )
    op.create_index(
        "ix_signing_batches_account_id_created_at_utc", batches, ["account_id", "created_at_utc"]
    )
    items = "signing_batch_items"
    op.create_table(
        items,
        sa.Column("batch_id", _CODE, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("request_id", _CODE, nullable=False),
        sa.Column("request_version", sa.Integer(), nullable=False),
        sa.Column("mandate_id", _CODE),
        sa.Column("endorser_mandate_id", _CODE),
        sa.Column("endorsed", sa.Boolean(), nullable=False),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("letter_id", _CODE),
        sa.Column("outcome", _CODE),
        _check(items, "state", "state IN ('failed', 'signed', 'waiting')"),
        _check(items, "letter", "(state = 'signed') = (letter_id IS NOT NULL)"),
        _check(items, "outcome", "(state = 'failed') = (outcome IS NOT NULL)"),
        _check(items, "mandate", "mandate_id IS NOT NULL OR state = 'failed'"),
        _check(items, "position", "position >= 1"),
        _to(items, "batch_id", "signing_batches.id"),
        _to(items, "request_id", "requests.id"),
        _to(items, "mandate_id", "mandates.id"),
        _to(items, "endorser_mandate_id", "mandates.id"),
        _to(items, "letter_id", "letters.id"),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_signing_batch_items")),
        sa.UniqueConstraint(
            "batch_id", "request_id", name=op.f("uq_signing_batch_items_batch_id_request_id")
        ),
    )
