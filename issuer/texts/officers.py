"""What is wrong with a PIN or with what an officer chose to sign, and how a row failed."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual

T = Bilingual

PROBLEMS: Mapping[str, Bilingual] = {
    "bad_pin": T(
        "PIN terdiri atas {least} sampai {most} angka.", "A PIN has {least} to {most} digits."
    ),
    "easy_pin": T(
        "PIN ini mudah ditebak. Jangan angka yang sama atau berurutan.",
        "This PIN is easily guessed. Do not repeat digits or count up or down.",
    ),
    "wrong_pin": T(
        "PIN salah. Belum ada surat yang ditandatangani.",
        "The PIN is wrong. No letter has been signed.",
    ),
    "no_pin": T(
        "Akun Anda tidak memakai PIN. Tanda tangani dengan passkey, atau minta PIN kepada "
        "operator.",
        "Your account has no PIN. Sign with a passkey, or ask the operator for a PIN.",
    ),
    "wrong_passkey": T(
        "Passkey tidak cocok, atau waktunya habis. Belum ada surat yang ditandatangani. Coba lagi.",
        "The passkey does not fit, or its time is over. No letter has been signed. Try again.",
    ),
    "no_passkey": T(
        "Akun Anda belum punya passkey. Pasang satu di halaman akun, atau pakai PIN.",
        "Your account has no passkey. Set one up on your account's page, or use your PIN.",
    ),
    "changed_since_asked": T(
        "Ada yang berubah sejak Anda melihatnya, jadi belum ada surat yang ditandatangani. "
        "Periksa lagi, lalu tanda tangani.",
        "Something changed since you looked, so no letter has been signed. Check again, then sign.",
    ),
    "no_signatory_s_account": T(
        "Akun ini bukan akun pejabat penandatangan.",
        "This account is not a signatory's.",
    ),
    "not_of_this_kind": T(
        "Tidak dipakai pada bentuk mandat ini; kosongkan.",
        "This form of mandate has none; leave it empty.",
    ),
    "begins_in_the_past": T(
        "Mandat berlaku mulai hari ini atau nanti.", "A mandate begins today or later."
    ),
    "ends_before_it_begins": T(
        "Hari terakhir mendahului hari pertama.", "The last day is before the first."
    ),
    "not_shortened": T(
        "Mandat hanya dapat diakhiri sekarang atau pada hari sebelum akhirnya yang sekarang.",
        "A mandate can end now, or on a day before its present end.",
    ),
    "no_such_type": T("Jenis surat ini tidak ada.", "There is no such type of letter."),
    "none_chosen": T("Pilih paling sedikit satu surat.", "Choose at least one letter."),
    "too_many_chosen": T(
        "Paling banyak {limit} surat sekaligus. Pilih lebih sedikit.",
        "At most {limit} letters at once. Choose fewer.",
    ),
    "nothing_to_sign": T(
        "Tidak ada dari pilihan ini yang dapat ditandatangani sekarang.",
        "None of these can be signed now.",
    ),
}

OUTCOMES: Mapping[str, Bilingual] = {
    "stale_version": T(
        "Sudah ditangani orang lain, atau berubah sejak Anda lihat. Lihat lagi di daftar.",
        "Somebody else has dealt with it, or it changed since you looked. See the list again.",
    ),
    "no_mandate": T(
        "Anda tidak memiliki mandat untuk jenis surat ini hari ini.",
        "You have no mandate for this type of letter today.",
    ),
    "no_endorser": T(
        "Pilih pejabat kecamatan yang mengetahui.",
        "Choose the district's officer who endorses it.",
    ),
    "key_unavailable": T(
        "Sertifikat tanda tangan tidak dapat dipakai. Hubungi admin.",
        "The signing certificate cannot be used. Ask the administrator.",
    ),
    "not_permitted": T(
        "Anda tidak lagi berwenang menandatangani surat ini.",
        "You may no longer sign this letter.",
    ),
    "not_fit_to_sign": T(
        "Surat tidak lolos pemeriksaan sebelum tanda tangan. Kembalikan kepada petugas.",
        "The letter failed the check before signing. Give it back to the clerk.",
    ),
}
"""How a letter of a batch failed, by the error's code; any other is worded as the error is."""
