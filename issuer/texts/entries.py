"""What is wrong with an entry of a form or a data file, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual

T = Bilingual

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
    "not_endorsed": T(
        "Surat ini tidak diketahui (ditandatangani) kecamatan.",
        "The district does not endorse this letter.",
    ),
}
