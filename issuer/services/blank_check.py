"""A second look at the blanks: events against the audit trail, sheets against events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from issuer.domain.audit import AuditEvent
from issuer.domain.blank import BlankEvent, BlankState
from issuer.domain.blank_stock import Replay
from issuer.domain.errors import IllegalTransition
from issuer.domain.ports import UnitOfWork

CONFIRM_WITHIN = timedelta(days=1)
_PREFIX = "blank."


def blank_faults(uow: UnitOfWork, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield what does not add up, as subject and code.

    A sheet still at its counter though a later one was printed is a gap: somebody has
    to find it, spoil it or report it lost.
    """
    audited = {
        entry.position: entry.event
        for entry in uow.audit.entries()
        if entry.event.action.startswith(_PREFIX)
    }
    replay = Replay()
    for event in uow.blanks.events():
        entry = audited.pop(event.position, None)
        if entry is None or not _same(event, entry):
            yield str(event.serials), "blank_event_differs"
        try:
            replay.play(event)
        except IllegalTransition:
            yield str(event.serials), "blank_event_impossible"
    for entry in audited.values():
        yield entry.subject, "blank_event_missing"
    for sheet in uow.blanks.list():
        if replay.places.pop(sheet.serial, None) != (sheet.state, sheet.agency_code):
            yield str(sheet.serial), "blank_differs"
        elif sheet.serial in replay.passed_over:
            yield str(sheet.serial), "blank_gap"
        unconfirmed = sheet.printed if sheet.state is BlankState.PRINTING else None
        if unconfirmed and unconfirmed.at_utc < now - CONFIRM_WITHIN:
            yield str(sheet.serial), "blank_unconfirmed"
    for serial in replay.places:
        yield str(serial), "blank_missing"


def _same(event: BlankEvent, entry: AuditEvent) -> bool:
    """Say whether an event is what the audit trail holds in its place."""
    return (event.at_utc, f"{_PREFIX}{event.action}", str(event.serials), event.facts()) == (
        entry.at_utc,
        entry.action,
        entry.subject,
        dict(entry.facts),
    )
