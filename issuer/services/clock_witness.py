"""Whether the clock may be believed when something is to be erased by it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from issuer.domain.ports import UnitOfWork
from issuer.domain.retention import clock_is_witnessed

_A_PAGE = 200
_log = logging.getLogger("issuer.retention")


def may_erase(uow: UnitOfWork, now: datetime) -> bool:
    """Return whether the trail bears the clock out; where it does not, the log says so."""
    if clock_is_witnessed(moments(uow), now):
        return True
    _log.warning("nothing is erased: clock_not_witnessed; 'issuer selfcheck' says what to do")
    return False


def moments(uow: UnitOfWork) -> Iterator[datetime]:
    """Yield when the entries of the trail were written, the newest first, as they are asked for."""
    position = None
    while page := uow.audit.before(position, _A_PAGE):
        for entry in page:
            yield entry.event.at_utc
        position = page[-1].position
