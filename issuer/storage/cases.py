"""Requests as cases: their steps, and queues of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    update,
)

from issuer.domain.casework import BEGINS_ANEW, CaseSummary, History, RequestStep
from issuer.domain.errors import CorruptStore
from issuer.domain.handling import Stricter
from issuer.domain.letter_request import RequestAction, RequestState
from issuer.storage.requests import CONTENT
from issuer.storage.schema import requests
from issuer.storage.schema_casework import agency_handling, request_steps
from issuer.storage.sealing import RowCipher
from issuer.storage.statements import changed, rows, stream

_NOTE = "request_steps.note"
_STEP = request_steps.c
_ADD_STEP = insert(request_steps)
_STEPS = select(request_steps).where(_STEP.request_id == bindparam("key")).order_by(_STEP.version)
_ERASE_NOTES = update(request_steps).where(_STEP.request_id == bindparam("key")).values(note=None)
_HISTORIES = (
    select(
        requests.c.id,
        requests.c.state,
        requests.c.version,
        _STEP.version.label("step"),
        _STEP.action,
    )
    .join_from(requests, request_steps)
    .order_by(requests.c.id, _STEP.version)
)
_PLACE_OF = select(requests.c.created_at_utc, requests.c.id).where(
    requests.c.id == bindparam("key")
)
_STRICTER = select(agency_handling.c.reviews, agency_handling.c.four_eyes).where(
    agency_handling.c.agency_code == bindparam("agency"),
    agency_handling.c.letter_type == bindparam("type"),
)
# A request of before the steps were kept has none that led to its version.
_SINCE = func.coalesce(_STEP.at_utc, requests.c.created_at_utc)
_SENT = request_steps.alias("sent")
_SENT_LAST = (
    select(func.max(_SENT.c.at_utc))
    .where(
        _SENT.c.request_id == requests.c.id,
        _SENT.c.action.in_(sorted(action.value for action in BEGINS_ANEW)),
    )
    .correlate(requests)
    .scalar_subquery()
)
_SUMMARY = select(
    requests,
    _SINCE.label("since_utc"),
    func.coalesce(_SENT_LAST, requests.c.created_at_utc).label("submitted_at_utc"),
).select_from(
    requests.outerjoin(
        request_steps,
        and_(_STEP.request_id == requests.c.id, _STEP.version == requests.c.version),
    )
)


class SqlCases:
    """``CaseRepository`` over one transaction."""

    def __init__(self, connection: Connection, cipher: RowCipher) -> None:
        self._connection = connection
        self._cipher = cipher

    def add_steps(self, steps: Sequence[RequestStep]) -> None:
        """Insert steps; their request must be there already."""
        for step in steps:
            values = {
                "request_id": step.request_id,
                "version": step.version,
                "at_utc": step.at_utc,
                "actor_id": step.actor_id,
                "action": step.action.value,
                "note": self._sealed(step),
            }
            changed(self._connection, _ADD_STEP, values)

    def steps(self, request_id: str) -> Sequence[RequestStep]:
        """Return a request's steps, the oldest first. Raises ``CorruptStore``."""
        found = rows(self._connection, _STEPS, {"key": request_id})
        return [self._step(row) for row in found]

    def erase_notes(self, request_id: str) -> None:
        """Empty the notes of a request's steps; the steps stay."""
        self._connection.execute(_ERASE_NOTES, {"key": request_id})

    def queue(
        self,
        agency_code: str | None,
        states: Collection[RequestState],
        *,
        limit: int,
        after: str | None = None,
        created_before_utc: datetime | None = None,
    ) -> Sequence[CaseSummary]:
        """Return a page of requests, the oldest first."""
        query = _in_states(states)
        if agency_code is not None:
            query = query.where(requests.c.agency_code == agency_code)
        if created_before_utc is not None:
            query = query.where(requests.c.created_at_utc < created_before_utc)
        if after is not None:
            last = self._connection.execute(_PLACE_OF, {"key": after}).first()
            if last is None:
                return []
            query = query.where(tuple_(requests.c.created_at_utc, requests.c.id) > tuple_(*last))
        return self._summaries(query, limit)

    def idle(
        self, states: Collection[RequestState], *, since_before_utc: datetime, limit: int
    ) -> Sequence[CaseSummary]:
        """Return requests that came into one of these states before a moment."""
        return self._summaries(_in_states(states).where(since_before_utc > _SINCE), limit)

    def count(self, agency_code: str, states: Collection[RequestState]) -> int:
        """Return how many requests of an agency are in these states."""
        query = select(func.count()).where(
            requests.c.agency_code == agency_code, requests.c.state.in_(_values(states))
        )
        return int(self._connection.execute(query).scalar_one())

    def histories(self) -> Iterator[History]:
        """Yield every request that has steps, by id."""
        for _, found in groupby(stream(self._connection, _HISTORIES), lambda row: row.id):
            taken = list(found)
            yield History(
                request_id=taken[0].id,
                state=RequestState(taken[0].state),
                version=taken[0].version,
                steps=tuple((row.step, RequestAction(row.action)) for row in taken),
            )

    def stricter(self, agency_code: str, letter_type: str) -> Stricter | None:
        """Return what an agency asks beyond the letter type, or None."""
        values = {"agency": agency_code, "type": letter_type}
        found = rows(self._connection, _STRICTER, values)
        return Stricter(found[0].reviews, found[0].four_eyes) if found else None

    def set_stricter(self, agency_code: str, letter_type: str, stricter: Stricter | None) -> None:
        """Write what an agency asks beyond the letter type, or that it asks nothing."""
        self._connection.execute(
            delete(agency_handling).where(
                agency_handling.c.agency_code == agency_code,
                agency_handling.c.letter_type == letter_type,
            )
        )
        if stricter is not None:
            self._connection.execute(
                insert(agency_handling).values(
                    agency_code=agency_code,
                    letter_type=letter_type,
                    reviews=stricter.reviews,
                    four_eyes=stricter.four_eyes,
                )
            )

    def _summaries(self, query: Select[Any], limit: int) -> list[CaseSummary]:
        ordered = query.order_by(requests.c.created_at_utc, requests.c.id).limit(limit)
        return [self._summary(row) for row in self._connection.execute(ordered)]

    def _summary(self, row: Row[Any]) -> CaseSummary:
        try:
            name = json.loads(self._cipher.open(CONTENT, row.id, row.content))["holder"]["name"]
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptStore(f"{CONTENT} of {row.id}") from error
        return CaseSummary(
            id=row.id,
            letter_type=row.letter_type,
            agency_code=row.agency_code,
            holder_name=name,
            state=RequestState(row.state),
            since_utc=row.since_utc,
            submitted_at_utc=row.submitted_at_utc,
            origin=row.origin,
            version=row.version,
        )

    def _sealed(self, step: RequestStep) -> bytes | None:
        if not step.note:
            return None
        return self._cipher.seal(_NOTE, _place(step.request_id, step.version), step.note.encode())

    def _step(self, row: Any) -> RequestStep:
        place = _place(row.request_id, row.version)
        try:
            note = self._cipher.open(_NOTE, place, row.note).decode() if row.note else ""
        except UnicodeDecodeError as error:
            raise CorruptStore(f"{_NOTE} of {place}") from error
        return RequestStep(
            request_id=row.request_id,
            version=row.version,
            at_utc=row.at_utc,
            actor_id=row.actor_id,
            action=RequestAction(row.action),
            note=note,
        )


def _place(request_id: str, version: int) -> str:
    return f"{request_id} {version}"


def _values(states: Collection[RequestState]) -> list[str]:
    return sorted(state.value for state in states)


def _in_states(states: Collection[RequestState]) -> Select[Any]:
    return _SUMMARY.where(requests.c.state.in_(_values(states)))
