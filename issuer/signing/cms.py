"""The CMS SignedData of a PAdES B-B signature (RFC 5652, RFC 5035, ETSI EN 319 122-1).

This office writes it in exactly one form: detached, one signer, SHA-256, three
signed attributes, the signer's certificate and that of its issuer, nothing else.
So a reader has to find only the certificates and the signature value; it builds
the form again and compares every byte.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import NamedTuple, Self

from cryptography import x509

from issuer.signing.algorithms import algorithm_of
from issuer.signing.der import (
    CONTEXT_0,
    OCTET_STRING,
    SEQUENCE,
    SET,
    NotDer,
    integer,
    oid,
    read_all,
    read_first,
    set_of,
    tlv,
)

_DATA = oid("1.2.840.113549.1.7.1")
_SIGNED_DATA = oid("1.2.840.113549.1.7.2")
_CONTENT_TYPE = oid("1.2.840.113549.1.9.3")
_MESSAGE_DIGEST = oid("1.2.840.113549.1.9.4")
_SIGNING_CERTIFICATE_V2 = oid("1.2.840.113549.1.9.16.2.47")
_SHA256 = tlv(SEQUENCE, oid("2.16.840.1.101.3.4.2.1"))
_VERSION_1 = integer(1)
_CONTENT_TYPE_IS_DATA = tlv(SEQUENCE, _CONTENT_TYPE, tlv(SET, _DATA))


class SignedDataForm:
    """Everything in the CMS that stays the same for one signer; built once.

    The issuer's certificate stands in it so that a reader offline can build the
    chain. Raises ``ValueError`` for a certificate or key that does not fit.
    """

    def __init__(self, leaf_der: bytes, issuer_der: bytes) -> None:
        leaf = x509.load_der_x509_certificate(leaf_der)
        self._head = _VERSION_1 + set_of(SET, _SHA256) + tlv(SEQUENCE, _DATA)
        self._certificates = set_of(CONTEXT_0, leaf_der, issuer_der)
        self._signer = (
            _VERSION_1
            + tlv(SEQUENCE, leaf.issuer.public_bytes(), integer(leaf.serial_number))
            + _SHA256
        )
        self._algorithm = algorithm_of(leaf.public_key()).identifier
        ess_id = tlv(SEQUENCE, tlv(OCTET_STRING, hashlib.sha256(leaf_der).digest()))
        self._names_signer = tlv(
            SEQUENCE, _SIGNING_CERTIFICATE_V2, tlv(SET, tlv(SEQUENCE, tlv(SEQUENCE, ess_id)))
        )

    @classmethod
    @lru_cache(maxsize=1024)
    def of(cls, leaf_der: bytes, issuer_der: bytes) -> Self:
        """Return the form for this signer, remembered."""
        return cls(leaf_der, issuer_der)

    def signed_attributes(self, digest: bytes) -> bytes:
        """Return what is signed for a document with this SHA-256 (RFC 5652, 5.4)."""
        return self._attributes(SET, digest)

    def assemble(self, digest: bytes, signature: bytes) -> bytes:
        """Return the ContentInfo around a signature over ``signed_attributes(digest)``."""
        signer_info = tlv(
            SEQUENCE,
            self._signer,
            self._attributes(CONTEXT_0, digest),
            self._algorithm,
            tlv(OCTET_STRING, signature),
        )
        signed_data = tlv(SEQUENCE, self._head, self._certificates, tlv(SET, signer_info))
        return tlv(SEQUENCE, _SIGNED_DATA, tlv(CONTEXT_0, signed_data))

    def _attributes(self, tag: int, digest: bytes) -> bytes:
        message_digest = tlv(SEQUENCE, _MESSAGE_DIGEST, tlv(SET, tlv(OCTET_STRING, digest)))
        return set_of(tag, _CONTENT_TYPE_IS_DATA, message_digest, self._names_signer)


class Found(NamedTuple):
    """What a reader takes from a CMS before it builds the form again."""

    certificates: tuple[bytes, ...]
    signature: bytes


def read(cms: bytes) -> Found:
    """Return the certificates and the signature value. Raises ``NotDer``.

    Nothing is believed here: the caller compares with ``assemble``.
    """
    try:
        _, explicit = read_all(read_first(cms).content)
        _, _, _, certificates, signer_infos = read_all(read_first(explicit.content).content)
        (signer_info,) = read_all(signer_infos.content)
        *_, signature = read_all(signer_info.content)
    except ValueError as error:
        raise NotDer from error
    return Found(tuple(c.encoded for c in read_all(certificates.content)), signature.content)
