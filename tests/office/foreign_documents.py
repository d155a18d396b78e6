"""Documents of people who are not this office, signed as pyHanko signs them."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from asn1crypto import keys as asn1_keys  # type: ignore[import-untyped]  # publishes no types
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfgen.canvas import Canvas

from tests.offices import MORNING


def plain(text: str = "Surat") -> bytes:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 700, text)
    canvas.save()
    return out.getvalue()


class Stranger:
    """Somebody with a certificate of a CA of their own."""

    def __init__(self, name: str, kind: x509.ObjectIdentifier = NameOID.COMMON_NAME) -> None:
        self.root_key, self.key = (ec.generate_private_key(ec.SECP256R1()) for _ in "ab")
        root = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Root CA Contoh")])
        self.root = _certify(root, root, self.root_key, self.root_key)
        self.certificate = _certify(
            x509.Name([x509.NameAttribute(kind, name)]), root, self.key, self.root_key
        )

    def sign(self, pdf: bytes, field: str = "Tanda") -> bytes:
        """Sign as pyHanko does it, with the whole chain inside."""
        chain = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # types part of itself
        chain.register(_asn1(self.root))
        signer = SimpleSigner(
            signing_cert=_asn1(self.certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(
                self.key.private_bytes(
                    serialization.Encoding.DER,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            ),
            cert_registry=chain,
        )
        meta = PdfSignatureMetadata(
            field_name=field, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED
        )
        out = BytesIO()
        sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), meta, signer, output=out)
        return out.getvalue()


def _certify(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer_key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(MORNING - timedelta(days=1))
        .not_valid_after(MORNING + timedelta(days=365))
        .sign(issuer_key, hashes.SHA256())
    )


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
