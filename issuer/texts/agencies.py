"""What is wrong with how an agency is set up."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual

T = Bilingual

PROBLEMS: Mapping[str, Bilingual] = {
    "type_switched_off": T(
        "Perangkat daerah ini sedang tidak melayani jenis surat ini. Tanyakan kepada adminnya.",
        "This agency does not issue this kind of letter at present. Ask its admin.",
    ),
    "bad_letterhead": T(
        "Kop surat terdiri atas dua atau tiga baris; yang terakhir nama kantor ini.",
        "A letterhead has two or three lines, the last one the office itself.",
    ),
    "bad_number_code": T(
        "1–30 huruf, angka, titik, atau tanda hubung.",
        "1–30 letters, digits, dots or hyphens.",
    ),
    "number_code_taken": T(
        "Kode ini sudah dipakai perangkat daerah lain; nomor surat keduanya akan sama.",
        "Another agency has this code; letters of both would bear the same numbers.",
    ),
    "bad_number_pattern": T(
        "Pola harus memuat {parts} masing-masing sekali, dan hasilnya paling banyak "
        "{limit} karakter.",
        "The pattern needs {parts} once each, and gives at most {limit} characters.",
    ),
}
