"""Signatures that hold by arithmetic, and are still not written as this office writes them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from asn1crypto import cms as asn1_cms  # type: ignore[import-untyped]  # asn1crypto has no types
from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from issuer.domain.errors import InvalidDocument, InvalidSignature
from issuer.domain.signature_dictionary import BYTE_RANGE_PLACEHOLDER
from issuer.signing import algorithms, der
from issuer.signing.algorithms import Algorithm
from issuer.signing.byte_range import Gap
from issuer.signing.certificates import IssuingKey, Lifetime, Profile, issue
from issuer.signing.cms import SignedDataForm
from issuer.signing.revisions import Layout
from tests.signing.signing_office import (
    DAY,
    KEY,
    NOW,
    certificate_of_a_stranger,
    cms_of,
    issuing_certificate,
    issuing_key,
    leaf_certificate,
    letter,
    office,
    signed_by,
    with_cms,
)

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
Change = Callable[[asn1_cms.SignedData], None]


def reason_against(pdf: bytes) -> str:
    with pytest.raises((InvalidDocument, InvalidSignature)) as refused:
        office().validator.validate(pdf, signed_at_utc=NOW, now_utc=NOW)
    assert isinstance(refused.value, InvalidDocument | InvalidSignature)
    return refused.value.reason


def changed(change: Change, layout: Layout = Layout.CONVENTIONAL) -> bytes:
    """Return the letter with a changed CMS, written by another library."""
    content = asn1_cms.ContentInfo.load(der.read_first(cms_of(letter(layout))).encoded)
    change(content["content"])
    return with_cms(letter(layout), content.dump(force=True))


def second_signer(signed: asn1_cms.SignedData) -> None:
    signed["signer_infos"].append(signed["signer_infos"][0].copy())


def unsigned_attribute(signed: asn1_cms.SignedData) -> None:
    attribute = asn1_cms.CMSAttribute(
        {"type": "1.2.3.4", "values": [core.Any(core.OctetString(b"?"))]}
    )
    signed["signer_infos"][0]["unsigned_attrs"] = asn1_cms.CMSAttributes([attribute])


def extra_certificate(signed: asn1_cms.SignedData) -> None:
    _, stranger = certificate_of_a_stranger()
    encoded = stranger.public_bytes(Encoding.DER)
    signed["certificates"].append(asn1_cms.CertificateChoices.load(encoded))


def root_too(signed: asn1_cms.SignedData) -> None:
    root = x509.load_pem_x509_certificate((office().folder / "trust" / "root.pem").read_bytes())
    encoded = root.public_bytes(Encoding.DER)
    signed["certificates"].append(asn1_cms.CertificateChoices.load(encoded))


def a_list_inside(signed: asn1_cms.SignedData) -> None:
    encoded = (office().folder / "trust" / "issuing.crl").read_bytes()
    signed["crls"] = asn1_cms.RevocationInfoChoices([asn1_cms.RevocationInfoChoice.load(encoded)])


def content_inside(signed: asn1_cms.SignedData) -> None:
    signed["encap_content_info"]["content"] = core.OctetString(b"another letter")


def another_digest_algorithm(signed: asn1_cms.SignedData) -> None:
    signed["signer_infos"][0]["digest_algorithm"] = {"algorithm": "sha1"}


def two_digest_algorithms(signed: asn1_cms.SignedData) -> None:
    signed["digest_algorithms"].append({"algorithm": "sha512"})


def another_version(signed: asn1_cms.SignedData) -> None:
    signed["version"] = "v3"


def no_issuer(signed: asn1_cms.SignedData) -> None:
    chosen = [c for c in signed["certificates"] if c.chosen.subject != c.chosen.issuer]
    leaf = [c for c in chosen if c.chosen.subject.native["common_name"] == "Siti Uji"]
    signed["certificates"] = leaf


def no_certificates(signed: asn1_cms.SignedData) -> None:
    signed["certificates"] = []


def the_other_half(signed: asn1_cms.SignedData) -> None:
    """(r, n - s) satisfies ECDSA too."""
    info = signed["signer_infos"][0]
    r, s = decode_dss_signature(info["signature"].native)
    info["signature"] = encode_dss_signature(r, P256_ORDER - s)


@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (second_signer, "signature_broken"),
        (unsigned_attribute, "signature_broken"),
        (extra_certificate, "signature_broken"),
        (root_too, "signature_broken"),
        (a_list_inside, "signature_broken"),
        (content_inside, "signature_broken"),
        (another_digest_algorithm, "signature_broken"),
        (two_digest_algorithms, "signature_broken"),
        (another_version, "signature_broken"),
        (the_other_half, "signature_broken"),
        (no_issuer, "issuer_not_trusted"),
        (no_certificates, "issuer_not_trusted"),
    ],
)
def test_a_changed_cms_is_refused(change: Change, reason: str, layout: Layout) -> None:
    assert reason_against(changed(change, layout)) == reason


def test_another_library_reads_what_we_write_and_writes_the_same() -> None:
    ours = der.read_first(cms_of(letter())).encoded
    content = asn1_cms.ContentInfo.load(ours, strict=True)
    assert content.dump(force=True) == ours
    info = content["content"]["signer_infos"][0]
    types = [attribute["type"].native for attribute in info["signed_attrs"]]
    assert sorted(types) == ["content_type", "message_digest", "signing_certificate_v2"]
    assert content["content"]["version"].native == "v1"


def test_a_length_in_more_octets_than_it_needs_is_refused() -> None:
    ours = der.read_first(cms_of(letter())).encoded
    assert ours[:2] == b"\x30\x82"
    assert reason_against(with_cms(letter(), b"\x30\x83\x00" + ours[2:])) == "file_altered"
    indefinite = b"\x30\x80" + ours[4:] + b"\x00\x00"
    assert reason_against(with_cms(letter(), indefinite)) == "file_altered"


def test_a_key_on_another_curve_is_not_trusted() -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Siti Uji")])
    issuer = IssuingKey(issuing_certificate().subject, issuing_key(), None)
    whole = NOW.replace(microsecond=0)
    lifetime = Lifetime(whole - DAY, whole + DAY)
    leaf = issue(Profile.SIGNATORY, name, key.public_key(), issuer, 10, lifetime)
    both = [
        asn1_cms.CertificateChoices.load(certificate.public_bytes(Encoding.DER))
        for certificate in (leaf, issuing_certificate())
    ]

    def exchange(signed: asn1_cms.SignedData) -> None:
        signed["certificates"] = both

    assert reason_against(changed(exchange)) == "issuer_not_trusted"


def test_a_signature_by_another_key_is_broken() -> None:
    key, _ = certificate_of_a_stranger()
    pdf = signed_by(key, leaf_certificate(), issuing_certificate())
    assert reason_against(pdf) == "signature_broken"


def test_a_signature_over_other_attributes_is_broken() -> None:
    """The digest stands in the CMS, yet what was signed is another document's."""
    key = office().keys.private_key(KEY)
    pdf = letter()
    gap = Gap.find(pdf)
    leaf = office().keys.signer(KEY)
    form = SignedDataForm.of(leaf.certificate_der, leaf.issuer_der)
    other = hashlib.sha256(b"another document").digest()
    signature = algorithms.sign(key, form.signed_attributes(other))
    signature = Algorithm.ES256.canonical(signature)
    forged = with_cms(pdf, form.assemble(gap.digest_of(pdf), signature))
    assert reason_against(forged) == "signature_broken"


@pytest.mark.parametrize("signature", [b"", b"\x30\x00", b"x" * 70, bytes(72)])
def test_what_is_no_signature_value_is_broken(signature: bytes) -> None:
    pdf = letter()
    leaf = office().keys.signer(KEY)
    form = SignedDataForm.of(leaf.certificate_der, leaf.issuer_der)
    forged = with_cms(pdf, form.assemble(Gap.find(pdf).digest_of(pdf), signature))
    assert reason_against(forged) == "signature_broken"


def test_the_library_accepts_the_other_half_so_that_our_rule_is_needed() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    r, s = decode_dss_signature(key.sign(b"m", ec.ECDSA(SHA256())))
    for half in (s, P256_ORDER - s):
        key.public_key().verify(encode_dss_signature(r, half), b"m", ec.ECDSA(SHA256()))


# --- files that the office's own key signed, and that are still not ours --------------------


def another_array(pdf: bytes) -> bytes:
    return pdf.replace(BYTE_RANGE_PLACEHOLDER, b"[0 1000 2000 100]".ljust(36))


def no_end(pdf: bytes) -> bytes:
    return pdf[: pdf.rindex(b"%%EOF")]


def two_arrays(pdf: bytes) -> bytes:
    return pdf.replace(b"\n1 0 obj", b"\n% /ByteRange [0 1 2 3]\n1 0 obj")


def end_and_more(pdf: bytes) -> bytes:
    return pdf + b"\n"


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (another_array, "file_altered"),
        (two_arrays, "file_altered"),
        (end_and_more, "file_altered"),
        (no_end, "file_incomplete"),
    ],
)
def test_a_true_signature_does_not_excuse_the_form(
    damage: Callable[[bytes], bytes], reason: str
) -> None:
    key, leaf = office().keys.private_key(KEY), leaf_certificate()
    office().validator.validate(
        signed_by(key, leaf, issuing_certificate()), signed_at_utc=NOW, now_utc=NOW
    )
    assert reason_against(signed_by(key, leaf, issuing_certificate(), damage)) == reason
