"""A second look at what is published: the lists against the register, the keys in use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from issuer.domain.errors import IssuerError, NotFound
from issuer.domain.ports import UnitOfWork
from issuer.domain.publication import KEY_SETS, PUBLISHED_WITHIN, STATUS_LISTS, KeySetVerifier
from issuer.domain.status_list import STATUS_VALUES, not_valid
from issuer.services.published import PublishedState


def publication_faults(
    published: PublishedState, uow: UnitOfWork, now: datetime
) -> Iterator[tuple[str, str]]:
    """Yield name and code of what is missing, late, stale, or not what the register says."""
    yield from _key_set_faults(published.key_sets)
    years = {series.year for series in uow.numbers.highest()}
    for year in sorted({*years, *published.years()}):
        for code in _status_faults(published, uow, year, now):
            yield f"{STATUS_LISTS}/{year}", code


def _key_set_faults(key_sets: KeySetVerifier) -> Iterator[tuple[str, str]]:
    try:
        newest = key_sets.newest()
        if newest is not None and key_sets.differs():
            yield newest.name, "key_set_differs"
    except IssuerError as error:
        yield KEY_SETS, error.code


def _status_faults(
    published: PublishedState, uow: UnitOfWork, year: int, now: datetime
) -> Iterator[str]:
    due = now - PUBLISHED_WITHIN
    try:
        listed = published.status_list(year)
    except NotFound:
        first = next(uow.letters.list(year=year), None)
        if first is not None and first.reserved_at_utc < due:
            yield "status_list_missing"
        return
    except IssuerError as error:
        yield error.code
        return
    if not listed.is_fresh(now):
        yield "status_list_stale"
    said = dict(not_valid(listed.packed))
    true = {place.index: place for place in uow.letters.ended(year)}
    if any(
        index not in true or STATUS_VALUES[true[index].state] != value
        for index, value in said.items()
    ):
        yield "status_list_differs"
    if any(place.ended_at_utc < due for index, place in true.items() if index not in said):
        yield "status_list_late"
