"""What is wrong with what somebody says of blank sheets."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual

T = Bilingual

PROBLEMS: Mapping[str, Bilingual] = {
    "bad_serial": T(
        "Bukan nomor lembar. Pindai atau ketik seperti tercetak, misalnya BJN000123-9.",
        "This is no sheet number. Scan or type it as printed, for example BJN000123-9.",
    ),
    "bad_serial_range": T(
        "Lembar pertama dan terakhir harus berawalan sama, berurutan, paling banyak 10.000.",
        "First and last sheet need the same prefix, in order, at most 10,000 apart.",
    ),
    "blank_known": T("Lembar {serial} sudah tercatat.", "Sheet {serial} is registered already."),
    "blank_unknown": T("Lembar {serial} tidak tercatat.", "Sheet {serial} is not registered."),
    "blank_not_here": T(
        "Lembar ini bukan lembar kosong milik loket ini. Ambil lembar berikutnya.",
        "This is no unused sheet of this counter. Take the next one.",
    ),
    "blank_elsewhere": T(
        "Langkah ini tidak mungkin pada keadaan lembar {serial} sekarang.",
        "This step is not possible in the present state of sheet {serial}.",
    ),
    "skips_a_blank": T(
        "Lembar berikutnya {serial}. Pakai lembar itu, atau tulis mengapa dilewati.",
        "The next sheet is {serial}. Use it, or say why it is passed over.",
    ),
    "print_unconfirmed": T(
        "Cetakan pada lembar {serial} belum dipastikan hasilnya. Pastikan dahulu.",
        "The print on sheet {serial} is not confirmed yet. Confirm it first.",
    ),
}
