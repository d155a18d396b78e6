"""Replacing: a letter is superseded in the transaction that issues the one in its place.

Before that moment the old letter is in force and the new one is not; after it the
other way round, with a link. A crash leaves the one or the other.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from issuer.domain.audit import AuditEvent
from issuer.domain.errors import NotFound, StaleVersion
from issuer.domain.letter import Ending, Letter, LetterAction
from issuer.domain.letter_request import LetterRequest, Replacement
from issuer.domain.ports import UnitOfWork
from issuer.services.deliveries import announce


def check_replaceable(uow: UnitOfWork, request: LetterRequest) -> None:
    """Return when the letter that this request replaces, if any, may be superseded.

    Raises ``NotFound``, ``IllegalTransition`` when it is not in force any more, and
    ``StaleVersion`` when another letter is about to take its place.
    """
    replaces = request.replaces
    if replaces is None:
        return
    _replaced(uow, replaces).after(LetterAction.SUPERSEDE)
    for letter in uow.letters.unfinished():
        other = uow.requests.find(letter.request_id)
        if other is None or other.id == request.id or other.replaces is None:
            continue
        if other.replaces.number == replaces.number:
            raise StaleVersion


def supersede(uow: UnitOfWork, replaces: Replacement, by: Letter, now: datetime) -> Letter:
    """End the old letter in favour of ``by``, and return it.

    Raises what ``check_replaceable`` raises.
    """
    superseded = replace(
        _replaced(uow, replaces).after(LetterAction.SUPERSEDE),
        ending=Ending(replaces.reason, replaces.actor_id, now),
        replaced_by=by.number,
    )
    uow.letters.save(superseded)
    announce(uow, superseded, now)
    facts = {"number": superseded.number, "replaced_by": by.number}
    uow.audit.append(AuditEvent(now, replaces.actor_id, "letter.superseded", superseded.id, facts))
    return superseded


def _replaced(uow: UnitOfWork, replaces: Replacement) -> Letter:
    letter = uow.letters.by_number(replaces.number)
    if letter is None:
        raise NotFound("letter", replaces.number)
    return letter
