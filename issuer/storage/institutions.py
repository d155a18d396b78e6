"""Institutions, their keys, their use and what they checked, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, tuple_, update

from issuer.domain.errors import CorruptStore, NotFound
from issuer.domain.institution import ApiKey, Institution, Scope
from issuer.storage.schema_institutions import (
    institution_checks,
    institution_keys,
    institution_usage,
    institutions,
)
from issuer.storage.sealing import RowCipher
from issuer.storage.statements import Upsert

_SECRET = "institutions.webhook_secret"  # noqa: S105 - the name of a place
_BY_ID = select(institutions).where(institutions.c.id == bindparam("key"))
_KEY = select(institution_keys).where(institution_keys.c.sha256 == bindparam("key"))
_SPEND = Upsert(
    institution_usage,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[institution_usage.c.institution_id, institution_usage.c.day],
        set_={"checks": institution_usage.c.checks + insert.excluded.checks},
        where=institution_usage.c.checks + insert.excluded.checks <= bindparam("most"),
    ).returning(institution_usage.c.checks),
)
_USED = select(institution_usage.c.checks).where(
    institution_usage.c.institution_id == bindparam("key"),
    institution_usage.c.day == bindparam("of_day"),
)
_CHECKED = Upsert(
    institution_checks,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[institution_checks.c.letter_id, institution_checks.c.institution_id],
        set_={"last_at_utc": insert.excluded.last_at_utc},
    ),
)
_WATCHING = (
    select(institutions)
    .join(institution_checks, institution_checks.c.institution_id == institutions.c.id)
    .where(institution_checks.c.letter_id == bindparam("key"))
    .order_by(institutions.c.id)
)
_OLD = (
    select(institution_checks.c.letter_id, institution_checks.c.institution_id)
    .where(institution_checks.c.last_at_utc < bindparam("before"))
    .limit(bindparam("most"))
)
_FORGET = delete(institution_checks).where(
    tuple_(institution_checks.c.letter_id, institution_checks.c.institution_id).in_(_OLD)
)


class SqlInstitutions:
    """``InstitutionRepository`` over one transaction."""

    def __init__(self, connection: Connection, cipher: RowCipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def add(self, institution: Institution) -> None:
        """Insert an institution without a webhook."""
        self._connection.execute(
            insert(institutions).values(
                id=institution.id,
                name=institution.name,
                scopes=sorted(institution.scopes),
                daily_quota=institution.daily_quota,
                created_at_utc=institution.created_at_utc,
                active=institution.active,
            )
        )

    def get(self, institution_id: str) -> Institution:
        """Return one institution. Raises ``NotFound``."""
        return _institution(self._row(institution_id))

    def list(self) -> Sequence[Institution]:
        """Return every institution, by name."""
        query = select(institutions).order_by(institutions.c.name, institutions.c.id)
        return [_institution(row) for row in self._connection.execute(query)]

    def set_active(self, institution_id: str, active: bool) -> None:
        """Let an institution in, or shut it out."""
        self._change(institution_id, {"active": active})

    def set_webhook(self, institution_id: str, url: str | None, secret: bytes | None) -> None:
        """Write where it wants to be told, and the secret that signs; None removes both."""
        sealed = None if secret is None else self._cipher.seal(_SECRET, institution_id, secret)
        self._change(institution_id, {"webhook_url": url, "webhook_secret": sealed})

    def webhook_secret(self, institution_id: str) -> bytes | None:
        """Return the secret that signs, or None. Raises ``NotFound`` or ``CorruptStore``."""
        sealed = self._row(institution_id).webhook_secret
        return None if sealed is None else self._cipher.open(_SECRET, institution_id, sealed)

    def add_key(self, key: ApiKey) -> None:
        """Insert a key of an institution that is there already."""
        self._connection.execute(
            insert(institution_keys).values(
                id=key.id,
                institution_id=key.institution_id,
                sha256=key.sha256,
                created_at_utc=key.created_at_utc,
                revoked_at_utc=key.revoked_at_utc,
            )
        )

    def find_key(self, sha256: str) -> ApiKey | None:
        """Return the key with this SHA-256, revoked or not, or None."""
        row = self._connection.execute(_KEY, {"key": sha256}).first()
        return None if row is None else _key(row)

    def keys(self, institution_id: str) -> Sequence[ApiKey]:
        """Return every key of an institution, the oldest first."""
        query = (
            select(institution_keys)
            .where(institution_keys.c.institution_id == institution_id)
            .order_by(institution_keys.c.created_at_utc, institution_keys.c.id)
        )
        return [_key(row) for row in self._connection.execute(query)]

    def revoke_key(self, key_id: str, at_utc: datetime) -> ApiKey:
        """End a key; twice is once. Raises ``NotFound``."""
        mine = institution_keys.c.id == key_id
        self._connection.execute(
            update(institution_keys)
            .where(mine, institution_keys.c.revoked_at_utc.is_(None))
            .values(revoked_at_utc=at_utc)
        )
        row = self._connection.execute(select(institution_keys).where(mine)).first()
        if row is None:
            raise NotFound("key", key_id)
        return _key(row)

    def spend(self, institution_id: str, day: date, count: int, most: int) -> bool:
        """Count so many checks of a day; False, counting none, if that were above ``most``."""
        if count > most:
            return False
        values = {"institution_id": institution_id, "day": day, "checks": count, "most": most}
        return self._connection.execute(_SPEND.on(self._connection), values).first() is not None

    def used(self, institution_id: str, day: date) -> int:
        """Return how many checks of a day were counted."""
        values = {"key": institution_id, "of_day": day}
        return self._connection.execute(_USED, values).scalar() or 0

    def checked(self, institution_id: str, letter_ids: Sequence[str], at_utc: datetime) -> None:
        """Write that an institution found these letters genuine."""
        if letter_ids:
            statement = _CHECKED.on(self._connection)
            self._connection.execute(
                statement,
                [
                    {"institution_id": institution_id, "letter_id": letter, "last_at_utc": at_utc}
                    for letter in letter_ids
                ],
            )

    def watching(self, letter_id: str) -> Sequence[Institution]:
        """Return every institution that found this letter genuine."""
        rows = self._connection.execute(_WATCHING, {"key": letter_id})
        return [_institution(row) for row in rows]

    def forget(self, before_utc: datetime, most: int) -> int:
        """Remove at most so many checks last made before then; return how many."""
        return self._connection.execute(_FORGET, {"before": before_utc, "most": most}).rowcount

    def _row(self, institution_id: str) -> Row[Any]:
        row = self._connection.execute(_BY_ID, {"key": institution_id}).first()
        if row is None:
            raise NotFound("institution", institution_id)
        return row

    def _change(self, institution_id: str, values: dict[str, object]) -> None:
        statement = update(institutions).where(institutions.c.id == institution_id)
        if self._connection.execute(statement.values(values)).rowcount != 1:
            raise NotFound("institution", institution_id)


def _institution(row: Row[Any]) -> Institution:
    try:
        scopes = frozenset(Scope(scope) for scope in row.scopes)
    except ValueError as error:
        raise CorruptStore(f"institutions.scopes of {row.id}") from error
    return Institution(
        id=row.id,
        name=row.name,
        scopes=scopes,
        daily_quota=row.daily_quota,
        created_at_utc=row.created_at_utc,
        active=row.active,
        webhook_url=row.webhook_url,
    )


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        institution_id=row.institution_id,
        sha256=row.sha256,
        created_at_utc=row.created_at_utc,
        revoked_at_utc=row.revoked_at_utc,
    )
