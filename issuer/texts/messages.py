"""What residents are told, unless their agency says it in its own words."""

from __future__ import annotations

from collections.abc import Mapping

from issuer.domain.letter_types import Bilingual
from issuer.domain.messages import (
    AccountMail,
    Language,
    MessageKind,
    MessageText,
    TextKey,
    Wordings,
)

T = Bilingual
_KIND = MessageKind

PROBLEMS: Mapping[str, Bilingual] = {
    "bad_email": T(
        "Alamat surel tidak lengkap. Contoh: nama@contoh.id.",
        "This is no e-mail address. Example: name@example.com.",
    ),
    "bad_phone": T(
        "Nomor telepon seluler tidak lengkap. Contoh: 0812 3456 7890.",
        "This is no mobile number. Example: 0812 3456 7890; begin with + for another country.",
    ),
    "unknown_placeholder": T(
        "Tidak dikenal di sini: {names}. Yang dikenal: {known}.",
        "Unknown here: {names}. Known are: {known}.",
    ),
}

_TEXTS: Mapping[MessageKind, tuple[Bilingual, Bilingual]] = {
    _KIND.RECEIVED: (
        T("Permohonan Anda diterima", "Your request was received"),
        T(
            "Permohonan {service} sudah diterima {agency}. Kami memberi kabar lagi bila ada"
            " perkembangan. Pantau kapan saja dengan kode pada tanda terima: {link}",
            "{agency} has received your request: {service}. We will write again when there is"
            " news. Follow it with the code on your receipt: {link}",
        ),
    ),
    _KIND.RETURNED: (
        T("Permohonan Anda perlu diperbaiki", "Your request needs a correction"),
        T(
            "Permohonan {service} di {agency} perlu diperbaiki. Buka {link}, masukkan kode pada"
            " tanda terima, baca apa yang kurang, perbaiki, lalu kirim lagi.",
            "Your request ({service}) at {agency} needs a correction. Open {link}, enter the"
            " code on your receipt, read what is missing, correct it and send it again.",
        ),
    ),
    _KIND.REJECTED: (
        T("Permohonan Anda tidak dapat dipenuhi", "Your request was refused"),
        T(
            "Permohonan {service} di {agency} tidak dapat dipenuhi. Alasannya dapat dibaca di"
            " {link} dengan kode pada tanda terima. Silakan bertanya di kantor kami.",
            "{agency} cannot grant your request: {service}. Read why at {link} with the code"
            " on your receipt, or ask at our office.",
        ),
    ),
    _KIND.CANCELLED: (
        T("Permohonan Anda dibatalkan", "Your request was cancelled"),
        T(
            "Permohonan {service} di {agency} dibatalkan dan tidak dilanjutkan. Bila bukan Anda"
            " yang meminta, tanyakan di kantor kami. Riwayatnya ada di {link} dengan kode pada"
            " tanda terima.",
            "Your request ({service}) at {agency} was cancelled and goes no further. If this was"
            " not your wish, ask at our office. Its history is at {link} with the code on your"
            " receipt.",
        ),
    ),
    _KIND.LAPSED: (
        T("Permohonan Anda gugur", "Your request has lapsed"),
        T(
            "Permohonan {service} di {agency} gugur karena terlalu lama tidak dikirim kembali."
            " Bila suratnya masih diperlukan, silakan mengajukan lagi. Riwayatnya ada di {link}"
            " dengan kode pada tanda terima.",
            "Your request ({service}) at {agency} has lapsed, as it was not sent again in time."
            " If you still need the letter, please ask anew. Its history is at {link} with the"
            " code on your receipt.",
        ),
    ),
    _KIND.ISSUED: (
        T("Surat Anda sudah terbit", "Your letter is ready"),
        T(
            "{service} dari {agency} sudah terbit. Unduh di {link} dengan kode pada tanda terima,"
            " atau ambil di kantor kami.",
            "Your letter ({service}) from {agency} is ready. Download it at {link} with the code"
            " on your receipt, or collect it at our office.",
        ),
    ),
    _KIND.ENDED: (
        T("Surat Anda tidak berlaku lagi", "Your letter is no longer in force"),
        T(
            "Surat nomor {number} dari {agency} tidak berlaku lagi. Jangan dipakai. Sebabnya"
            " dapat ditanyakan di kantor kami, atau lihat {link} dengan kode pada tanda terima.",
            "Letter number {number} from {agency} is no longer in force. Do not use it. Ask our"
            " office why, or see {link} with the code on your receipt.",
        ),
    ),
}
_FOOTER = T(
    "Pesan ini dikirim otomatis; mohon tidak dibalas. Kami tidak pernah meminta kata sandi,"
    " PIN, atau uang lewat pesan. Abaikan bila Anda tidak mengajukan permohonan.",
    "This message was sent automatically; please do not reply. We never ask for a password,"
    " a PIN or money in a message. Ignore it if you did not ask for a letter.",
)
_SOME_LETTER = T("surat", "a letter")
_ACCOUNTS: Mapping[AccountMail, tuple[Bilingual, Bilingual]] = {
    AccountMail.NEW: (
        T("Kode untuk membuat akun", "Your code for a new account"),
        T(
            "Kode Anda: {code}\n\nKetik kode ini di halaman yang Anda buka tadi, paling lambat"
            " {until}. Jangan berikan kepada siapa pun; petugas kami tidak pernah memintanya."
            " Bila bukan Anda yang meminta, abaikan surel ini: tanpa kode, akun tidak jadi."
            "\n\n{agency}",
            "Your code: {code}\n\nType it on the page that you have open, by {until}. Give it"
            " to nobody; our staff never ask for it. If you did not ask for it, ignore this"
            " mail: without the code there will be no account.\n\n{agency}",
        ),
    ),
    AccountMail.KNOWN: (
        T("Akun Anda sudah ada", "You have an account already"),
        T(
            "Alamat surel ini sudah punya akun. Masuklah dengan alamat ini dan kata sandinya."
            "\n\nLupa kata sandi? Kode Anda: {code}\n\nKetik kode ini di halaman yang Anda buka"
            " tadi, paling lambat {until}, lalu pilih kata sandi baru. Jangan berikan kepada siapa"
            " pun; petugas kami tidak pernah memintanya. Bila bukan Anda yang meminta, abaikan"
            " surel ini: kata sandi Anda tetap.\n\n{agency}",
            "There is an account with this address already. Sign in with the address and its"
            " password.\n\nForgot it? Your code: {code}\n\nType it on the page that you have"
            " open, by {until}, and choose a new password. Give it to nobody; our staff never ask"
            " for it. If you did not ask for it, ignore this mail: your password stays."
            "\n\n{agency}",
        ),
    ),
}


def _in(language: Language, text: Bilingual) -> str:
    return {Language.INDONESIAN: text.id, Language.ENGLISH: text.en}[language]


def _texts() -> Mapping[TextKey, MessageText]:
    return {
        (kind, language): _text(language, *text)
        for kind, text in _TEXTS.items()
        for language in Language
    }


def _text(language: Language, subject: Bilingual, body: Bilingual) -> MessageText:
    return MessageText(_in(language, subject), _in(language, body))


WORDINGS = Wordings(
    texts=_texts(),
    footers={language: _in(language, _FOOTER) for language in Language},
    some_letter={language: _in(language, _SOME_LETTER) for language in Language},
    accounts={
        (kind, language): _text(language, *text)
        for kind, text in _ACCOUNTS.items()
        for language in Language
    },
)
