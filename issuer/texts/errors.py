"""What each error of the closed family says to whoever meets it."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain import errors
from issuer.domain.errors import IssuerError
from issuer.domain.letter_types import Bilingual

T = Bilingual

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
    errors.WordingChanged: T(
        "Jenis surat ini baru saja diganti versinya. Periksa isian dan lihat konsepnya lagi, "
        "lalu terbitkan.",
        "A new version of this letter type has just come into force. Check the answers and look "
        "at the draft again, then issue.",
    ),
    errors.AnswersOutdated: T(
        "Jenis surat ini sekarang menanyakan hal yang belum dijawab permohonan ini. Kembalikan "
        "permohonannya supaya dilengkapi.",
        "This letter type now asks for something that the request does not answer. Return the "
        "request to be completed.",
    ),
    errors.AnotherPersonNeeded: T(
        "Langkah ini harus dilakukan oleh orang lain: Anda sudah ikut memeriksa permohonan ini.",
        "Somebody else must take this step: you have already taken part in this request.",
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
    errors.StatusListFull: T(
        "Daftar status surat tahun ini penuh. Surat berikutnya baru dapat diterbitkan tahun "
        "depan; tidak ada nomor yang terpakai. Hubungi admin kabupaten.",
        "The status list of this year's letters is full. Further letters have to wait for next "
        "year; no number was used. Tell the regency's admin.",
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
