"""A good value of each kind the domain tests need; keywords change one thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from issuer.domain.letter import Letter, LetterState
from issuer.domain.numbers import SeriesKey
from issuer.domain.office import Office
from tests.records import a_record

TODAY = date(2026, 1, 5)
OFFICE = Office(
    "Kabupaten Bojonegoro", "35.22", ZoneInfo("Asia/Jakarta"), "https://surat.example", True
)


def a_letter(**changes: Any) -> Letter:
    """Return a letter that has just been reserved."""
    letter = Letter(
        id="0b7c",
        request_id="req-1",
        series=SeriesKey("35.22.06.2001", "umum", 2026),
        sequence=1,
        number="500.3/1/412.414.01/2026",
        verification_code="0123456789AB",
        status_index=7,
        record=a_record(),
        state=LetterState.RESERVED,
        reserved_at_utc=datetime(2026, 1, 5, 1, 0, tzinfo=UTC),
        lease=None,
    )
    return replace(letter, **changes)
