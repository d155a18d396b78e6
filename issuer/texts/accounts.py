"""What is wrong with a name or password of an account."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual

T = Bilingual

PROBLEMS: Mapping[str, Bilingual] = {
    "bad_username": T(
        "3–40 huruf kecil, angka, titik, atau tanda hubung; diawali huruf.",
        "3–40 lower-case letters, digits, dots or hyphens; a letter first.",
    ),
    "bad_password": T("Paling sedikit {least} karakter.", "At least {least} characters."),
    "wrong_password": T("Kata sandi salah.", "The password is wrong."),
    "easy_password": T(
        "Kata sandi ini mudah ditebak. Pakai beberapa kata yang tidak berhubungan.",
        "This password is easily guessed. Use several words that have nothing to do "
        "with each other.",
    ),
    "not_the_same": T("Tidak sama dengan yang di atas.", "Not the same as the one above."),
    "wrong_one_time_code": T(
        "Kode tidak cocok. Tunggu kode berikutnya di aplikasi, lalu ketik enam angkanya. "
        "Periksa juga jam ponsel Anda.",
        "The code does not fit. Wait for the next one in the app, then type its six digits. "
        "Check your phone's clock too.",
    ),
    "wrong_second_factor": T(
        "Kode salah atau sudah dipakai. Tunggu kode berikutnya di aplikasi, atau pakai satu "
        "kode pemulihan.",
        "The code is wrong or was used before. Wait for the next one in the app, or use a "
        "recovery code.",
    ),
    "too_many_codes": T(
        "Terlalu banyak kode salah. Tunggu {minutes} menit, lalu coba lagi.",
        "Too many wrong codes. Wait {minutes} minutes, then try again.",
    ),
    "passkey_refused": T(
        "Passkey tidak cocok, dibatalkan, atau waktunya habis. Coba lagi dari awal.",
        "The passkey does not fit, was cancelled, or its time is over. Start again.",
    ),
    "too_many_passkeys": T(
        "Sudah ada {limit} passkey. Hapus satu yang tidak dipakai lagi.",
        "There are {limit} passkeys already. Remove one that is no longer used.",
    ),
    "last_second_factor": T(
        "Ini satu-satunya pengaman kedua Anda. Pasang yang lain dahulu.",
        "This is your only second factor. Set up another one first.",
    ),
    "username_taken": T(
        "Nama pengguna ini sudah dipakai. Pilih yang lain.",
        "This user name is taken. Choose another one.",
    ),
    "no_such_agency": T(
        "Tidak ada perangkat daerah dengan kode ini.", "There is no agency with this code."
    ),
    "wrong_activation": T(
        "Nama pengguna dan kode tidak cocok, atau kodenya sudah dipakai atau lewat masanya. "
        "Ketik lagi, atau minta kode baru kepada admin Anda.",
        "User name and code do not belong together, or the code was used or has ended. "
        "Type them again, or ask your admin for a new code.",
    ),
}
