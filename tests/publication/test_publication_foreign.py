"""Strangers read what is published: pycose, cbor2 with zlib, two JavaScript libraries."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import cbor2
import pytest
from pycose.headers import KID, Algorithm
from pycose.keys.curves import P256
from pycose.keys.ec2 import EC2Key
from pycose.messages.sign1message import Sign1Message

from issuer.domain.status_list import SIZE
from issuer.signing.credential_keys import CredentialKeySet, key_id
from tests.browser.packages import node_packages
from tests.credential.credential_samples import BASE_URL, FOREIGN_PRIVATE, KEY, KEY_ID, NOW, key_of
from tests.programs import run
from tests.publication.publication_samples import (
    ENDED,
    NEXT_PRIVATE,
    REVOKED,
    SUPERSEDED,
    VOIDED,
    a_key,
    key_set,
    listed,
    signed_set,
    status_token,
)

EXPECTED = {SUPERSEDED.index: 3, REVOKED.index: 1, VOIDED.index: 1}
SCRIPT = Path(__file__).with_name("read_status_list.mjs")


def by_pycose(message: bytes) -> Sign1Message:
    """Take the message apart with pycose, older than cbor2 6 and than header 16 (RFC 9596)."""
    tag = cbor2.loads(message)
    assert tag.tag == Sign1Message.cbor_tag
    protected, unprotected, payload, signature = tag.value
    return Sign1Message.from_cose_obj([protected, dict(unprotected), payload, signature], True)


def point_of(key: Any) -> EC2Key:
    point = key.public_key.public_numbers()
    return EC2Key(crv=P256, x=point.x.to_bytes(32), y=point.y.to_bytes(32))


def test_pycose_verifies_a_status_list() -> None:
    message = by_pycose(status_token())
    assert message.phdr[KID] == KEY_ID
    assert message.phdr[Algorithm].fullname == "ES256"
    message.key = point_of(KEY)
    assert message.verify_signature()
    message.key = point_of(key_of(FOREIGN_PRIVATE))
    assert not message.verify_signature()


def test_zlib_and_cbor2_read_the_list() -> None:
    """As §4.1 says it: place i is at bits 2 i and 2 i + 1, the lowest bit of a byte first."""
    claims = cbor2.loads(by_pycose(status_token()).payload or b"")
    bits = int.from_bytes(zlib.decompress(claims[65533]["lst"]), "little")
    found = {}
    while bits:
        place = ((bits & -bits).bit_length() - 1) // 2
        found[place] = bits >> 2 * place & 3
        bits &= ~(3 << 2 * place)
    assert found == EXPECTED


def by_javascript(token: bytes, folder: Path) -> dict[str, Any]:
    packages = node_packages()
    (folder / "token").write_bytes(token)
    (jwk,) = json.loads(CredentialKeySet([KEY]).to_jwks())["keys"]
    public = json.dumps({name: jwk[name] for name in ("kty", "crv", "x", "y")})
    answer = run("node", SCRIPT, packages, folder / "token", public)
    assert answer.startswith("{"), answer
    found: dict[str, Any] = json.loads(answer)
    return found


def test_javascript_verifies_and_decodes_the_list(tmp_path: Path) -> None:
    found = by_javascript(status_token(listed(*ENDED)), tmp_path)
    assert found["set"] == {str(index): value for index, value in EXPECTED.items()}
    issued = int(NOW.timestamp())
    assert {name: value for name, value in found.items() if name != "set"} == {
        "verified": True,
        "typ": "application/statuslist+cwt",
        "subject": f"{BASE_URL}/status/2026",
        "issuedAt": issued,
        "expires": issued + 7 * 86400,
        "ttl": 3600,
        "bits": 2,
        "aggregationUri": f"{BASE_URL}/status",
        "size": SIZE,
    }


def test_javascript_refuses_a_stranger_s_list(tmp_path: Path) -> None:
    token = status_token(private=FOREIGN_PRIVATE, key=KEY)
    assert by_javascript(token, tmp_path)["verified"] is False


@pytest.mark.parametrize("version", [1, 2])
def test_pycose_verifies_a_key_set_and_knows_its_keys(version: int) -> None:
    keys = [KEY, a_key(NEXT_PRIVATE, NOW)]
    message = by_pycose(signed_set(key_set(keys, version)))
    message.key = point_of(KEY)
    assert message.verify_signature()
    payload = cbor2.loads(message.payload or b"")
    # pycose keeps to the registered members of a COSE_Key; ours are private numbers.
    for cose, key in zip(payload[-65539], keys, strict=True):
        registered = {name: value for name, value in cose.items() if name > -65536}
        known = EC2Key.from_dict(registered)
        assert (known.x, known.y) == (point_of(key).x, point_of(key).y)
        assert known.kid == cose[2] == key_id(key.public_key)
