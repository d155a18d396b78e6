"""Letter types: versions drafted by one administrator and released by another."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.access import Permission, Subject, require
from issuer.domain.errors import (
    AnotherPersonNeeded,
    IllegalTransition,
    InvalidInput,
    Problem,
    StaleVersion,
)
from issuer.domain.letter_types import Bilingual
from issuer.domain.text import TextRefused, plain_text
from issuer.domain.type_versions import TypeVersion, VersionState
from issuer.services import Services
from issuer.web.admin.pages import actor, page
from issuer.web.errors import HTTP_STATUS, refusal_of
from issuer.web.language import say
from issuer.web.showing import pdf_shown

T = Bilingual
STATES: Mapping[VersionState, Bilingual] = {
    VersionState.DRAFT: T("Sedang ditulis", "Being written"),
    VersionState.PROPOSED: T("Menunggu rilis", "Awaiting release"),
    VersionState.RELEASED: T("Dirilis", "Released"),
    VersionState.REJECTED: T("Ditolak", "Rejected"),
    VersionState.WITHDRAWN: T("Ditarik", "Withdrawn"),
}
LINES: Mapping[str, tuple[Bilingual, int]] = {
    "title.id": (T("Judul", "Title"), 80),
    "title.en": (T("Judul dalam bahasa Inggris", "Title in English"), 80),
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
SENTENCES: Mapping[str, Bilingual] = {
    "wording.opening": T("Kalimat pembuka", "Opening"),
    "wording.statement": T("Isi keterangan", "Statement"),
    "wording.purpose": T("Kalimat keperluan", "Purpose"),
    "wording.closing": T("Kalimat penutup", "Closing"),
}
_MOST_SENTENCE = 2000
_NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)
_ROW = re.compile(r"[0-9]{1,9}", re.ASCII)
_FOUR_EYES = "handling.four_eyes"


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the pages of letter types to the room of administration."""
    pages = _LetterTypes(services)
    room.get("/jenis")(pages.letter_types)
    room.post("/jenis/<slug>/konsep")(pages.begin_version)
    room.get("/versi-jenis/<version_id>")(pages.version)
    room.post("/versi-jenis/<version_id>")(pages.save_version)
    room.get("/versi-jenis/<version_id>/konsep")(pages.version_page)
    room.post("/versi-jenis/<version_id>/usulkan")(pages.propose_version)
    room.post("/versi-jenis/<version_id>/rilis")(pages.release_version)
    room.post("/versi-jenis/<version_id>/tolak")(pages.reject_version)
    room.post("/versi-jenis/<version_id>/tarik")(pages.withdraw_version)


class _LetterTypes:
    """The pages, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._editing = services.type_editing

    def letter_types(self) -> ResponseReturnValue:
        waiting = {version.slug: version for version in self._editing.open(actor())}
        return page(
            "admin/letter_types.html",
            kinds=self._services.catalogue.all(),
            waiting=waiting,
            states=STATES,
        )

    def begin_version(self, slug: str) -> ResponseReturnValue:
        former = request.form.get("dari", "")
        return _to(self._editing.begin(actor(), slug, former or None))

    def version(self, version_id: str) -> ResponseReturnValue:
        return self._page(version_id)

    def save_version(self, version_id: str) -> ResponseReturnValue:
        draft = self._editing.one(actor(), version_id)
        content = json.loads(draft.version.content)
        try:
            _fill(content["type"])
        except InvalidInput as invalid:
            return self._page(version_id, request.form, invalid.problems)
        text = json.dumps(content, ensure_ascii=False)
        return self._step(lambda row: self._editing.save(actor(), version_id, row, text))

    def version_page(self, version_id: str) -> ResponseReturnValue:
        return pdf_shown(self._services.type_preview.pdf(actor(), version_id), "konsep.pdf")

    def propose_version(self, version_id: str) -> ResponseReturnValue:
        return self._step(lambda row: self._editing.propose(actor(), version_id, row))

    def release_version(self, version_id: str) -> ResponseReturnValue:
        return self._step(lambda row: self._editing.release(actor(), version_id, row))

    def reject_version(self, version_id: str) -> ResponseReturnValue:
        reason = request.form.get("reason", "")
        return self._step(lambda row: self._editing.reject(actor(), version_id, row, reason))

    def withdraw_version(self, version_id: str) -> ResponseReturnValue:
        reason = request.form.get("reason", "")
        return self._step(lambda row: self._editing.withdraw(actor(), version_id, row, reason))

    # --- what the pages share -------------------------------------------------------

    def _step(self, do: Callable[[int], TypeVersion]) -> ResponseReturnValue:
        """Take a step, or show the version as it is now with why it was not taken."""
        require(actor(), Permission.KEEP_LETTER_TYPES, Subject())
        shown = request.form.get("row", "")
        version_id = str((request.view_args or {})["version_id"])
        try:
            return _to(do(int(shown) if _ROW.fullmatch(shown) else 0))
        except InvalidInput as invalid:
            return self._page(version_id, None, invalid.problems)
        except (AnotherPersonNeeded, IllegalTransition, StaleVersion) as error:
            return self._page(version_id, None, refused=error)

    def _page(
        self,
        version_id: str,
        typed: Mapping[str, str] | None = None,
        problems: Sequence[Problem] = (),
        refused: AnotherPersonNeeded | IllegalTransition | StaleVersion | None = None,
    ) -> ResponseReturnValue:
        draft = self._editing.one(actor(), version_id)
        values = _values(json.loads(draft.version.content)["type"])
        before = self._in_force(draft.version)
        refusal = refusal_of(refused, self._services) if refused else None
        text = page(
            "admin/letter_type.html",
            draft=draft,
            version=draft.version,
            states=STATES,
            lines=LINES,
            numbers=NUMBERS,
            sentences=SENTENCES,
            labels={name: say(label) for name, label in _labels().items()},
            most_sentence=_MOST_SENTENCE,
            values={**values, **(typed or {})},
            changes=[
                (label, before.get(name, ""), values.get(name, ""))
                for name, label in _labels().items()
                if before.get(name, "") != values.get(name, "")
            ],
            problems=problems or draft.findings,
            refusal=refusal,
            own=isinstance(refused, AnotherPersonNeeded),
            history=self._editing.history(actor(), draft.version.slug),
        )
        if refusal:
            return text, refusal.status
        return text, HTTP_STATUS[InvalidInput] if problems else 200

    def _in_force(self, version: TypeVersion) -> Mapping[str, str]:
        content = self._editing.content_in_force(actor(), version.slug)
        return _values(json.loads(content)["type"]) if content else {}


def _labels() -> dict[str, Bilingual]:
    four = {_FOUR_EYES: T("Aturan empat mata", "Four eyes")}
    pairs = {name: label for name, (label, _) in {**LINES, **NUMBERS}.items()}
    return {**pairs, **four, **SENTENCES}


def _values(plain: Mapping[str, Any]) -> dict[str, str]:
    """Return what the form shows of a type."""
    shown: dict[str, str] = {}
    for name in _labels():
        first, _, second = name.partition(".")
        value = plain.get(first, {}).get(second, "") if second else plain.get(first, "")
        if name in NUMBERS and value == "":
            value = NUMBERS[name][1]
        shown[name] = str(value).strip()
    shown[_FOUR_EYES] = "ya" if plain.get("handling", {}).get("four_eyes") else ""
    return shown


def _fill(plain: dict[str, Any]) -> None:
    """Write what was typed into a type. Raises ``InvalidInput``; only sizes are bounded."""
    problems: list[Problem] = []

    def put(name: str, value: object) -> None:
        first, _, second = name.partition(".")
        if second:
            plain.setdefault(first, {})[second] = value
        else:
            plain[first] = value

    for name, (_label, limit) in LINES.items():
        try:
            put(name, plain_text(request.form.get(name, ""), limit))
        except TextRefused as refused:
            problems.append(Problem(name, refused.code, refused.facts))
    for name in NUMBERS:
        typed = request.form.get(name, "").strip()
        if _NUMBER.fullmatch(typed):
            put(name, int(typed))
        else:
            problems.append(Problem(name, "not_a_number"))
    put(_FOUR_EYES, request.form.get(_FOUR_EYES) == "ya")
    for name in SENTENCES:
        try:
            lines = request.form.get(name, "")[: 4 * _MOST_SENTENCE].splitlines()
            text = "\n".join(
                plain_text(one, _MOST_SENTENCE) if one.strip() else "" for one in lines
            )
            if len(text) > _MOST_SENTENCE:
                raise TextRefused("too_long", limit=_MOST_SENTENCE)
            put(name, text)
        except TextRefused as refused:
            problems.append(Problem(name, refused.code, refused.facts))
    if problems:
        raise InvalidInput(problems)


def _to(version: TypeVersion) -> ResponseReturnValue:
    return redirect(url_for("admin.version", version_id=version.id), 303)
