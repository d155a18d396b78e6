"""Where a request stands, in the words of whoever waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from issuer.domain.letter_request import RequestState
from issuer.domain.letter_types import Bilingual

T = Bilingual


@dataclass(frozen=True, slots=True)
class StateWords:
    """The state, what happens next and who has to act; ``tone`` colours it."""

    name: Bilingual
    following: Bilingual
    tone: str


STATES: Mapping[RequestState, StateWords] = {
    RequestState.DRAFT: StateWords(
        T("Belum dikirim", "Not sent yet"),
        T("Lanjutkan mengisi, lalu kirim.", "Go on with it, then send it."),
        "caution",
    ),
    RequestState.SUBMITTED: StateWords(
        T("Diterima kantor", "Received by the office"),
        T(
            "Petugas akan memeriksa isian dan berkas Anda. Anda tidak perlu berbuat apa-apa.",
            "A clerk will check your answers and documents. You need not do anything.",
        ),
        "unsure",
    ),
    RequestState.RETURNED: StateWords(
        T("Perlu Anda perbaiki", "To be corrected by you"),
        T(
            "Baca catatan petugas, perbaiki, lalu kirim lagi.",
            "Read the clerk's note, correct it and send it again.",
        ),
        "caution",
    ),
    RequestState.REVIEWED: StateWords(
        T("Sedang diperiksa", "Being checked"),
        T(
            "Petugas sudah memeriksa; pemeriksaan berikutnya menyusul.",
            "A clerk has checked it; the next check follows.",
        ),
        "unsure",
    ),
    RequestState.AWAITING_SIGNATURE: StateWords(
        T("Menunggu tanda tangan", "Waiting for the signature"),
        T("Pejabat akan menandatangani surat Anda.", "The officer will sign your letter."),
        "unsure",
    ),
    RequestState.ISSUED: StateWords(
        T("Surat sudah terbit", "The letter is issued"),
        T("Unduh surat Anda, atau ambil di kantor.", "Download it, or fetch it at the office."),
        "good",
    ),
    RequestState.HANDED_OVER: StateWords(
        T("Surat sudah diserahkan", "The letter was handed over"),
        T("Surat juga dapat diunduh di sini.", "It can be downloaded here as well."),
        "good",
    ),
    RequestState.REJECTED: StateWords(
        T("Ditolak", "Rejected"),
        T(
            "Baca alasannya. Anda boleh membuat permohonan baru atau mengajukan keberatan.",
            "Read the reason. You may ask anew, or object.",
        ),
        "bad",
    ),
    RequestState.CANCELLED: StateWords(
        T("Dibatalkan", "Cancelled"),
        T("Permohonan ini tidak diproses lagi.", "This request is not handled any more."),
        "unsure",
    ),
    RequestState.LAPSED: StateWords(
        T("Kedaluwarsa", "Lapsed"),
        T(
            "Permohonan ini terlalu lama tidak diperbaiki. Silakan buat yang baru.",
            "It was not corrected for too long. Please ask anew.",
        ),
        "unsure",
    ),
}

SURVEY: tuple[Bilingual, ...] = (
    T("Kesesuaian persyaratan", "The requirements"),
    T("Kemudahan prosedur", "How easy the procedure was"),
    T("Kecepatan waktu pelayanan", "How long it took"),
    T("Kewajaran biaya (layanan ini gratis)", "The cost (this service is free)"),
    T("Kesesuaian hasil dengan standar", "The result, compared with the standard"),
    T("Kemampuan petugas", "The competence of staff"),
    T("Kesopanan dan keramahan petugas", "The courtesy of staff"),
    T("Penanganan pengaduan dan masukan", "The handling of complaints"),
    T("Kualitas sarana (halaman ini atau loket)", "The facilities (these pages or the counter)"),
)
"""The nine elements of PermenPANRB 14/2017, in its order."""

SCORES: Mapping[int, Bilingual] = {
    1: T("Tidak baik", "Bad"),
    2: T("Kurang baik", "Rather bad"),
    3: T("Baik", "Good"),
    4: T("Sangat baik", "Very good"),
}
