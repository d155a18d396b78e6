"""Passkeys, and the challenges that wait for an answer, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from issuer.domain.errors import StaleVersion
from issuer.domain.passkeys import Challenge, NewKey, Passkey, Purpose
from issuer.storage.schema_passkeys import passkey_challenges, passkeys

_KEY, _ASKED = passkeys.c, passkey_challenges.c


class SqlPasskeys:
    """``PasskeyRepository`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, account_id: str) -> Sequence[Passkey]:
        """Return an account's passkeys, the oldest first."""
        query = select(passkeys).where(_KEY.account_id == account_id)
        rows = self._connection.execute(query.order_by(_KEY.added_at_utc, _KEY.id))
        return [_passkey(row) for row in rows]

    def by_credential(self, credential_id: str) -> Passkey | None:
        """Return the passkey that calls itself so, or None."""
        query = select(passkeys).where(_KEY.credential_id == credential_id)
        row = self._connection.execute(query).first()
        return _passkey(row) if row else None

    def add(self, passkey: Passkey) -> None:
        """Insert a passkey. Raises ``StaleVersion`` where its key is there already."""
        key = passkey.key
        try:
            self._connection.execute(
                insert(passkeys).values(
                    id=passkey.id,
                    account_id=passkey.account_id,
                    name=passkey.name,
                    credential_id=key.credential_id,
                    public_key=key.public_key,
                    sign_count=key.sign_count,
                    transports=" ".join(key.transports),
                    added_at_utc=passkey.added_at_utc,
                    last_used_at_utc=passkey.last_used_at_utc,
                )
            )
        except IntegrityError as error:
            raise StaleVersion from error

    def save(self, passkey: Passkey) -> None:
        """Write a used passkey, read in this same transaction."""
        self._connection.execute(
            update(passkeys)
            .where(_KEY.id == passkey.id)
            .values(sign_count=passkey.key.sign_count, last_used_at_utc=passkey.last_used_at_utc)
        )

    def remove(self, account_id: str, passkey_id: str) -> None:
        """Remove one passkey of an account; anybody else's stays."""
        self._connection.execute(
            delete(passkeys).where(_KEY.account_id == account_id, _KEY.id == passkey_id)
        )

    def forget(self, account_id: str) -> None:
        """Remove every passkey of an account."""
        self._connection.execute(delete(passkeys).where(_KEY.account_id == account_id))

    def ask(self, challenge: Challenge, now_utc: datetime) -> None:
        """Keep a challenge until it is answered, and drop those whose time is over."""
        self._connection.execute(delete(passkey_challenges).where(_ASKED.expires_at_utc <= now_utc))
        self._connection.execute(
            insert(passkey_challenges).values(
                challenge_sha256=challenge.challenge_sha256,
                purpose=challenge.purpose.value,
                bound_to=challenge.bound_to,
                expires_at_utc=challenge.expires_at_utc,
            )
        )

    def take(
        self, challenge_sha256: str, purpose: Purpose, bound_to: str, now_utc: datetime
    ) -> bool:
        """Say whether this was asked there, and is asked no more: true once at most."""
        taken = self._connection.execute(
            delete(passkey_challenges).where(
                _ASKED.challenge_sha256 == challenge_sha256,
                _ASKED.purpose == purpose.value,
                _ASKED.bound_to == bound_to,
                _ASKED.expires_at_utc > now_utc,
            )
        )
        return taken.rowcount == 1


def _passkey(row: Row[Any]) -> Passkey:
    return Passkey(
        id=row.id,
        account_id=row.account_id,
        name=row.name,
        key=NewKey(
            credential_id=row.credential_id,
            public_key=bytes(row.public_key),
            sign_count=row.sign_count,
            transports=tuple(row.transports.split()),
        ),
        added_at_utc=row.added_at_utc,
        last_used_at_utc=row.last_used_at_utc,
    )
