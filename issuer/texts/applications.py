"""What is wrong with an application from home, and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual

T = Bilingual

PROBLEMS: Mapping[str, Bilingual] = {
    "no_such_application": T(
        "Tidak ada permohonan dengan kode ini. Periksa lagi 12 huruf dan angkanya.",
        "There is no request with this code. Check its 12 letters and digits.",
    ),
    "another_birth_date": T(
        "Tanggal lahir tidak cocok dengan permohonan ini. Isi tanggal lahir orang yang "
        "disebut dalam surat.",
        "The date of birth does not fit this request. Enter that of the person the letter "
        "is about.",
    ),
    "not_declared": T(
        "Centang pernyataan bahwa isian dan berkas Anda benar.",
        "Tick the statement that your answers and documents are true.",
    ),
}
