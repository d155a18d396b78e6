from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given
from hypothesis import strategies as st

from issuer.domain.credential import CredentialClaims, claims_of
from issuer.domain.errors import KeyUnavailable, NotFitToSign
from issuer.domain.office import Office
from issuer.domain.record import LetterRecord
from issuer.signing.credential import MAX_TOKEN_BYTES, CoseCredentialSealer
from issuer.signing.credential_keys import message_signer
from tests.credential.credential_samples import (
    BASE_URL,
    CLAIMS,
    KEY,
    KEY_ID,
    NOW,
    PRIVATE,
    key_of,
    parts_of,
    reader,
    sealer,
    signed,
    text_of,
    token_of,
)
from tests.records import a_record

LETTERS = st.characters(exclude_categories=("C", "Z"))
NAMES = st.text(LETTERS, min_size=1, max_size=20).filter(lambda name: len(name.encode()) <= 40)
CLAIM_SETS = st.builds(
    CredentialClaims,
    region_code=st.from_regex(r"[0-9]{4}", fullmatch=True),
    issued_at_utc=st.integers(0, 86_400 * 300).map(lambda s: NOW + timedelta(seconds=s)),
    expires_at_utc=st.none() | st.integers(0, 2**33).map(lambda s: datetime.fromtimestamp(s, UTC)),
    name=NAMES,
    type_code=st.integers(0, 0xFFFF),
    number=st.text("0123456789/.-ABCXIV ", min_size=1, max_size=40),
    agency_number=st.integers(11, 9_999_999_999),
    signatory_number=st.integers(0, 2**32 - 1),
    nik_last_four=st.from_regex(r"[0-9]{4}", fullmatch=True),
    record_digest=st.binary(min_size=16, max_size=16),
    status_index=st.integers(0, 2**20 - 1),
)


def record(name: str, number: str) -> LetterRecord:
    return a_record(
        number=number,
        holder={"name": name, "nik": "3522990101900007"},
        issued_on=date(2026, 11, 24),
        expires_on=date(2027, 2, 24),
    )


@given(CLAIM_SETS)
def test_what_was_sealed_is_read(claims: CredentialClaims) -> None:
    read = reader().read(sealer().seal(claims, NOW))
    assert read.claims == claims
    assert read.key_id == KEY_ID.hex()


@given(CLAIM_SETS)
def test_the_encoding_is_deterministic(claims: CredentialClaims) -> None:
    """RFC 8949 §4.2.1, judged by an encoder written for this test."""
    token = token_of(sealer().seal(claims, NOW))
    protected, payload, signature = parts_of(token)
    assert payload == deterministic(cbor2.loads(payload))
    assert protected == deterministic({4: KEY_ID, 1: -7})
    assert token == b"\xd2" + deterministic([protected, {}, payload, signature])


def deterministic(value: Any) -> bytes:
    def head(major: int, number: int) -> bytes:
        if number < 24:
            return bytes([major << 5 | number])
        size = next(size for size in (1, 2, 4, 8) if number < 256**size)
        return bytes([major << 5 | 24 + size.bit_length() - 1]) + number.to_bytes(size)

    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(deterministic, value))
    assert isinstance(value, Mapping)
    pairs = sorted((deterministic(key), deterministic(item)) for key, item in value.items())
    return head(5, len(pairs)) + b"".join(key + item for key, item in pairs)


def test_the_claims_are_those_of_the_design() -> None:
    _, payload, _ = parts_of(token_of(sealer().seal(CLAIMS, NOW)))
    assert cbor2.loads(payload) == {
        1: "3522",
        4: int(NOW.timestamp()) + 90 * 86_400,
        6: int(NOW.timestamp()),
        169: {4: CLAIMS.name},
        -65537: {
            1: 11,
            2: CLAIMS.number,
            3: 3522152001,
            4: 417,
            5: "0012",
            6: CLAIMS.record_digest,
            7: 523_311,
        },
    }


def test_a_letter_for_good_has_no_expiry() -> None:
    _, payload, _ = parts_of(token_of(sealer().seal(replace(CLAIMS, expires_at_utc=None), NOW)))
    assert 4 not in cbor2.loads(payload)


def test_the_path_alone_is_read_too() -> None:
    text = sealer().seal(CLAIMS, NOW)
    assert reader().read(text.removeprefix(BASE_URL)).claims == CLAIMS


def test_ed25519_by_key_record() -> None:
    private = ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"test").digest())
    text = sealer(private).seal(CLAIMS, NOW)
    assert reader(KEY, key_of(private)).read(text).claims == CLAIMS
    assert parts_of(token_of(text))[0][:3] == bytes.fromhex("a20127")


@pytest.mark.parametrize(
    ("private_key", "alias"),
    [
        (PRIVATE, -9),
        (ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)), -19),
    ],
)
def test_the_fully_specified_number_is_accepted(private_key: Any, alias: int) -> None:
    text = sealer(private_key).seal(CLAIMS, NOW)
    protected, payload, _ = parts_of(token_of(text))
    other = cbor2.dumps({1: alias, 4: protected[-4:]})
    signature = signed(other, payload, private_key)
    token = cbor2.dumps(cbor2.CBORTag(18, [other, {}, payload, signature]))
    assert reader(key_of(private_key)).read(text_of(token)).claims == CLAIMS


@pytest.mark.parametrize("moment", [KEY.from_utc - timedelta(seconds=1), KEY.until_utc])
def test_a_key_does_not_sign_outside_its_time(moment: datetime) -> None:
    with pytest.raises(KeyUnavailable):
        sealer().seal(CLAIMS, moment)
    with pytest.raises(KeyUnavailable):
        sealer().seal(replace(CLAIMS, issued_at_utc=moment), NOW)


def test_a_retired_key_does_not_sign() -> None:
    retired = replace(KEY, retired_utc=NOW)
    by_retired = CoseCredentialSealer(retired, message_signer(PRIVATE), BASE_URL)
    with pytest.raises(KeyUnavailable):
        by_retired.seal(CLAIMS, NOW)
    earlier = NOW - timedelta(seconds=1)
    by_retired.seal(replace(CLAIMS, issued_at_utc=earlier), earlier)


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "N" * 61},
        {"name": "Siti\nAminah"},
        {"nik_last_four": "123"},
        {"nik_last_four": "１２３４"},
        {"region_code": "35.22"},
        {"number": ""},
        {"agency_number": -1},
        {"agency_number": 10**10},
        {"type_code": 65_536},
        {"type_code": True},
        {"status_index": 2**32},
        {"record_digest": bytes(15)},
        {"issued_at_utc": NOW + timedelta(microseconds=1)},
        {"expires_at_utc": datetime(1969, 1, 1, tzinfo=UTC)},
    ],
)
def test_what_the_reader_would_refuse_is_not_sealed(change: dict[str, Any]) -> None:
    with pytest.raises(NotFitToSign):
        sealer().seal(replace(CLAIMS, **change), NOW)


def test_a_token_above_the_limit_is_not_sealed() -> None:
    fits = replace(CLAIMS, name="N" * 56, number="1" * 30)
    room = MAX_TOKEN_BYTES - len(token_of(sealer().seal(fits, NOW)))
    sealer().seal(replace(fits, number="1" * (30 + room)), NOW)
    with pytest.raises(NotFitToSign) as caught:
        sealer().seal(replace(fits, number="1" * (31 + room)), NOW)
    assert caught.value.findings == ("credential_too_long",)


@pytest.mark.parametrize("number_length", [1, 26, 40, 60])
@pytest.mark.parametrize("name", ["W" * 100, "Ñ" * 100, "ꦱ" * 100, "😀" * 100])
def test_the_longest_letter_fits(name: str, number_length: int) -> None:
    office = Office(
        name="Kabupaten Contoh",
        region_code="94.71",
        zone=ZoneInfo("Asia/Jayapura"),
        base_url=BASE_URL,
        specimen=True,
    )
    claims = claims_of(
        record(name, "9" * number_length),
        office,
        type_code=0xFFFF,
        agency_number=9_471_019_999,
        signatory_number=2**32 - 1,
        status_index=2**20 - 1,
        issued_at_utc=NOW,
    )
    assert claims.name.endswith("…")
    text = sealer().seal(claims, NOW)
    assert len(token_of(text)) <= MAX_TOKEN_BYTES
    assert reader().read(text).claims == claims
