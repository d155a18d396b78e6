"""A letter type in words: what each part of a version is called, says, and changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from issuer.domain.letter_types import Bilingual, Channel, FieldKind
from issuer.texts.letter_types import STANDARD_COMPONENTS
from issuer.web.language import say

T = Bilingual
Content = Mapping[str, Any]

LINES: Mapping[str, tuple[Bilingual, int]] = {
    "title.id": (T("Judul", "Title"), 80),
    "title.en": (T("Judul dalam bahasa Inggris", "Title in English"), 80),
    "public_title.id": (T("Judul umum", "Public title"), 80),
    "public_title.en": (T("Judul umum dalam bahasa Inggris", "Public title in English"), 80),
    "summary.id": (T("Ringkasan", "Summary"), 300),
    "summary.en": (T("Ringkasan dalam bahasa Inggris", "Summary in English"), 300),
    "classification": (T("Kode klasifikasi", "Filing code"), 20),
}
NUMBERS: Mapping[str, tuple[Bilingual, int]] = {
    "validity.months": (T("Masa berlaku, bulan", "Validity, months"), 0),
    "validity.days": (T("Masa berlaku, hari", "Validity, days"), 0),
    "handling.reviews": (T("Jumlah paraf", "Number of parafs"), 1),
    "handling.promise_days": (T("Janji layanan, hari", "Promised within, days"), 2),
    "handling.lapse_days": (T("Gugur setelah, hari", "Lapses after, days"), 30),
}
"""Each number with its label and the usual one, where a type says nothing."""

SENTENCES: Mapping[str, Bilingual] = {
    "wording.opening": T("Kalimat pembuka", "Opening"),
    "wording.statement": T("Isi keterangan", "Statement"),
    "wording.purpose": T("Kalimat keperluan", "Purpose"),
    "wording.closing": T("Kalimat penutup", "Closing"),
    "wording_en": T("Terjemahan tidak resmi (Inggris)", "Unofficial translation (English)"),
}
OPTIONAL = frozenset({"public_title.id", "public_title.en", "wording_en"})
"""What a type may do without."""

FOUR_EYES, SENSITIVE, CHANNEL = "handling.four_eyes", "sensitive", "channel"
SWITCHES: Mapping[str, Bilingual] = {
    FOUR_EYES: T("Aturan empat mata", "Four eyes"),
    SENSITIVE: T("Jenis surat peka", "Sensitive type"),
}
CHANNELS: Mapping[Channel, Bilingual] = {
    Channel.FROM_HOME: T("dari rumah atau di loket", "from home or at the counter"),
    Channel.IN_PERSON: T("hanya di loket", "at the counter only"),
}
KINDS: Mapping[FieldKind, Bilingual] = {
    FieldKind.TEXT: T("teks pendek", "short text"),
    FieldKind.LONG_TEXT: T("teks panjang", "long text"),
    FieldKind.DATE: T("tanggal", "date"),
    FieldKind.TIME: T("jam", "time"),
    FieldKind.NIK: T("NIK", "NIK"),
    FieldKind.YEAR: T("tahun", "year"),
    FieldKind.INTEGER: T("bilangan", "number"),
    FieldKind.MONEY: T("uang (rupiah)", "money (rupiah)"),
    FieldKind.CHOICE: T("pilihan", "choice"),
    FieldKind.GROUP: T("daftar berisi beberapa baris", "list of several rows"),
}
_YES, _OPTIONAL, _REQUIRED = T("ya", "yes"), T("bila ada", "if any"), T("wajib", "required")
_DOCUMENT, _IN_ENGLISH = T("Berkas syarat", "Document"), T(" (bahasa Inggris)", " (English)")
_EXAMPLE, _WHOLE = T("Contoh", "Example"), T("Isi jenis surat", "The letter type")
_QUESTION, _ORDER = T("Pertanyaan", "Question"), T("Urutan pertanyaan", "Order of questions")


def labels() -> dict[str, Bilingual]:
    """Return what the parts of the first form are called."""
    lines = {name: label for name, (label, _) in {**LINES, **NUMBERS}.items()}
    return {**lines, CHANNEL: T("Cara meminta", "How to ask"), **SWITCHES, **SENTENCES}


def values(plain: Content) -> dict[str, str]:
    """Return what the first form shows of a type."""
    shown: dict[str, str] = {}
    for name in labels():
        first, _, second = name.partition(".")
        value = plain.get(first, {}).get(second, "") if second else plain.get(first, "")
        if name in NUMBERS and value == "":
            value = NUMBERS[name][1]
        shown[name] = str(value).strip()
    for name in SWITCHES:
        first, _, second = name.partition(".")
        on = plain.get(first, {}).get(second) if second else plain.get(first)
        shown[name] = "ya" if on is True else ""
    return shown


def changes(before: Content | None, after: Content) -> list[tuple[str, str, str]]:
    """Return what differs: the part's name in words, as it was and as it is."""
    old = dict(_said(before)) if before is not None else {}
    new = dict(_said(after))
    return [
        (name, old.get(name, ""), new.get(name, ""))
        for name in {**new, **old}
        if old.get(name, "") != new.get(name, "")
    ]


def label_of(where: str) -> str:
    """Return what the place of a finding is called."""
    first, _, rest = where.partition(".")
    name = rest.partition(".")[0]
    if where in labels():
        return say(labels()[where])
    english = say(_IN_ENGLISH) if where.endswith(".en") else ""
    if first == "documents" and name.isdigit():
        return f"{say(_DOCUMENT)} {int(name) + 1}{english}"
    if first == "service_standard" and name in STANDARD_COMPONENTS:
        return f"{say(STANDARD_COMPONENTS[name])}{english}"
    if first == "public_title":
        return say(LINES["public_title.id"][0])
    part = {"fields": _QUESTION, "example": _EXAMPLE, "content": _WHOLE}.get(first)
    return say(part) if part else where


def _said(content: Content) -> Iterator[tuple[str, str]]:
    """Yield every part in words, in the language of this request."""
    plain = content["type"]
    for name, value in values(plain).items():
        if name == CHANNEL and value in list(Channel):
            yield say(labels()[name]), say(CHANNELS[Channel(value)])
        elif name in SWITCHES:
            yield say(labels()[name]), say(_YES) if value else ""
        else:
            yield say(labels()[name]), value
    for number, document in enumerate(plain.get("documents", []), 1):
        optional = f" ({say(_OPTIONAL)})" if document.get("optional") else ""
        yield label_of(f"documents.{number - 1}"), f"{_both(document)}{optional}"
    for name, label in STANDARD_COMPONENTS.items():
        yield say(label), _both(plain.get("service_standard", {}).get(name, {}))
    yield from _questions(content["fields"])


def _questions(schema: Content) -> Iterator[tuple[str, str]]:
    asked = schema.get("properties", {})
    yield say(_ORDER), ", ".join(asked)
    for name, one in asked.items():
        notes = one.get("x-issuer", {})
        facts = [_both(notes.get("label", {})), _both(notes.get("hint", {}))]
        if notes.get("kind") in list(FieldKind):
            facts.append(say(KINDS[FieldKind(notes["kind"])]))
        facts += [say(_REQUIRED)] if name in schema.get("required", []) else []
        limits = ("minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems")
        facts += [f"{limit} {one[limit]}" for limit in limits if limit in one]
        facts += [f"{code}: {_both(texts)}" for code, texts in notes.get("choices", {}).items()]
        yield f"{say(_QUESTION)} {name}", "; ".join(fact for fact in facts if fact)


def _both(texts: Content) -> str:
    return " / ".join(str(texts[code]) for code in ("id", "en") if texts.get(code))
