"""Whom the office trusts: root, issuing authorities and their revocation lists.

Read from the public folder ``trust``; no private key is near. Every ``*.pem`` there
is one authority's certificate, self-issued ones are anchors; ``<name>.crl`` beside
it is the list that this authority signed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature as SignatureMismatch
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ExtensionNotFound

from issuer.domain.errors import ConfigurationError, InvalidSignature
from issuer.signing import key_files
from issuer.signing.algorithms import algorithm_of, verifies
from issuer.signing.der import BIT_STRING, SEQUENCE, read_all, read_first, tlv

CLOCK_SKEW: Final = timedelta(minutes=5)
_MAX_AUTHORITIES: Final = 64
_SUFFIXES: Final = frozenset({".pem", ".crl"})


@dataclass(frozen=True, slots=True)
class Authority:
    """One trusted authority; an anchor has no ``issuer``."""

    certificate: x509.Certificate
    crl: x509.CertificateRevocationList | None
    issuer: Authority | None

    def require_unrevoked(self, certificate: x509.Certificate, now_utc: datetime) -> None:
        """Raise ``InvalidSignature`` when this authority's list names it or is not fresh."""
        crl = self.crl
        if crl is None or crl.next_update_utc is None:
            raise InvalidSignature("revocation_list_stale")
        if not crl.last_update_utc - CLOCK_SKEW <= now_utc < crl.next_update_utc:
            raise InvalidSignature("revocation_list_stale")
        if crl.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None:
            raise InvalidSignature("issuer_revoked")


@dataclass(frozen=True, slots=True)
class Trust:
    """The issuing authorities, by the DER of their certificates, at one moment.

    Remembers the certificates they signed, so that each is checked once.
    """

    issuing: Mapping[bytes, Authority]
    _leaves: dict[tuple[bytes, bytes], x509.Certificate] = field(default_factory=dict, repr=False)

    def issuer_of(self, leaf: x509.Certificate) -> bytes | None:
        """Return the DER of the authority that signed this certificate, or None."""
        for encoded, authority in self.issuing.items():
            if _issued(authority.certificate, leaf):
                return encoded
        return None

    def require(
        self, leaf_der: bytes, issuer_der: bytes, *, signed_at_utc: datetime, now_utc: datetime
    ) -> x509.Certificate:
        """Return the signer's certificate. Raises ``InvalidSignature`` unless it may sign letters.

        Every certificate of the chain must have been within its dates at
        ``signed_at_utc`` and must not be on a list that is fresh at ``now_utc``: a
        revoked certificate makes all its signatures doubtful, whatever time they
        claim, because that time is the signer's own word.
        """
        authority = self.issuing.get(issuer_der)
        if authority is None or authority.issuer is None:
            raise InvalidSignature("issuer_not_trusted")
        leaf = self._leaf(leaf_der, issuer_der, authority.certificate)
        chain = (leaf, authority.certificate, authority.issuer.certificate)
        if not all(_in_force(certificate, signed_at_utc) for certificate in chain):
            raise InvalidSignature("issuer_not_trusted")
        authority.issuer.require_unrevoked(authority.certificate, now_utc)
        authority.require_unrevoked(leaf, now_utc)
        return leaf

    def _leaf(
        self, leaf_der: bytes, issuer_der: bytes, issuer: x509.Certificate
    ) -> x509.Certificate:
        leaf = self._leaves.get((leaf_der, issuer_der))
        if leaf is None:
            if not _signed_by(issuer, leaf_der):
                raise InvalidSignature("issuer_not_trusted")
            leaf = x509.load_der_x509_certificate(leaf_der)
            if not _issued(issuer, leaf) or not _may_sign_letters(leaf):
                raise InvalidSignature("issuer_not_trusted")
            self._leaves[leaf_der, issuer_der] = leaf
        return leaf


class TrustStore:
    """One ``trust`` folder, read again whenever a file in it changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: tuple[object, Trust] | None = None

    def current(self) -> Trust:
        """Return what the folder says now. Raises ``ConfigurationError``."""
        try:
            with os.scandir(self._folder) as entries:
                stats = sorted((e.path, e.stat()) for e in entries if e.name[-4:] in _SUFFIXES)
            stamp = [(path, s.st_ino, s.st_mtime_ns, s.st_size) for path, s in stats]
            if self._read is None or self._read[0] != stamp:
                certificates = [Path(path) for path, _ in stats if path.endswith(".pem")]
                self._read = stamp, Trust(_read_issuing(certificates))
        except (OSError, ValueError) as error:
            raise ConfigurationError([f"trust folder: {type(error).__name__}"]) from error
        return self._read[1]


def _read_issuing(paths: Sequence[Path]) -> dict[bytes, Authority]:
    if len(paths) > _MAX_AUTHORITIES:
        raise ValueError("too many authorities")
    certificates = {p: load_certificate(key_files.read(p)) for p in paths}
    anchors = [
        Authority(certificate, _read_crl(path, certificate), None)
        for path, certificate in certificates.items()
        if _issued(certificate, certificate)
    ]
    return {
        certificate.public_bytes(Encoding.DER): Authority(
            certificate, _read_crl(path, certificate), anchor
        )
        for path, certificate in certificates.items()
        for anchor in anchors
        if certificate != anchor.certificate and _issued(anchor.certificate, certificate)
    }


def _read_crl(path: Path, authority: x509.Certificate) -> x509.CertificateRevocationList | None:
    """Return the authority's list, or None for one that is absent, damaged or another's."""
    try:
        encoded = key_files.read(path.with_suffix(".crl"), key_files.MAX_LIST_BYTES)
        crl = x509.load_der_x509_crl(encoded)
        key = authority.public_key()
        algorithm_of(key)
        own = crl.issuer == authority.subject and crl.is_signature_valid(key)  # type: ignore[arg-type]  # algorithm_of refuses every key type that cannot sign
    except (OSError, ValueError):
        return None
    return crl if own else None


def load_certificate(pem: bytes) -> x509.Certificate:
    """Return the certificate in a file of the key folder. Raises ``ValueError``."""
    try:
        return x509.load_pem_x509_certificate(pem)
    except (x509.InvalidVersion, UnsupportedAlgorithm) as error:
        raise ValueError("no certificate") from error


def _signed_by(authority: x509.Certificate, encoded: bytes) -> bool:
    """Say whether the authority signed these bytes as a certificate.

    Asked before any X.509 parser sees them: what a stranger may have written there
    is not worth parsing.
    """
    try:
        tbs, _, signature = read_all(read_first(encoded).content)
    except ValueError:
        return False
    key, value = authority.public_key(), signature.content[1:]
    written = tlv(
        SEQUENCE, tbs.encoded, algorithm_of(key).identifier, tlv(BIT_STRING, b"\0", value)
    )
    return written == encoded and verifies(key, value, tbs.encoded)


def _issued(authority: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Say whether the authority may issue certificates and signed this one."""
    try:
        certificate.verify_directly_issued_by(authority)
        algorithm_of(authority.public_key())
        algorithm_of(certificate.public_key())
        constraints = authority.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = authority.extensions.get_extension_for_class(x509.KeyUsage).value
    except (SignatureMismatch, UnsupportedAlgorithm, ValueError, TypeError, ExtensionNotFound):
        return False
    return constraints.ca and usage.key_cert_sign and usage.crl_sign


def _in_force(certificate: x509.Certificate, moment: datetime) -> bool:
    return certificate.not_valid_before_utc <= moment <= certificate.not_valid_after_utc


def _may_sign_letters(leaf: x509.Certificate) -> bool:
    try:
        constraints = leaf.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
    except (ValueError, ExtensionNotFound):
        return False
    return not constraints.ca and usage.digital_signature and usage.content_commitment
