"""Keys, claims and tokens that the credential tests share. All people are invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec

from issuer.domain.credential import CredentialClaims
from issuer.signing.credential import CoseCredentialReader, CoseCredentialSealer
from issuer.signing.credential_keys import (
    CredentialKey,
    CredentialKeySet,
    PrivateKey,
    key_id,
    message_signer,
)

BASE_URL = "https://surat.bojonegorokab.go.id"
NOW = datetime(2026, 11, 24, 3, 4, 5, tzinfo=UTC)
PRIVATE = ec.derive_private_key(0x3522, ec.SECP256R1())
FOREIGN_PRIVATE = ec.derive_private_key(0x3578, ec.SECP256R1())
CLAIMS = CredentialClaims(
    region_code="3522",
    issued_at_utc=NOW,
    expires_at_utc=NOW + timedelta(days=90),
    name="SITI AMINAH BINTI KARTO",
    type_code=11,
    number="470/123/35.22.15.2001/2026",
    agency_number=3522152001,
    signatory_number=417,
    nik_last_four="0012",
    record_digest=bytes(range(16)),
    status_index=523_311,
)


def key_of(private: PrivateKey) -> CredentialKey:
    return CredentialKey(private.public_key(), NOW - timedelta(days=30), NOW + timedelta(days=335))


KEY = key_of(PRIVATE)
KEY_ID = key_id(KEY.public_key)


def sealer(private: PrivateKey = PRIVATE, base_url: str = BASE_URL) -> CoseCredentialSealer:
    return CoseCredentialSealer(key_of(private), message_signer(private), base_url)


def reader(*keys: CredentialKey, base_url: str = BASE_URL) -> CoseCredentialReader:
    return CoseCredentialReader(CredentialKeySet(keys or (KEY,)), base_url)


def token_of(text: str) -> bytes:
    number = int(text.rpartition("/")[2])
    return number.to_bytes((number.bit_length() + 7) // 8)


def text_of(token: bytes) -> str:
    return f"{BASE_URL}/v/{int.from_bytes(token)}"


def signed(protected: bytes, payload: bytes, private: PrivateKey = PRIVATE) -> bytes:
    """Return a true signature over anything: what a careless or bought office would make."""
    message = cbor2.dumps(["Signature1", protected, b"", payload])
    return key_of(private).token_signature(message_signer(private)(message))


def parts_of(token: bytes) -> tuple[bytes, bytes, bytes]:
    """Return protected header, payload and signature, by a general CBOR decoder."""
    protected, _, payload, signature = cbor2.loads(token).value
    return protected, payload, signature
