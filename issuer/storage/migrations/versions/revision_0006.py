"""Institutions that check by machine, and what they are told.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    _institutions()
    _use()
    _deliveries()


def _institutions() -> None:
    op.create_table(
        "institutions",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("daily_quota", sa.Integer(), nullable=False),
        sa.Column("created_at_utc", _MOMENT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("webhook_url", sa.Text()),
        sa.Column("webhook_secret", sa.LargeBinary()),
        sa.CheckConstraint("daily_quota >= 1", name=op.f("ck_institutions_daily_quota")),
        sa.CheckConstraint(
            "(webhook_url IS NULL) = (webhook_secret IS NULL)",
            name=op.f("ck_institutions_webhook"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institutions")),
    )
    op.create_table(
        "institution_keys",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("institution_id", _CODE, nullable=False),
        sa.Column("sha256", _CODE, nullable=False),
        sa.Column("created_at_utc", _MOMENT, nullable=False),
        sa.Column("revoked_at_utc", _MOMENT),
        _belongs_to("institution_keys", "institution_id", "institutions.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_institution_keys")),
        sa.UniqueConstraint("sha256", name=op.f("uq_institution_keys_sha256")),
    )
    op.create_index("ix_institution_keys_institution_id", "institution_keys", ["institution_id"])


def _use() -> None:
    op.create_table(
        "institution_usage",
        sa.Column("institution_id", _CODE, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.CheckConstraint("checks >= 0", name=op.f("ck_institution_usage_checks")),
        _belongs_to("institution_usage", "institution_id", "institutions.id"),
        sa.PrimaryKeyConstraint("institution_id", "day", name=op.f("pk_institution_usage")),
    )
    op.create_table(
        "institution_checks",
        sa.Column("letter_id", _CODE, nullable=False),
        sa.Column("institution_id", _CODE, nullable=False),
        sa.Column("last_at_utc", _MOMENT, nullable=False),
        _belongs_to("institution_checks", "letter_id", "letters.id"),
        _belongs_to("institution_checks", "institution_id", "institutions.id"),
        sa.PrimaryKeyConstraint("letter_id", "institution_id", name=op.f("pk_institution_checks")),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("institution_id", _CODE, nullable=False),
        sa.Column("letter_id", _CODE, nullable=False),
        sa.Column("event", _CODE, nullable=False),
        sa.Column("created_at_utc", _MOMENT, nullable=False),
        sa.Column("next_at_utc", _MOMENT),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("outcome", _CODE),
        sa.Column("lease_worker", _CODE),
        sa.Column("lease_until_utc", _MOMENT),
        sa.CheckConstraint(
            "event IN ('letter.revoked', 'letter.superseded')", name=op.f("ck_deliveries_event")
        ),
        sa.CheckConstraint(
            "state IN ('dead', 'delivered', 'waiting')", name=op.f("ck_deliveries_state")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (next_at_utc IS NOT NULL)", name=op.f("ck_deliveries_next")
        ),
        sa.CheckConstraint(
            "(lease_worker IS NULL) = (lease_until_utc IS NULL)", name=op.f("ck_deliveries_lease")
        ),
        sa.CheckConstraint(
            "lease_worker IS NULL OR state = 'waiting'", name=op.f("ck_deliveries_leased")
        ),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_deliveries_tries")),
        _belongs_to("deliveries", "institution_id", "institutions.id"),
        _belongs_to("deliveries", "letter_id", "letters.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_deliveries_waiting",
        "deliveries",
        ["next_at_utc"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index(
        "ix_deliveries_institution_id_created_at_utc",
        "deliveries",
        ["institution_id", "created_at_utc"],
    )


def _belongs_to(table: str, column: str, parent: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [parent], name=op.f(f"fk_{table}_{column}"))
