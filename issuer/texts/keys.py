"""Why a signatory's key cannot be used now, and what the operator does."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual

T = Bilingual

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
