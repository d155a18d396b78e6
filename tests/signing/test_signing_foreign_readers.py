"""What other people's programs say of our signature."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from issuer.rendering.signature_slot import Rectangle
from issuer.signing.byte_range import Gap
from issuer.signing.certificates import RevocationReason
from issuer.signing.der import read_first
from issuer.signing.revisions import Layout
from tests.signing.signing_office import (
    KEY,
    NOW,
    cms_of,
    endorsable_page,
    endorsed,
    found_office,
    letter,
    office,
    page,
    run,
)

LAYOUTS = pytest.mark.parametrize("layout", list(Layout))


def ask_pyhanko(pdf: bytes, trust: Path) -> PdfSignatureStatus:
    (status,) = ask_pyhanko_of_all(pdf, trust)
    return status


def ask_pyhanko_of_all(pdf: bytes, trust: Path) -> list[PdfSignatureStatus]:
    context = ValidationContext(
        trust_roots=[load_cert_from_pemder(str(trust / "root.pem"))],  # type: ignore[no-untyped-call]  # pyHanko types part of itself
        crls=[(trust / name).read_bytes() for name in ("root.crl", "issuing.crl")],
        revocation_mode="require",
        moment=NOW,
    )
    signatures = PdfFileReader(BytesIO(pdf), strict=True).embedded_signatures
    return [validate_pdf_signature(signature, context) for signature in signatures]


@LAYOUTS
def test_pyhanko_finds_it_intact_trusted_and_untouched(layout: Layout) -> None:
    status = ask_pyhanko(letter(layout), office().folder / "trust")
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert status.modification_level is ModificationLevel.NONE
    assert status.docmdp_ok


def test_pyhanko_sees_a_revocation(tmp_path: Path) -> None:
    other = found_office(tmp_path)
    pdf = other.sign(page())
    assert ask_pyhanko(pdf, tmp_path / "trust").bottom_line
    other.authority.revoke(KEY, RevocationReason.KEY_COMPROMISE, NOW)
    status = ask_pyhanko(pdf, tmp_path / "trust")
    assert status.revoked
    assert not status.bottom_line


@LAYOUTS
@pytest.mark.parametrize("rect", [None, (60.0, 60.0, 260.0, 120.0)])
def test_poppler_trusts_it_with_our_root(
    tmp_path: Path, layout: Layout, rect: tuple[float, float, float, float] | None
) -> None:
    root = office().folder / "trust" / "root.pem"
    database = f"sql:{tmp_path}"
    run("certutil", "-N", "-d", database, "--empty-password")
    run("certutil", "-A", "-d", database, "-n", "root", "-t", "CT,C,C", "-i", root)
    path = tmp_path / "letter.pdf"
    path.write_bytes(office().sign(page(rect), layout=layout))
    said = run("pdfsig", "-nssdir", database, path)
    assert "Signature Validation: Signature is Valid." in said
    assert "Certificate Validation: Certificate is Trusted." in said
    assert "Total document signed" in said
    assert "Signer Certificate Common Name: Siti Uji" in said


@LAYOUTS
def test_mupdf_finds_the_document_unchanged(tmp_path: Path, layout: Layout) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(letter(layout))
    assert "The document is unchanged since signing." in run("mutool", "sign", "-v", path)


@LAYOUTS
def test_qpdf_finds_no_fault_in_the_structure(tmp_path: Path, layout: Layout) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(letter(layout))
    said = run("qpdf", "--check", path)
    assert "No syntax or stream encoding errors found" in said
    assert "WARNING" not in said


@LAYOUTS
def test_openssl_verifies_the_cms_over_the_byte_range(tmp_path: Path, layout: Layout) -> None:
    pdf = letter(layout)
    gap = Gap.find(pdf)
    _, start, end, rest = (int(n) for n in gap.array_in(pdf).strip(b"[] ").split())
    assert end + rest == len(pdf)
    (tmp_path / "content").write_bytes(pdf[:start] + pdf[end:])
    (tmp_path / "cms.der").write_bytes(read_first(cms_of(pdf)).encoded)
    said = run(
        *("openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER"),
        *("-in", tmp_path / "cms.der", "-content", tmp_path / "content", "-purpose", "any"),
        *("-CAfile", office().folder / "trust" / "root.pem", "-out", tmp_path / "out"),
    )
    assert "Verification successful" in said, said


def test_openssl_verifies_chain_and_lists(tmp_path: Path) -> None:
    trust = office().folder / "trust"
    lists = tmp_path / "lists.pem"
    for name in ("root", "issuing"):
        crl = run("openssl", "crl", "-inform", "DER", "-in", trust / f"{name}.crl")
        lists.write_text(lists.read_text() + crl if lists.exists() else crl)
    leaf = office().folder / "certificates" / f"{KEY}.pem"
    command = (
        *("openssl", "verify", "-x509_strict", "-crl_check_all", "-CRLfile", lists),
        *("-CAfile", trust / "root.pem", "-untrusted", trust / "issuing.pem", leaf),
    )
    assert run(*command).strip() == f"{leaf}: OK"


def test_openssl_opens_the_private_key_with_the_passphrase() -> None:
    folder = office().folder
    key = folder / "private" / f"{KEY}.key"
    assert key.read_bytes().startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    passphrase = f"file:{folder / 'passphrase'}"
    said = run("openssl", "pkey", "-in", key, "-passin", passphrase, "-noout", "-text")
    assert "NIST CURVE: P-256" in said


def test_the_signature_last_so_that_only_its_end_follows() -> None:
    pdf = letter(Layout.TRAILER_FIRST)
    after = pdf[Gap.find(pdf).end :]
    assert after.startswith(b" >>\nendobj\nstartxref\n")
    assert len(after) < 40


# --- two signatures -------------------------------------------------------------------------


@LAYOUTS
@pytest.mark.parametrize("rect", [None, (60.0, 60.0, 260.0, 120.0)])
def test_pyhanko_finds_both_and_nothing_but_the_second_after_the_first(
    layout: Layout, rect: Rectangle | None
) -> None:
    signed = office().sign(endorsable_page(rect), layout=layout)
    pdf = office().endorse(signed, layout=layout)
    first, second = ask_pyhanko_of_all(pdf, office().folder / "trust")
    for status in (first, second):
        assert (status.intact, status.valid, status.trusted) == (True, True, True)
        assert status.docmdp_ok
        assert status.bottom_line
    assert first.modification_level is ModificationLevel.FORM_FILLING
    assert first.coverage is SignatureCoverageLevel.ENTIRE_REVISION
    assert second.modification_level is ModificationLevel.NONE
    assert second.coverage is SignatureCoverageLevel.ENTIRE_FILE


@LAYOUTS
def test_the_update_holds_the_field_and_its_signature_only(layout: Layout) -> None:
    reader = PdfFileReader(BytesIO(endorsed(layout)), strict=True)
    assert reader.xrefs.total_revisions == 2
    field, signature = sorted(reader.xrefs.explicit_refs_in_revision(1), key=lambda r: r.idnum)
    before = reader.get_object(field, revision=0)  # type: ignore[no-untyped-call]  # as above
    after = reader.get_object(field)  # type: ignore[no-untyped-call]  # as above
    assert after.raw_get("/V").reference == signature
    assert {name: after.raw_get(name) for name in after if name != "/V"} == {
        name: before.raw_get(name) for name in before
    }


def test_pyhanko_reads_what_each_signature_permits() -> None:
    reader = PdfFileReader(BytesIO(endorsed()), strict=True)
    first, second = reader.embedded_signatures
    assert first.docmdp_level is MDPPerm.FILL_FORMS
    assert first.fieldmdp == FieldMDPSpec(FieldMDPAction.EXCLUDE, ["Mengetahui"])
    assert second.docmdp_level is MDPPerm.NO_CHANGES
    assert second.fieldmdp == FieldMDPSpec(FieldMDPAction.ALL)
    lock = second.sig_field["/Lock"]
    assert lock["/Action"] == "/All"
    assert lock["/P"] == MDPPerm.NO_CHANGES.value
    (only,) = PdfFileReader(BytesIO(letter()), strict=True).embedded_signatures
    assert (only.docmdp_level, only.fieldmdp) == (MDPPerm.NO_CHANGES, None)


def test_pyhanko_permits_no_third_signature() -> None:
    pdf = BytesIO(endorsed())
    signer = SimpleSigner.load(  # type: ignore[no-untyped-call]  # as above
        str(office().folder / "private" / f"{KEY}.key"),
        str(office().folder / "certificates" / f"{KEY}.pem"),
        key_passphrase=(office().folder / "passphrase").read_bytes().strip(),
    )
    assert signer is not None
    meta = PdfSignatureMetadata(field_name="Ketiga")
    PdfSigner(meta, signer).sign_pdf(IncrementalPdfFileWriter(pdf), in_place=True)
    first, second, _ = ask_pyhanko_of_all(pdf.getvalue(), office().folder / "trust")
    assert not first.bottom_line or not second.bottom_line


@LAYOUTS
def test_poppler_trusts_both_signatures(tmp_path: Path, layout: Layout) -> None:
    database = f"sql:{tmp_path}"
    root = office().folder / "trust" / "root.pem"
    run("certutil", "-N", "-d", database, "--empty-password")
    run("certutil", "-A", "-d", database, "-n", "root", "-t", "CT,C,C", "-i", root)
    path = tmp_path / "letter.pdf"
    path.write_bytes(endorsed(layout))
    first, second = run("pdfsig", "-nssdir", database, path).split("Signature #2")
    for said, signer in ((first, "Siti Uji"), (second, "Budi Uji")):
        assert "Signature Validation: Signature is Valid." in said
        assert "Certificate Validation: Certificate is Trusted." in said
        assert f"Signer Certificate Common Name: {signer}" in said
    assert "Not total document signed" in first
    assert "Total document signed" in second


@LAYOUTS
def test_mupdf_and_qpdf_read_both(tmp_path: Path, layout: Layout) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(endorsed(layout))
    first, second = run("mutool", "sign", "-v", path).split("cn=Budi Uji")
    assert "The signature is valid but there have been edits since signing." in first
    assert "The document is unchanged since signing." in second
    said = run("qpdf", "--check", path)
    assert "No syntax or stream encoding errors found" in said
    assert "WARNING" not in said
