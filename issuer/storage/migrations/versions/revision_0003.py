"""The certificate of the second signature, on letters that the district endorses.

Frozen, as every revision.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

_TRIGGER = "letters_keep_their_endorser"
_ISSUED = "('issued', 'revoked', 'superseded')"


def upgrade() -> None:
    """Add the column, and the trigger that keeps it once the letter is issued."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    # In words, and by the line, as in revision 0002.
    collation = ' COLLATE "C"' if on_postgresql else ""
    op.execute(
        f"ALTER TABLE letters ADD COLUMN endorser_certificate_sha256 TEXT{collation}"
        "\nCONSTRAINT ck_letters_endorser"
        " CHECK (endorser_certificate_sha256 IS NULL OR certificate_sha256 IS NOT NULL)\n"
    )
    differs = "IS DISTINCT FROM" if on_postgresql else "IS NOT"
    when = (
        f"OLD.state IN {_ISSUED} AND"
        f" OLD.endorser_certificate_sha256 {differs} NEW.endorser_certificate_sha256"
    )
    if on_postgresql:
        op.execute(
            f"CREATE FUNCTION {_TRIGGER}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE integrity_constraint_violation USING MESSAGE = '{_TRIGGER}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {_TRIGGER} BEFORE UPDATE ON letters FOR EACH ROW WHEN ({when})"
            f" EXECUTE FUNCTION {_TRIGGER}()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {_TRIGGER} BEFORE UPDATE ON letters WHEN ({when})"
            f" BEGIN SELECT RAISE(ABORT, '{_TRIGGER}'); END"
        )
