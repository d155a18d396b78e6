"""What a letter costs without this project: ReportLab, and a signature by hand or by pyHanko.

The floor is DESIGN §9's: one page in one TrueType font, embedded as a subset, its page
compressed as ReportLab does by default. The words are those of our own domicile
letter. They are drawn the shortest way there is, a line of text at a time: no
paragraphs, no justification, no second face, no emblem, no QR, nothing for archives or
screen readers. The font is loaded once, and nothing is written in base 85, which is
ReportLab's default: both only make the floor cheaper, and our ratio to it larger.
"""

from __future__ import annotations

import io
from pathlib import Path

import reportlab
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import SigSeedSubFilter
from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

_FOLDERS = (
    Path(__file__).parents[2] / "templates" / "fonts",
    Path("/usr/share/fonts/truetype/croscore"),
)
_ARIMO = "Arimo-Regular.ttf"
_VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
_FONT = "plain-letter"
_LEFT, _TOP, _LINE_HEIGHT, _SIZE = 85, 800, 15, 11

_LETTER = """\
PEMERINTAH KABUPATEN BOJONEGORO
KECAMATAN DANDER
DESA NGUNUT
Jalan Raya Ngunut Nomor 1, Bojonegoro
Pos-el kantor@ngunut.dander.bojonegoro.example, laman ngunut.dander.bojonegoro.example

SURAT KETERANGAN DOMISILI
Nomor : 400.12.2.1/21/412.414.01/2026

Yang bertanda tangan di bawah ini, Kepala Desa Ngunut, Kecamatan Dander,
Kabupaten Bojonegoro, menerangkan dengan sebenarnya bahwa:
Nama : Budi Rekaan Santoso
NIK : 3522991708900001
Tempat, tanggal lahir : Bojonegoro, 17 Agustus 1990
Jenis kelamin : Laki-laki
Kewarganegaraan : WNI
Agama : Islam
Status perkawinan : Kawin
Pekerjaan : Petani
Alamat : Jalan Ledok Asri Nomor 12, RT 003/RW 002, Kelurahan Ledok Kulon
Orang tersebut di atas bertempat tinggal di Dusun Krajan, RT 001/RW 001, Desa Ngunut,
Kecamatan Dander sejak 15 Maret 2021 sebagai penyewa di rumah milik Sutrisno Hadi
Rekaan. Alamat yang tercantum pada KTP-el yang bersangkutan adalah Jalan Ledok Asri
Nomor 12, RT 003/RW 002, Kelurahan Ledok Kulon, Kecamatan Bojonegoro. Sepanjang
pengetahuan kami, sampai dengan tanggal surat ini yang bersangkutan
masih berdomisili di alamat tersebut.
Surat keterangan ini diberikan untuk keperluan pengurusan pembukaan rekening bank.
Surat keterangan ini berlaku sampai dengan 24 Mei 2027.
Demikian surat keterangan ini dibuat dengan sebenarnya agar dapat digunakan
sebagaimana mestinya.

Ngunut, 24 November 2026
KEPALA DESA NGUNUT,
Ditandatangani secara elektronik oleh
Samsul Cahyono
"""


class PlainLetter:
    """One page of text in one subset TrueType font. What can be kept ready is."""

    def __init__(self, private: ec.EllipticCurvePrivateKey, signer: SimpleSigner) -> None:
        rl_config.useA85 = 0
        pdfmetrics.registerFont(TTFont(_FONT, str(_font_file())))
        self._lines = _LETTER.split("\n")
        self._private = private
        self._signer = signer

    def page(self) -> bytes:
        """Return the page, unsigned."""
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=A4, pageCompression=1)
        canvas.setFont(_FONT, _SIZE)
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


def _font_file() -> Path:
    return next((path for folder in _FOLDERS if (path := folder / _ARIMO).is_file()), _VERA)
