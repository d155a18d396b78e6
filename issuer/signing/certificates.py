"""The certificates and revocation lists of this office, by RFC 5280."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from issuer.signing.algorithms import PrivateKey, PublicKey


class Profile(Enum):
    """What a certificate is for; the value is its path length, None for a signatory."""

    ROOT = 1
    ISSUING = 0
    SIGNATORY = None


class RevocationReason(Enum):
    """Why a certificate ends before its date (RFC 5280, 5.3.1)."""

    KEY_COMPROMISE = x509.ReasonFlags.key_compromise
    AFFILIATION_CHANGED = x509.ReasonFlags.affiliation_changed
    SUPERSEDED = x509.ReasonFlags.superseded
    CESSATION_OF_OPERATION = x509.ReasonFlags.cessation_of_operation


@dataclass(frozen=True, slots=True)
class IssuingKey:
    """An authority at work; ``crl_url`` is None for one that only signs itself."""

    name: x509.Name
    private_key: PrivateKey
    crl_url: str | None


@dataclass(frozen=True, slots=True)
class Lifetime:
    """From and until when, aware UTC, whole seconds."""

    start_utc: datetime
    end_utc: datetime


def issue(
    profile: Profile,
    subject: x509.Name,
    public_key: PublicKey,
    issuer: IssuingKey,
    serial: int,
    lifetime: Lifetime,
) -> x509.Certificate:
    """Return a signed certificate."""
    authority = profile is not Profile.SIGNATORY
    usage = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
    issuer_key = issuer.private_key.public_key()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.name)
        .public_key(public_key)
        .serial_number(serial)
        .not_valid_before(lifetime.start_utc)
        .not_valid_after(lifetime.end_utc)
        .add_extension(x509.BasicConstraints(authority, profile.value), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(_key_identifier(issuer_key), critical=False)
    )
    if issuer.crl_url:
        point = x509.DistributionPoint(
            [x509.UniformResourceIdentifier(issuer.crl_url)], None, None, None
        )
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return builder.sign(issuer.private_key, SHA256())


def revoked(
    certificate: x509.Certificate, reason: RevocationReason, at_utc: datetime
) -> x509.RevokedCertificate:
    """Return the entry that a list has for this certificate."""
    return (
        x509.RevokedCertificateBuilder()
        .serial_number(certificate.serial_number)
        .revocation_date(at_utc)
        .add_extension(x509.CRLReason(reason.value), critical=False)
        .build()
    )


def list_revoked(
    issuer: IssuingKey, number: int, lifetime: Lifetime, entries: Iterable[x509.RevokedCertificate]
) -> x509.CertificateRevocationList:
    """Return a signed list; ``number`` must grow from list to list."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.name)
        .last_update(lifetime.start_utc)
        .next_update(lifetime.end_utc)
        .add_extension(x509.CRLNumber(number), critical=False)
        .add_extension(_key_identifier(issuer.private_key.public_key()), critical=False)
    )
    for entry in entries:
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(issuer.private_key, SHA256())


def _key_identifier(key: PublicKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key)
