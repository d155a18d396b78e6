"""What the office has published, as a stranger sees it.

No private key is within reach of this module, and no register: what is published must
be enough for those who have neither.
"""

from __future__ import annotations

from issuer.domain.errors import InvalidDocument, InvalidSignature, NotFound, TooLarge
from issuer.domain.publication import (
    STATUS_LISTS,
    KeySetVerifier,
    Published,
    PublishedFiles,
    StatusListVerifier,
)
from issuer.domain.status_list import StatusList

UNREADABLE = (NotFound, TooLarge, InvalidDocument, InvalidSignature)


class PublishedState:
    """Reads back what was published, and how old it is."""

    def __init__(
        self,
        *,
        files: PublishedFiles,
        status_lists: StatusListVerifier,
        key_sets: KeySetVerifier,
    ) -> None:
        self._files = files
        self._status_lists = status_lists
        self.key_sets = key_sets

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
            except UNREADABLE:
                continue
            name = f"{STATUS_LISTS}/{year}"
            found.append(Published(name, listed.issued_at_utc, listed.expires_at_utc))
        try:
            keys = self.key_sets.newest()
        except UNREADABLE:
            keys = None
        return found if keys is None else [*found, keys]
