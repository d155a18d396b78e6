"""A device with passkeys, written from the standard (WebAuthn level 3) without our library.

It does what a browser and an authenticator do together: ``make`` answers the options of a
page that sets one up, ``show`` those of a page that asks for one. Every part of an answer
can be made wrong by a keyword.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def options_of(page: str) -> dict[str, Any]:
    """Return what a page asks the browser for."""
    (found,) = re.findall(r'data-options="([^"]*)"', page)
    options = json.loads(unescape(found))
    assert isinstance(options, dict)
    return options


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SoftPasskey:
    """One passkey: its private key, whose it is, and how often it was used."""

    origin: str
    rp_id: str
    edwards: bool = False
    counting: bool = True
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: str = ""
    count: int = 0

    def __post_init__(self) -> None:
        self._p256 = ec.generate_private_key(ec.SECP256R1())
        self._edwards = ed25519.Ed25519PrivateKey.generate()

    def make(
        self, options: dict[str, Any], *, flags: int = PRESENT | VERIFIED, **wrong: Any
    ) -> str:
        """Return the answer to a page that sets a passkey up."""
        assert options["authenticatorSelection"]["userVerification"] == "required"
        assert options["authenticatorSelection"]["residentKey"] == "required"
        assert options["attestation"] == "none"
        assert options["rp"]["id"] == self.rp_id
        self.user_handle = options["user"]["id"]
        client = self._client("webauthn.create", options, wrong)
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id
        data = self._head(flags | ATTESTED, wrong) + attested + cbor2.dumps(self.cose())
        whole = {"fmt": "none", "attStmt": {}, "authData": data}
        response = {
            "clientDataJSON": encoded(client),
            "attestationObject": encoded(cbor2.dumps(whole)),
            "transports": ["internal", "hybrid", "nonsense"],
        }
        return self._sent(response)

    def show(
        self,
        options: dict[str, Any],
        *,
        flags: int = PRESENT | VERIFIED,
        owner: str | None = "",
        tamper: bool = False,
        **wrong: Any,
    ) -> str:
        """Return the answer to a page that asks for a passkey."""
        assert options["userVerification"] == "required"
        assert options["rpId"] == self.rp_id
        allowed = [one["id"] for one in options["allowCredentials"]]
        assert not allowed or encoded(self.credential_id) in allowed or wrong.pop("uninvited", 0)
        if self.counting:
            self.count += 1
        client = self._client("webauthn.get", options, wrong)
        data = self._head(flags, wrong)
        signature = self._sign(data + hashlib.sha256(client).digest())
        if tamper:
            data = data[:-1] + bytes([data[-1] ^ 1])
        handle = self.user_handle if owner == "" else owner
        response = {
            "clientDataJSON": encoded(client),
            "authenticatorData": encoded(data),
            "signature": encoded(signature),
            "userHandle": handle,
        }
        return self._sent(response)

    def _client(self, kind: str, options: dict[str, Any], wrong: dict[str, Any]) -> bytes:
        said = {
            "type": wrong.get("type", kind),
            "challenge": wrong.get("challenge", options["challenge"]),
            "origin": wrong.get("origin", self.origin),
            "crossOrigin": wrong.get("cross_origin", False),
        }
        return json.dumps(said).encode()

    def _head(self, flags: int, wrong: dict[str, Any]) -> bytes:
        place = hashlib.sha256(wrong.get("rp_id", self.rp_id).encode()).digest()
        return place + struct.pack(">BI", flags, wrong.get("count", self.count))

    def cose(self) -> dict[int, Any]:
        """Return its public key as the standard writes keys."""
        if self.edwards:
            return {1: 1, 3: -8, -1: 6, -2: self._edwards.public_key().public_bytes_raw()}
        point = self._p256.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}

    def _sign(self, data: bytes) -> bytes:
        if self.edwards:
            return self._edwards.sign(data)
        return self._p256.sign(data, ec.ECDSA(hashes.SHA256()))

    def _sent(self, response: dict[str, Any]) -> str:
        name = encoded(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
