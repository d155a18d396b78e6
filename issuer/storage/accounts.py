"""Accounts and sessions as rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select

from issuer.domain.access import Role
from issuer.domain.accounts import Account, SignIn
from issuer.domain.errors import NotFound
from issuer.storage.schema import accounts, sign_ins

_BY_USERNAME = select(accounts).where(accounts.c.username == bindparam("key"))
_BY_ID = select(accounts).where(accounts.c.id == bindparam("key"))
_SIGN_IN = select(sign_ins).where(sign_ins.c.token_sha256 == bindparam("key"))


class SqlAccounts:
    """``AccountRepository`` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, account: Account) -> None:
        """Insert an account; its agency must be there already."""
        self._connection.execute(
            insert(accounts).values(
                id=account.id,
                username=account.username,
                full_name=account.full_name,
                role=account.role.value,
                agency_code=account.agency_code,
                password_hash=account.password_hash,
                active=account.active,
            )
        )

    def by_username(self, username: str) -> Account | None:
        """Return the account with this name to sign in, or None."""
        row = self._connection.execute(_BY_USERNAME, {"key": username}).first()
        return None if row is None else _account(row)

    def get(self, account_id: str) -> Account:
        """Return one account. Raises ``NotFound``."""
        row = self._connection.execute(_BY_ID, {"key": account_id}).first()
        if row is None:
            raise NotFound("account", account_id)
        return _account(row)

    def list(self) -> Sequence[Account]:
        """Return every account, by username."""
        rows = self._connection.execute(select(accounts).order_by(accounts.c.username))
        return [_account(row) for row in rows]

    def add_sign_in(self, sign_in: SignIn) -> None:
        """Insert a session."""
        self._connection.execute(
            insert(sign_ins).values(
                token_sha256=sign_in.token_sha256,
                account_id=sign_in.account_id,
                started_at_utc=sign_in.started_at_utc,
                expires_at_utc=sign_in.expires_at_utc,
            )
        )

    def find_sign_in(self, token_sha256: str) -> SignIn | None:
        """Return the session of a token, ended or not, or None."""
        row = self._connection.execute(_SIGN_IN, {"key": token_sha256}).first()
        if row is None:
            return None
        return SignIn(
            token_sha256=row.token_sha256,
            account_id=row.account_id,
            started_at_utc=row.started_at_utc,
            expires_at_utc=row.expires_at_utc,
        )

    def remove_sign_in(self, token_sha256: str) -> None:
        """End the session of a token; twice is once."""
        self._connection.execute(delete(sign_ins).where(sign_ins.c.token_sha256 == token_sha256))


def _account(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        username=row.username,
        full_name=row.full_name,
        role=Role(row.role),
        agency_code=row.agency_code,
        password_hash=row.password_hash,
        active=row.active,
    )
