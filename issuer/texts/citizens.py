"""What is wrong with an entry of a resident's account, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual

T = Bilingual

PROBLEMS: Mapping[str, Bilingual] = {
    "wrong_counter_code": T(
        "Kode dan tanggal lahir tidak cocok, atau kodenya sudah dipakai atau lewat masanya. "
        "Ketik lagi, atau minta kode baru di loket dengan KTP.",
        "Code and date of birth do not belong together, or the code was used or has ended. "
        "Type them again, or ask for a new code at the counter with your KTP.",
    ),
    "wrong_mail_code": T(
        "Kode salah. Salin lagi dari surel yang paling baru.",
        "The code is wrong. Copy it again from the newest mail.",
    ),
    "mail_code_ended": T(
        "Kode itu sudah dipakai, lewat masanya, atau diminta di perangkat lain. "
        "Minta kode baru di sini.",
        "That code was used, has ended, or was asked for on another device. "
        "Ask for a new one here.",
    ),
    "mail_code_tried": T(
        "Terlalu banyak kode salah. Minta kode baru di bawah halaman ini.",
        "Too many wrong codes. Ask for a new one at the foot of this page.",
    ),
    "too_many_mails": T(
        "Terlalu banyak kode diminta. Lihat surel yang sudah datang, atau tunggu {minutes} menit.",
        "Too many codes were asked for. Look at the mail that came, or wait {minutes} minutes.",
    ),
    "sign_in_anew": T(
        "Demi keamanan: keluar, masuk lagi, lalu hapus akun dalam 10 menit.",
        "To be safe: sign out, sign in again, and remove the account within 10 minutes.",
    ),
    "not_seen": T(
        "Centang bahwa Anda melihat orangnya dan KTP aslinya.",
        "Tick that you see the person and the original KTP.",
    ),
    "not_as_registered": T(
        "Berbeda dengan data penduduk untuk NIK ini. Baca lagi KTP-nya.",
        "The register of residents has another date for this NIK. Read the KTP again.",
    ),
}
