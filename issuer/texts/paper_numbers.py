"""Numbers on paper in words: why one was given up, and what is wrong with an entry."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual
from issuer.domain.paper_number import PaperVoidReason

T = Bilingual

VOID_REASONS: Mapping[PaperVoidReason, Bilingual] = {
    PaperVoidReason.UNUSED: T("Tidak dipakai", "Not used"),
    PaperVoidReason.SPOILED: T("Salah tulis atau rusak", "Written wrongly, or spoiled"),
    PaperVoidReason.TAKEN_BACK: T(
        "Surat kertasnya ditarik kembali", "The letter on paper was taken back"
    ),
    PaperVoidReason.NOT_ISSUED_AGAIN: T(
        "Surat kertas diserahkan, tidak diterbitkan ulang",
        "The letter on paper was handed out and is not issued anew",
    ),
}

PROBLEMS: Mapping[str, Bilingual] = {
    "paper_count": T(
        "Isi jumlah nomor dari 1 sampai {most}.", "Enter how many numbers, from 1 to {most}."
    ),
    "paper_date": T(
        "Pilih tanggal dari hari ini sampai {days} hari lagi.",
        "Choose a date from today to {days} days ahead.",
    ),
    "paper_too_many_waiting": T(
        "Sudah ada {waiting} nomor kertas yang belum selesai; paling banyak {most}. Catat atau "
        "gugurkan dahulu yang lama.",
        "{waiting} numbers on paper are still open; at most {most} may be. Enter or void the "
        "old ones first.",
    ),
    "paper_no_choice": T("Pilih paling sedikit satu nomor.", "Choose at least one number."),
    "paper_no_reason": T("Pilih alasan nomor ini digugurkan.", "Choose why the number is voided."),
    "paper_other_series": T(
        "Nomor kertas ini bukan untuk jenis surat ini.",
        "This number on paper is not for this type of letter.",
    ),
    "paper_year_over": T(
        "Tahun nomor kertas ini sudah lewat. Gugurkan nomornya, lalu buat surat baru.",
        "The year of this number on paper is over. Void it, then make a new letter.",
    ),
}
