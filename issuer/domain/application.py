"""An application (permohonan dari rumah): what a resident prepares, until it is a request.

It begins with the first answer and lies on the server. Whoever has its code and the
holder's date of birth may go on with it on any device; the device that has it open holds
a token. Of both only keyed hashes are stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from issuer.domain.access import Actor, Role
from issuer.domain.people import Nik

ORIGIN_HOME = "home"
"""The origin of a request that somebody sent from home."""

DRAFT_LIVES = timedelta(days=30)
"""A draft is removed so long after its last answer."""

KEPT_AFTERWARDS = timedelta(days=365)
"""Documents and entries of a request are removed so long after it was sent last."""

HELD_WHILE_DRAFTING = timedelta(hours=12)
HELD_AFTERWARDS = timedelta(minutes=30)
"""For how long a device has an application open, after each answer and after it was sent."""

MAX_ENTRIES = 600
MAX_ENTRY = 2000
MAX_DOCUMENTS = 10
HOLDER_NIK = "holder.nik"
"""The box of the NIK, by its place in the data file."""

SURVEY_QUESTIONS = 9
SCORES = range(1, 5)
"""The nine elements of PermenPANRB 14/2017, each from 1 to 4."""


class DocumentKind(StrEnum):
    """What a supporting document is kept as."""

    JPEG = "jpeg"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """A supporting document (berkas syarat).

    ``owner_id`` is the application or the request that it belongs to: what is sent from home
    has one id as both. ``added_by`` is the clerk who added it at the counter, None for the
    applicant. ``place`` counts the documents that the letter type lists, from 0. ``file``
    names the encrypted file, ``key`` opens it: when the row is gone, nobody can read the
    file. ``size`` is in bytes.
    """

    id: str
    owner_id: str
    place: int
    kind: DocumentKind
    size: int
    file: str
    key: bytes
    added_at_utc: datetime
    added_by: str | None = None

    def __repr__(self) -> str:
        return f"Document(id={self.id!r}, kind={self.kind.value!r})"


@dataclass(frozen=True, slots=True, repr=False)
class Application:
    """What was typed so far, by the name of its box; ``born`` once it was answered.

    ``request_id`` is the request that it became. ``surveyed`` says whether the survey was
    answered, which itself is stored without the person.
    """

    id: str
    letter_type: str
    typed: Mapping[str, str]
    born: date | None
    created_at_utc: datetime
    saved_at_utc: datetime
    request_id: str | None = None
    surveyed: bool = False

    def __repr__(self) -> str:
        return f"Application(id={self.id!r}, letter_type={self.letter_type!r})"

    def is_about(self, nik: Nik) -> bool:
        """Say whether this NIK was typed as the holder's."""
        try:
            return Nik.parse(self.typed.get(HOLDER_NIK, "")) == nik
        except ValueError:
            return False

    @property
    def actor(self) -> Actor:
        """Whoever applies, as somebody who acts; he owns this application alone."""
        return Actor(f"{ORIGIN_HOME}:{self.id}", Role.APPLICANT, None)
