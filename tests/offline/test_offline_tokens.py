"""The token reader of the device against the server's: every text gets the same answer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from playwright.sync_api import Browser

from issuer.domain.credential import CredentialClaims
from issuer.domain.errors import InvalidSignature, MalformedCredential
from issuer.signing.credential_keys import CredentialKey
from tests.credential import test_credential_refused as refused
from tests.credential.credential_samples import (
    BASE_URL,
    CLAIMS,
    FOREIGN_PRIVATE,
    KEY,
    KEY_ID,
    NOW,
    parts_of,
    reader,
    sealer,
    signed,
    text_of,
    token_of,
)
from tests.offline.script_page import ScriptPage, parameters, script_page
from tests.publication.publication_samples import a_key, key_set, signed_set

SEED = 3522
BEFORE = NOW - timedelta(days=20)
PROTECTED, PAYLOAD, SIGNATURE = parts_of(refused.TOKEN)


@pytest.fixture(scope="module")
def scripts(browser: Browser) -> Iterator[ScriptPage]:
    with script_page(browser) as page:
        yield page


def server(text: str, keys: Sequence[CredentialKey]) -> dict[str, Any]:
    """Return what the server's reader says, in the device's form."""
    try:
        claims = reader(*keys).read(text).claims
    except (MalformedCredential, InvalidSignature) as error:
        return {"refused": str(error.reason)}
    expires = claims.expires_at_utc
    return {
        "regionCode": claims.region_code,
        "issuedAt": int(claims.issued_at_utc.timestamp()),
        "expiresAt": None if expires is None else int(expires.timestamp()),
        "name": claims.name,
        "typeCode": claims.type_code,
        "number": claims.number,
        "agencyNumber": claims.agency_number,
        "signatoryNumber": claims.signatory_number,
        "nikLastFour": claims.nik_last_four,
        "recordDigest": claims.record_digest.hex(),
        "statusIndex": claims.status_index,
    }


def same(scripts: ScriptPage, texts: Sequence[str], *keys: CredentialKey) -> list[dict[str, Any]]:
    """Ask both, compare, return the answers."""
    keys = keys or (KEY,)
    chain = [signed_set(key_set(keys, at_utc=BEFORE), key=KEY)]
    answers = scripts.read_tokens(texts, BASE_URL, chain)
    for text, answer in zip(texts, answers, strict=True):
        assert answer == server(text, keys), ascii(text[:200])
    return answers


def test_true_tokens_say_the_same(scripts: ScriptPage) -> None:
    end = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    variants: list[CredentialClaims] = [
        CLAIMS,
        replace(CLAIMS, expires_at_utc=None),
        replace(CLAIMS, expires_at_utc=end, name="ꦱꦶꦠꦶ 👩‍🌾 «Ñ»", number="1"),
        replace(CLAIMS, type_code=0, agency_number=0, signatory_number=0, status_index=0),
        replace(CLAIMS, agency_number=9_999_999_999, signatory_number=2**32 - 1, type_code=65535),
        replace(CLAIMS, issued_at_utc=KEY.from_utc),
        replace(CLAIMS, issued_at_utc=KEY.until_utc - timedelta(seconds=1)),
    ]
    texts = [sealer().seal(claims, NOW) for claims in variants]
    paths = [text.removeprefix(BASE_URL) for text in texts]
    assert all("name" in answer for answer in same(scripts, texts + paths))


def test_every_other_spelling_of_the_table_is_refused_alike(scripts: ScriptPage) -> None:
    texts = parameters(refused.test_any_other_spelling_is_malformed)
    origins = parameters(refused.test_another_host_is_named_as_such)
    hosts = [f"{origin}/v/{refused.DIGITS}" for origin in origins]
    answers = same(scripts, [*texts, *hosts])
    assert {answer["refused"] for answer in answers} == {
        "credential_malformed",
        "credential_foreign_host",
    }


def test_every_other_encoding_of_the_table_is_refused_alike(scripts: ScriptPage) -> None:
    tokens = [make() for make in refused.ALTERNATIVES.values()]
    tokens += [refused.framed(PROTECTED, make()) for make in refused.PAYLOADS.values()]
    s = int.from_bytes(SIGNATURE[32:])
    for signature in (
        SIGNATURE[:32] + (refused.P256_ORDER - s).to_bytes(32),
        *parameters(refused.test_impossible_signatures_are_broken),
        signed(PROTECTED, PAYLOAD, FOREIGN_PRIVATE),
    ):
        tokens.append(refused.TOKEN[:-64] + signature)
    for alg in (-8, -19, -1, -24, -35, 5, "ES256"):
        tokens.append(refused.framed(cbor2.dumps({1: alg, 4: KEY_ID}), PAYLOAD))
    # Both with a signature that does not hold: one has the frame of a token, one has not.
    for make in ("short payload", "short payload, long head"):
        tokens.append(refused.ALTERNATIVES[make]()[:-1] + b"\x00")
    answers = same(scripts, [text_of(token) for token in tokens])
    assert all("refused" in answer for answer in answers)
    assert same(
        scripts,
        [text_of(refused.framed(cbor2.dumps({1: -9, 4: KEY_ID}), PAYLOAD))],
    )[0]["name"]


def test_every_changed_byte_is_refused_alike(scripts: ScriptPage) -> None:
    texts = []
    for place in range(len(refused.TOKEN)):
        for bit in (0x01, 0x80, 0xFF):
            changed = bytearray(refused.TOKEN)
            changed[place] ^= bit
            texts.append(text_of(bytes(changed)))
        texts.append(text_of(refused.TOKEN[:place]))
    assert all("refused" in answer for answer in same(scripts, texts))


def test_no_bytes_under_a_true_signature_are_told_apart(scripts: ScriptPage) -> None:
    draw = random.Random(SEED)
    texts = []
    for _ in range(150):
        payload = draw.randbytes(draw.randint(24, 140))
        texts.append(text_of(refused.framed(PROTECTED, payload)))
        spot = draw.randrange(len(PAYLOAD))
        near = PAYLOAD[:spot] + draw.randbytes(draw.randint(0, 2)) + PAYLOAD[spot + 1 :]
        texts.append(text_of(refused.framed(PROTECTED, near)))
        texts.append(text_of(b"\x01" + draw.randbytes(draw.randint(1, 247))))
    same(scripts, texts)


def test_keys_and_their_times_decide_alike(scripts: ScriptPage) -> None:
    text = sealer().seal(CLAIMS, NOW)
    foreign = sealer(FOREIGN_PRIVATE).seal(CLAIMS, NOW)
    assert same(scripts, [foreign])[0] == {"refused": "credential_unknown_key"}
    both = (KEY, a_key(FOREIGN_PRIVATE, NOW - timedelta(days=1)))
    assert all("name" in answer for answer in same(scripts, [text, foreign], *both))
    for retired, fine in ((NOW, False), (NOW + timedelta(seconds=1), True)):
        (answer,) = same(scripts, [text], replace(KEY, retired_utc=retired))
        assert ("name" in answer) is fine


def test_an_edwards_key_speaks_for_its_own_algorithm_only(scripts: ScriptPage) -> None:
    edwards = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    key = CredentialKey(edwards.public_key(), KEY.from_utc, KEY.until_utc)
    text = sealer(edwards).seal(CLAIMS, NOW)
    swapped = token_of(text).replace(b"\xa2\x01\x27", b"\xa2\x01\x26")
    answers = same(scripts, [text, text_of(swapped)], KEY, key)
    assert "name" in answers[0]
    assert answers[1] == {"refused": "credential_malformed"}
