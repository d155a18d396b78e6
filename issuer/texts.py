"""The closed vocabulary in words: every code a person can meet, in both languages.

Indonesian first, English second. Tests hold these tables against the codes.
"""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain import errors
from issuer.domain.errors import IssuerError, Problem
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

ERRORS: Mapping[type[IssuerError], Bilingual] = {
    errors.InvalidInput: T(
        "Ada isian yang perlu diperbaiki.", "Some entries need to be corrected."
    ),
    errors.NotFound: T("Tidak ditemukan.", "Not found."),
    errors.NotAuthenticated: T(
        "Nama pengguna atau kata sandi salah, atau Anda perlu masuk lagi.",
        "User name or password is wrong, or you need to sign in again.",
    ),
    errors.NotPermitted: T("Akun Anda tidak berwenang untuk ini.", "Your account may not do this."),
    errors.TooManyAttempts: T(
        "Terlalu banyak percobaan. Tunggu sebentar, lalu coba lagi.",
        "Too many attempts. Wait a little, then try again.",
    ),
    errors.IllegalTransition: T(
        "Langkah ini tidak dapat dilakukan pada keadaan sekarang. Muat ulang halaman.",
        "This step is not possible in the present state. Reload the page.",
    ),
    errors.StaleVersion: T(
        "Orang lain sudah mengubahnya lebih dulu. Muat ulang, lalu periksa lagi.",
        "Somebody else changed it first. Reload and look again.",
    ),
    errors.NoMandate: T(
        "Pejabat ini tidak berwenang menandatangani jenis surat ini hari ini. "
        "Pilih pejabat lain atau perbarui mandatnya.",
        "This signatory has no mandate for this letter today. "
        "Choose another one or renew the mandate.",
    ),
    errors.NumberConflict: T(
        "Pola nomor menghasilkan nomor yang sudah dipakai. Hubungi admin kabupaten.",
        "The number pattern gives a number that is taken. Ask the regency's admin.",
    ),
    errors.NotFitToSign: T(
        "Surat tidak lolos pemeriksaan sebelum ditandatangani; nomornya dibatalkan.",
        "The letter failed the check before signing; its number was voided.",
    ),
    errors.KeyUnavailable: T(
        "Kunci tanda tangan pejabat ini tidak dapat dipakai sekarang. Hubungi admin.",
        "This signatory's key cannot be used now. Ask the admin.",
    ),
    errors.MalformedCredential: T(
        "Kode QR ini bukan kode surat dari kantor ini.",
        "This QR code is not a letter code of this office.",
    ),
    errors.InvalidDocument: T(
        "Berkas ini tidak dapat dibaca sebagai surat atau gambar.",
        "This file cannot be read as a letter or picture.",
    ),
    errors.InvalidSignature: T(
        "Tanda tangan elektronik tidak sah.", "The electronic signature does not hold."
    ),
    errors.TooLarge: T("Berkas terlalu besar.", "The file is too large."),
    errors.CorruptStore: T(
        "Data yang tersimpan rusak. Hubungi admin kabupaten.",
        "Stored data is damaged. Ask the regency's admin.",
    ),
    errors.DependencyUnavailable: T(
        "Layanan sedang tidak tersedia. Coba beberapa saat lagi.",
        "The service is not available. Try again soon.",
    ),
    errors.ConfigurationError: T(
        "Kantor ini belum disiapkan dengan benar. Hubungi admin.",
        "This office is not set up correctly. Ask the admin.",
    ),
}

PROBLEMS: Mapping[str, Bilingual] = {
    "required": T("Harus diisi.", "This is required."),
    "unknown_field": T("Isian ini tidak dikenal: {field}.", "Unknown entry: {field}."),
    "not_text": T("Harus berupa teks.", "This must be text."),
    "not_json": T("Bukan JSON yang utuh.", "This is not well-formed JSON."),
    "not_an_object": T("Harus berupa objek JSON.", "This must be a JSON object."),
    "too_long": T("Paling banyak {limit} karakter.", "At most {limit} characters."),
    "too_short": T("Paling sedikit {limit} karakter.", "At least {limit} characters."),
    "unprintable": T(
        "Berisi karakter yang tidak dapat dicetak. Ketik ulang tanpa menyalin.",
        "It contains characters that cannot be printed. Type it instead of pasting.",
    ),
    "missing_glyph": T(
        "Karakter ini tidak ada dalam huruf surat: {characters}",
        "The letter's typeface lacks these characters: {characters}",
    ),
    "impossible_nik": T(
        "NIK tidak mungkin benar. Ketik 16 angka seperti di KTP.",
        "No such NIK can exist. Type the 16 digits on the KTP.",
    ),
    "impossible_date": T(
        "Tanggal tidak ada. Tulis tahun-bulan-tanggal, misalnya 1990-08-17.",
        "No such date. Write year-month-day, for example 1990-08-17.",
    ),
    "date_in_future": T("Tanggal belum tiba.", "This date is in the future."),
    "date_too_old": T("Tahun paling awal {year}.", "The earliest year is {year}."),
    "not_a_choice": T("Pilih salah satu: {choices}.", "Choose one of: {choices}."),
    "not_a_list": T("Harus berupa daftar.", "This must be a list."),
    "too_many_rows": T("Paling banyak {limit} baris.", "At most {limit} rows."),
    "too_few_rows": T("Paling sedikit {limit} baris.", "At least {limit} rows."),
    "not_asked": T(
        "Kosongkan: isian ini tidak berlaku untuk pilihan lain yang sudah diisi.",
        "Leave this empty: it does not apply to another choice you made.",
    ),
    "impossible_time": T(
        "Jam tidak ada. Tulis jam:menit, misalnya 14:30.",
        "No such time. Write hours:minutes, for example 14:30.",
    ),
    "before_birth": T(
        "Tanggal ini mendahului tanggal lahir.", "This date is before the date of birth."
    ),
    "not_a_number": T("Harus berupa bilangan bulat.", "This must be a whole number."),
    "too_small": T("Paling kecil {limit}.", "At least {limit}."),
    "too_large": T("Paling besar {limit}.", "At most {limit}."),
    "hostile_accepted": T(
        "Menerima isian yang harus ditolak.", "It accepts an entry that must be refused."
    ),
    "another_kind_of_letter": T(
        "Surat pengganti harus sejenis dan dari perangkat daerah yang sama.",
        "A letter is replaced by one of the same type and agency.",
    ),
    "type_not_issued_here": T(
        "Jenis surat ini tidak diterbitkan oleh kantor ini.",
        "This office does not issue this kind of letter.",
    ),
    "bad_serial": T(
        "Bukan nomor lembar. Pindai atau ketik seperti tercetak, misalnya BJN000123-9.",
        "This is no sheet number. Scan or type it as printed, for example BJN000123-9.",
    ),
    "bad_serial_range": T(
        "Lembar pertama dan terakhir harus berawalan sama, berurutan, paling banyak 10.000.",
        "First and last sheet need the same prefix, in order, at most 10,000 apart.",
    ),
    "blank_known": T("Lembar {serial} sudah tercatat.", "Sheet {serial} is registered already."),
    "blank_unknown": T("Lembar {serial} tidak tercatat.", "Sheet {serial} is not registered."),
    "blank_not_here": T(
        "Lembar ini bukan lembar kosong milik loket ini. Ambil lembar berikutnya.",
        "This is no unused sheet of this counter. Take the next one.",
    ),
    "blank_elsewhere": T(
        "Langkah ini tidak mungkin pada keadaan lembar {serial} sekarang.",
        "This step is not possible in the present state of sheet {serial}.",
    ),
    "skips_a_blank": T(
        "Lembar berikutnya {serial}. Pakai lembar itu, atau tulis mengapa dilewati.",
        "The next sheet is {serial}. Use it, or say why it is passed over.",
    ),
    "print_unconfirmed": T(
        "Cetakan pada lembar {serial} belum dipastikan hasilnya. Pastikan dahulu.",
        "The print on sheet {serial} is not confirmed yet. Confirm it first.",
    ),
    "not_endorsed": T(
        "Surat ini tidak diketahui (ditandatangani) kecamatan.",
        "The district does not endorse this letter.",
    ),
    "bad_webhook_url": T(
        "Harus alamat https:// dengan nama, tanpa sandi, pada port 443 atau 8443.",
        "An https:// address with a name, without a password, on port 443 or 8443.",
    ),
    "scope_missing": T(
        "Lembaga ini tidak memiliki hak {scope}.", "This institution lacks the scope {scope}."
    ),
    "bad_username": T(
        "3–40 huruf kecil, angka, titik, atau tanda hubung; diawali huruf.",
        "3–40 lower-case letters, digits, dots or hyphens; a letter first.",
    ),
    "bad_password": T("Paling sedikit {least} karakter.", "At least {least} characters."),
}


KEY_REASONS: Mapping[str, Bilingual] = {
    "no_such_key": T(
        "Kuncinya tidak ada. Jalankan 'issuer keys init'.",
        "There is no such key. Run 'issuer keys init'.",
    ),
    "open_to_others": T(
        "Berkas kunci dapat dibaca orang lain. Batasi haknya (chmod 600, foldernya 700).",
        "The key file is open to others. Restrict it (chmod 600, its folder 700).",
    ),
    "unreadable": T("Berkas kunci tidak dapat dibaca.", "The key file cannot be read."),
    "locked_or_damaged": T(
        "Kata sandi kunci salah atau berkasnya rusak.",
        "The passphrase is wrong or the key file is damaged.",
    ),
    "unsuitable": T("Jenis kunci ini tidak dapat dipakai.", "This kind of key cannot be used."),
    "another_certificate": T(
        "Sertifikatnya milik kunci lain.", "The certificate belongs to another key."
    ),
    "outside_its_dates": T(
        "Masa berlaku sertifikat sudah lewat atau belum mulai. Terbitkan sertifikat baru.",
        "The certificate has expired or does not hold yet. Issue a new one.",
    ),
    "issuer_not_trusted": T(
        "Sertifikatnya tidak berasal dari kantor ini.",
        "The certificate does not come from this office.",
    ),
    "issuer_revoked": T("Sertifikatnya sudah dicabut.", "The certificate was revoked."),
    "revocation_list_stale": T(
        "Daftar pencabutan sertifikat kedaluwarsa. Jalankan 'issuer keys publish'.",
        "The revocation list is out of date. Run 'issuer keys publish'.",
    ),
}


def problem_text(problem: Problem) -> Bilingual:
    """Return what is wrong and what to do, in both languages."""
    text = PROBLEMS[problem.code]
    return Bilingual(text.id.format_map(problem.facts), text.en.format_map(problem.facts))
