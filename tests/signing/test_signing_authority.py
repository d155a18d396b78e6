"""The ceremony, the certificates it makes, and how a certificate ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from issuer.domain.errors import ConfigurationError, InvalidSignature, KeyUnavailable, NotFound
from issuer.signing.authority import CertificateAuthority, Subject
from issuer.signing.ceremony import read_ceremony
from issuer.signing.certificates import RevocationReason
from tests.signing.signing_office import (
    CEREMONIES,
    DAY,
    ENDORSER_KEY,
    KEY,
    NOW,
    Office,
    SystemRandom,
    demo_ceremony,
    found_office,
    office,
    page,
    run,
)


def certificate(folder: Path, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())


def issuing_list(folder: Path) -> x509.CertificateRevocationList:
    return x509.load_der_x509_crl((folder / "trust" / "issuing.crl").read_bytes())


def refused(shared: Office) -> str:
    with pytest.raises(KeyUnavailable) as error:
        shared.keys.check(KEY, NOW)
    return error.value.reason


def test_the_leaf_says_who_for_whom_and_for_what() -> None:
    leaf = certificate(office().folder / "certificates", KEY)
    names = [(a.oid, a.value) for a in leaf.subject]
    assert names == [
        (NameOID.COUNTRY_NAME, "ID"),
        (NameOID.ORGANIZATION_NAME, "Desa Uji"),
        (NameOID.COMMON_NAME, "Siti Uji"),
    ]
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert usage.value.content_commitment
    assert not usage.value.key_cert_sign
    (point,) = leaf.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert point.full_name is not None
    assert point.full_name[0].value == "http://localhost:8000/crl/issuing.crl"


def test_serial_numbers_are_long_and_random() -> None:
    trust = office().folder / "trust"
    serials = {certificate(trust, name).serial_number for name in ("root", "issuing")}
    assert len(serials) == 2
    assert all(2**64 < serial < 2**128 for serial in serials)


def test_files_have_their_rights_and_nothing_else_lies_about() -> None:
    folder = office().folder
    rights = {
        str(path.relative_to(folder)): oct(path.stat().st_mode & 0o777)
        for path in folder.rglob("*")
    }
    signatories = KEY, ENDORSER_KEY
    public = ("trust/root", "trust/issuing", *(f"certificates/{key}" for key in signatories))
    assert rights == {
        "passphrase": "0o600",
        "private": "0o700",
        **{f"private/{name}.key": "0o600" for name in ("root", "issuing", *signatories)},
        **dict.fromkeys(("trust", "certificates"), "0o755"),
        **{f"{name}.pem": "0o644" for name in public},
        **{f"{name}.crl": "0o644" for name in public[:2]},
    }


def test_a_second_ceremony_changes_nothing(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(ConfigurationError):
        other.authority.found(NOW)
    with pytest.raises(ConfigurationError):
        other.authority.certify(KEY, Subject("Budi", "Desa"), NOW)
    with pytest.raises(ConfigurationError):
        other.authority.certify("root", Subject("Budi", "Desa"), NOW)
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_an_interrupted_ceremony_can_be_repeated(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    (tmp_path / "trust" / "root.pem").unlink()
    (tmp_path / "certificates" / f"{KEY}.pem").unlink()
    key = (tmp_path / "private" / f"{KEY}.key").read_bytes()
    other.authority.found(NOW)
    other.authority.certify(KEY, Subject("Siti", "Desa"), NOW)
    assert (tmp_path / "private" / f"{KEY}.key").read_bytes() == key
    other.keys.check(KEY, NOW)


def test_a_wrong_passphrase_makes_no_second_root(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    (tmp_path / "trust" / "root.pem").unlink()
    (tmp_path / "passphrase").write_text("x" * 43)
    key = (tmp_path / "private" / "root.key").read_bytes()
    with pytest.raises(KeyUnavailable):
        other.authority.found(NOW)
    (tmp_path / "passphrase").unlink()
    with pytest.raises(ConfigurationError):
        other.authority.found(NOW)
    assert (tmp_path / "private" / "root.key").read_bytes() == key


def test_a_damaged_certificate_is_not_revoked(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    (tmp_path / "certificates" / f"{KEY}.pem").write_bytes(b"garbage")
    with pytest.raises(ConfigurationError):
        other.authority.revoke(KEY, RevocationReason.SUPERSEDED, NOW)


def test_long_names_are_cut_to_what_a_certificate_holds(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    other.authority.certify("long", Subject("N" * 200, "Ö" * 200), NOW)
    leaf = certificate(tmp_path / "certificates", "long")
    assert [len(str(a.value)) for a in leaf.subject] == [2, 64, 64]


@pytest.mark.parametrize(
    "subject", [Subject("", "Desa"), Subject("Siti", ""), Subject("Si\ud800ti", "Desa")]
)
def test_nobody_without_name_or_agency_is_certified(tmp_path: Path, subject: Subject) -> None:
    other = found_office(tmp_path)
    with pytest.raises(ConfigurationError):
        other.authority.certify("nameless", subject, NOW)
    assert not (tmp_path / "certificates" / "nameless.pem").exists()
    assert not (tmp_path / "private" / "nameless.key").exists()


def test_a_leaf_does_not_outlive_its_issuer(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    late = NOW + 3600 * DAY
    other.authority.certify("late", Subject("Siti", "Desa"), late)
    leaf = certificate(tmp_path / "certificates", "late")
    assert (
        leaf.not_valid_after_utc == certificate(tmp_path / "trust", "issuing").not_valid_after_utc
    )


def test_revocation_ends_a_signatory_and_stays(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    other.authority.certify("second", Subject("Budi", "Desa"), NOW)
    pdf = other.sign(page())
    other.authority.revoke(KEY, RevocationReason.KEY_COMPROMISE, NOW)
    first = issuing_list(tmp_path)
    other.authority.revoke(KEY, RevocationReason.SUPERSEDED, NOW)
    assert issuing_list(tmp_path) == first
    other.authority.revoke("second", RevocationReason.CESSATION_OF_OPERATION, NOW)
    other.authority.refresh_crls(NOW + 20 * DAY)
    crl = issuing_list(tmp_path)
    assert len(crl) == 2
    assert crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number == 4
    entry = crl.get_revoked_certificate_by_serial_number(
        certificate(tmp_path / "certificates", KEY).serial_number
    )
    assert entry is not None
    reason = entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    assert reason is x509.ReasonFlags.key_compromise
    assert refused(other) == "revocation_list_stale"
    with pytest.raises(InvalidSignature) as error:
        other.validator.validate(pdf, signed_at_utc=NOW, now_utc=NOW + 20 * DAY)
    assert error.value.reason == "issuer_revoked"


def test_nobody_unknown_is_revoked() -> None:
    with pytest.raises(NotFound):
        office().authority.revoke("nobody", RevocationReason.SUPERSEDED, NOW)


def test_openssl_sees_the_revocation(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    other.authority.revoke(KEY, RevocationReason.KEY_COMPROMISE, NOW)
    said = run(
        *("openssl", "crl", "-inform", "DER", "-in", tmp_path / "trust" / "issuing.crl"),
        *("-noout", "-text", "-CAfile", tmp_path / "trust" / "issuing.pem"),
    )
    assert "verify OK" in said
    assert "Key Compromise" in said


def test_lists_are_renewed_after_half_their_life(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    assert other.authority.refresh_crls(NOW + 14 * DAY) == []
    assert other.authority.refresh_crls(NOW + 16 * DAY) == ["issuing"]
    assert other.authority.refresh_crls(NOW + 17 * DAY) == []
    assert other.authority.refresh_crls(NOW + 200 * DAY) == ["root", "issuing"]


def test_a_root_key_in_the_safe_leaves_its_list_alone(tmp_path: Path) -> None:
    found_office(tmp_path)
    (tmp_path / "private" / "root.key").rename(tmp_path / "safe")
    authority = CertificateAuthority(
        tmp_path, tmp_path / "passphrase", demo_ceremony(), "http://h", SystemRandom()
    )
    assert authority.refresh_crls(NOW + 200 * DAY) == ["issuing"]
    (tmp_path / "private" / "issuing.key").chmod(0o644)
    fresh = CertificateAuthority(
        tmp_path, tmp_path / "passphrase", demo_ceremony(), "http://h", SystemRandom()
    )
    with pytest.raises(KeyUnavailable):
        fresh.refresh_crls(NOW + 400 * DAY)


def test_a_crash_while_writing_leaves_the_old_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = found_office(tmp_path)
    before = issuing_list(tmp_path)

    def crash(*_: object) -> None:
        raise OSError("power cut")

    monkeypatch.setattr(os, "replace", crash)
    with pytest.raises(OSError, match="power cut"):
        other.authority.refresh_crls(NOW + 16 * DAY)
    assert issuing_list(tmp_path) == before
    assert sorted(p.name for p in (tmp_path / "trust").iterdir()) == [
        "issuing.crl",
        "issuing.pem",
        "root.crl",
        "root.pem",
    ]


def test_a_damaged_list_is_not_replaced_by_an_empty_one(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    (tmp_path / "trust" / "issuing.crl").write_bytes(b"garbage")
    with pytest.raises(ConfigurationError):
        other.authority.refresh_crls(NOW + 16 * DAY)
    with pytest.raises(ConfigurationError):
        other.authority.revoke(KEY, RevocationReason.SUPERSEDED, NOW)


def test_an_rsa_office_signs_too(tmp_path: Path) -> None:
    text = (CEREMONIES / "office.toml").read_text().replace('"ES256"', '"RS256"')
    path = tmp_path / "rsa.toml"
    path.write_text(text)
    folder = tmp_path / "keys"
    folder.mkdir()
    other = found_office(folder, ceremony=read_ceremony(path, "Kabupaten Uji"))
    facts = other.validator.validate(other.sign(page()), signed_at_utc=NOW, now_utc=NOW)
    assert facts.signer == "Siti Uji"


@pytest.mark.parametrize("name", ["demo", "office"])
def test_ceremonies_carry_the_regency_in_their_names(name: str) -> None:
    ceremony = read_ceremony(CEREMONIES / f"{name}.toml", "Kabupaten Bojonegoro")
    for plan in (ceremony.root, ceremony.issuing):
        assert plan.name.endswith("Surat Kabupaten Bojonegoro")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('country = "ID"', 'country = "id"'),
        ('country = "ID"', 'country = "ID"\nstate = "x"'),
        ("days = 7300", "days = 0"),
        ("days = 7300", "days = true"),
        ("days = 7300", 'days = "7300"'),
        ("days = 7300", "weeks = 7300"),
        ("days = 7300", "days = 7300\nrounds = 1"),
        ('algorithm = "ES256"', 'algorithm = "ES512"'),
        ("[signatory]", "[signatories]"),
        ('name = "Akar', 'name = "' + "x" * 65 + '" # "'),
        ('name = "Akar', 'name = "\\n'),
        ("[root]", "[root"),
    ],
)
def test_a_ceremony_with_a_mistake_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = (CEREMONIES / "office.toml").read_text()
    assert old in text
    path = tmp_path / "office.toml"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ConfigurationError) as error:
        read_ceremony(path, "Kabupaten Uji")
    assert "office.toml" in str(error.value)


def test_a_ceremony_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError):
        read_ceremony(tmp_path / "none.toml", "Kabupaten Uji")
