"""What residents are told: contacts, the outbox, and the texts of an agency's own.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_KINDS = "kind IN ('ended', 'issued', 'received', 'rejected', 'returned')"


def upgrade() -> None:
    """Create the three tables."""
    op.create_table(
        "contacts",
        sa.Column("request_id", _CODE, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_contacts_request_id")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_contacts")),
    )
    op.create_table(
        "messages",
        sa.Column("id", _CODE, nullable=False),
        sa.Column("request_id", _CODE, nullable=False),
        sa.Column("agency_code", _CODE, nullable=False),
        sa.Column("kind", _CODE, nullable=False),
        sa.Column("way", _CODE, nullable=False),
        sa.Column("created_at_utc", _MOMENT, nullable=False),
        sa.Column("next_at_utc", _MOMENT),
        sa.Column("content", sa.LargeBinary()),
        sa.Column("state", _CODE, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("outcome", _CODE),
        sa.Column("lease_worker", _CODE),
        sa.Column("lease_until_utc", _MOMENT),
        sa.CheckConstraint(_KINDS, name=op.f("ck_messages_kind")),
        sa.CheckConstraint("way IN ('gateway', 'mail')", name=op.f("ck_messages_way")),
        sa.CheckConstraint(
            "state IN ('dead', 'delivered', 'waiting')", name=op.f("ck_messages_state")
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (next_at_utc IS NOT NULL)", name=op.f("ck_messages_next")
        ),
        sa.CheckConstraint(
            "state <> 'delivered' OR content IS NULL", name=op.f("ck_messages_forgotten")
        ),
        sa.CheckConstraint(
            "state <> 'waiting' OR content IS NOT NULL", name=op.f("ck_messages_content")
        ),
        sa.CheckConstraint(
            "(lease_worker IS NULL) = (lease_until_utc IS NULL)", name=op.f("ck_messages_lease")
        ),
        sa.CheckConstraint(
            "lease_worker IS NULL OR state = 'waiting'", name=op.f("ck_messages_leased")
        ),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_messages_tries")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_messages_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_messages_agency_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_request_id"), "messages", ["request_id"])
    op.create_index(
        op.f("ix_messages_agency_code_created_at_utc"),
        "messages",
        ["agency_code", "created_at_utc"],
    )
    waiting, holding = sa.text("state = 'waiting'"), "state = 'dead' AND content IS NOT NULL"
    op.create_index(
        "ix_messages_waiting",
        "messages",
        ["next_at_utc"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index(
        "ix_messages_holding_dead",
        "messages",
        ["created_at_utc"],
        sqlite_where=sa.text(holding),
        postgresql_where=sa.text(holding),
    )
    op.create_table(
        "message_texts",
        sa.Column("agency_code", _CODE, nullable=False),
        sa.Column("kind", _CODE, nullable=False),
        sa.Column("language", _CODE, nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.CheckConstraint(_KINDS, name=op.f("ck_message_texts_kind")),
        sa.CheckConstraint("language IN ('en', 'id')", name=op.f("ck_message_texts_language")),
        sa.ForeignKeyConstraint(
            ["agency_code"], ["agencies.code"], name=op.f("fk_message_texts_agency_code")
        ),
        sa.PrimaryKeyConstraint("agency_code", "kind", "language", name=op.f("pk_message_texts")),
    )
