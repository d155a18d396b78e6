"""The two signature algorithms of letters and certificates, and which key goes with which."""

from __future__ import annotations

from enum import Enum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256

from issuer.signing import der

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey

_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RSA_BITS: Final = 3072
"""As hard to break as P-256 (NIST SP 800-57, part 1): what is made, and the least believed."""

_SHA256: Final = SHA256()
_ECDSA: Final = ec.ECDSA(_SHA256)


class Algorithm(Enum):
    """A name in ceremonies and the DER AlgorithmIdentifier in a CMS.

    ES256 is ECDSA on P-256 with SHA-256 (RFC 5758), RS256 is RSA PKCS#1 v1.5 with
    SHA-256 (RFC 4055).
    """

    ES256 = "ES256", der.tlv(der.SEQUENCE, der.oid("1.2.840.10045.4.3.2"))
    RS256 = "RS256", der.tlv(der.SEQUENCE, der.oid("1.2.840.113549.1.1.11"), b"\x05\x00")

    def __init__(self, title: str, identifier: bytes) -> None:
        self.title, self.identifier = title, identifier

    def canonical(self, signature: bytes) -> bytes:
        """Return the one form of a signature that this office writes and accepts.

        (r, s) and (r, n - s) both satisfy ECDSA: without this anybody could make a
        second file that verifies. Raises ``ValueError`` for what is no signature.
        """
        if self is Algorithm.RS256:
            return signature
        r, s = decode_dss_signature(signature)
        return encode_dss_signature(r, min(s, _P256_ORDER - s))


def algorithm_of(key: object) -> Algorithm:
    """Return what a public key signs with. Raises ``ValueError`` for a weak or foreign key."""
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return Algorithm.ES256
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _RSA_BITS:
        return Algorithm.RS256
    raise ValueError("unsuitable key")


def generate(algorithm: Algorithm) -> PrivateKey:
    """Return a new private key; OpenSSL draws it."""
    if algorithm is Algorithm.RS256:
        return rsa.generate_private_key(65537, _RSA_BITS)
    return ec.generate_private_key(ec.SECP256R1())


def sign(key: PrivateKey, message: bytes) -> bytes:
    """Return the signature over the message, as the library makes it."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(message, PKCS1v15(), _SHA256)
    return key.sign(message, _ECDSA)


def verifies(key: object, signature: bytes, message: bytes) -> bool:
    """Say whether the signature is true for this public key."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, PKCS1v15(), _SHA256)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, _ECDSA)
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True
