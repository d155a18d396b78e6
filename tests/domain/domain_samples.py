"""A good value of each kind the domain tests need; keywords change one thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from issuer.domain.letter import Letter, LetterState
from issuer.domain.mandate import MandateKind
from issuer.domain.numbers import SeriesKey
from issuer.domain.office import Office
from issuer.domain.presentation import Paper, Variant
from issuer.domain.record import LetterRecord

TODAY = date(2026, 1, 5)
OFFICE = Office(
    "Kabupaten Bojonegoro", "35.22", ZoneInfo("Asia/Jakarta"), "https://surat.example", True
)
HOLDER: dict[str, object] = {
    "nik": "3522994107900001",
    "name": "Siti Aminah",
    "birth_place": "Bojonegoro",
    "birth_date": "1990-07-01",
    "sex": "P",
    "religion": "Islam",
    "marital_status": "Kawin",
    "occupation": "Pedagang",
    "nationality": "WNI",
    "address": "Dusun Krajan, RT 001 RW 002, Desa Ngunut",
}
_RECORD = LetterRecord(
    letter_id="0b7c",
    type_slug="usaha",
    type_version=1,
    type_digest="ab" * 32,
    title="Surat Keterangan Usaha",
    number="500.3/1/412.414.01/2026",
    region_name="Kabupaten Bojonegoro",
    agency_code="35.22.06.2001",
    agency_name="Desa Ngunut",
    district_name="Kecamatan Dander",
    letterhead_lines=("PEMERINTAH KABUPATEN BOJONEGORO", "KECAMATAN DANDER", "DESA NGUNUT"),
    letterhead_address="Jalan Raya Ngunut Nomor 1",
    letterhead_contact="ngunut.example",
    letterhead_emblem="neutral",
    signatory_id="kades-3522062001",
    signatory_name="Sutrisno",
    signatory_nip=None,
    signatory_rank=None,
    mandate_kind=MandateKind.DEFINITIVE,
    position="Kepala Desa Ngunut",
    principal=None,
    via=None,
    decree_number="188/1/CONTOH/2024",
    endorsement=None,
    paper=Paper.A4,
    variant=Variant.HOME,
    holder={key: str(value) for key, value in HOLDER.items()},
    fields={"business": "Warung Kopi", "since": 2019},
    purpose="Pengajuan kredit",
    place="Ngunut",
    issued_on=TODAY,
    expires_on=date(2026, 7, 5),
    specimen=True,
    salt="00" * 16,
)


def a_record(**changes: Any) -> LetterRecord:
    """Return a record of a business letter."""
    return replace(_RECORD, **changes)


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
        record=_RECORD,
        state=LetterState.RESERVED,
        reserved_at_utc=datetime(2026, 1, 5, 1, 0, tzinfo=UTC),
        lease=None,
    )
    return replace(letter, **changes)
