"""Texts of messages: an agency tells residents in its own words how a request stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, NotFound, Problem
from issuer.domain.letter_types import Bilingual
from issuer.domain.messages import (
    MAX_BODY,
    MAX_SUBJECT,
    PLACEHOLDERS,
    Language,
    MessageKind,
    MessageText,
    TextKey,
)
from issuer.services import Services
from issuer.web.admin.pages import actor, page
from issuer.web.errors import HTTP_STATUS

T = Bilingual
DONE = {
    "simpan": T(
        "Teks disimpan. Berlaku untuk pesan berikutnya.",
        "The text is kept, for messages from now on.",
    ),
    "semula": T(
        "Kembali ke teks kabupaten. Berlaku untuk pesan berikutnya.",
        "Back to the regency's text, for messages from now on.",
    ),
}
"""What the page says was done, by the word in its address."""

KINDS: Mapping[MessageKind, Bilingual] = {
    MessageKind.RECEIVED: T("Permohonan diterima", "Request received"),
    MessageKind.RETURNED: T("Permohonan dikembalikan", "Request returned"),
    MessageKind.REJECTED: T("Permohonan ditolak", "Request refused"),
    MessageKind.CANCELLED: T("Permohonan dibatalkan", "Request cancelled"),
    MessageKind.LAPSED: T("Permohonan gugur", "Request lapsed"),
    MessageKind.ISSUED: T("Surat terbit", "Letter issued"),
    MessageKind.ENDED: T("Surat tidak berlaku lagi", "Letter no longer in force"),
}
LANGUAGES: Mapping[Language, Bilingual] = {
    Language.INDONESIAN: T("bahasa Indonesia", "Indonesian"),
    Language.ENGLISH: T("bahasa Inggris", "English"),
}
MEANINGS: Mapping[str, Bilingual] = {
    "service": T("nama layanan yang diminta", "the service asked for"),
    "agency": T("nama perangkat daerah ini", "the name of this agency"),
    "link": T("alamat untuk memantau permohonan", "where the request is followed"),
    "number": T("nomor suratnya", "the letter's number"),
}
"""What each placeholder stands for."""

_SERVICE = T("Surat Keterangan Domisili", "Certificate of Domicile")
_NUMBER = "470/123/2026"
_TYPED = ("subject", "body")


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the pages of message texts to the room of administration."""
    pages = _MessageTexts(services)
    one = "/perangkat/<code>/pesan/<kind>/<language>"
    room.get("/perangkat/<code>/pesan")(pages.message_texts)
    room.get(one)(pages.message_text)
    room.post(one)(pages.set_message_text)
    room.get(f"{one}/semula")(pages.ask_to_reset_message_text)
    room.post(f"{one}/semula")(pages.reset_message_text)


class _MessageTexts:
    """The pages, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._texts = services.message_texts

    def message_texts(self, code: str) -> ResponseReturnValue:
        texts = self._texts.of(actor(), code)
        return page(
            "admin/message_texts.html",
            agency=self._services.letters.agency(code),
            texts=texts,
            kinds=KINDS,
            tongues=LANGUAGES,
            said=DONE.get(request.args.get("selesai", "")),
        )

    def message_text(self, code: str, kind: str, language: str) -> ResponseReturnValue:
        key = _key(kind, language)
        text, _ = self._texts.of(actor(), code)[key]
        return self._page(code, key, {"subject": text.subject, "body": text.body})

    def set_message_text(self, code: str, kind: str, language: str) -> ResponseReturnValue:
        """Keep what was typed, or only show what it would look like."""
        key = _key(kind, language)
        typed = {name: request.form.get(name, "") for name in _TYPED}
        try:
            if "preview" in request.form:
                self._example(code, key, typed)
                return self._page(code, key, typed)
            self._texts.set(actor(), code, key, typed["subject"], typed["body"])
        except InvalidInput as invalid:
            text = self._page(code, key, typed, invalid.problems)
            return text, HTTP_STATUS[InvalidInput]
        return redirect(url_for("admin.message_texts", code=code, selesai="simpan"), 303)

    def ask_to_reset_message_text(self, code: str, kind: str, language: str) -> ResponseReturnValue:
        key = _key(kind, language)
        text, own = self._texts.of(actor(), code)[key]
        return page(
            "admin/reset_message_text.html",
            agency=self._services.letters.agency(code),
            text=text,
            own=own,
            default=self._texts.default(key),
            **_named(key),
        )

    def reset_message_text(self, code: str, kind: str, language: str) -> ResponseReturnValue:
        self._texts.reset(actor(), code, _key(kind, language))
        return redirect(url_for("admin.message_texts", code=code, selesai="semula"), 303)

    # --- what the pages share -------------------------------------------------------

    def _page(
        self,
        code: str,
        key: TextKey,
        typed: Mapping[str, str],
        problems: Sequence[Problem] = (),
    ) -> str:
        _, own = self._texts.of(actor(), code)[key]
        return page(
            "admin/message_text.html",
            agency=self._services.letters.agency(code),
            typed=typed,
            own=own,
            problems=problems,
            example=None if problems else self._example(code, key, typed),
            previewed="preview" in request.form,
            placeholders={
                name: meaning for name, meaning in MEANINGS.items() if name in PLACEHOLDERS[key[0]]
            },
            most_subject=MAX_SUBJECT,
            most_body=MAX_BODY,
            **_named(key),
        )

    def _example(self, code: str, key: TextKey, typed: Mapping[str, str]) -> MessageText:
        """Return the message as somebody invented would get it."""
        link = f"{self._services.office.base_url}{url_for('citizen.resume')}"
        service = _SERVICE.id if key[1] is Language.INDONESIAN else _SERVICE.en
        facts = {"service": service, "link": link, "number": _NUMBER}
        return self._texts.example(actor(), code, key, typed["subject"], typed["body"], facts)


def _key(kind: str, language: str) -> TextKey:
    try:
        return MessageKind(kind), Language(language)
    except ValueError:
        raise NotFound("message text", "") from None


def _named(key: TextKey) -> dict[str, object]:
    kind, language = key
    return {
        "kind": kind,
        "language_code": language,
        "kind_name": KINDS[kind],
        "language_name": LANGUAGES[language],
    }
