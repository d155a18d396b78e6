"""Everything that is almost a token of this office is refused, each for its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given
from hypothesis import strategies as st

from issuer.domain.errors import InvalidSignature, MalformedCredential
from issuer.domain.verdict import Reason
from issuer.signing.credential import MAX_TEXT
from issuer.signing.credential_keys import CredentialKeySet, message_signer
from tests.credential.credential_samples import (
    BASE_URL,
    CLAIMS,
    FOREIGN_PRIVATE,
    KEY,
    KEY_ID,
    NOW,
    PRIVATE,
    parts_of,
    reader,
    sealer,
    signed,
    text_of,
    token_of,
)

TEXT = sealer().seal(CLAIMS, NOW)
TOKEN = token_of(TEXT)
DIGITS = TEXT.rpartition("/")[2]
PROTECTED, PAYLOAD, SIGNATURE = parts_of(TOKEN)
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def refusal(text: str) -> str:
    with pytest.raises((MalformedCredential, InvalidSignature)) as caught:
        reader().read(text)
    assert isinstance(caught.value, MalformedCredential | InvalidSignature)
    return caught.value.reason


def framed(protected: bytes, payload: bytes, unprotected: object = None) -> bytes:
    """Return a token with a true signature over what it holds."""
    parts = [protected, unprotected or {}, payload, signed(protected, payload)]
    return cbor2.dumps(cbor2.CBORTag(18, parts))


def test_the_untouched_token_is_read() -> None:
    assert reader().read(TEXT).claims == CLAIMS
    assert reader().read(text_of(framed(PROTECTED, PAYLOAD))).claims == CLAIMS


@pytest.mark.parametrize("bit", [0x01, 0x80, 0xFF])
def test_every_changed_byte_is_refused(bit: int) -> None:
    for place in range(len(TOKEN)):
        changed = bytearray(TOKEN)
        changed[place] ^= bit
        refusal(text_of(bytes(changed)))


def test_every_changed_byte_of_the_claims_breaks_the_signature() -> None:
    start = TOKEN.index(PAYLOAD)
    for place in range(start, start + len(PAYLOAD)):
        changed = bytearray(TOKEN)
        changed[place] ^= 0x01
        assert refusal(text_of(bytes(changed))) == Reason.SIGNATURE_BROKEN


def test_every_truncation_is_refused() -> None:
    for length in range(len(TOKEN)):
        assert refusal(text_of(TOKEN[:length])) == Reason.CREDENTIAL_MALFORMED
    for length in range(len(DIGITS)):
        refusal(f"{BASE_URL}/v/{DIGITS[:length]}")


@pytest.mark.parametrize(
    "text",
    [
        TEXT + "0",
        f"{BASE_URL}/v/0{DIGITS}",
        f"{BASE_URL}/v/+{DIGITS}",
        f"{BASE_URL}/v/1_{DIGITS}",
        f"{BASE_URL}/v/{DIGITS}/",
        f"{BASE_URL}/v/{DIGITS}?",
        f"{BASE_URL}/v/{DIGITS}#",
        f"{BASE_URL}/v/{DIGITS}\n",
        f" {TEXT}",
        f"{TEXT} ",
        f"{BASE_URL}/v/ {DIGITS}",
        f"{BASE_URL}/v/%3{DIGITS[0]}{DIGITS[1:]}",
        f"{BASE_URL}/%76/{DIGITS}",
        f"{BASE_URL}//v/{DIGITS}",
        f"{BASE_URL}/V/{DIGITS}",
        f"{BASE_URL}/v/{DIGITS.translate({48 + n: 0x660 + n for n in range(10)})}",
        f"{BASE_URL}/v/{DIGITS.translate({48 + n: 0xFF10 + n for n in range(10)})}",
        f"{BASE_URL}/v/",
        f"{BASE_URL}/v/0",
        f"{BASE_URL}/v/1",
        BASE_URL,
        TEXT.upper(),
        TEXT.replace("https", "HTTPS"),
        TEXT.replace("surat", "Surat"),
        DIGITS,
        f"v/{DIGITS}",
        f"//surat.bojonegorokab.go.id/v/{DIGITS}",
        f"javascript:/v/{DIGITS}",
        "",
        "/v/",
        "\x00",
        "1" * MAX_TEXT,
        f"/v/{'1' * MAX_TEXT}",
        f"/v/{'1' * 5_000}",
        f"{BASE_URL}/v/{'1' * 1_000_000}",
    ],
    ids=lambda text: ascii(text[:60]),
)
def test_any_other_spelling_is_malformed(text: str) -> None:
    assert refusal(text) == Reason.CREDENTIAL_MALFORMED


@pytest.mark.parametrize(
    "origin",
    [
        "http://surat.bojonegorokab.go.id",
        "https://surat.bojonegorokab.go.id:443",
        "https://surat.bojonegorokab.go.id.",
        "https://surat.bojonegorokab.go.id.example",
        "https://surat.bojonegorokab.go.id@example.org",
        "https://user@surat.bojonegorokab.go.id",
        "https://surat-bojonegorokab.go.id",
        "https://example.org/https://surat.bojonegorokab.go.id",
        "https://ѕurat.bojonegorokab.go.id",
        "ftp://surat.bojonegorokab.go.id",
        "https://",
    ],
)
def test_another_host_is_named_as_such(origin: str) -> None:
    assert refusal(f"{origin}/v/{DIGITS}") == Reason.CREDENTIAL_FOREIGN_HOST


ALTERNATIVES: dict[str, Callable[[], bytes]] = {
    "trailing byte": lambda: TOKEN + b"\x00",
    "leading byte": lambda: b"\x00\x01" + TOKEN,
    "untagged": lambda: cbor2.dumps(cbor2.loads(TOKEN).value),
    "wrapped in tag 61": lambda: b"\xd8\x3d" + TOKEN,
    "tag 18 written long": lambda: b"\xd8\x12" + TOKEN[1:],
    "COSE_Mac0 tag": lambda: b"\xd1" + TOKEN[1:],
    "array of indefinite length": lambda: b"\xd2\x9f" + TOKEN[2:] + b"\xff",
    "five parts": lambda: b"\xd2\x85" + TOKEN[2:] + b"\xf6",
    "header of indefinite length": lambda: framed(b"\xbf" + PROTECTED[1:] + b"\xff", PAYLOAD),
    "header in the other order": lambda: framed(cbor2.dumps({4: KEY_ID, 1: -7}), PAYLOAD),
    "header with one more member": lambda: framed(cbor2.dumps({1: -7, 4: KEY_ID, 3: "x"}), PAYLOAD),
    "header without alg": lambda: framed(cbor2.dumps({4: KEY_ID}), PAYLOAD),
    "header without kid": lambda: framed(cbor2.dumps({1: -7}), PAYLOAD),
    "kid twice": lambda: framed(b"\xa3" + PROTECTED[1:] + PROTECTED[3:], PAYLOAD),
    "alg written long": lambda: framed(b"\xa2\x01\x38\x06" + PROTECTED[3:], PAYLOAD),
    "kid as text": lambda: framed(PROTECTED[:4] + b"\x64abcd", PAYLOAD),
    "empty header": lambda: framed(b"", PAYLOAD),
    "something unprotected": lambda: framed(PROTECTED, PAYLOAD, {4: KEY_ID}),
    "kid unprotected": lambda: framed(cbor2.dumps({1: -7}), PAYLOAD, {4: KEY_ID}),
    "no payload": lambda: framed(PROTECTED, b""),
    "short payload": lambda: framed(PROTECTED, PAYLOAD[:23]),
    "short payload, long head": lambda: framed(PROTECTED, PAYLOAD[:23]).replace(
        b"\xa0\x57", b"\xa0\x58\x17"
    ),
    "payload length in two bytes": lambda: TOKEN.replace(
        b"\xa0\x58" + bytes([len(PAYLOAD)]), b"\xa0\x59\x00" + bytes([len(PAYLOAD)])
    ),
    "signature length in two bytes": lambda: TOKEN.replace(b"\x58\x40", b"\x59\x00\x40"),
    "signature in DER": lambda: cbor2.dumps(
        cbor2.CBORTag(
            18,
            [
                PROTECTED,
                {},
                PAYLOAD,
                message_signer(PRIVATE)(cbor2.dumps(["Signature1", PROTECTED, b"", PAYLOAD])),
            ],
        )
    ),
    "payload as text": lambda: TOKEN.replace(b"\xa0\x58", b"\xa0\x78"),
}


@pytest.mark.parametrize("make", ALTERNATIVES.values(), ids=ALTERNATIVES.keys())
def test_any_other_encoding_is_malformed(make: Callable[[], bytes]) -> None:
    token = make()
    assert token != TOKEN
    assert refusal(text_of(token)) == Reason.CREDENTIAL_MALFORMED


def claims(**changes: object) -> dict[object, object]:
    return {**cbor2.loads(PAYLOAD), **{int(k[1:]): v for k, v in changes.items()}}


def letter(**changes: object) -> dict[object, object]:
    plain = claims()
    inner = plain[-65537]
    assert isinstance(inner, dict)
    return {**plain, -65537: {**inner, **{int(k[1:]): v for k, v in changes.items()}}}


PAYLOADS: dict[str, Callable[[], bytes]] = {
    "not CBOR": lambda: b"\xff" * 30,
    "cut": lambda: PAYLOAD[:-1],
    "trailing byte": lambda: PAYLOAD + b"\x00",
    "an array": lambda: cbor2.dumps([claims()]),
    "a text": lambda: cbor2.dumps("x" * 40),
    "a number twice": lambda: PAYLOAD[:1].replace(b"\xa5", b"\xa6") + PAYLOAD[1:7] + PAYLOAD[1:],
    "other order": lambda: cbor2.dumps(dict(reversed(claims().items()))),
    "indefinite length": lambda: b"\xbf" + PAYLOAD[1:] + b"\xff",
    "date written long": lambda: PAYLOAD.replace(b"\x06\x1a", b"\x06\x1b\x00\x00\x00\x00"),
    "date as float": lambda: cbor2.dumps(claims(_6=float(NOW.timestamp()))),
    "date as text": lambda: cbor2.dumps(claims(_6="2026-11-24")),
    "date as date": lambda: cbor2.dumps(claims(_6=NOW)),
    "date out of range": lambda: cbor2.dumps(claims(_6=2**63)),
    "date below range": lambda: cbor2.dumps(claims(_4=-1)),
    "no date": lambda: cbor2.dumps({k: v for k, v in claims().items() if k != 6}),
    "no claim 169": lambda: cbor2.dumps({k: v for k, v in claims().items() if k != 169}),
    "one claim more": lambda: cbor2.dumps(claims(_7=b"cti")),
    "more of the name": lambda: cbor2.dumps(claims(_169={4: CLAIMS.name, 8: "1990"})),
    "name a number": lambda: cbor2.dumps(claims(_169={4: 12})),
    "name missing": lambda: cbor2.dumps(claims(_169={})),
    "letter no map": lambda: cbor2.dumps({**claims(), -65537: [1, 2, 3, 4, 5, 6, 7, 8]}),
    "one letter field more": lambda: cbor2.dumps(letter(_8=1)),
    "type a truth value": lambda: cbor2.dumps(letter(_1=True)),
    "type negative": lambda: cbor2.dumps(letter(_1=-1)),
    "agency as text": lambda: cbor2.dumps(letter(_3="3522152001")),
    "NIK as number": lambda: cbor2.dumps(letter(_5=1234)),
    "NIK with all digits": lambda: cbor2.dumps(letter(_5="3522990101900007")),
    "digest as text": lambda: cbor2.dumps(letter(_6="x" * 16)),
    "digest short": lambda: cbor2.dumps(letter(_6=bytes(15))),
    "region spelled": lambda: cbor2.dumps(claims(_1="Bojonegoro")),
    "region null": lambda: cbor2.dumps(claims(_1=None)),
    "a huge number": lambda: cbor2.dumps(letter(_7=2**80)),
    "tags that compute": lambda: cbor2.dumps({**claims(), 4: cbor2.CBORTag(5, [99999999, 1])}),
    "a pattern": lambda: cbor2.dumps(claims(_1=cbor2.CBORTag(35, "(a+)+$"))),
    "deeply nested": lambda: b"\x81" * 100 + b"\x00",
    "shared reference": lambda: cbor2.dumps(claims(_1=cbor2.CBORTag(29, 7))),
}


@pytest.mark.parametrize("make", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_other_claims_are_malformed_even_when_truly_signed(make: Callable[[], bytes]) -> None:
    payload = make()
    assert payload != PAYLOAD
    assert refusal(text_of(framed(PROTECTED, payload))) == Reason.CREDENTIAL_MALFORMED


@given(st.binary(min_size=24, max_size=140))
def test_no_signed_bytes_are_a_crash(payload: bytes) -> None:
    refusal(text_of(framed(PROTECTED, payload)))


@given(st.binary(min_size=1, max_size=248))
def test_no_bytes_are_a_crash(token: bytes) -> None:
    refusal(text_of(token))


@given(st.text(max_size=750))
def test_no_text_is_a_crash(text: str) -> None:
    refusal(text)
    refusal(f"{BASE_URL}/v/{text}")


def test_an_unknown_key_is_named_as_such() -> None:
    text = sealer(FOREIGN_PRIVATE).seal(CLAIMS, NOW)
    assert refusal(text) == Reason.CREDENTIAL_UNKNOWN_KEY


def test_a_foreign_key_does_not_pass_under_our_kid() -> None:
    signature = signed(PROTECTED, PAYLOAD, FOREIGN_PRIVATE)
    token = cbor2.dumps(cbor2.CBORTag(18, [PROTECTED, {}, PAYLOAD, signature]))
    assert refusal(text_of(token)) == Reason.SIGNATURE_BROKEN


@pytest.mark.parametrize("alg", [-8, -19, -1, -24])
def test_the_key_record_decides_the_algorithm(alg: int) -> None:
    """Even signed with an Ed25519 key under the kid of our P-256 key."""
    protected = cbor2.dumps({1: alg, 4: KEY_ID})
    assert refusal(text_of(framed(protected, PAYLOAD))) == Reason.CREDENTIAL_MALFORMED
    by_other = signed(protected, PAYLOAD, ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)))
    token = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, PAYLOAD, by_other]))
    assert refusal(text_of(token)) == Reason.CREDENTIAL_MALFORMED


@pytest.mark.parametrize("alg", [-35, 5, "ES256"])
def test_an_algorithm_of_another_shape_is_malformed(alg: object) -> None:
    protected = cbor2.dumps({1: alg, 4: KEY_ID})
    assert refusal(text_of(framed(protected, PAYLOAD))) == Reason.CREDENTIAL_MALFORMED


def test_a_second_form_of_the_signature_is_no_second_token() -> None:
    """(r, n - s) holds too in every ECDSA; without care it is another true token."""
    s = int.from_bytes(SIGNATURE[32:])
    other = SIGNATURE[:32] + (P256_ORDER - s).to_bytes(32)
    assert refusal(text_of(TOKEN[:-64] + other)) == Reason.SIGNATURE_BROKEN


@pytest.mark.parametrize(
    "signature",
    [bytes(64), b"\xff" * 64, SIGNATURE[:32] + bytes(32), bytes(32) + SIGNATURE[32:]],
    ids=["zeros", "ones", "no s", "no r"],
)
def test_impossible_signatures_are_broken(signature: bytes) -> None:
    assert refusal(text_of(TOKEN[:-64] + signature)) == Reason.SIGNATURE_BROKEN


def test_a_key_does_not_speak_for_a_time_it_was_not_used() -> None:
    late = framed(PROTECTED, cbor2.dumps(claims(_6=int(KEY.until_utc.timestamp()))))
    assert refusal(text_of(late)) == Reason.ISSUER_NOT_TRUSTED
    retired = replace(KEY, retired_utc=NOW)
    with pytest.raises(InvalidSignature) as caught:
        reader(retired).read(TEXT)
    assert caught.value.reason == Reason.ISSUER_NOT_TRUSTED


def test_a_retired_key_still_verifies_what_it_signed() -> None:
    retired = replace(KEY, retired_utc=NOW + timedelta(seconds=1))
    assert reader(retired).read(TEXT).claims == CLAIMS


def test_the_reader_works_from_the_published_file() -> None:
    published = CredentialKeySet([KEY]).to_jwks()
    assert b'"d"' not in published
    assert reader(*CredentialKeySet.from_jwks(published).keys).read(TEXT).claims == CLAIMS
