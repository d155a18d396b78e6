"""One good letter record, for any test; keywords change what the test is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from issuer.domain.mandate import MandateKind
from issuer.domain.presentation import Paper, Variant
from issuer.domain.record import LetterRecord, Signer

HOLDER: dict[str, str] = {
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
_SIGNER = Signer(
    agency_code="35.22.06.2001",
    id="kades-3522062001",
    name="Sutrisno",
    nip=None,
    rank=None,
    mandate_kind=MandateKind.DEFINITIVE,
    position="Kepala Desa Ngunut",
    principal=None,
    via=None,
    decree_number="188/1/CONTOH/2024",
)
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
    signer=_SIGNER,
    endorser=None,
    paper=Paper.A4,
    variant=Variant.HOME,
    holder=dict(HOLDER),
    fields={"business": "Warung Kopi", "since": 2019},
    purpose="Pengajuan kredit",
    place="Ngunut",
    issued_on=date(2026, 1, 5),
    expires_on=date(2026, 7, 5),
    specimen=True,
    salt="00" * 16,
)


def a_signer(**changes: Any) -> Signer:
    """Return a village head."""
    return replace(_SIGNER, **changes)


def a_record(**changes: Any) -> LetterRecord:
    """Return a record of a business letter."""
    return replace(_RECORD, **changes)
