"""Certificates of whoever would like to be the office."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from issuer.signing.algorithms import PrivateKey
from issuer.signing.certificates import IssuingKey, Lifetime, Profile, issue
from tests.offices import MORNING

DAY = timedelta(days=1)
YEAR = 365 * DAY
WHOLE = MORNING.replace(microsecond=0)
Credentials = tuple[PrivateKey, x509.Certificate]


def named(common_name: str) -> x509.Name:
    """Return a subject of that name."""
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])


def stranger(common_name: str | x509.Name, key: PrivateKey | None = None) -> Credentials:
    """Return a key with a certificate that its owner made for himself."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = named(common_name) if isinstance(common_name, str) else common_name
    return key, certified(key, subject, IssuingKey(subject, key, None))


def certified(
    key: PrivateKey,
    subject: x509.Name,
    authority: IssuingKey,
    *,
    start: datetime = WHOLE - DAY,
    end: datetime = WHOLE + YEAR,
    profile: Profile = Profile.SIGNATORY,
    serial: int = 4711,
) -> x509.Certificate:
    """Return a certificate by whichever authority, in the office's own form."""
    return issue(profile, subject, key.public_key(), authority, serial, Lifetime(start, end))
