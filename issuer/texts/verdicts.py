"""What verifying a letter says: verdicts, what they mean, checks, reasons, signatures."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual
from issuer.domain.verdict import Check, Reason, SignatureKind, Verdict

T = Bilingual

VERDICTS: Mapping[Verdict, Bilingual] = {
    Verdict.VALID: T("ASLI DAN BERLAKU", "GENUINE AND IN FORCE"),
    Verdict.EXPIRED: T("ASLI, SUDAH KEDALUWARSA", "GENUINE, EXPIRED"),
    Verdict.REVOKED: T("DICABUT", "REVOKED"),
    Verdict.SUPERSEDED: T("SUDAH DIGANTI", "REPLACED"),
    Verdict.NOT_YET_ISSUED: T("BELUM TERBIT", "NOT YET ISSUED"),
    Verdict.ALTERED: T("ISI BERUBAH", "ALTERED"),
    Verdict.UNKNOWN: T("TIDAK DIKENAL", "UNKNOWN"),
    Verdict.INDETERMINATE: T("BELUM DAPAT DIPASTIKAN", "CANNOT SAY NOW"),
}

MEANINGS: Mapping[Verdict, Bilingual] = {
    Verdict.VALID: T(
        "Surat ini diterbitkan oleh kantor ini dan masih berlaku. "
        "Cocokkan isinya dengan data di bawah.",
        "This letter was issued by this office and is in force. Compare it with the data below.",
    ),
    Verdict.EXPIRED: T(
        "Surat ini asli, tetapi masa berlakunya sudah lewat. Mintalah surat yang baru.",
        "This letter is genuine, but its term has passed. Ask for a new one.",
    ),
    Verdict.REVOKED: T(
        "Surat ini pernah terbit, lalu dicabut. Jangan dipakai lagi.",
        "This letter was issued and later revoked. Do not rely on it.",
    ),
    Verdict.SUPERSEDED: T(
        "Surat ini sudah diganti dengan surat lain. Mintalah surat penggantinya.",
        "This letter was replaced by another one. Ask for the replacement.",
    ),
    Verdict.NOT_YET_ISSUED: T(
        "Nomor ini sudah dipesan, tetapi suratnya belum ditandatangani.",
        "This number is taken, but the letter has not been signed.",
    ),
    Verdict.ALTERED: T(
        "Yang diperiksa ini tidak sama dengan surat yang diterbitkan. Jangan dipercaya.",
        "What was checked is not what was issued. Do not trust it.",
    ),
    Verdict.UNKNOWN: T(
        "Kantor ini tidak mengenal surat ini. Periksa lagi yang diketik atau dipindai, "
        "lalu hubungi kantor penerbit.",
        "This office does not know this letter. Check what was typed or scanned, "
        "then ask the issuing office.",
    ),
    Verdict.INDETERMINATE: T(
        "Surat ini belum dapat dipastikan sekarang. Belum tentu palsu: coba lagi nanti "
        "atau dengan cara lain.",
        "This cannot be decided now. It need not be false: try later or in another way.",
    ),
}

CHECKS: Mapping[Check, Bilingual] = {
    Check.PASSED: T("cocok", "passed"),
    Check.FAILED: T("tidak cocok", "failed"),
    Check.NOT_CHECKED: T("belum diperiksa", "not checked"),
}

REASONS: Mapping[Reason, Bilingual] = {
    Reason.REGISTERED_BYTES: T(
        "Berkas ini sama persis dengan yang tersimpan di register.",
        "The file is byte for byte the one in the register.",
    ),
    Reason.RECORD_MATCHES: T(
        "Isi kode QR sama dengan register.", "The QR code agrees with the register."
    ),
    Reason.CODE_MATCHES: T(
        "Nomor dan kode verifikasi cocok dengan register.",
        "Number and verification code agree with the register.",
    ),
    Reason.SIGNATURE_HOLDS: T(
        "Tanda tangan elektroniknya utuh.", "The electronic signature holds."
    ),
    Reason.ISSUER_TRUSTED: T(
        "Dibuat dengan kunci kantor ini.", "It was made with a key of this office."
    ),
    Reason.IN_FORCE: T("Surat masih berlaku.", "The letter is in force."),
    Reason.EXPIRED: T("Masa berlaku surat sudah lewat.", "The letter's term has passed."),
    Reason.REVOKED: T("Surat sudah dicabut.", "The letter has been revoked."),
    Reason.SUPERSEDED: T("Surat sudah diganti.", "The letter has been replaced."),
    Reason.NOT_YET_ISSUED: T("Surat belum ditandatangani.", "The letter has not been signed."),
    Reason.NUMBER_VOIDED: T(
        "Nomor ini dibatalkan; suratnya tidak pernah terbit.",
        "This number was given up; its letter was never issued.",
    ),
    Reason.NOT_REGISTERED: T("Tidak tercatat di register.", "It is not in the register."),
    Reason.FILE_ALTERED: T(
        "Berkas berbeda dari yang diterbitkan.", "The file differs from the one issued."
    ),
    Reason.FILE_NOT_PDF: T(
        "Berkas bukan PDF, PNG, atau JPEG yang utuh.",
        "The file is not a whole PDF, PNG or JPEG.",
    ),
    Reason.FILE_INCOMPLETE: T(
        "Akhir berkas PDF ini hilang, mungkin unduhannya terputus. Unduh lagi, lalu periksa lagi.",
        "The end of this PDF is missing; the download may have broken off. "
        "Download it again, then check again.",
    ),
    Reason.FILE_UNSIGNED: T(
        "PDF ini tidak bertanda tangan elektronik, mungkin hasil pindai atau cetak ulang. "
        "Berkasnya sendiri tidak membuktikan apa pun; hanya kode QR-nya yang diperiksa.",
        "This PDF has no electronic signature; it may be a scan or a re-print. The file itself "
        "proves nothing; only the QR in it was looked at.",
    ),
    Reason.FILE_ENCRYPTED: T(
        "PDF ini terkunci (terenkripsi). Surat kantor ini tidak pernah dikunci.",
        "This PDF is encrypted. Letters of this office never are.",
    ),
    Reason.FILE_ACTIVE: T(
        "PDF ini memuat skrip atau perintah. Surat kantor ini tidak pernah memuatnya; "
        "jangan dibuka.",
        "This PDF holds a script or command. Letters of this office never do; do not open it.",
    ),
    Reason.FILE_TOO_LARGE: T(
        "Berkas terlalu besar; batasnya 25 MB.", "The file is too large; the limit is 25 MB."
    ),
    Reason.FILE_UNREADABLE: T("Berkas tidak dapat dibaca.", "The file cannot be read."),
    Reason.FOREIGN_SIGNATURE: T(
        "PDF ini ditandatangani pihak lain, bukan kantor ini.",
        "This PDF was signed by somebody else, not by this office.",
    ),
    Reason.SIGNATURE_BROKEN: T(
        "Tanda tangan elektronik tidak cocok dengan isinya.",
        "The electronic signature does not fit the content.",
    ),
    Reason.ISSUER_NOT_TRUSTED: T(
        "Sertifikat penandatangan bukan dari kantor ini.",
        "The signer's certificate is not of this office.",
    ),
    Reason.ISSUER_REVOKED: T(
        "Sertifikat penandatangan sudah dicabut.", "The signer's certificate was revoked."
    ),
    Reason.REVOCATION_LIST_STALE: T(
        "Daftar pencabutan sertifikat belum diperbarui.",
        "The certificate revocation list is out of date.",
    ),
    Reason.CREDENTIAL_MALFORMED: T(
        "Kode QR ini bukan kode surat dari kantor ini.",
        "This QR code is not a letter code of this office.",
    ),
    Reason.CREDENTIAL_FOREIGN_HOST: T(
        "Kode QR ini menuju situs lain, bukan situs kantor ini.",
        "This QR code leads to another site, not to this office.",
    ),
    Reason.CREDENTIAL_UNKNOWN_KEY: T(
        "Kode QR ini dibuat dengan kunci yang tidak dikenal.",
        "This QR code was made with an unknown key.",
    ),
    Reason.CREDENTIAL_DIFFERS: T(
        "Isi kode QR berbeda dari register.", "The QR code differs from the register."
    ),
    Reason.NUMBER_OR_CODE_WRONG: T(
        "Nomor dan kode verifikasi tidak cocok. Ketik lagi seperti tercetak.",
        "Number and verification code do not belong together. Type them as printed.",
    ),
    Reason.REGISTER_UNAVAILABLE: T(
        "Register sedang tidak dapat dibaca. Coba beberapa saat lagi.",
        "The register cannot be read at the moment. Try again soon.",
    ),
    Reason.QR_NOT_FOUND: T(
        "Tidak ada kode QR yang terbaca di berkas ini. Foto lagi dari jarak 10–15 cm.",
        "No readable QR code in this file. Take a photo again from 10–15 cm.",
    ),
}

SIGNATURE_KINDS: Mapping[SignatureKind, Bilingual] = {
    SignatureKind.CERTIFIED: T(
        "Tanda tangan elektronik tersertifikasi (BSrE)", "Certified electronic signature (BSrE)"
    ),
    SignatureKind.OFFICE_KEY: T(
        "Tanda tangan elektronik dengan kunci kantor, tidak tersertifikasi",
        "Electronic signature with the office's own key, not certified",
    ),
    SignatureKind.QR_ONLY: T(
        "Kode QR yang ditandatangani kantor; berkas PDF tidak diperiksa",
        "QR code signed by the office; the PDF file was not checked",
    ),
    SignatureKind.FOREIGN: T(
        "Tanda tangan pihak lain, tidak diperiksa", "Somebody else's signature, not checked"
    ),
}
