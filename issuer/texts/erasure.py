"""Erasing on request, in words: what goes, and what stays for which reason."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.erasure import Goes, Stays
from issuer.domain.letter_types import Bilingual

T = Bilingual

PROBLEMS: Mapping[str, Bilingual] = {
    "requests_open": T(
        "Masih ada permohonan yang berjalan ({count}). Batalkan dahulu, baru data dapat dihapus.",
        "Requests are still open ({count}). Cancel them first; then the data can be erased.",
    ),
    "another_nik": T(
        "Ini bukan NIK yang ditampilkan. Periksa KTP, atau mulai lagi.",
        "This is not the NIK that was shown. Look at the KTP, or begin anew.",
    ),
}

GOES: Mapping[Goes, Bilingual] = {
    Goes.RESIDENT: T(
        "data di daftar penduduk; kembali bila desa mengimpornya lagi",
        "row in the register of residents; it comes back when the village imports it again",
    ),
    Goes.ACCOUNT: T("akun warga", "resident's account"),
    Goes.CODE: T("kode akun yang belum dipakai", "unused code for an account"),
    Goes.DRAFT: T("konsep yang belum dikirim", "draft that was not sent"),
    Goes.APPLICATION: T(
        "isian dari rumah; kode pada tanda terimanya tidak berlaku lagi",
        "entry from home; the code on its receipt opens nothing any more",
    ),
    Goes.DOCUMENT: T("berkas syarat", "supporting document"),
    Goes.CONTACT: T(
        "alamat surel atau nomor telepon; tidak ada kabar lagi tentang suratnya",
        "e-mail address or mobile number; there is no more news of the letter",
    ),
    Goes.MESSAGE: T("pesan", "message"),
    Goes.REQUEST: T(
        "isi permohonan yang berakhir tanpa surat, dengan alasannya",
        "content of a request that ended without a letter, with the reasons given",
    ),
}
STAYS: Mapping[Stays, Bilingual] = {
    Stays.LETTER: T(
        "surat dengan nomor dan isinya; arsip, yang dihapus menurut jadwal retensi saja"
        " (UU 43/2009, UU 27/2022 pasal 15)",
        "letter with its number and content; an archive, which goes by its schedule alone"
        " (UU 43/2009, UU 27/2022 article 15)",
    ),
    Stays.REQUEST: T(
        "permohonan yang menjadi surat; dasar surat itu",
        "request that became a letter; what the letter rests on",
    ),
}
ALSO_STAYS: tuple[Bilingual, ...] = (
    T(
        "Jejak audit tetap. Di dalamnya tidak ada nama dan NIK.",
        "The audit trail stays. There is no name and no NIK in it.",
    ),
    T(
        "Nomor yang gugur tetap tercatat dengan isinya.",
        "A number that was given up stays recorded with its content.",
    ),
    T(
        "Surat dan permohonan orang lain yang menyebut orang ini tetap.",
        "Other people's letters and requests that name this person stay.",
    ),
    T(
        "Salinan cadangan yang dibuat sebelumnya memuat data ini sampai diganti.",
        "Backups made before have the data until they are replaced.",
    ),
)
"""What stays and cannot be counted by the person."""
