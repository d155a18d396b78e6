"""Signed key sets: each follows from the one before it, or is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import given
from hypothesis import strategies as st

from issuer.domain.errors import InvalidDocument, InvalidSignature, IssuerError, TooLarge
from issuer.signing.cose_sign1 import Sign1, assemble, take_apart
from issuer.signing.credential_keys import CredentialKey
from issuer.signing.key_sets import MAX_BYTES, KeySet, read_chain, read_first, read_successor
from tests.credential.credential_samples import FOREIGN_PRIVATE, KEY, KEY_ID, NOW, PRIVATE, key_of
from tests.publication.publication_samples import (
    HOUR,
    NEXT_PRIVATE,
    THIRD_PRIVATE,
    a_key,
    key_set,
    kid_of,
    resigned,
    signed_set,
)

LATER = NOW + timedelta(days=100)
NEXT = a_key(NEXT_PRIVATE, LATER + HOUR)
RETIRED = replace(KEY, retired_utc=LATER + timedelta(days=1))
FIRST = key_set()
FIRST_SIGNED = signed_set(FIRST)
SECOND = key_set([RETIRED, NEXT], 2, LATER)
SECOND_SIGNED = signed_set(SECOND)
PARTS = take_apart(FIRST_SIGNED)
PAYLOAD: dict[int, Any] = cbor2.loads(PARTS.payload)


def test_a_set_is_read_again() -> None:
    assert read_first(FIRST_SIGNED) == FIRST
    assert read_successor(SECOND_SIGNED, FIRST) == SECOND
    assert SECOND.find(kid_of(NEXT_PRIVATE)) == NEXT
    assert SECOND.find(b"none") is None


def test_ed25519_keys_are_read_too() -> None:
    private = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    alone = key_set([key_of(private)])
    assert read_first(signed_set(alone, private)) == alone
    both = key_set([KEY, a_key(private, LATER)], 2, LATER)
    assert read_successor(signed_set(both), FIRST) == both


def test_the_members_are_those_of_the_contract() -> None:
    assert cbor2.loads(PARTS.protected) == {1: -7, 4: KEY_ID}
    (cose,) = PAYLOAD.pop(-65539)
    assert {1: "3522", 6: int(NOW.timestamp()), -65538: 1} == PAYLOAD
    point = KEY.public_key.public_numbers()  # type: ignore[union-attr]
    assert cose == {
        1: 2,
        2: KEY_ID,
        3: -7,
        -1: 1,
        -2: point.x.to_bytes(32),
        -3: point.y.to_bytes(32),
        -65540: int(KEY.from_utc.timestamp()),
        -65541: int(KEY.until_utc.timestamp()),
    }
    PAYLOAD[-65539] = [cose]
    (old, new) = cbor2.loads(take_apart(SECOND_SIGNED).payload)[-65539]
    assert old == {**cose, -65542: int((LATER + timedelta(days=1)).timestamp())}
    assert set(new) == set(cose)


def test_a_chain_leads_from_the_first_to_the_last() -> None:
    evening = LATER + timedelta(days=200)
    third = key_set([RETIRED, NEXT, a_key(THIRD_PRIVATE, evening)], 3, evening)
    third_signed = signed_set(third, NEXT_PRIVATE, NEXT)
    assert read_chain([FIRST_SIGNED, SECOND_SIGNED, third_signed]) == third
    with pytest.raises(InvalidDocument):
        read_chain([])
    with pytest.raises(IssuerError):
        read_chain([FIRST_SIGNED, third_signed])
    with pytest.raises(InvalidDocument):
        read_chain([SECOND_SIGNED, third_signed])


def reason(message: bytes, previous: KeySet = FIRST) -> str:
    with pytest.raises((InvalidDocument, InvalidSignature)) as refused:
        read_successor(message, previous)
    assert isinstance(refused.value, InvalidDocument | InvalidSignature)
    return refused.value.reason


def test_only_a_key_of_the_version_before_signs_the_next() -> None:
    """Whoever takes over the web server cannot take over the keys."""
    strangers = key_set([RETIRED, a_key(FOREIGN_PRIVATE, LATER)], 2, LATER)
    assert reason(signed_set(strangers, FOREIGN_PRIVATE)) == "credential_unknown_key"
    assert reason(signed_set(SECOND, NEXT_PRIVATE)) == "credential_unknown_key"
    # A stranger who writes the old key's id above his own signature.
    assert reason(signed_set(strangers, FOREIGN_PRIVATE, KEY)) == "signature_broken"


def test_a_stranger_s_key_under_a_known_id_makes_no_set() -> None:
    """The kid is four bytes of the key's digest; a set computes each anew."""
    cose = dict(cbor2.loads(take_apart(signed_set(key_set([key_of(FOREIGN_PRIVATE)]))).payload))
    cose[-65539][0][2] = KEY_ID
    for private in (PRIVATE, FOREIGN_PRIVATE):
        with pytest.raises(InvalidDocument):
            read_first(resigned(FIRST_SIGNED, cose, private))


def test_a_key_signs_the_next_version_only_in_its_time() -> None:
    after = key_set([RETIRED, NEXT], 2, KEY.until_utc)
    assert reason(signed_set(replace(after, keys=(KEY, a_key(NEXT_PRIVATE, KEY.until_utc))))) == (
        "issuer_not_trusted"
    )
    evening = LATER + timedelta(days=2)
    third = key_set([RETIRED, NEXT, a_key(THIRD_PRIVATE, evening)], 3, evening)
    assert reason(signed_set(third), SECOND) == "issuer_not_trusted"
    assert read_successor(signed_set(third, NEXT_PRIVATE, NEXT), SECOND) == third


def test_the_first_version_is_signed_by_its_own_first_key() -> None:
    both = key_set([KEY, a_key(NEXT_PRIVATE, NOW)])
    assert read_first(signed_set(both)) == both
    for wanted in (both, FIRST):
        with pytest.raises(InvalidSignature):
            read_first(signed_set(wanted, NEXT_PRIVATE))


BREAKS = {
    "another region": replace(SECOND, region_code="3578"),
    "the same version": replace(SECOND, version=1),
    "a version left out": replace(SECOND, version=3),
    "an older date": key_set([KEY, a_key(NEXT_PRIVATE, NOW)], 2, NOW - timedelta(seconds=1)),
    "a key gone": replace(SECOND, keys=(NEXT,)),
    "keys exchanged": replace(SECOND, keys=(NEXT, RETIRED)),
    "a key that began earlier": replace(
        SECOND, keys=(replace(KEY, from_utc=KEY.from_utc - HOUR), NEXT)
    ),
    "a key that lasts longer": replace(
        SECOND, keys=(replace(KEY, until_utc=KEY.until_utc + HOUR), NEXT)
    ),
    "a new key for the past": replace(
        SECOND, keys=(RETIRED, a_key(NEXT_PRIVATE, LATER - timedelta(seconds=1)))
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_version_that_does_not_follow_is_refused(name: str) -> None:
    assert reason(signed_set(BREAKS[name])) == "credential_differs"


def test_the_time_of_a_retired_key_never_grows_again() -> None:
    third = LATER + timedelta(hours=2)

    def follows(old: CredentialKey) -> bool:
        message = signed_set(key_set([old, NEXT], 3, third), NEXT_PRIVATE, NEXT)
        try:
            read_successor(message, SECOND)
        except InvalidDocument:
            return False
        return True

    assert follows(RETIRED)
    assert follows(replace(KEY, retired_utc=LATER))
    assert not follows(KEY)
    assert not follows(replace(KEY, retired_utc=LATER + timedelta(days=2)))


def with_payload(**changes: object) -> bytes:
    """Return a set of the office's own key with these members (``n65538`` is -65538)."""
    payload = {**PAYLOAD, **{_name(name): value for name, value in changes.items()}}
    return resigned(FIRST_SIGNED, {name: v for name, v in payload.items() if v is not None})


def with_key(**changes: object) -> bytes:
    cose = {**PAYLOAD[-65539][0], **{_name(name): value for name, value in changes.items()}}
    return with_payload(n65539=[{name: v for name, v in cose.items() if v is not None}])


def _name(name: str) -> int:
    return int(name[1:]) * (-1 if name[0] == "n" else 1)


COSE = PAYLOAD[-65539][0]
BAD = {
    "no region": with_payload(p1=None),
    "a region of letters": with_payload(p1="Bojonegoro"),
    "a number as region": with_payload(p1=3522),
    "no date": with_payload(p6=None),
    "a date in text": with_payload(p6="2026"),
    "version 0": with_payload(n65538=0),
    "version True": with_payload(n65538=True),
    "a version in text": with_payload(n65538="1"),
    "no keys": with_payload(n65539=[]),
    "keys are a map": with_payload(n65539={0: COSE}),
    "a key is an array": with_payload(n65539=[[1, 2]]),
    "a key twice": with_payload(n65539=[COSE, COSE]),
    "sixty-five keys": with_payload(n65539=[COSE] * 65),
    "one member more": with_payload(p7=1),
    "a kid of another key": with_key(p2=kid_of(NEXT_PRIVATE)),
    "a private key": with_key(n4=bytes(32)),
    "an unknown curve": with_key(n1=2),
    "an RSA key": with_key(p1=3),
    "another algorithm": with_key(p3=-8),
    "a point not on the curve": with_key(n2=bytes(32)),
    "a short coordinate": with_key(n2=COSE[-2][1:]),
    "a compressed point": with_key(n3=True),
    "ended before it began": with_key(n65541=COSE[-65540] - 1),
    "retired before it began": with_key(n65542=COSE[-65540] - 1),
    "not a map": resigned(FIRST_SIGNED, [1]),
    "no CBOR": resigned(FIRST_SIGNED, b"\xff"),
    "deep": resigned(FIRST_SIGNED, b"\x81" * 10_000),
    "a huge array": resigned(FIRST_SIGNED, b"\x9b" + b"\xff" * 8),
    "another order": resigned(FIRST_SIGNED, dict(reversed(PAYLOAD.items()))),
    "something after": resigned(FIRST_SIGNED, PARTS.payload + b"\x00"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_quite_a_key_set_is_refused(name: str) -> None:
    with pytest.raises(InvalidDocument):
        read_first(BAD[name])


def test_sixty_four_keys_fit() -> None:
    keys = [a_key(PRIVATE, KEY.from_utc)] + [
        a_key(ed25519.Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32), NOW) for n in range(63)
    ]
    whole = key_set([replace(key, retired_utc=key.until_utc) for key in keys])
    message = signed_set(whole)
    assert len(message) < MAX_BYTES
    assert read_first(message) == whole


def test_a_larger_one_is_not_looked_at() -> None:
    with pytest.raises(TooLarge):
        read_first(bytes(MAX_BYTES + 1))


def test_every_changed_byte_is_noticed() -> None:
    for position in range(len(SECOND_SIGNED)):
        changed = bytearray(SECOND_SIGNED)
        changed[position] ^= 1
        with pytest.raises((InvalidDocument, InvalidSignature)):
            read_successor(bytes(changed), FIRST)


@given(st.binary(max_size=300))
def test_no_bytes_are_a_crash(data: bytes) -> None:
    for message in (data, assemble(Sign1(PARTS.protected, data, bytes(64)))):
        with pytest.raises(IssuerError):
            read_first(message)
