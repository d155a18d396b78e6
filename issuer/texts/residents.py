"""What is wrong with a table of residents, or with what is looked for in the register."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual

T = Bilingual

COLUMNS: Mapping[str, Bilingual] = {
    "nik": T("NIK", "NIK"),
    "name": T("Nama", "Name"),
    "birth_place": T("Tempat lahir", "Place of birth"),
    "birth_date": T("Tanggal lahir", "Date of birth"),
    "sex": T("Jenis kelamin", "Sex"),
    "religion": T("Agama", "Religion"),
    "marital_status": T("Status perkawinan", "Marital status"),
    "occupation": T("Pekerjaan", "Occupation"),
    "nationality": T("Kewarganegaraan", "Nationality"),
    "address": T("Alamat", "Address"),
    "agency": T("Kode desa", "Village code"),
    "hamlet": T("Dusun", "Hamlet"),
    "rt": T("RT", "RT"),
    "rw": T("RW", "RW"),
}
"""What a column of a table is called when this office speaks of it."""

PROBLEMS: Mapping[str, Bilingual] = {
    "not_a_table": T(
        "Berkas ini bukan CSV atau XLSX yang utuh. Simpan ulang dari aplikasi lembar sebar.",
        "This file is no sound CSV or XLSX. Save it again from the spreadsheet program.",
    ),
    "old_spreadsheet": T(
        "Berkas XLS lama atau berkas bersandi. Simpan sebagai XLSX tanpa sandi.",
        "An old XLS file, or one with a password. Save it as XLSX without a password.",
    ),
    "not_utf8": T(
        "Teks CSV ini bukan UTF-8. Simpan sebagai “CSV UTF-8” atau XLSX.",
        "The text of this CSV is not UTF-8. Save it as “CSV UTF-8” or as XLSX.",
    ),
    "table_too_large": T(
        "Berkas terlalu besar: paling banyak {limit}. Bagi menjadi beberapa berkas.",
        "The file is too large: at most {limit}. Divide it into several.",
    ),
    "no_rows": T("Tabel ini tidak berisi baris.", "This table has no rows."),
    "column_missing": T(
        "Kolom ini tidak ada. Tulis judul kolom pada baris pertama.",
        "This column is missing. Write the headings into the first row.",
    ),
    "column_twice": T("Kolom ini ada dua kali.", "This column is there twice."),
    "nik_rounded": T(
        "NIK ini tersimpan sebagai angka, sehingga angka terakhirnya hilang."
        " Format kolom NIK sebagai teks, lalu isi lagi dari sumbernya.",
        "This NIK is kept as a number, which has lost its last digits."
        " Make the column text and fill it again from its source.",
    ),
    "twice_in_file": T(
        "NIK ini sudah ada pada baris {row}.", "This NIK already stands in row {row}."
    ),
    "removes_most": T(
        "Tabel ini akan menghapus {count} warga, lebih banyak daripada yang disebutnya."
        " Tidak ada yang dihapus; periksa apakah berkasnya lengkap.",
        "This table would remove {count} residents, more than it names."
        " Nobody was removed; see whether the file is whole.",
    ),
    "not_a_home": T(
        "Bukan kode desa atau kelurahan dari kantor ini.",
        "Not the code of a village or ward of this office.",
    ),
    "another_home": T(
        "Baris ini milik desa atau kelurahan lain, bukan yang sedang diimpor.",
        "This row belongs to another village or ward than the one being imported.",
    ),
    "lives_elsewhere": T(
        "Warga ini terdaftar di desa atau kelurahan lain. Minta admin kabupaten memindahkannya.",
        "This resident is registered in another village. Ask the regency's admin to move them.",
    ),
    "name_too_short": T(
        "Ketik NIK 16 angka, atau paling sedikit {letters} huruf pertama dari satu kata nama.",
        "Type a NIK of 16 digits, or at least the first {letters} letters of a word of the name.",
    ),
    "searched_too_often": T(
        "Terlalu sering mencari. Tunggu {minutes} menit, atau isi formulir langsung.",
        "Searched too often. Wait {minutes} minutes, or fill in the form by hand.",
    ),
    "too_many_found": T(
        "Terlalu banyak warga yang cocok. Tambahkan kata lain dari namanya, atau ketik NIK.",
        "Too many residents fit. Add another word of the name, or type the NIK.",
    ),
}
