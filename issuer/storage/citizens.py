"""Residents' accounts as rows: who the owner is, sealed; found by keyed hashes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, insert, select, update

from issuer.domain.citizens import BegunSignIn, Citizen, CounterCode
from issuer.domain.errors import CorruptStore
from issuer.domain.identity_provider import Identity
from issuer.domain.people import Nik
from issuer.domain.record import canonical_json
from issuer.storage.schema_applications import applications
from issuer.storage.schema_citizens import (
    account_applications,
    begun_sign_ins,
    citizens,
    counter_codes,
)
from issuer.storage.sealing import RowCipher
from issuer.storage.statements import Upsert, changed, rows

_CONTENT, _NIK, _EMAIL = "citizens.content", "citizens.nik", "citizens.email"
_IDENTITY = "citizens.identity"
_GIVEN, _CODE = "counter_codes.content", "counter_codes.code"
_BEGUN = "begun_sign_ins.content"
_CHANGING = ("nik_index", "email_index", "identity_index", "verified_at_utc", "content")
_SAVE = Upsert(
    citizens,
    lambda insert: insert.on_conflict_do_update(
        index_elements=[citizens.c.account_id],
        set_={name: insert.excluded[name] for name in _CHANGING},
    ),
)
_BY_ID = select(citizens).where(citizens.c.account_id == bindparam("key"))
_BY_NIK = select(citizens).where(citizens.c.nik_index == bindparam("key"))
_BY_EMAIL = select(citizens).where(citizens.c.email_index == bindparam("key"))
_BY_IDENTITY = select(citizens).where(citizens.c.identity_index == bindparam("key"))
_MOMENT = citizens.c.last_used_at_utc.type
_USED = (
    update(citizens)
    .where(citizens.c.account_id == bindparam("account"))
    .values(last_used_at_utc=bindparam("now", type_=_MOMENT))
)
_UNUSED = (
    select(citizens.c.account_id)
    .where(citizens.c.last_used_at_utc < bindparam("before", type_=_MOMENT))
    .order_by(citizens.c.last_used_at_utc, citizens.c.account_id)
    .limit(bindparam("most"))
)
_REMOVE = delete(citizens).where(citizens.c.account_id == bindparam("account"))
_LET_GO = delete(account_applications).where(
    account_applications.c.account_id == bindparam("account")
)
_GIVE = insert(counter_codes)
_BY_CODE = select(counter_codes).where(counter_codes.c.code_index == bindparam("key"))
_CODE_OF = select(counter_codes).where(counter_codes.c.nik_index == bindparam("key"))
_TAKE_OTHERS = delete(counter_codes).where(counter_codes.c.nik_index == bindparam("key"))
_TAKE = delete(counter_codes).where(counter_codes.c.id == bindparam("code_id"))
_FORGET = delete(counter_codes).where(
    counter_codes.c.expires_at_utc < bindparam("before", type_=counter_codes.c.expires_at_utc.type)
)
_BEGIN = insert(begun_sign_ins)
_FIND_BEGUN = select(begun_sign_ins).where(begun_sign_ins.c.token_sha256 == bindparam("key"))
_TAKE_BEGUN = delete(begun_sign_ins).where(begun_sign_ins.c.token_sha256 == bindparam("key"))
_FORGET_BEGUN = delete(begun_sign_ins).where(
    begun_sign_ins.c.expires_at_utc
    < bindparam("before", type_=begun_sign_ins.c.expires_at_utc.type)
)
_HOLD = Upsert(account_applications, lambda insert: insert.on_conflict_do_nothing())
_CLOSE = (
    update(applications)
    .where(
        applications.c.id.in_(
            select(account_applications.c.application_id).where(
                account_applications.c.account_id == bindparam("account")
            )
        )
    )
    .values(held_until_utc=bindparam("now", type_=applications.c.held_until_utc.type))
)
_HOLDS = select(
    exists().where(
        account_applications.c.account_id == bindparam("account"),
        account_applications.c.application_id == bindparam("application"),
    )
)
_HELD = (
    select(account_applications.c.application_id)
    .join(applications, applications.c.id == account_applications.c.application_id)
    .where(account_applications.c.account_id == bindparam("account"))
    .order_by(applications.c.created_at_utc.desc(), applications.c.id)
    .limit(bindparam("most"))
)


class SqlCitizens:
    """``CitizenRepository`` over one transaction."""

    def __init__(self, connection: Connection, cipher: RowCipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def save(self, citizen: Citizen) -> None:
        """Insert or write what an account knows of its owner."""
        identity = citizen.identity
        content = {
            "nik": citizen.nik.value if citizen.nik else None,
            "born": citizen.born.isoformat() if citizen.born else None,
            "name": citizen.name,
            "email": citizen.email,
            "identity": [identity.issuer, identity.subject] if identity else None,
        }
        values = {
            "account_id": citizen.account_id,
            "created_at_utc": citizen.created_at_utc,
            "last_used_at_utc": citizen.created_at_utc,
            "nik_index": self._nik(citizen.nik) if citizen.nik else None,
            "email_index": self._email(citizen.email) if citizen.email else None,
            "identity_index": self._identity(identity) if identity else None,
            "verified_at_utc": citizen.verified_at_utc,
            "content": self._cipher.seal(_CONTENT, citizen.account_id, canonical_json(content)),
        }
        self._connection.execute(_SAVE.on(self._connection), values)

    def find(self, account_id: str) -> Citizen | None:
        """Return what an account knows of its owner, or None. Raises ``CorruptStore``."""
        return self._first(_BY_ID, account_id)

    def by_nik(self, nik: Nik) -> Citizen | None:
        """Return the account that is bound to this NIK, or None. Raises ``CorruptStore``."""
        return self._first(_BY_NIK, self._nik(nik))

    def by_email(self, email: str) -> Citizen | None:
        """Return the account with this address, or None. Raises ``CorruptStore``."""
        return self._first(_BY_EMAIL, self._email(email))

    def by_identity(self, identity: Identity) -> Citizen | None:
        """Return the account of somebody whom a provider knows. Raises ``CorruptStore``."""
        return self._first(_BY_IDENTITY, self._identity(identity))

    def used(self, account_id: str, now: datetime) -> None:
        """Note that somebody signed in."""
        changed(self._connection, _USED, {"account": account_id, "now": now})

    def unused(self, before_utc: datetime, most: int) -> Sequence[str]:
        """Return accounts to which nobody has signed in since, the longest unused first."""
        values = {"before": before_utc, "most": most}
        return [row.account_id for row in rows(self._connection, _UNUSED, values)]

    def remove(self, account_id: str) -> None:
        """Forget the owner of an account and what it holds; twice is once."""
        for statement in (_LET_GO, _REMOVE):
            changed(self._connection, statement, {"account": account_id})

    def give_code(self, given: CounterCode, code: str) -> None:
        """Store a code in the place of any other for this NIK."""
        nik_index = self._nik(given.nik)
        changed(self._connection, _TAKE_OTHERS, {"key": nik_index})
        content = {"nik": given.nik.value, "born": given.born.isoformat(), "name": given.name}
        values = {
            "id": given.id,
            "code_index": self._cipher.index(_CODE, code),
            "nik_index": nik_index,
            "content": self._cipher.seal(_GIVEN, given.id, canonical_json(content)),
            "expires_at_utc": given.expires_at_utc,
        }
        changed(self._connection, _GIVE, values)

    def by_code(self, code: str) -> CounterCode | None:
        """Return what was given out with this code, or None. Raises ``CorruptStore``."""
        return self._given(_BY_CODE, self._cipher.index(_CODE, code))

    def code_of(self, nik: Nik) -> CounterCode | None:
        """Return what was given out for this person, or None. Raises ``CorruptStore``."""
        return self._given(_CODE_OF, self._nik(nik))

    def take_code(self, code_id: str) -> bool:
        """Remove a code; False when it was gone already."""
        return changed(self._connection, _TAKE, {"code_id": code_id}) == 1

    def forget_codes(self, before_utc: datetime) -> int:
        """Remove the codes that ended before; return how many."""
        return changed(self._connection, _FORGET, {"before": before_utc})

    def begin(self, begun: BegunSignIn) -> None:
        """Keep what a browser has begun."""
        plain = canonical_json(begun.content)
        values = {
            "token_sha256": begun.token_sha256,
            "content": self._cipher.seal(_BEGUN, begun.token_sha256, plain),
            "expires_at_utc": begun.expires_at_utc,
        }
        changed(self._connection, _BEGIN, values)

    def begun(self, token_sha256: str) -> BegunSignIn | None:
        """Return what a browser has begun, or None. Raises ``CorruptStore``."""
        found = rows(self._connection, _FIND_BEGUN, {"key": token_sha256})
        if not found:
            return None
        row = found[0]
        try:
            content = json.loads(self._cipher.open(_BEGUN, token_sha256, row.content))
        except ValueError as error:
            raise CorruptStore(f"{_BEGUN} of {token_sha256}") from error
        return BegunSignIn(token_sha256, content, row.expires_at_utc)

    def take_begun(self, token_sha256: str) -> bool:
        """Remove what a browser has begun; False when it was gone already."""
        return changed(self._connection, _TAKE_BEGUN, {"key": token_sha256}) == 1

    def forget_begun(self, before_utc: datetime) -> int:
        """Remove what ended before; return how many."""
        return changed(self._connection, _FORGET_BEGUN, {"before": before_utc})

    def hold(self, account_id: str, application_id: str) -> None:
        """Let an account hold an application; twice is once."""
        values = {"account_id": account_id, "application_id": application_id}
        self._connection.execute(_HOLD.on(self._connection), values)

    def let_go(self, account_id: str, now: datetime) -> None:
        """Let no device have open what an account holds; it is opened anew."""
        changed(self._connection, _CLOSE, {"account": account_id, "now": now})

    def holds(self, account_id: str, application_id: str) -> bool:
        """Say whether an account holds an application."""
        values = {"account": account_id, "application": application_id}
        return bool(self._connection.execute(_HOLDS, values).scalar())

    def held(self, account_id: str, most: int) -> Sequence[str]:
        """Return the ids of the applications that an account holds, the newest first."""
        values = {"account": account_id, "most": most}
        return [row.application_id for row in rows(self._connection, _HELD, values)]

    def _given(self, statement: Any, key: str) -> CounterCode | None:
        found = rows(self._connection, statement, {"key": key})
        if not found:
            return None
        row = found[0]
        try:
            content = json.loads(self._cipher.open(_GIVEN, row.id, row.content))
            nik, born, name = content["nik"], content["born"], content["name"]
            return CounterCode(row.id, Nik(nik), date.fromisoformat(born), name, row.expires_at_utc)
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptStore(f"{_GIVEN} of {row.id}") from error

    def _nik(self, nik: Nik) -> str:
        return self._cipher.index(_NIK, nik.value)

    def _email(self, email: str) -> str:
        # Servers may tell mailboxes apart by case; none is known that does.
        return self._cipher.index(_EMAIL, email.lower())

    def _identity(self, identity: Identity) -> str:
        # An address has no NUL, so the pair reads one way only.
        return self._cipher.index(_IDENTITY, f"{identity.issuer}\0{identity.subject}")

    def _first(self, statement: Any, key: str) -> Citizen | None:
        found = rows(self._connection, statement, {"key": key})
        if not found:
            return None
        row = found[0]
        try:
            content = json.loads(self._cipher.open(_CONTENT, row.account_id, row.content))
            nik, born, name = content["nik"], content["born"], content["name"]
            return Citizen(
                account_id=row.account_id,
                created_at_utc=row.created_at_utc,
                nik=Nik(nik) if nik else None,
                born=date.fromisoformat(born) if born else None,
                name=name,
                verified_at_utc=row.verified_at_utc,
                email=content.get("email", ""),
                identity=Identity(*content["identity"]) if content.get("identity") else None,
            )
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptStore(f"{_CONTENT} of {row.account_id}") from error
