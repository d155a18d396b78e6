"""What a letter costs without this project: ReportLab, and a signature by hand or by pyHanko."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import reportlab
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import SigSeedSubFilter
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

_FONTS = (
    Path(__file__).parents[2] / "templates" / "fonts" / "Arimo-Regular.ttf",
    Path("/usr/share/fonts/truetype/croscore/Arimo-Regular.ttf"),
    Path(reportlab.__file__).parent / "fonts" / "Vera.ttf",
)
_FONT = "plain-letter"
_LEFT, _TOP, _LINE_HEIGHT = 85, 800, 13


class PlainLetter:
    """One page of text in one subset TrueType font. What can be kept ready is."""

    def __init__(
        self, lines: Sequence[str], private: ec.EllipticCurvePrivateKey, signer: SimpleSigner
    ) -> None:
        font = next(path for path in _FONTS if path.is_file())
        pdfmetrics.registerFont(TTFont(_FONT, str(font)))
        self._lines = lines
        self._private = private
        self._signer = signer

    def page(self) -> bytes:
        """Return the page, unsigned."""
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=A4, pageCompression=1)
        canvas.setFont(_FONT, 11)
        for place, line in enumerate(self._lines):
            canvas.drawString(_LEFT, _TOP - place * _LINE_HEIGHT, line)
        canvas.save()
        return out.getvalue()

    def signed_raw(self) -> bytes:
        """Return the page's P-256 signature: nothing less is a signed letter."""
        return self.sign(self.page())

    def sign(self, pdf: bytes) -> bytes:
        """Return the signature over the SHA-256 of a file."""
        return self._private.sign(pdf, ec.ECDSA(SHA256()))

    def signed_by_pyhanko(self) -> bytes:
        """Return the page with a PAdES B-B signature by pyHanko."""
        writer = IncrementalPdfFileWriter(io.BytesIO(self.page()))
        metadata = PdfSignatureMetadata(
            field_name="Signature", md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES
        )
        signed: io.BytesIO = sign_pdf(writer, metadata, self._signer)
        return signed.getvalue()
