"""What the office has published, as a stranger sees it, held against the register.

No private key is within reach of this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from issuer.domain.errors import InvalidDocument, InvalidSignature, IssuerError, NotFound, TooLarge
from issuer.domain.office import Office
from issuer.domain.ports import Clock, Register, UnitOfWork
from issuer.domain.publication import (
    KEY_SETS,
    PUBLISHED_WITHIN,
    STATUS_LISTS,
    KeySetVerifier,
    Published,
    PublishedFiles,
    StatusListVerifier,
)
from issuer.domain.status_list import STATUS_VALUES, StatusList, not_valid


class PublishedState:
    """Reads back what was published: how old it is, and whether it is true."""

    def __init__(
        self,
        *,
        register: Register,
        files: PublishedFiles,
        status_lists: StatusListVerifier,
        key_sets: KeySetVerifier,
        clock: Clock,
        office: Office,
    ) -> None:
        self._register = register
        self._files = files
        self._status_lists = status_lists
        self._key_sets = key_sets
        self._clock = clock
        self._office = office

    def years(self) -> list[int]:
        """Return the years whose status list is published."""
        return list(self._files.numbers(STATUS_LISTS))

    def status_list(self, year: int) -> StatusList:
        """Return a year's list, fresh or not.

        Raises ``NotFound``, ``TooLarge``, ``InvalidDocument``, ``InvalidSignature``.
        """
        return self._status_lists.read(self._files.get(STATUS_LISTS, year), year)

    def listing(self) -> list[Published]:
        """Return everything that is published and readable, with its age."""
        found = []
        for year in self.years():
            try:
                listed = self.status_list(year)
            except (NotFound, TooLarge, InvalidDocument, InvalidSignature):
                continue
            name = f"{STATUS_LISTS}/{year}"
            found.append(Published(name, listed.issued_at_utc, listed.expires_at_utc))
        try:
            keys = self._key_sets.newest()
        except (TooLarge, InvalidDocument, InvalidSignature):
            keys = None
        return found if keys is None else [*found, keys]

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield name and code of what is missing, stale, or not what the register says."""
        now = self._clock.now()
        yield from self._key_set_faults()
        with self._register.reading() as uow:
            years = {series.year for series in uow.numbers.highest()}
            for year in sorted({*years, *self.years()}):
                for code in self._status_faults(uow, year, now):
                    yield f"{STATUS_LISTS}/{year}", code

    def _key_set_faults(self) -> Iterator[tuple[str, str]]:
        try:
            newest = self._key_sets.newest()
            if newest is not None and self._key_sets.differs():
                yield newest.name, "key_set_differs"
        except IssuerError as error:
            yield KEY_SETS, error.code

    def _status_faults(self, uow: UnitOfWork, year: int, now: datetime) -> Iterator[str]:
        due = now - PUBLISHED_WITHIN
        try:
            listed = self.status_list(year)
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
