"""The regency whose letters these are, its zone and the agencies in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from issuer.domain.presentation import Paper, SecurityPrinting

_REGION = re.compile(r"\d{2}\.\d{2}(\.\d{2}(\.\d{4})?)?", re.ASCII)
ZONE_NAMES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


@dataclass(frozen=True, slots=True)
class Office:
    """One regency: its name, Kemendagri code, zone and public address.

    ``base_url`` has no slash at its end; its host is printed on every letter and
    is the only one whose QR is accepted. ``specimen`` marks every letter CONTOH.
    """

    name: str
    region_code: str
    zone: ZoneInfo
    base_url: str
    specimen: bool

    @property
    def host(self) -> str:
        """The host in words, as printed beside the QR."""
        return self.base_url.split("://", 1)[-1]

    @property
    def region_digits(self) -> str:
        """The region code as digits, as tokens and key sets name it."""
        return self.region_code.replace(".", "")

    def local(self, at_utc: datetime) -> datetime:
        """Return the moment in the regency's zone."""
        return at_utc.astimezone(self.zone)

    def today(self, at_utc: datetime) -> date:
        """Return the regency's date: it fixes the letter's date and number year."""
        return self.local(at_utc).date()

    def begins(self, day: date) -> datetime:
        """Return the first moment of a day of the regency, in UTC."""
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)

    def zone_name(self) -> str:
        """Return WIB, WITA or WIT."""
        return ZONE_NAMES[self.zone.key]


class AgencyKind(StrEnum):
    """What an agency is; the value is a stable code, the text stands elsewhere."""

    REGENCY = "regency"
    DEPARTMENT = "department"
    DISTRICT = "district"
    WARD = "ward"
    VILLAGE = "village"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Kop surat: the lines under the emblem, upper agency first.

    ``lines`` has two or three entries, the last the agency itself.
    """

    lines: tuple[str, ...]
    address: str
    contact: str
    emblem: str = "neutral"


@dataclass(frozen=True, slots=True)
class Agency:
    """An office that issues letters in its own name.

    ``code`` is the Kemendagri region code (``35.22.15.1001``); ``number_code`` is
    what stands for the agency inside a letter number; ``seat`` is the place
    written before the date.
    """

    code: str
    name: str
    kind: AgencyKind
    parent_code: str | None
    number_code: str
    seat: str
    letterhead: Letterhead
    number_pattern: str | None = None
    paper: Paper = Paper.A4
    security: SecurityPrinting = SecurityPrinting.HOME

    def __post_init__(self) -> None:
        if not _REGION.fullmatch(self.code):
            raise ValueError("not a region code")

    @property
    def code_digits(self) -> int:
        """The code as the QR carries it: its digits as one number."""
        return int(self.code.replace(".", ""))
