"""Who may sign: authorities that are none, dates, purposes, lists."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from issuer.domain.errors import InvalidSignature
from issuer.signing.certificates import (
    IssuingKey,
    Lifetime,
    Profile,
    RevocationReason,
    issue,
    list_revoked,
    revoked,
)
from issuer.signing.trust import TrustStore
from issuer.signing.validation import PadesValidator
from tests.signing.signing_office import (
    DAY,
    NOW,
    certificate_of_a_stranger,
    found_office,
    issuing_certificate,
    issuing_key,
    office,
    page,
    signed_by,
)

WHOLE = NOW.replace(microsecond=0)


def reason_against(pdf: bytes, trust: Path | None = None) -> str:
    validator = PadesValidator(TrustStore(trust or office().folder / "trust"))
    with pytest.raises(InvalidSignature) as refused:
        validator.validate(pdf, signed_at_utc=NOW, now_utc=NOW)
    return refused.value.reason


def test_a_self_signed_certificate_is_not_trusted() -> None:
    key, own = certificate_of_a_stranger()
    assert reason_against(signed_by(key, own, own)) == "issuer_not_trusted"
    assert reason_against(signed_by(key, own, issuing_certificate())) == "issuer_not_trusted"


def test_an_authority_of_the_same_name_is_not_trusted() -> None:
    real = issuing_certificate()
    rogue_key, leaf_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    rogue = IssuingKey(real.subject, rogue_key, None)
    lifetime = Lifetime(WHOLE - DAY, WHOLE + DAY)
    twin = issue(
        Profile.ISSUING, real.subject, rogue_key.public_key(), rogue, real.serial_number, lifetime
    )
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Siti Uji")])
    leaf = issue(Profile.SIGNATORY, name, leaf_key.public_key(), rogue, 8, lifetime)
    assert reason_against(signed_by(leaf_key, leaf, twin)) == "issuer_not_trusted"
    assert reason_against(signed_by(leaf_key, leaf, real)) == "issuer_not_trusted"


@pytest.mark.parametrize(
    ("profile", "start", "end", "reason"),
    [
        (Profile.SIGNATORY, -DAY, DAY, None),
        (Profile.SIGNATORY, -2 * DAY, -DAY, "issuer_not_trusted"),
        (Profile.SIGNATORY, DAY, 2 * DAY, "issuer_not_trusted"),
        (Profile.ISSUING, -DAY, DAY, "issuer_not_trusted"),
    ],
)
def test_dates_and_purpose_of_the_certificate_count(
    profile: Profile, start: timedelta, end: timedelta, reason: str | None
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Siti Uji")])
    issuer = IssuingKey(issuing_certificate().subject, issuing_key(), None)
    lifetime = Lifetime(WHOLE + start, WHOLE + end)
    leaf = issue(profile, name, key.public_key(), issuer, 9, lifetime)
    pdf = signed_by(key, leaf, issuing_certificate())
    if reason is None:
        office().validator.validate(pdf, signed_at_utc=NOW, now_utc=NOW)
    else:
        assert reason_against(pdf) == reason


def test_a_signatory_is_no_authority(tmp_path: Path) -> None:
    """Not even when the root signed its certificate and it lies among the trusted ones."""
    other = found_office(tmp_path)
    trust = tmp_path / "trust"
    root = x509.load_pem_x509_certificate((trust / "root.pem").read_bytes())
    at_root = IssuingKey(root.subject, other.keys.private_key("root"), None)
    lifetime = Lifetime(WHOLE, WHOLE + DAY)
    key, below_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Siti Uji")])
    leaf = issue(Profile.SIGNATORY, name, key.public_key(), at_root, 11, lifetime)
    at_leaf = IssuingKey(name, key, None)
    (trust / "leaf.pem").write_bytes(leaf.public_bytes(Encoding.PEM))
    empty = list_revoked(at_leaf, 1, lifetime, ())
    (trust / "leaf.crl").write_bytes(empty.public_bytes(Encoding.DER))
    below = issue(Profile.SIGNATORY, name, below_key.public_key(), at_leaf, 12, lifetime)
    assert reason_against(signed_by(below_key, below, leaf), trust) == "issuer_not_trusted"


def test_a_certificate_that_names_no_purpose_signs_no_letters() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = issuing_certificate()
    bare = (
        x509.CertificateBuilder()
        .subject_name(issuer.subject)
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(13)
        .not_valid_before(WHOLE)
        .not_valid_after(WHOLE + DAY)
        .sign(issuing_key(), SHA256())
    )
    assert reason_against(signed_by(key, bare, issuer)) == "issuer_not_trusted"


def test_the_root_signs_no_letters(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    root = x509.load_pem_x509_certificate((tmp_path / "trust" / "root.pem").read_bytes())
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Siti Uji")])
    issuer = IssuingKey(root.subject, other.keys.private_key("root"), None)
    lifetime = Lifetime(WHOLE, WHOLE + DAY)
    leaf = issue(Profile.SIGNATORY, name, key.public_key(), issuer, 12, lifetime)
    assert reason_against(signed_by(key, leaf, root), tmp_path / "trust") == "issuer_not_trusted"


def test_a_revoked_issuing_authority_takes_its_signatories_along(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    pdf = other.sign(page())
    trust = tmp_path / "trust"
    issuing = x509.load_pem_x509_certificate((trust / "issuing.pem").read_bytes())
    root = IssuingKey(issuing.issuer, other.keys.private_key("root"), None)
    entry = revoked(issuing, RevocationReason.KEY_COMPROMISE, WHOLE)
    crl = list_revoked(root, 2, Lifetime(WHOLE, WHOLE + DAY), [entry])
    (trust / "root.crl").write_bytes(crl.public_bytes(Encoding.DER))
    assert reason_against(pdf, trust) == "issuer_revoked"


@pytest.mark.parametrize("missing", ["root.crl", "issuing.crl"])
def test_without_a_list_nothing_is_trusted(tmp_path: Path, missing: str) -> None:
    other = found_office(tmp_path)
    pdf = other.sign(page())
    (tmp_path / "trust" / missing).unlink()
    assert reason_against(pdf, tmp_path / "trust") == "revocation_list_stale"


def test_a_list_in_another_name_is_no_list(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    pdf = other.sign(page())
    stranger = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Orang Lain")])
    issuing = IssuingKey(stranger, other.keys.private_key("issuing"), None)
    crl = list_revoked(issuing, 2, Lifetime(WHOLE, WHOLE + DAY), ())
    (tmp_path / "trust" / "issuing.crl").write_bytes(crl.public_bytes(Encoding.DER))
    assert reason_against(pdf, tmp_path / "trust") == "revocation_list_stale"
