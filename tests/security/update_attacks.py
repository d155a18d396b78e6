# mypy: disable-error-code="no-untyped-call"
"""Attacks by other programs: updates appended, pages written anew, strangers' signatures.

The updates are made by pyHanko and the rewritten files by qpdf's library, so that they
are what an attacker with common tools would have, and correct as PDF. pyHanko types a
part of itself, hence the line above.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime

import pikepdf
import pypdfium2  # type: ignore[import-untyped]  # publishes no types
from asn1crypto import keys, x509  # type: ignore[import-untyped]  # asn1crypto has no types
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import NameObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.sign.fields import SigFieldSpec, append_signature_field
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from issuer.domain.verdict import Reason
from tests.security.attacks import Attack, Family, Target, altered, cannot_say, not_ours
from tests.security.certificates import Credentials, stranger

Writer = IncrementalPdfFileWriter
_STAMPED_AT = datetime(2026, 11, 24, 3, tzinfo=UTC)
_RESET = b"q 1 1 1 rg 80 300 400 300 re f Q"


def updated(change: Callable[[Writer], object], of: str = "letter") -> Callable[[Target], bytes]:
    """Return the letter with an incremental update."""

    def make(target: Target) -> bytes:
        writer = Writer(io.BytesIO(getattr(target, of)), strict=False)
        change(writer)
        out = io.BytesIO()
        writer.write(out)
        written = out.getvalue()
        assert written.startswith(getattr(target, of)[:-10])
        return written

    return make


def first_page(writer: Writer) -> generic.DictionaryObject:
    page: generic.DictionaryObject = writer.root["/Pages"]["/Kids"].raw_get(0).get_object()
    return page


def covered(writer: Writer) -> None:
    """Paint over the text."""
    stream = writer.add_object(generic.StreamObject(stream_data=_RESET))
    page = first_page(writer)
    contents = page.raw_get("/Contents")
    page[pdf_name("/Contents")] = generic.ArrayObject([contents, stream])
    writer.update_container(page)


def replaced_contents(writer: Writer) -> None:
    page = first_page(writer)
    page[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=_RESET))
    writer.update_container(page)


def another_page(writer: Writer) -> None:
    pages = writer.root["/Pages"]
    page = generic.DictionaryObject(first_page(writer))
    pages["/Kids"].append(writer.add_object(page))
    pages[pdf_name("/Count")] = generic.NumberObject(len(pages["/Kids"]))
    writer.update_container(pages)


def another_title(writer: Writer) -> None:
    writer.root[pdf_name("/Lang")] = generic.pdf_string("en")
    writer.update_root()


def another_attachment(writer: Writer) -> None:
    writer.root[pdf_name("/AF")] = generic.ArrayObject()
    writer.update_root()


def annotated(subtype: str, **more: object) -> Callable[[Writer], None]:
    def change(writer: Writer) -> None:
        annotation = generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): NameObject(subtype),
                pdf_name("/Rect"): generic.ArrayObject(
                    generic.NumberObject(n) for n in (80, 300, 480, 600)
                ),
                pdf_name("/Contents"): generic.pdf_string("berlaku selamanya"),
                pdf_name("/F"): generic.NumberObject(4),
            }
        )
        page = first_page(writer)
        reference = writer.add_object(annotation)
        page[pdf_name("/Annots")] = generic.ArrayObject([*page.get("/Annots", []), reference])
        writer.update_container(page)

    return change


def another_field(writer: Writer) -> None:
    append_signature_field(writer, SigFieldSpec("Kedua"))


def hidden_layer(writer: Writer) -> None:
    """Give the page content that a layer switched off hides, as shadow attacks do."""
    layer = writer.add_object(
        generic.DictionaryObject(
            {pdf_name("/Type"): pdf_name("/OCG"), pdf_name("/Name"): generic.pdf_string("x")}
        )
    )
    writer.root[pdf_name("/OCProperties")] = generic.DictionaryObject(
        {
            pdf_name("/OCGs"): generic.ArrayObject([layer]),
            pdf_name("/D"): generic.DictionaryObject({pdf_name("/OFF"): generic.ArrayObject()}),
        }
    )
    writer.update_root()


def another_font(writer: Writer) -> None:
    """Exchange the typeface, so that the same codes show other letters."""
    fonts = first_page(writer)["/Resources"]["/Font"]
    font = fonts.raw_get(next(iter(fonts))).get_object()
    font[pdf_name("/BaseFont")] = pdf_name("/Courier")
    writer.update_container(font)


def another_catalog(writer: Writer) -> None:
    """Switch to a catalog that was not there when the file was signed."""
    catalog = generic.DictionaryObject(writer.root)
    catalog[pdf_name("/PageMode")] = pdf_name("/UseNone")
    writer.trailer[pdf_name("/Root")] = writer.add_object(catalog)
    writer._force_write_when_empty = True  # pyHanko offers no public way to do this


def with_script(writer: Writer) -> None:
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(
        {
            pdf_name("/S"): pdf_name("/JavaScript"),
            pdf_name("/JS"): generic.pdf_string("app.alert('surat ini sah')"),
        }
    )
    writer.update_root()


def signed_again(target: Target, who: Credentials, of: str = "letter") -> bytes:
    """Append a signature in a field of its own."""
    writer = Writer(io.BytesIO(getattr(target, of)), strict=False)
    return by_pyhanko(writer, who, "Tambahan")


def by_pyhanko(writer: Writer, who: Credentials, field: str) -> bytes:
    metadata = PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
    out: io.BytesIO = Unscrupulous(metadata, signer_of(who)).sign_pdf(writer)
    return out.getvalue()


class Unscrupulous(PdfSigner):
    """pyHanko itself does not sign what its author closed; an attacker's program does."""

    def _enforce_certification_constraints(self, reader: object) -> None:
        pass


def signer_of(who: Credentials) -> SimpleSigner:
    key, certificate = who
    encoded = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=x509.Certificate.load(certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(encoded),
        cert_registry=SimpleCertificateStore(),
    )


def with_long_term_data(target: Target) -> bytes:
    out = io.BytesIO(target.letter)
    certificate = x509.Certificate.load(target.authority[1].public_bytes(Encoding.DER))
    DocumentSecurityStore.add_dss(out, None, certs=[certificate], embed_roots=True)
    return out.getvalue()


def with_time_stamp(target: Target) -> bytes:
    signer = signer_of(stranger("Stempel Waktu", rsa.generate_private_key(65537, 2048)))
    stamper = DummyTimeStamper(signer.signing_cert, signer.signing_key, fixed_dt=_STAMPED_AT)
    out = io.BytesIO(target.letter)
    PdfTimeStamper(stamper, field_name="Waktu").timestamp_pdf(
        Writer(out, strict=False), "sha256", in_place=True
    )
    return out.getvalue()


def rewritten(change: Callable[[pikepdf.Pdf], None], **how: object) -> Callable[[Target], bytes]:
    """Return the letter's pages in a file written anew."""

    def make(target: Target) -> bytes:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(target.letter)) as pdf:
            change(pdf)
            pdf.save(out, **how)  # type: ignore[arg-type]  # a test's own choice of arguments
        return out.getvalue()

    return make


def without_signature(pdf: pikepdf.Pdf) -> None:
    del pdf.Root.AcroForm
    if "/Perms" in pdf.Root:
        del pdf.Root.Perms
    for page in pdf.pages:
        if "/Annots" in page:
            del page.Annots


def printed(target: Target) -> bytes:
    """Return the page as a picture in a new file, as a scanner or "print to PDF" does."""
    page = pypdfium2.PdfDocument(target.letter)[0]
    out = io.BytesIO()
    page.render(scale=2).to_pil().convert("RGB").save(out, "PDF")
    return out.getvalue()


def signed_by_a_stranger(target: Target) -> bytes:
    """Take our signature off and put one's own on, with the office's name in it."""
    unsigned = rewritten(without_signature)(target)
    return by_pyhanko(Writer(io.BytesIO(unsigned)), stranger("Kepala Desa Ngunut"), "Signature")


def a_strangers_file(_target: Target) -> bytes:
    """Return another body's signed file, which claims nothing of ours."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return by_pyhanko(Writer(out), stranger("Bank Rekaan"), "Signature")


def unchanged(_pdf: pikepdf.Pdf) -> None:
    pass


def launching(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="cmd.exe")


def many_pages(pdf: pikepdf.Pdf) -> None:
    for _ in range(10_000):
        pdf.pages.append(pdf.pages[0])


def swollen(pdf: pikepdf.Pdf) -> None:
    """A page that unpacks to a gigabyte."""
    once = pikepdf.Stream(pdf, bytes(100_000_000))
    pdf.pages[0].Contents = once


_I, _C, _T = Family.INCREMENTAL_SAVING, Family.CERTIFIED, Family.TWO_SIGNATURES
_R = Family.REWRITTEN
_ANOTHER = Reason.FOREIGN_SIGNATURE
"""What other programs write is not our form, though the file still names our letter."""

ATTACKS: tuple[Attack, ...] = (
    altered(_I, "the text painted over", updated(covered)),
    altered(_I, "the page's content replaced", updated(replaced_contents)),
    altered(_I, "a page added", updated(another_page)),
    altered(_I, "the catalog's language", updated(another_title)),
    altered(_I, "the attached data taken away", updated(another_attachment)),
    altered(_I, "an update cut off in its trailer", lambda t: updated(covered)(t)[:-1]),
    altered(Family.SHADOW, "a layer that hides", updated(hidden_layer)),
    altered(Family.SHADOW, "another typeface", updated(another_font)),
    altered(Family.SHADOW, "another catalog", updated(another_catalog)),
    altered(_C, "a note over the text", updated(annotated("/FreeText"))),
    altered(_C, "a stamp over the text", updated(annotated("/Stamp"))),
    altered(_C, "a redaction", updated(annotated("/Redact"))),
    altered(_C, "a link over the page", updated(annotated("/Link"))),
    altered(_C, "an empty field for a signature", updated(another_field)),
    altered(_C, "a stranger signs too", lambda t: signed_again(t, stranger("Orang Lain"))),
    altered(_C, "the insider signs again", lambda t: signed_again(t, t.insider)),
    altered(Family.LONG_TERM, "certificates added", with_long_term_data),
    altered(Family.LONG_TERM, "a time-stamp added", with_time_stamp),
    altered(Family.ACTIVE, "a script added", updated(with_script)),
    altered(_T, "a note on an endorsed letter", updated(annotated("/FreeText"), "endorsed")),
    altered(_T, "a third signature", lambda t: signed_again(t, stranger("Orang Lain"), "endorsed")),
    altered(_R, "saved by another program", rewritten(unchanged), _ANOTHER),
    altered(
        _R,
        "saved with object streams",
        rewritten(unchanged, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        _ANOTHER,
    ),
    altered(_R, "saved for the web", rewritten(unchanged, linearize=True), _ANOTHER),
    altered(_R, "our field taken off", rewritten(without_signature), _ANOTHER),
    altered(_R, "signed by a stranger in our name", signed_by_a_stranger, _ANOTHER),
    altered(
        _R,
        "under a password",
        rewritten(unchanged, encryption=pikepdf.Encryption(owner="a", user="b")),
        _ANOTHER,
    ),
    cannot_say(_R, "printed to a file", printed, Reason.FILE_UNSIGNED),
    altered(Family.ACTIVE, "a program to start", rewritten(launching), _ANOTHER),
    altered(Family.BOMB, "ten thousand pages", rewritten(many_pages), _ANOTHER),
    altered(Family.BOMB, "a page of a hundred megabytes", rewritten(swollen), _ANOTHER),
    not_ours(_R, "a stranger's own file", a_strangers_file),
)
