"""Letter requests as rows; what names the holder is sealed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from issuer.domain.erasure import NOBODY
from issuer.domain.errors import CorruptStore, StaleVersion
from issuer.domain.letter_request import LetterRequest, Replacement, RequestState
from issuer.domain.people import Holder, Nik, Sex
from issuer.domain.record import canonical_json
from issuer.storage.schema import requests
from issuer.storage.sealing import RowCipher
from issuer.storage.statements import changed, rows, stream

CONTENT = "requests.content"
"""The place of what names the holder, as the cipher binds it."""

_HOLDER, _PSEUDONYM = "requests.holder", "audit_trail.person"
_UNREADABLE = "-"
"""The index of a request that cannot be opened, so that it is tried once."""

_ADD = insert(requests)
_EACH = select(requests).order_by(requests.c.created_at_utc, requests.c.id)
_BY_ID = select(requests).where(requests.c.id == bindparam("key"))
_OF_HOLDER = (
    select(requests)
    .where(requests.c.holder_index == bindparam("key"))
    .order_by(requests.c.created_at_utc.desc(), requests.c.id)
    .limit(bindparam("most"))
)
_WITHOUT_INDEX = select(requests).where(requests.c.holder_index.is_(None)).limit(bindparam("most"))
_SET_INDEX = update(requests).where(
    requests.c.id == bindparam("request_id"), requests.c.holder_index.is_(None)
)
_ERASE = update(requests).where(requests.c.id == bindparam("request_id"))
_SAVE = update(requests).where(
    requests.c.id == bindparam("request_id"), requests.c.version == bindparam("stored_version")
)


class SqlRequests:
    """``RequestRepository`` over one transaction."""

    def __init__(self, connection: Connection, cipher: RowCipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def add(self, request: LetterRequest) -> None:
        """Insert a request; its agency must be there already."""
        self._connection.execute(
            _ADD,
            {
                "id": request.id,
                "letter_type": request.letter_type,
                "agency_code": request.agency_code,
                "content": self._seal(request),
                "origin": request.origin,
                "created_by": request.created_by,
                "created_at_utc": request.created_at_utc,
                "state": request.state.value,
                "version": request.version,
                "holder_index": self._index(request.holder.nik),
            },
        )

    def find(self, request_id: str) -> LetterRequest | None:
        """Return one request, or None. Raises ``CorruptStore``."""
        found = rows(self._connection, _BY_ID, {"key": request_id})
        return self._request(found[0]) if found else None

    def each(self) -> Iterator[LetterRequest]:
        """Yield every request, the oldest first, few in memory at a time."""
        for row in stream(self._connection, _EACH):
            yield self._request(row)

    def save(self, request: LetterRequest) -> None:
        """Write state and content of a changed request.

        Type, agency, origin and creation stay as they were added. Raises
        ``StaleVersion`` unless the version is the one after the stored one.
        """
        count = changed(
            self._connection,
            _SAVE,
            {
                "request_id": request.id,
                "stored_version": request.version - 1,
                "content": self._seal(request),
                "state": request.state.value,
                "version": request.version,
                "holder_index": self._index(request.holder.nik),
            },
        )
        if count != 1:
            raise StaleVersion

    def of_holder(self, nik: Nik, most: int) -> Sequence[LetterRequest]:
        """Return the requests about this person, the newest first. Raises ``CorruptStore``."""
        values = {"key": self._index(nik), "most": most}
        return [self._request(row) for row in rows(self._connection, _OF_HOLDER, values)]

    def index_holders(self, most: int) -> int:
        """Let requests of older versions be found by their holder; return how many."""
        found = rows(self._connection, _WITHOUT_INDEX, {"most": most})
        for row in found:
            try:
                index = self._index(self._request(row).holder.nik)
            except CorruptStore:
                index = _UNREADABLE
            changed(self._connection, _SET_INDEX, {"request_id": row.id, "holder_index": index})
        return len(found)

    def erase(self, request: LetterRequest) -> None:
        """Write ``NOBODY`` in place of whom a request was about, and of what it says."""
        empty = replace(request, holder=NOBODY, fields={}, purpose="", replaces=None, seen=())
        values = {
            "request_id": request.id,
            "content": self._seal(empty),
            "holder_index": self._index(NOBODY.nik),
        }
        changed(self._connection, _ERASE, values)

    def pseudonym(self, nik: Nik) -> str:
        """Return a keyed hash by which the audit trail names this person."""
        # Of a place of its own, so that the trail does not lead to the requests.
        return self._cipher.index(_PSEUDONYM, nik.value)

    def _index(self, nik: Nik) -> str:
        return self._cipher.index(_HOLDER, nik.value)

    def _request(self, row: Row[Any]) -> LetterRequest:
        plain = self._cipher.open(CONTENT, row.id, row.content)
        try:
            content = json.loads(plain)
            holder = _holder(content["holder"])
            fields, purpose = content["fields"], content["purpose"]
            replaces = content["replaces"]
            replacement = Replacement(**replaces) if replaces else None
            seen = tuple(content.get("seen", ()))
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptStore(f"{CONTENT} of {row.id}") from error
        return LetterRequest(
            id=row.id,
            letter_type=row.letter_type,
            agency_code=row.agency_code,
            holder=holder,
            fields=fields,
            purpose=purpose,
            origin=row.origin,
            created_by=row.created_by,
            created_at_utc=row.created_at_utc,
            replaces=replacement,
            seen=seen,
            state=RequestState(row.state),
            version=row.version,
        )

    def _seal(self, request: LetterRequest) -> bytes:
        content = {
            "holder": request.holder.as_record(),
            "fields": dict(request.fields),
            "purpose": request.purpose,
            "replaces": asdict(request.replaces) if request.replaces else None,
            "seen": list(request.seen),
        }
        return self._cipher.seal(CONTENT, request.id, canonical_json(content))


def _holder(stored: dict[str, str]) -> Holder:
    # Not ``Holder.parse``: what was right when it was asked stays readable after
    # the rules have changed.
    return Holder(
        nik=Nik(stored["nik"]),
        name=stored["name"],
        birth_place=stored["birth_place"],
        birth_date=date.fromisoformat(stored["birth_date"]),
        sex=Sex(stored["sex"]),
        religion=stored["religion"],
        marital_status=stored["marital_status"],
        occupation=stored["occupation"],
        nationality=stored["nationality"],
        address=stored["address"],
    )
