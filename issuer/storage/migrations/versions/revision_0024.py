"""Accounts that begin with a code sent by e-mail: the code, and the mail that brings it.

Frozen, as every revision.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from issuer.storage.migrations.checks import change_check, remake

revision = "0024"
down_revision = "0023"

_CODE = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_WAS = "kind IN ('cancelled', 'ended', 'issued', 'lapsed', 'received', 'rejected', 'returned')"
_OF_ACCOUNTS = "kind IN ('account_known', 'account_new')"
_BECOMES = (
    "kind IN ('account_known', 'account_new', 'cancelled', 'ended', 'issued', 'lapsed',"
    " 'received', 'rejected', 'returned')"
)
_MORE = {
    "ck_messages_request": f"({_OF_ACCOUNTS}) = (request_id IS NULL)",
    "ck_messages_agency": "(request_id IS NULL) = (agency_code IS NULL)",
}
_OF_REQUESTS = ("request_id", "agency_code")


def upgrade() -> None:
    """Let mail be about no request, and add what finds and begins such an account."""
    op.add_column("citizens", sa.Column("email_index", _CODE))
    op.create_index(op.f("ix_citizens_email_index"), "citizens", ["email_index"], unique=True)
    op.create_table(
        "begun_sign_ins",
        sa.Column("token_sha256", _CODE, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at_utc", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_begun_sign_ins")),
    )
    op.create_index(op.f("ix_begun_sign_ins_expires_at_utc"), "begun_sign_ins", ["expires_at_utc"])
    if op.get_bind().dialect.name == "sqlite":
        more = "".join(f"CONSTRAINT {name} CHECK ({check}), " for name, check in _MORE.items())
        kind = "CONSTRAINT ck_messages_kind CHECK "
        remake(
            "messages",
            {f"{column} TEXT NOT NULL": f"{column} TEXT" for column in _OF_REQUESTS}
            | {f"{kind}({_WAS})": f"{more}{kind}({_BECOMES})"},
        )
        return
    for column in _OF_REQUESTS:
        op.alter_column("messages", column, nullable=True)
    change_check("messages", "ck_messages_kind", _WAS, _BECOMES)
    for name, check in _MORE.items():
        op.create_check_constraint(op.f(name), "messages", check)
