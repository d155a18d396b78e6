"""A kind of letter (jenis surat), as read from ``templates/letters``.

Adding one needs no code: everything a type decides is a field here.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from issuer.domain.office import AgencyKind
from issuer.domain.presentation import SecurityPrinting

FieldValue = str | int
SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}", re.ASCII)


class FieldKind(StrEnum):
    """How a field is asked for, checked and printed."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    YEAR = "year"
    INTEGER = "integer"
    MONEY = "money"
    CHOICE = "choice"


class Channel(StrEnum):
    """Whether a resident may ask from home (mandiri) or must come."""

    FROM_HOME = "mandiri"
    IN_PERSON = "datang_langsung"


@dataclass(frozen=True, slots=True)
class Bilingual:
    """A text in Indonesian and in English."""

    id: str
    en: str


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One question of a letter type; rules beyond ``kind`` are in its JSON Schema.

    ``choices`` maps the stored value to its texts and is empty but for CHOICE.
    """

    name: str
    kind: FieldKind
    label: Bilingual
    hint: Bilingual
    required: bool
    max_length: int
    choices: Mapping[str, Bilingual]


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a letter holds: months, days, or for good when both are zero."""

    months: int = 0
    days: int = 0

    def last_day(self, issued_on: date) -> date | None:
        """Return the last day on which the letter is in force.

        A month ends on the same day number, or on the last day of a shorter month.
        """
        if not self.months and not self.days:
            return None
        index = issued_on.year * 12 + issued_on.month - 1 + self.months
        year, month = divmod(index, 12)
        day = min(issued_on.day, calendar.monthrange(year, month + 1)[1])
        return date(year, month + 1, day) + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of a letter, each a template over the record's fields."""

    opening: str
    statement: str
    purpose: str
    closing: str


@dataclass(frozen=True, slots=True)
class LetterType:
    """Everything the office decides about one kind of letter.

    ``code`` is what the QR carries and never changes; ``digest`` is the SHA-256
    (hex) of the type's files, so that an issued letter names the exact template it
    came from; ``schema`` is the JSON Schema of ``fields``. A ``sensitive`` type
    shows its neutral ``public_title`` to the public and in the QR. ``security`` goes
    before the agency's own policy when it is not None. A letter ``endorsed_by_district``
    bears a second signature, "Mengetahui, Camat …".
    """

    slug: str
    code: int
    version: int
    digest: str
    title: Bilingual
    public_title: Bilingual
    summary: Bilingual
    sensitive: bool
    classification: str
    series: str
    security: SecurityPrinting | None
    endorsed_by_district: bool
    validity: Validity
    channel: Channel
    issued_by: frozenset[AgencyKind]
    fields: tuple[FieldSpec, ...]
    schema: Mapping[str, object]
    wording: Wording
    documents: tuple[Bilingual, ...]
    service_standard: Mapping[str, Bilingual]
    example: Mapping[str, object]
