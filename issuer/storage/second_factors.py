"""Second factors as rows; the secrets of authenticator applications are sealed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from issuer.domain.second_factor import CodeGenerator, RecoveryCode
from issuer.storage.schema_accounts import code_generators, recovery_codes
from issuer.storage.sealing import RowCipher

_SECRET, _PENDING = "code_generators.secret", "code_generators.pending"


class SqlSecondFactors:
    """``SecondFactorRepository`` over one transaction."""

    def __init__(self, connection: Connection, cipher: RowCipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def generator(self, account_id: str) -> CodeGenerator | None:
        """Return an account's generator, confirmed or not, or None. Raises ``CorruptStore``."""
        query = select(code_generators).where(code_generators.c.account_id == account_id)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return CodeGenerator(
            account_id=row.account_id,
            secret=self._opened(_SECRET, account_id, row.secret),
            confirmed_at_utc=row.confirmed_at_utc,
            last_step=row.last_step,
            pending=self._opened(_PENDING, account_id, row.pending),
            pending_since_utc=row.pending_since_utc,
            pending_for=row.pending_for,
        )

    def save_generator(self, generator: CodeGenerator) -> None:
        """Insert or write the one generator of an account."""
        owner = generator.account_id
        self._connection.execute(
            delete(code_generators).where(code_generators.c.account_id == owner)
        )
        self._connection.execute(
            insert(code_generators).values(
                account_id=owner,
                secret=self._sealed(_SECRET, owner, generator.secret),
                confirmed_at_utc=generator.confirmed_at_utc,
                last_step=generator.last_step,
                pending=self._sealed(_PENDING, owner, generator.pending),
                pending_since_utc=generator.pending_since_utc,
                pending_for=generator.pending_for,
            )
        )

    def recovery_codes(self, account_id: str) -> Sequence[RecoveryCode]:
        """Return an account's recovery codes, used ones too, by their letter."""
        query = select(recovery_codes).where(recovery_codes.c.account_id == account_id)
        rows = self._connection.execute(query.order_by(recovery_codes.c.place))
        return [RecoveryCode(row.place, row.hashed, row.used_at_utc) for row in rows]

    def set_recovery_codes(self, account_id: str, codes: Sequence[RecoveryCode]) -> None:
        """Put these in the place of all there were."""
        self._connection.execute(
            delete(recovery_codes).where(recovery_codes.c.account_id == account_id)
        )
        for code in codes:
            self._connection.execute(
                insert(recovery_codes).values(
                    account_id=account_id,
                    place=code.place,
                    hashed=code.hashed,
                    used_at_utc=code.used_at_utc,
                )
            )

    def forget(self, account_id: str) -> None:
        """Remove everything of an account."""
        for table in (code_generators, recovery_codes):
            self._connection.execute(delete(table).where(table.c.account_id == account_id))

    def _sealed(self, place: str, account_id: str, secret: bytes | None) -> bytes | None:
        return None if secret is None else self._cipher.seal(place, account_id, secret)

    def _opened(self, place: str, account_id: str, sealed: bytes | None) -> bytes | None:
        return None if sealed is None else self._cipher.open(place, account_id, sealed)
