"""What an office publishes for everybody, and what publishing needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from issuer.domain.status_list import FRESH, StatusList

STATUS_LISTS: Final = "status"
KEY_SETS: Final = "issuer-keys"

RENEW_AFTER: Final = FRESH / 2
"""A list this old is signed anew, though nothing changed: its age is shown to people."""

PUBLISHED_WITHIN: Final = timedelta(hours=1)
"""So long after a letter has ended, the list says so at the latest."""


@dataclass(frozen=True, slots=True)
class Published:
    """One published thing: ``status/2026``, ``issuer-keys/1``. A key set never expires."""

    name: str
    issued_at_utc: datetime
    expires_at_utc: datetime | None


@dataclass(frozen=True, slots=True)
class NewKey:
    """A QR key that was made and published: its id (hex), when it signs, in which version."""

    id: str
    signs_from_utc: datetime
    version: int


class PublishedFiles(Protocol):
    """Files that everybody may have, named ``folder/number``; written whole or not at all.

    All methods raise ``DependencyUnavailable``.
    """

    def get(self, folder: str, number: int) -> bytes:
        """Return a file. Raises ``NotFound``."""

    def numbers(self, folder: str) -> Sequence[int]:
        """Return the numbers in a folder, in order."""

    def put(self, folder: str, number: int, data: bytes) -> None:
        """Put a file durably in the place of the one before it."""

    def create(self, folder: str, number: int, data: bytes) -> None:
        """Put a new file durably. Raises ``StaleVersion`` when there is one."""

    def changing(self) -> AbstractContextManager[None]:
        """Let one process of the office at a time publish."""


class StatusListSigner(Protocol):
    """Makes the token of a status list."""

    def seal(self, listed: StatusList) -> bytes:
        """Return the signed list. Raises ``KeyUnavailable``."""


class StatusListVerifier(Protocol):
    """Reads tokens of status lists."""

    def read(self, token: bytes, year: int) -> StatusList:
        """Return the list of that year, fresh or not.

        Raises ``TooLarge``, ``InvalidDocument`` or ``InvalidSignature``.
        """


class KeySetPublisher(Protocol):
    """Publishes the QR's public keys; called while the files may be changed."""

    def publish(self, at_utc: datetime) -> int | None:
        """Publish what is due; return the version, or None when nothing was.

        Raises ``KeyUnavailable`` or ``ConfigurationError``.
        """

    def rotate(self, at_utc: datetime, *, at_once: bool = False) -> NewKey:
        """Make and publish the next key; it signs an hour later, or ``at_once``.

        Raises ``KeyUnavailable``, or ``ConfigurationError`` where that is unsafe.
        """


class KeySetVerifier(Protocol):
    """Reads published key sets; no private key is needed."""

    def newest(self) -> Published | None:
        """Return the newest version, or None when there is none.

        Raises ``InvalidDocument`` or ``InvalidSignature`` where the versions do not
        follow from one another.
        """

    def differs(self) -> bool:
        """Say whether tokens are verified with other keys than the newest version's."""


class RevocationLists(Protocol):
    """The revocation lists of certificates."""

    def refresh_crls(self, at_utc: datetime) -> Sequence[str]:
        """Sign anew what is past half its life; return the names of those."""
