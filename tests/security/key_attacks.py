"""Attacks with keys: authorities of the same name, stolen keys, signatures that hold.

Every file here has the office's own form to the byte, over the page of a true letter;
only who signed, or what the signature value looks like, is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from asn1crypto import cms as asn1_cms  # type: ignore[import-untyped]  # asn1crypto has no types
from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import Encoding

from issuer.domain.verdict import Reason
from issuer.signing import algorithms, der
from issuer.signing.algorithms import Algorithm
from issuer.signing.byte_range import Gap
from issuer.signing.certificates import IssuingKey, Profile
from issuer.signing.cms import SignedDataForm
from issuer.signing.revisions import first_revision
from tests.security.attacks import Attack, Family, Target, altered
from tests.security.certificates import DAY, WHOLE, Credentials, certified, named, stranger

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
Change = Callable[[asn1_cms.SignedData], None]


def resigned(pdf: bytes, who: Credentials, issuing: x509.Certificate, change: bytes = b"") -> bytes:
    """Return the file with its last gap filled by somebody, in the office's form."""
    if change:
        before, after = change.split(b"=>")
        assert before in pdf
        pdf = pdf.replace(before, after)
    gap = Gap.last(pdf)
    pdf = gap.with_array(pdf)
    key, leaf = who
    form = SignedDataForm(leaf.public_bytes(Encoding.DER), issuing.public_bytes(Encoding.DER))
    digest = gap.digest_of(pdf)
    signature = Algorithm.ES256.canonical(algorithms.sign(key, form.signed_attributes(digest)))
    return with_value(pdf, form.assemble(digest, signature))


def with_value(pdf: bytes, value: bytes) -> bytes:
    gap = Gap.last(pdf)
    token = value.hex().upper().encode()
    return gap.with_token(pdf, token.ljust(len(gap.token_in(pdf)), b"0"))


def leaf_of_the_office(
    target: Target,
    start: timedelta = -DAY,
    end: timedelta = 30 * DAY,
    profile: Profile = Profile.SIGNATORY,
) -> Credentials:
    """Return a certificate that the stolen issuing key made."""
    key = ec.generate_private_key(ec.SECP256R1())
    authority = IssuingKey(target.authority[1].subject, target.authority[0], None)
    leaf = certified(
        key,
        target.insider[1].subject,
        authority,
        start=WHOLE + start,
        end=WHOLE + end,
        profile=profile,
    )
    return key, leaf


def twin_authority(target: Target) -> bytes:
    """An authority of the same name and serial, with a signatory of the same name."""
    rogue = ec.generate_private_key(ec.SECP256R1())
    authority = IssuingKey(target.authority[1].subject, rogue, None)
    twin = certified(
        rogue,
        target.authority[1].subject,
        authority,
        profile=Profile.ISSUING,
        serial=target.authority[1].serial_number,
    )
    key = ec.generate_private_key(ec.SECP256R1())
    return resigned(
        target.letter, (key, certified(key, target.insider[1].subject, authority)), twin
    )


def self_signed_twin(target: Target) -> bytes:
    key, own = stranger(target.insider[1].subject)
    return resigned(target.letter, (key, own), target.authority[1])


def under_the_signatory(target: Target) -> bytes:
    """The insider plays authority for another key."""
    key = ec.generate_private_key(ec.SECP256R1())
    authority = IssuingKey(target.insider[1].subject, target.insider[0], None)
    return resigned(
        target.letter, (key, certified(key, named("Orang Lain"), authority)), target.insider[1]
    )


def wrong_key(target: Target) -> bytes:
    key, _ = stranger("Orang Lain")
    return resigned(target.letter, (key, target.insider[1]), target.authority[1])


def with_changed_value(change: Change) -> Callable[[Target], bytes]:
    """Return the letter with its CMS changed and written by another library."""

    def make(target: Target) -> bytes:
        encoded = bytes.fromhex(target.gap.token_in(target.letter).decode())
        content = asn1_cms.ContentInfo.load(der.read_first(encoded).encoded)
        change(content["content"])
        return with_value(target.letter, content.dump(force=True))

    return make


def second_signer(signed: asn1_cms.SignedData) -> None:
    signed["signer_infos"].append(signed["signer_infos"][0].copy())


def unsigned_attribute(signed: asn1_cms.SignedData) -> None:
    value = core.Any(core.OctetString(b"cap"))
    attribute = asn1_cms.CMSAttribute({"type": "1.2.3.4", "values": [value]})
    signed["signer_infos"][0]["unsigned_attrs"] = asn1_cms.CMSAttributes([attribute])


def content_inside(signed: asn1_cms.SignedData) -> None:
    signed["encap_content_info"]["content"] = core.OctetString(b"surat lain")


def weaker_digest(signed: asn1_cms.SignedData) -> None:
    signed["signer_infos"][0]["digest_algorithm"] = {"algorithm": "sha1"}


def extra_certificate(signed: asn1_cms.SignedData) -> None:
    _, other = stranger("Orang Lain")
    encoded = other.public_bytes(Encoding.DER)
    signed["certificates"].append(asn1_cms.CertificateChoices.load(encoded))


def no_certificates(signed: asn1_cms.SignedData) -> None:
    signed["certificates"] = []


def no_signed_attributes(signed: asn1_cms.SignedData) -> None:
    del signed["signer_infos"][0]["signed_attrs"]


def other_half(signed: asn1_cms.SignedData) -> None:
    """(r, n - s) satisfies ECDSA too."""
    info = signed["signer_infos"][0]
    r, s = decode_dss_signature(info["signature"].native)
    info["signature"] = encode_dss_signature(r, P256_ORDER - s)


def in_ber(target: Target) -> bytes:
    encoded = bytes.fromhex(target.gap.token_in(target.letter).decode())
    value = der.read_first(encoded).encoded
    return with_value(target.letter, b"\x30\x80" + value[4:] + b"\0\0")


def swapped_updates(target: Target) -> bytes:
    """The first signature of one letter under the second of another."""
    first = first_revision(target.endorsed)
    other = first_revision(target.second_endorsed)
    return first + target.second_endorsed[len(other) :]


_K, _C, _T = Family.CERTIFICATES, Family.CMS, Family.TWO_SIGNATURES

ATTACKS: tuple[Attack, ...] = (
    altered(_K, "an authority of the same name", twin_authority, Reason.ISSUER_NOT_TRUSTED),
    altered(_K, "a signatory of the same name", self_signed_twin, Reason.ISSUER_NOT_TRUSTED),
    altered(_K, "a signatory as authority", under_the_signatory, Reason.ISSUER_NOT_TRUSTED),
    altered(_K, "another key under a true certificate", wrong_key, Reason.SIGNATURE_BROKEN),
    altered(
        _K,
        "a certificate that has ended",
        lambda t: resigned(t.letter, leaf_of_the_office(t, -9 * DAY, -DAY), t.authority[1]),
        Reason.ISSUER_NOT_TRUSTED,
    ),
    altered(
        _K,
        "a certificate that has not begun",
        lambda t: resigned(t.letter, leaf_of_the_office(t, DAY, 9 * DAY), t.authority[1]),
        Reason.ISSUER_NOT_TRUSTED,
    ),
    altered(
        _K,
        "an authority's certificate on a letter",
        lambda t: resigned(
            t.letter, leaf_of_the_office(t, profile=Profile.ISSUING), t.authority[1]
        ),
        Reason.ISSUER_NOT_TRUSTED,
    ),
    altered(
        _K,
        "the stolen issuing key names a signatory",
        lambda t: resigned(t.letter, leaf_of_the_office(t), t.authority[1]),
        Reason.NOT_REGISTERED,
    ),
    altered(
        _K,
        "a colleague signs the same letter",
        lambda t: resigned(t.letter, t.colleague, t.authority[1]),
        Reason.NOT_REGISTERED,
    ),
    altered(
        _K,
        "the insider signs a changed letter",
        lambda t: resigned(t.letter, t.insider, t.authority[1], b"<pdfaid:part>3=><pdfaid:part>4"),
        Reason.NOT_REGISTERED,
    ),
    altered(
        _K,
        "the insider signs the same letter again",
        lambda t: resigned(t.letter, t.insider, t.authority[1]),
        Reason.NOT_REGISTERED,
    ),
    altered(_C, "two signers", with_changed_value(second_signer), Reason.SIGNATURE_BROKEN),
    altered(
        _C, "an attribute unsigned", with_changed_value(unsigned_attribute), Reason.SIGNATURE_BROKEN
    ),
    altered(_C, "content inside", with_changed_value(content_inside), Reason.SIGNATURE_BROKEN),
    altered(_C, "a weaker digest", with_changed_value(weaker_digest), Reason.SIGNATURE_BROKEN),
    altered(
        _C, "one certificate more", with_changed_value(extra_certificate), Reason.SIGNATURE_BROKEN
    ),
    altered(_C, "no certificates", with_changed_value(no_certificates), Reason.ISSUER_NOT_TRUSTED),
    altered(_C, "nothing signed", with_changed_value(no_signed_attributes)),
    altered(
        _C, "the other half of the curve", with_changed_value(other_half), Reason.SIGNATURE_BROKEN
    ),
    altered(_C, "lengths left open", in_ber),
    altered(_T, "the second signature cut off", lambda t: first_revision(t.endorsed)),
    altered(_T, "the second signature of another letter", swapped_updates),
    altered(
        _T,
        "a stranger endorses",
        lambda t: resigned(t.endorsed, stranger("Camat Dander"), t.authority[1]),
        Reason.ISSUER_NOT_TRUSTED,
    ),
    altered(
        _T,
        "the village endorses itself",
        lambda t: resigned(t.endorsed, t.insider, t.authority[1]),
        Reason.NOT_REGISTERED,
    ),
)
