"""Accounts and sessions as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from issuer.domain.access import Role
from issuer.domain.accounts import Account, SignIn
from issuer.domain.administration import Activation
from issuer.domain.errors import NotFound
from issuer.storage.schema_accounts import accounts, activations, sign_ins

_BY_USERNAME = select(accounts).where(accounts.c.username == bindparam("key"))
_BY_ID = select(accounts).where(accounts.c.id == bindparam("key"))
_STAFF = accounts.c.role != Role.APPLICANT.value
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

    def save(self, account: Account) -> None:
        """Write a changed account, read in this same transaction; its name stays."""
        self._connection.execute(
            update(accounts)
            .where(accounts.c.id == account.id)
            .values(
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

    def list(self, agency_code: str | None = None) -> Sequence[Account]:
        """Return the staff of an agency, or all staff, by username."""
        query = select(accounts).where(_STAFF).order_by(accounts.c.username)
        if agency_code is not None:
            query = query.where(accounts.c.agency_code == agency_code)
        return [_account(row) for row in self._connection.execute(query)]

    def activation(self, account_id: str) -> Activation | None:
        """Return the code that an account waits for, too old or not, or None."""
        query = select(activations).where(activations.c.account_id == account_id)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return Activation(row.account_id, row.code_sha256, row.expires_at_utc)

    def set_activation(self, activation: Activation) -> None:
        """Put this in the place of the one there was."""
        self.remove_activation(activation.account_id)
        self._connection.execute(
            insert(activations).values(
                account_id=activation.account_id,
                code_sha256=activation.code_sha256,
                expires_at_utc=activation.expires_at_utc,
            )
        )

    def remove_activation(self, account_id: str) -> None:
        """Forget the code of an account; twice is once."""
        self._connection.execute(delete(activations).where(activations.c.account_id == account_id))

    def add_sign_in(self, sign_in: SignIn) -> None:
        """Insert a session."""
        self._connection.execute(
            insert(sign_ins).values(
                token_sha256=sign_in.token_sha256,
                account_id=sign_in.account_id,
                started_at_utc=sign_in.started_at_utc,
                expires_at_utc=sign_in.expires_at_utc,
                id=sign_in.id,
                last_seen_at_utc=sign_in.last_seen_at_utc,
                device=sign_in.device,
                whole=sign_in.whole,
            )
        )

    def find_sign_in(self, token_sha256: str) -> SignIn | None:
        """Return the session of a token, ended or not, or None."""
        row = self._connection.execute(_SIGN_IN, {"key": token_sha256}).first()
        return None if row is None else _sign_in(row)

    def sign_ins(self, account_id: str) -> Sequence[SignIn]:
        """Return an account's sessions, live or not, the newest first."""
        query = select(sign_ins).where(sign_ins.c.account_id == account_id)
        order = (sign_ins.c.started_at_utc.desc(), sign_ins.c.id)
        return [_sign_in(row) for row in self._connection.execute(query.order_by(*order))]

    def seen(self, token_sha256: str, at_utc: datetime) -> None:
        """Note when a session was last used; one that has ended stays ended."""
        one = update(sign_ins).where(sign_ins.c.token_sha256 == token_sha256)
        self._connection.execute(one.values(last_seen_at_utc=at_utc))

    def remove_sign_in(self, token_sha256: str) -> None:
        """End the session of a token; twice is once."""
        self._connection.execute(delete(sign_ins).where(sign_ins.c.token_sha256 == token_sha256))

    def remove_sign_ins(self, account_id: str, *, but: str | None = None) -> None:
        """End every session of an account, ``but`` the one of a token's SHA-256."""
        every = delete(sign_ins).where(sign_ins.c.account_id == account_id)
        if but is not None:
            every = every.where(sign_ins.c.token_sha256 != but)
        self._connection.execute(every)


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


def _sign_in(row: Row[Any]) -> SignIn:
    return SignIn(
        token_sha256=row.token_sha256,
        account_id=row.account_id,
        started_at_utc=row.started_at_utc,
        expires_at_utc=row.expires_at_utc,
        id=row.id,
        last_seen_at_utc=row.last_seen_at_utc,
        device=row.device,
        whole=row.whole,
    )
