"""Status list tokens: one encoding, one address, one signer; everything else is refused."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.domain.errors import InvalidDocument, InvalidSignature, IssuerError, TooLarge
from issuer.domain.status_list import SIZE
from issuer.signing.cose_sign1 import Sign1, assemble, take_apart
from issuer.signing.status_tokens import MAX_TOKEN_BYTES
from tests.credential.credential_samples import (
    BASE_URL,
    FOREIGN_PRIVATE,
    KEY,
    KEY_ID,
    NOW,
    PRIVATE,
    key_of,
)
from tests.publication.publication_samples import (
    YEAR,
    listed,
    resigned,
    status_reader,
    status_token,
)

TOKEN = status_token()
PARTS = take_apart(TOKEN)
CLAIMS: dict[int, Any] = cbor2.loads(PARTS.payload)


def test_a_token_is_read_again() -> None:
    assert status_reader().read(TOKEN, YEAR) == listed()


def test_the_header_and_the_claims_are_those_of_the_standard() -> None:
    assert cbor2.loads(PARTS.protected) == {
        1: -7,
        4: KEY_ID,
        16: "application/statuslist+cwt",
    }
    issued = int(NOW.timestamp())
    assert {name: value for name, value in CLAIMS.items() if name != 65533} == {
        2: f"{BASE_URL}/status/2026",
        4: issued + 7 * 86400,
        6: issued,
        65534: 3600,
    }
    assert set(CLAIMS[65533]) == {"bits", "lst", "aggregation_uri"}
    assert CLAIMS[65533]["aggregation_uri"] == f"{BASE_URL}/status"
    assert CLAIMS[65533]["bits"] == 2


def test_the_claims_are_in_deterministic_order() -> None:
    """RFC 8949 §4.2.1: keys in the order of their encoded bytes, at both levels."""
    for level in (CLAIMS, CLAIMS[65533]):
        encoded = [cbor2.dumps(name) for name in level]
        assert encoded == sorted(encoded)


def with_claims(**changes: object) -> bytes:
    """Return a token of the office's own key with these claims (``c4`` is claim 4)."""
    claims = {**CLAIMS, **{int(name[1:]): value for name, value in changes.items()}}
    return resigned(TOKEN, {name: value for name, value in claims.items() if value is not None})


def with_list(**changes: object) -> bytes:
    inner = {**CLAIMS[65533], **changes}
    return with_claims(c65533={name: value for name, value in inner.items() if value is not None})


LST = CLAIMS[65533]["lst"]
BAD_CLAIMS = {
    "another year": with_claims(c2=f"{BASE_URL}/status/2025"),
    "another host": with_claims(c2="https://example.org/status/2026"),
    "no address": with_claims(c2=None),
    "no expiry": with_claims(c4=None),
    "valid for ever": with_claims(c4=2**40),
    "another lifetime": with_claims(c4=CLAIMS[4] + 1),
    "a fraction": with_claims(c6=float(CLAIMS[6])),
    "a truth value": with_claims(c6=True),
    "before 1970": with_claims(c6=-1),
    "no date": with_claims(c6=None),
    "another ttl": with_claims(c65534=10**9),
    "one claim more": with_claims(c7=b"1"),
    "no list": with_claims(c65533=None),
    "the list is an array": with_claims(c65533=[2, LST]),
    "one bit": with_list(bits=1),
    "another aggregation": with_list(aggregation_uri="https://example.org/status"),
    "no aggregation": with_list(aggregation_uri=None),
    "raw deflate": with_list(lst=LST[2:-4]),
    "cut": with_list(lst=LST[:-1]),
    "something behind": with_list(lst=LST + b"0"),
    "text": with_list(lst="AAAA"),
    "a short list": with_list(lst=zlib.compress(bytes(SIZE // 8))),
    "a long list": with_list(lst=zlib.compress(bytes(SIZE // 4 + 1))),
    "a bomb": with_list(lst=zlib.compress(bytes(200_000_000), 9)),
    "an unknown value": with_list(lst=zlib.compress(b"\x02" + bytes(SIZE // 4 - 1))),
    "not a map": resigned(TOKEN, [1, 2]),
    "no CBOR": resigned(TOKEN, b"\xff"),
    "something after": resigned(TOKEN, PARTS.payload + b"\x00"),
    "deep": resigned(TOKEN, b"\x81" * 100_000),
    "another order": resigned(TOKEN, dict(reversed(CLAIMS.items()))),
}


@pytest.mark.parametrize("name", BAD_CLAIMS)
def test_claims_that_are_not_quite_a_list_are_refused(name: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        status_reader().read(BAD_CLAIMS[name], YEAR)
    assert refused.value.reason == "credential_malformed"


def test_a_list_of_another_year_is_not_this_one() -> None:
    with pytest.raises(InvalidDocument):
        status_reader().read(TOKEN, YEAR + 1)


PROTECTED = {
    "another type": {1: -7, 4: KEY_ID, 16: "application/cwt"},
    "a QR's header": {1: -7, 4: KEY_ID},
    "no kid": {1: -7, 16: "application/statuslist+cwt"},
    "a long kid": {1: -7, 4: bytes(5), 16: "application/statuslist+cwt"},
    "an algorithm of another key": {
        1: -8,
        4: KEY_ID,
        16: "application/statuslist+cwt",
    },
    "none": {1: 0, 4: KEY_ID, 16: "application/statuslist+cwt"},
}


@pytest.mark.parametrize("name", PROTECTED)
def test_another_header_is_refused(name: str) -> None:
    protected = cbor2.dumps(PROTECTED[name])
    with pytest.raises(InvalidDocument):
        status_reader().read(assemble(PARTS._replace(protected=protected)), YEAR)


def test_a_stranger_s_list_is_refused() -> None:
    foreign = key_of(FOREIGN_PRIVATE)
    token = status_token(private=FOREIGN_PRIVATE, key=foreign)
    assert status_reader(foreign).read(token, YEAR) == listed()
    with pytest.raises(InvalidSignature) as unknown:
        status_reader().read(token, YEAR)
    assert unknown.value.reason == "credential_unknown_key"
    with pytest.raises(InvalidSignature) as broken:
        status_reader().read(status_token(private=FOREIGN_PRIVATE, key=KEY), YEAR)
    assert broken.value.reason == "signature_broken"


def test_a_key_that_was_put_aside_makes_no_list() -> None:
    retired = replace(KEY, retired_utc=NOW)
    with pytest.raises(InvalidSignature) as refused:
        status_reader(retired).read(TOKEN, YEAR)
    assert refused.value.reason == "issuer_not_trusted"
    before = status_token(listed(at_utc=NOW - timedelta(seconds=1)))
    assert status_reader(retired).read(before, YEAR).year == YEAR


def test_every_changed_byte_is_noticed() -> None:
    for position in range(0, len(TOKEN), 3):
        changed = bytearray(TOKEN)
        changed[position] ^= 1
        with pytest.raises((InvalidDocument, InvalidSignature)):
            status_reader().read(bytes(changed), YEAR)


@pytest.mark.parametrize(
    "frame",
    [
        cbor2.loads(TOKEN).value,
        cbor2.CBORTag(17, cbor2.loads(TOKEN).value),
        cbor2.CBORTag(61, cbor2.loads(TOKEN)),
        cbor2.CBORTag(18, [PARTS.protected, {4: b"1"}, PARTS.payload, PARTS.signature]),
        cbor2.CBORTag(18, [PARTS.protected, {}, None, PARTS.signature]),
        cbor2.CBORTag(18, [PARTS.protected, {}, PARTS.payload, PARTS.signature[:-1]]),
        cbor2.CBORTag(18, [PARTS.protected, {}, PARTS.payload, PARTS.signature, b""]),
    ],
)
def test_another_frame_is_refused(frame: object) -> None:
    with pytest.raises(InvalidDocument):
        status_reader().read(cbor2.dumps(frame), YEAR)


@pytest.mark.parametrize(
    "message",
    [
        b"",
        TOKEN + b"\x00",
        TOKEN[:-1],
        # The same lengths, not in the shortest form; and one that is not known before the end.
        TOKEN.replace(b"\xd2\x84\x58", b"\xd2\x84\x59\x00", 1),
        b"\xd2\x84\x5f" + TOKEN[2:],
        b"\xd2\x84\x5b" + b"\xff" * 8 + TOKEN[2:],
    ],
)
def test_a_message_that_is_not_the_one_encoding_is_refused(message: bytes) -> None:
    with pytest.raises(InvalidDocument):
        status_reader().read(message, YEAR)


def test_a_larger_one_is_not_looked_at() -> None:
    with pytest.raises(TooLarge):
        status_reader().read(bytes(MAX_TOKEN_BYTES + 1), YEAR)


def test_a_list_in_which_every_letter_has_ended_fits() -> None:
    """Random bits cannot be compressed: the largest list there can be."""
    noise = bytes(b & 0x55 | (b & 0x55 & (b >> 1)) << 1 for b in _noise(SIZE // 4))
    token = status_token(replace(listed(), packed=noise))
    assert len(token) <= MAX_TOKEN_BYTES
    assert status_reader().read(token, YEAR).packed == noise


def _noise(count: int) -> bytes:
    return hashlib.shake_256(b"status").digest(count)


@given(st.binary(max_size=300))
def test_no_bytes_are_a_crash(data: bytes) -> None:
    for message in (data, TOKEN[:2] + data, assemble(Sign1(PARTS.protected, data, bytes(64)))):
        with pytest.raises(IssuerError):
            status_reader().read(message, YEAR)


@given(st.binary(max_size=300))
def test_no_signed_payload_is_a_crash(data: bytes) -> None:
    with pytest.raises(InvalidDocument):
        status_reader().read(resigned(TOKEN, data, PRIVATE), YEAR)
