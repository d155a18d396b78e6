"""Clients that know nothing of this project verify the token."""

from __future__ import annotations

import base64
import hashlib
import json

import cbor2
import claim169  # type: ignore[import-untyped]  # has stubs but no py.typed
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pycose.headers import KID, Algorithm
from pycose.keys.curves import P256, Ed25519
from pycose.keys.ec2 import EC2Key
from pycose.keys.okp import OKPKey
from pycose.messages.sign1message import Sign1Message

from issuer.signing.credential_keys import CredentialKeySet, key_id
from tests.credential.credential_samples import (
    CLAIMS,
    FOREIGN_PRIVATE,
    KEY,
    KEY_ID,
    NOW,
    PRIVATE,
    key_of,
    parts_of,
    reader,
    sealer,
    text_of,
    token_of,
)

ED25519_PRIVATE = ed25519.Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"x").digest())
TOKEN = token_of(sealer().seal(CLAIMS, NOW))

FROZEN_KEYS = b"""{"keys": [{"kty": "EC", "crv": "P-256",
"x": "O1eCc6NeSqI1T9fbDUoEFgMg0N_QRxesuToZqd85XDE",
"y": "Fniv8YxU_lVeMkFwoYJ10iMe0zTRhVdHO2fJc8cdJ-Y",
"kid": "bb9564e6", "alg": "ES256", "use": "sig", "nbf": 1792897445, "exp": 1824433445}]}"""
FROZEN_TEXT = (
    "https://surat.bojonegorokab.go.id/v/40201251873236210457564443216792475067962490"
    "62243938151870833560033608875265723996650689154257848309852167438562225006354984"
    "80726250383357111992892486290843749643571814204252153134778688049217044471439630"
    "64485822286632908461478551660710141569507835955367175756448057404713267683316075"
    "45742120701103839924803865351956996677523930283919835841521308755854520233066707"
    "08894731031162260040135852737477716504974664584928656279185309019811398181348323"
    "91247709426889017563438259167990009488465124871374"
)


def sec1(private: ec.EllipticCurvePrivateKey = PRIVATE) -> bytes:
    return private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def ec2_key(point: bytes, d: bytes = b"") -> EC2Key:
    return EC2Key(crv=P256, x=point[1:33], y=point[33:], d=d)


def by_pycose(token: bytes) -> Sign1Message:
    """Take the token apart with pycose; its own unpacking of the tag is behind cbor2 6."""
    tag = cbor2.loads(token)
    assert tag.tag == Sign1Message.cbor_tag
    protected, unprotected, payload, signature = tag.value
    return Sign1Message.from_cose_obj([protected, dict(unprotected), payload, signature], False)


def base45(data: bytes) -> str:
    """RFC 9285, in which claim169 wants its tokens."""
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
    text = ""
    for start in range(0, len(data), 2):
        pair = data[start : start + 2]
        number = int.from_bytes(pair)
        for _ in range(len(pair) + 1):
            number, digit = divmod(number, 45)
            text += alphabet[digit]
    return text


def test_a_token_of_the_first_version_is_read_for_ever() -> None:
    keys = CredentialKeySet.from_jwks(FROZEN_KEYS)
    assert reader(*keys.keys).read(FROZEN_TEXT).claims == CLAIMS


def test_pycose_verifies() -> None:
    message = by_pycose(TOKEN)
    assert message.phdr[KID] == KEY_ID
    assert message.phdr[Algorithm].fullname == "ES256"
    assert message.uhdr == {}
    message.key = ec2_key(sec1())
    assert message.verify_signature()
    message.key = ec2_key(sec1(FOREIGN_PRIVATE))
    assert not message.verify_signature()


def test_pycose_verifies_ed25519() -> None:
    message = by_pycose(token_of(sealer(ED25519_PRIVATE).seal(CLAIMS, NOW)))
    message.key = OKPKey(crv=Ed25519, x=ED25519_PRIVATE.public_key().public_bytes_raw())
    assert message.verify_signature()


def test_a_token_made_by_pycose_is_read() -> None:
    """The same claims, framed and signed by a foreign writer.

    pycose signs without randomness (RFC 6979); with this key it makes the lower
    form of ``s``, which is the one the reader takes.
    """
    private = ec.derive_private_key(3, ec.SECP256R1())
    key = key_of(private)
    message = Sign1Message(
        phdr={Algorithm: "ES256", KID: key_id(key.public_key)}, payload=parts_of(TOKEN)[1]
    )
    scalar = private.private_numbers().private_value.to_bytes(32)
    message.key = ec2_key(sec1(private), scalar)
    assert reader(key).read(text_of(message.encode())).claims == CLAIMS


def test_claim169_verifies() -> None:
    seen = claim169.decode(base45(TOKEN), verify_with_ecdsa_p256=sec1(), validate_timestamps=False)
    assert seen.is_verified()
    assert seen.claim169.full_name == CLAIMS.name
    assert seen.cwt_meta.issuer == "3522"
    assert seen.cwt_meta.issued_at == int(NOW.timestamp())


def test_claim169_verifies_ed25519() -> None:
    token = token_of(sealer(ED25519_PRIVATE).seal(CLAIMS, NOW))
    seen = claim169.decode(
        base45(token),
        verify_with_ed25519=ED25519_PRIVATE.public_key().public_bytes_raw(),
        validate_timestamps=False,
    )
    assert seen.is_verified()


def test_claim169_refuses_another_name() -> None:
    forged = TOKEN.replace(b"SITI AMINAH", b"SITI AMINUH")
    assert forged != TOKEN
    with pytest.raises(claim169.SignatureError):
        claim169.decode(base45(forged), verify_with_ecdsa_p256=sec1(), validate_timestamps=False)


def test_a_published_key_is_enough_for_others() -> None:
    """pycose rebuilds the key from the published members."""
    (jwk,) = json.loads(CredentialKeySet([KEY]).to_jwks())["keys"]
    x, y = (base64.urlsafe_b64decode(jwk[name] + "=") for name in ("x", "y"))
    message = by_pycose(TOKEN)
    message.key = EC2Key(crv=P256, x=x, y=y)
    assert message.verify_signature()
