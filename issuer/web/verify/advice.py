"""What to do next, for every answer that is not about a letter that was found."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual
from issuer.domain.verdict import Reason, Verification
from issuer.web.language import say

T = Bilingual

_DO_NOT_ACCEPT = T(
    "Jangan terima suratnya. Simpan salinannya, lalu hubungi kantor penerbit lewat nomor atau "
    "alamat yang Anda ketahui sendiri, bukan yang tertulis pada surat.",
    "Do not accept the letter. Keep a copy, then ask the issuing office by a number or address "
    "that you know yourself, not one from the letter.",
)
_ASK_FOR_THE_FILE = T(
    "Mintalah berkas PDF asli dari pemilik surat, bukan hasil cetak ke PDF, tangkapan layar, atau "
    "kiriman ulang. Atau pindai kode QR di kertasnya.",
    "Ask the holder for the original PDF, not a print to PDF, a screenshot or a copy of it. "
    "Or scan the QR code on the paper.",
)
_LATER = T(
    "Coba beberapa saat lagi. Sampai saat itu, jangan menyimpulkan bahwa surat ini asli "
    "ataupun palsu.",
    "Try again in a while. Until then, conclude neither that the letter is genuine nor that "
    "it is false.",
)
_ANOTHER_OFFICE = T(
    "Tanyakan kepada pihak yang namanya tertera di sana, atau periksa di situs resminya. "
    "Kami hanya dapat memeriksa surat dari kantor ini.",
    "Ask whoever is named there, or check on their official site. "
    "We can only check letters of this office.",
)
_SCAN_AGAIN = T(
    "Pindai lagi dengan kamera ponsel, dari jarak 10–15 cm dan tanpa bayangan. Bila tetap sama, "
    "ketik nomor surat dan kode verifikasinya.",
    "Scan again with a phone's camera, from 10–15 cm and without shadows. If it stays the same, "
    "type the number and the verification code.",
)

ADVICE: Mapping[Reason, Bilingual] = {
    Reason.FILE_ALTERED: _DO_NOT_ACCEPT,
    Reason.SIGNATURE_BROKEN: _DO_NOT_ACCEPT,
    Reason.CREDENTIAL_DIFFERS: _DO_NOT_ACCEPT,
    Reason.ISSUER_REVOKED: _DO_NOT_ACCEPT,
    Reason.NUMBER_VOIDED: _DO_NOT_ACCEPT,
    Reason.CREDENTIAL_UNKNOWN_KEY: _DO_NOT_ACCEPT,
    Reason.CREDENTIAL_FOREIGN_HOST: T(
        "Jangan buka tautan itu. Bila suratnya mengaku dari kantor ini, jangan terima suratnya "
        "dan laporkan kepada kami.",
        "Do not open that link. If the letter claims to be from this office, do not accept it, "
        "and report it to us.",
    ),
    Reason.CREDENTIAL_MALFORMED: _SCAN_AGAIN,
    Reason.NUMBER_OR_CODE_WRONG: T(
        "Ketik lagi persis seperti tercetak: nomor dengan garis miringnya, lalu kode 12 huruf dan "
        "angka di dekat kode QR. Bila tetap tidak cocok, jangan terima suratnya.",
        "Type them again just as printed: the number with its slashes, then the code of 12 letters "
        "and digits beside the QR code. If they still do not match, do not accept the letter.",
    ),
    Reason.NOT_REGISTERED: _LATER,
    Reason.NOT_YET_ISSUED: _LATER,
    Reason.REGISTER_UNAVAILABLE: _LATER,
    Reason.REVOCATION_LIST_STALE: _LATER,
    Reason.FOREIGN_SIGNATURE: _ANOTHER_OFFICE,
    Reason.ISSUER_NOT_TRUSTED: _ANOTHER_OFFICE,
    Reason.FILE_UNSIGNED: _ASK_FOR_THE_FILE,
    Reason.FILE_ENCRYPTED: _ASK_FOR_THE_FILE,
    Reason.FILE_INCOMPLETE: T(
        "Unduh atau mintalah berkasnya sekali lagi, lalu periksa lagi.",
        "Download the file again or ask for it again, then check again.",
    ),
    Reason.FILE_NOT_PDF: T(
        "Pilih berkas PDF asli, atau foto surat dalam bentuk PNG atau JPEG.",
        "Choose the original PDF, or a photo of the letter as PNG or JPEG.",
    ),
    Reason.FILE_UNREADABLE: T(
        "Simpan gambarnya sekali lagi sebagai JPEG atau PNG, atau foto ulang suratnya.",
        "Save the picture again as JPEG or PNG, or take another photo of the letter.",
    ),
    Reason.FILE_TOO_LARGE: T(
        "Surat kantor ini tidak pernah sebesar itu. Foto dengan mutu lebih rendah, atau pakai "
        "berkas PDF aslinya.",
        "Letters of this office are never that large. Take a photo of lower quality, or use the "
        "original PDF.",
    ),
    Reason.QR_NOT_FOUND: _SCAN_AGAIN,
}
"""For reasons that can stand without a letter; the others say what passed."""


def advice(seen: Verification) -> str:
    """Return what to do about an answer, by the first of its reasons that says so."""
    if seen.letter is not None:
        return say(_DO_NOT_ACCEPT)
    return say(ADVICE.get(main_reason(seen), _LATER))


def main_reason(seen: Verification) -> Reason:
    """Return the reason that decided: of a letter its status, else what came in the way."""
    if seen.letter is not None:
        return seen.reasons[-1]
    return next((reason for reason in seen.reasons if reason in ADVICE), seen.reasons[-1])
