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
    "document_missing": T(
        "Pilih berkas dahulu; berkas yang kosong tidak diterima.",
        "Choose a file first; an empty one is not taken.",
    ),
    "document_too_large": T(
        "Berkas terlalu besar; paling banyak 25 MB.", "The file is too large; at most 25 MB."
    ),
    "document_too_many_pixels": T(
        "Gambar atau PDF ini terlalu besar: paling banyak 50 megapiksel atau 50 halaman. "
        "Foto lagi dengan ukuran biasa.",
        "This picture or PDF is too large: at most 50 megapixels or 50 pages. Take the photo "
        "again in the usual size.",
    ),
    "document_heic": T(
        "Foto HEIC belum diterima. Di iPhone pilih Pengaturan, Kamera, Format, Paling "
        "Kompatibel, lalu foto lagi; atau kirim tangkapan layarnya.",
        "HEIC photos are not taken. On an iPhone choose Settings, Camera, Formats, Most "
        "Compatible and take it again; or send a screenshot of it.",
    ),
    "document_other_kind": T(
        "Hanya foto JPEG atau PNG, atau PDF.", "Only JPEG or PNG photos, or PDF."
    ),
    "document_unreadable": T(
        "Berkas ini rusak atau tidak dapat dibaca. Foto atau pindai lagi.",
        "This file is damaged or cannot be read. Take the photo or scan it again.",
    ),
    "document_active": T(
        "PDF ini berisi program, lampiran, atau formulir yang berjalan sendiri, sehingga tidak "
        "diterima. Cetak ulang ke PDF, atau kirim fotonya.",
        "This PDF holds a program, an attachment or a form that acts by itself and is not "
        "taken. Print it to PDF again, or send a photo.",
    ),
    "document_encrypted": T(
        "PDF ini dikunci dengan kata sandi. Simpan tanpa kata sandi, atau kirim fotonya.",
        "This PDF is locked with a password. Save it without one, or send a photo.",
    ),
    "document_infected": T(
        "Pemindai virus menolak berkas ini. Foto dokumen aslinya, lalu kirim foto itu.",
        "The virus scanner refuses this file. Take a photo of the paper itself and send that.",
    ),
    "too_many_documents": T(
        "Paling banyak {limit} berkas. Hapus satu dahulu.",
        "At most {limit} files. Remove one first.",
    ),
    "not_declared": T(
        "Centang pernyataan bahwa isian dan berkas Anda benar.",
        "Tick the statement that your answers and documents are true.",
    ),
}
