"""A kind of letter (jenis surat), as read from ``templates/letters``.

Adding one needs no code: everything a type decides is a field here.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from issuer.domain.computed import ComputedField
from issuer.domain.handling import Handling
from issuer.domain.office import AgencyKind
from issuer.domain.presentation import SecurityPrinting

Scalar = str | int
FieldValue = Scalar | Sequence[Mapping[str, Scalar]]
SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}", re.ASCII)


class FieldKind(StrEnum):
    """How a field is asked for, checked and printed."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    DATE = "date"
    TIME = "time"
    NIK = "nik"
    YEAR = "year"
    INTEGER = "integer"
    MONEY = "money"
    CHOICE = "choice"
    GROUP = "group"


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
class ShownIf:
    """The condition of a question: an earlier choice has one of these values."""

    field: str
    values: tuple[str, ...]

    def holds(self, answers: Mapping[str, object]) -> bool:
        """Say whether the question is asked, after these answers."""
        return answers.get(self.field) in self.values


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One question of a letter type; rules beyond ``kind`` are in its JSON Schema.

    ``choices`` maps the stored value to its texts and is empty but for CHOICE.
    ``maximum`` is that of a number; ``past`` refuses a date or a year to come.
    ``columns`` are the questions of every row of a GROUP, which has from ``min_items``
    to ``max_items`` rows when it has any. A ``required`` question with a condition is
    required where it is asked.
    """

    name: str
    kind: FieldKind
    label: Bilingual
    hint: Bilingual
    required: bool
    max_length: int
    choices: Mapping[str, Bilingual]
    maximum: int = 0
    past: bool = False
    columns: tuple[FieldSpec, ...] = ()
    min_items: int = 0
    max_items: int = 0
    shown_if: ShownIf | None = None


@dataclass(frozen=True, slots=True)
class SupportingDocument(Bilingual):
    """What an applicant shows; an ``optional`` one only if there is any."""

    optional: bool = False


class ListingForm(StrEnum):
    """How the rows of a group stand on the page."""

    TABLE = "table"
    NUMBERED = "numbered"


@dataclass(frozen=True, slots=True)
class Listing:
    """A group on the page, after the statement: these columns, in this order."""

    group: str
    form: ListingForm
    columns: tuple[str, ...]


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
    bears a second signature, "Mengetahui, Camat …". ``holder_label`` says who the
    holder is to this letter; ``classification_old`` is the code used before
    Permendagri 83/2022; ``wording_en`` is an unofficial translation that stands
    below the letter's own text. ``handling`` is what its requests ask of the office.
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
    classification_old: str | None
    series: str
    security: SecurityPrinting | None
    endorsed_by_district: bool
    validity: Validity
    channel: Channel
    handling: Handling
    issued_by: frozenset[AgencyKind]
    holder_label: Bilingual
    fields: tuple[FieldSpec, ...]
    schema: Mapping[str, object]
    computed: tuple[ComputedField, ...]
    listings: tuple[Listing, ...]
    wording: Wording
    wording_en: str | None
    documents: tuple[SupportingDocument, ...]
    service_standard: Mapping[str, Bilingual]
    example: Mapping[str, object]
