"""Messages that a request was cancelled or lapsed. Frozen, as every revision."""

from __future__ import annotations

from issuer.storage.migrations.checks import change_check

revision = "0023"
down_revision = "0022"

_WAS = "kind IN ('ended', 'issued', 'received', 'rejected', 'returned')"
_BECOMES = "kind IN ('cancelled', 'ended', 'issued', 'lapsed', 'received', 'rejected', 'returned')"


def upgrade() -> None:
    """Let both tables name the two kinds."""
    change_check("messages", "ck_messages_kind", _WAS, _BECOMES)
    change_check("message_texts", "ck_message_texts_kind", _WAS, _BECOMES)
