"""A letter type's service standard in words, and what is wrong with a version of a type."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual

T = Bilingual

STANDARD_COMPONENTS: Mapping[str, Bilingual] = {
    "requirements": T("Persyaratan", "Requirements"),
    "procedure": T("Sistem, mekanisme, dan prosedur", "System, mechanism and procedure"),
    "time_limit": T("Jangka waktu", "Time limit"),
    "fee": T("Biaya atau tarif", "Fee"),
    "product": T("Produk pelayanan", "Product"),
    "complaints": T("Pengaduan, saran, dan masukan", "Complaints and suggestions"),
    "legal_basis": T("Dasar hukum", "Legal basis"),
    "facilities": T("Sarana, prasarana, dan fasilitas", "Facilities"),
    "staff_competence": T("Kompetensi pelaksana", "Competence of staff"),
    "supervision": T("Pengawasan internal", "Internal supervision"),
    "staff_count": T("Jumlah pelaksana", "Number of staff"),
    "service_guarantee": T("Jaminan pelayanan", "Guarantee of service"),
    "safety_guarantee": T("Jaminan keamanan dan keselamatan", "Guarantee of safety"),
    "evaluation": T("Evaluasi kinerja pelaksana", "Evaluation"),
}
"""The fourteen components of a service standard, in the order of article 21."""

PROBLEMS: Mapping[str, Bilingual] = {
    "bad_slug": T(
        "Nama pendek terdiri atas 2–40 huruf kecil, angka, atau tanda hubung, mulai dengan huruf.",
        "A short name has 2–40 small letters, digits or hyphens and begins with a letter.",
    ),
    "slug_taken": T("Sudah ada jenis surat bernama ini.", "There is a letter type of this name."),
    "no_code_left": T("Kode jenis surat sudah habis.", "No code is left for a letter type."),
    "no_content": T("Isi jenis surat ini tidak dapat dibaca.", "This is no letter type."),
    "bad_pattern": T("Bentuknya tidak benar.", "It does not have the right form."),
    "bad_part": T("Bagian ini tidak dapat dipakai ({rule}).", "This part cannot be used ({rule})."),
    "bad_field_name": T(
        "Nama dalam kalimat terdiri atas 1–40 huruf kecil, angka, atau garis bawah, mulai dengan "
        "huruf.",
        "A name in sentences has 1–40 small letters, digits or underscores and begins with a "
        "letter.",
    ),
    "field_name_taken": T("Nama ini sudah dipakai.", "This name is taken."),
    "field_reserved": T(
        "Nama {field} sudah berarti lain dalam kalimat; pakai nama lain.",
        "The name {field} means something else in sentences; use another.",
    ),
    "field_like_a_label": T(
        "Sebuah pertanyaan bernama seperti teks pilihan pertanyaan lain (…_label).",
        "A question is named like the text of another's choice (…_label).",
    ),
    "too_many_questions": T("Paling banyak {limit} pertanyaan.", "At most {limit} questions."),
    "choice_twice": T(
        "Pilihan ini kosong atau sama dengan yang lain.",
        "This choice is empty or the same as another.",
    ),
    "two_choices": T(
        "Paling sedikit dua pilihan, paling banyak {limit}.",
        "At least two choices, at most {limit}.",
    ),
    "question_needed": T(
        "Masih diperlukan oleh {field}. Ubah atau hapus itu dahulu.",
        "{field} still needs it. Change or remove that first.",
    ),
    "question_before_its_choice": T(
        "Pertanyaan {field} harus sesudah {choice}, karena hanya ditanyakan menurut jawabannya.",
        "The question {field} has to come after {choice}: its answer decides whether it is asked.",
    ),
    "question_unfit": T(
        "Pertanyaannya tidak cocok lagi satu sama lain ({detail}).",
        "The questions no longer fit together ({detail}).",
    ),
    "no_issuing_agency": T(
        "Tidak ada perangkat daerah yang menerbitkan jenis surat ini.",
        "There is no agency that issues this letter type.",
    ),
    "no_public_title": T(
        "Jenis surat peka memerlukan judul umum yang lain daripada judulnya.",
        "A sensitive type needs a public title other than its title.",
    ),
    "stays_sensitive": T(
        "Jenis surat ini tetap peka: surat yang sudah terbit akan memperlihatkan judulnya.",
        "This type stays sensitive: letters already issued would show their title.",
    ),
    "wording_too_long": T("Paling banyak {limit} karakter.", "At most {limit} characters."),
    "wording_no_template": T(
        "Kurung kurawal pada baris {line} tidak lengkap atau salah tulis.",
        "The braces in line {line} are incomplete or misspelt: {detail}.",
    ),
    "wording_not_allowed": T(
        "Kalimat hanya boleh berisi teks, nama isian, dan if … endif; bukan {what}.",
        "A sentence may hold text, names of fields and if … endif; not {what}.",
    ),
    "wording_no_filter": T("Tidak ada penyaring {filter}.", "There is no filter {filter}."),
    "wording_filter_use": T(
        "Penyaring {filter} ditulis tepat sesudah nama isian, tanpa tambahan.",
        "The filter {filter} follows the name of a field and takes nothing.",
    ),
    "wording_no_field": T("Tidak ada isian {field}.", "There is no field {field}."),
    "wording_silent": T(
        "Kalimat ini kosong untuk sebagian jawaban.", "It says nothing for some answers."
    ),
    "wording_does_not_fit": T(
        "Penyaring tidak cocok dengan isiannya, atau isian yang boleh kosong berada di luar if "
        "({error}).",
        "A filter does not go with its field, or a field that may be empty is outside an if "
        "({error}).",
    ),
    "wording_grows": T(
        "Hasilnya melebihi {limit} karakter.", "It grows beyond {limit} characters."
    ),
}
