"""Letters on a day, mandates, what the QR says, and the right to sign."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.domain.access import Role
from issuer.domain.accounts import Account
from issuer.domain.credential import (
    CUT_MARK,
    MAX_NAME_IN_QR,
    NAME_AND_NUMBER_IN_QR,
    claims_of,
    cut_name,
)
from issuer.domain.errors import NotFitToSign
from issuer.domain.letter import LetterAction, LetterState
from issuer.domain.mandate import Mandate, MandateKind, signature_lines
from issuer.domain.numbers import MAX_NUMBER
from issuer.domain.office import Agency, AgencyKind, Letterhead
from issuer.domain.sealing import ReadyToSign
from issuer.domain.verdict import Status
from tests.domain.domain_samples import OFFICE, a_letter
from tests.records import a_record


def a_mandate(kind: MandateKind, principal: str | None, via: str | None) -> Mandate:
    return Mandate(
        id="m-1",
        signatory_id="s-1",
        agency_code="35.22.06",
        kind=kind,
        position="Kepala Seksi Pelayanan Umum",
        principal=principal,
        via=via,
        decree_number="188/1/CONTOH/2024",
        starts_on=date(2026, 1, 5),
        ends_on=date(2026, 3, 5),
        letter_types=frozenset({"usaha"}),
    )


EXPECTED_LINES = {
    MandateKind.DEFINITIVE: ("KEPALA SEKSI PELAYANAN UMUM,",),
    MandateKind.ON_BEHALF: ("a.n. CAMAT DANDER", "KEPALA SEKSI PELAYANAN UMUM,"),
    MandateKind.FOR_ON_BEHALF: (
        "a.n. CAMAT DANDER",
        "SEKRETARIS KECAMATAN",
        "u.b.",
        "KEPALA SEKSI PELAYANAN UMUM,",
    ),
    MandateKind.ACTING_VACANT: ("Plt. KEPALA SEKSI PELAYANAN UMUM,",),
    MandateKind.ACTING_ABSENT: ("Plh. KEPALA SEKSI PELAYANAN UMUM,",),
    MandateKind.CARETAKER: ("Pj. KEPALA SEKSI PELAYANAN UMUM,",),
}


@pytest.mark.parametrize("kind", MandateKind)
def test_every_kind_of_mandate_is_written_in_its_form(kind: MandateKind) -> None:
    lines = signature_lines(
        kind, "Kepala Seksi Pelayanan Umum", "Camat Dander", "Sekretaris Kecamatan"
    )
    assert lines == EXPECTED_LINES[kind]


@pytest.mark.parametrize("kind", MandateKind)
@pytest.mark.parametrize("principal", [None, "Camat Dander"])
@pytest.mark.parametrize("via", [None, "Sekretaris Kecamatan"])
def test_a_mandate_has_the_posts_of_its_form(
    kind: MandateKind, principal: str | None, via: str | None
) -> None:
    fits = {
        MandateKind.ON_BEHALF: principal is not None and via is None,
        MandateKind.FOR_ON_BEHALF: principal is not None and via is not None,
    }.get(kind, principal is None and via is None)
    if fits:
        assert a_mandate(kind, principal, via).kind is kind
    else:
        with pytest.raises(ValueError, match="does not go with"):
            a_mandate(kind, principal, via)


@pytest.mark.parametrize(
    ("letter_type", "on", "covered"),
    [
        ("usaha", date(2026, 1, 4), False),
        ("usaha", date(2026, 1, 5), True),
        ("usaha", date(2026, 3, 5), True),
        ("usaha", date(2026, 3, 6), False),
        ("domisili", date(2026, 2, 1), False),
    ],
)
def test_a_mandate_covers_its_days_and_types(letter_type: str, on: date, covered: bool) -> None:
    assert a_mandate(MandateKind.DEFINITIVE, None, None).covers(letter_type, on) is covered


@pytest.mark.parametrize(
    ("state", "day", "status"),
    [
        (LetterState.RESERVED, date(2026, 7, 6), Status.NOT_YET_ISSUED),
        (LetterState.SIGNING, date(2026, 1, 5), Status.NOT_YET_ISSUED),
        (LetterState.ISSUED, date(2026, 7, 5), Status.IN_FORCE),
        (LetterState.ISSUED, date(2026, 7, 6), Status.EXPIRED),
        (LetterState.REVOKED, date(2026, 7, 6), Status.REVOKED),
        (LetterState.SUPERSEDED, date(2026, 7, 6), Status.SUPERSEDED),
        (LetterState.VOIDED, date(2026, 1, 5), Status.NOT_REGISTERED),
    ],
)
def test_what_the_register_says_of_a_letter(state: LetterState, day: date, status: Status) -> None:
    assert a_letter(state=state).status_on(day) is status


def test_a_letter_without_end_never_expires() -> None:
    letter = a_letter(state=LetterState.ISSUED, record=a_record(expires_on=None))
    assert letter.status_on(date(9999, 12, 31)) is Status.IN_FORCE


def test_every_change_of_a_letter_raises_its_version() -> None:
    assert a_letter().after(LetterAction.BEGIN_SIGNING).version == 2


# --- what the QR says ---------------------------------------------------------


@given(st.text(st.characters(codec="utf-8"), max_size=100), st.integers(10, 60))
def test_a_cut_name_fits_and_is_marked(name: str, room: int) -> None:
    cut = cut_name(name, room)
    assert len(cut.encode()) <= room
    if len(name.encode()) <= room:
        assert cut == name
    else:
        assert cut.endswith(CUT_MARK)
        assert name.startswith(cut.removesuffix(CUT_MARK))


@given(st.integers(1, MAX_NUMBER), st.integers(1, 100))
def test_name_and_number_together_fit_the_qr(number: int, name: int) -> None:
    record = a_record(number="9" * number, holder={**a_record().holder, "name": "Ä" * name})
    claims = claims_of(
        record,
        OFFICE,
        type_code=3,
        agency_number=35,
        signatory_number=1,
        status_index=0,
        issued_at_utc=datetime(2026, 1, 5, tzinfo=UTC),
    )
    assert len(claims.name.encode()) <= MAX_NAME_IN_QR
    assert len(claims.name.encode()) + len(claims.number) <= NAME_AND_NUMBER_IN_QR


def test_the_claims_are_those_of_the_page() -> None:
    record = a_record()
    issued_at = datetime(2026, 1, 5, 1, 2, 3, 456, tzinfo=UTC)
    claims = claims_of(
        record,
        OFFICE,
        type_code=3,
        agency_number=35_22_06_2001,
        signatory_number=9,
        status_index=42,
        issued_at_utc=issued_at,
    )
    assert claims.region_code == "3522"
    assert claims.issued_at_utc == issued_at.replace(microsecond=0)
    # The last second of 5 July 2026 in Bojonegoro (UTC+7).
    assert claims.expires_at_utc == datetime(2026, 7, 5, 16, 59, 59, tzinfo=UTC)
    assert claims.nik_last_four == "0001"
    assert claims.record_digest == record.digest()[:16]
    assert "Aminah" not in repr(claims)


# --- the right to sign --------------------------------------------------------


def test_a_right_to_sign_is_redeemed_once() -> None:
    ready = ReadyToSign(b"%PDF", "key-1", "ab")
    assert ready.redeem("key-1") == b"%PDF"
    with pytest.raises(NotFitToSign, match="already_redeemed"):
        ready.redeem("key-1")


def test_a_right_to_sign_belongs_to_one_key() -> None:
    ready = ReadyToSign(b"%PDF", "key-1", "ab")
    with pytest.raises(NotFitToSign, match="linted_for_another_key"):
        ready.redeem("key-2")
    assert ready.redeem("key-1") == b"%PDF"


# --- agencies and accounts ----------------------------------------------------


@pytest.mark.parametrize(
    "code", ["", "3522", "35.22.6", "35.22.06.201", "35.22.06.2001\n", "٣٥.٢٢"]
)
def test_an_agency_needs_a_region_code(code: str) -> None:
    with pytest.raises(ValueError, match="region code"):
        Agency(code, "X", AgencyKind.VILLAGE, None, "1", "X", Letterhead(("A", "B"), "", ""))


def test_an_agency_s_code_in_the_qr() -> None:
    agency = Agency(
        "35.22.06.2001", "X", AgencyKind.VILLAGE, None, "1", "X", Letterhead(("A", "B"), "", "")
    )
    assert agency.code_digits == 3522062001


def test_an_account_shows_no_secret_when_printed() -> None:
    account = Account("a-1", "loket", "Siti Aminah", Role.COUNTER, "35.22.06.2001", "scrypt$x")
    assert "scrypt" not in repr(account)
    assert account.actor().agency_code == "35.22.06.2001"
