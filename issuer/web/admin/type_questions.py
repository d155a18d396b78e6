"""The questions of a version: listed, ordered, added, changed and removed one by one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, IssuerError, NotFound, Problem
from issuer.domain.letter_types import Bilingual, FieldKind
from issuer.domain.type_questions import (
    BOUNDED,
    DATED,
    MOST_CHOICES,
    NEW_KINDS,
    Added,
    Changed,
    Moved,
    QuestionEdit,
    QuestionStep,
    Removed,
)
from issuer.domain.type_versions import VersionState
from issuer.services import Services
from issuer.services.type_editing import Draft
from issuer.web.admin import type_parts, type_version
from issuer.web.admin.pages import actor, page
from issuer.web.errors import HTTP_STATUS, refusal_of
from issuer.web.language import say

T = Bilingual
LABELS: Mapping[str, Bilingual] = {
    "name": T("Nama dalam kalimat", "Name in sentences"),
    "label.id": T("Pertanyaan", "Question"),
    "label.en": T("Pertanyaan dalam bahasa Inggris", "Question in English"),
    "hint.id": T("Petunjuk", "Hint"),
    "hint.en": T("Petunjuk dalam bahasa Inggris", "Hint in English"),
    "least": T("Paling sedikit", "At least"),
    "most": T("Paling banyak", "At most"),
    "example": T("Contoh jawaban", "Example of an answer"),
}
USUAL: Mapping[FieldKind, tuple[int, int]] = {
    FieldKind.TEXT: (2, 120),
    FieldKind.LONG_TEXT: (2, 300),
    FieldKind.YEAR: (1900, 2100),
    FieldKind.INTEGER: (0, 9999),
    FieldKind.MONEY: (0, 1_000_000_000),
}
"""The bounds that a new question begins with."""

_CHOICE = T("Pilihan", "Choice")
_BOUND = re.compile(r"[0-9]{1,13}", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,2}", re.ASCII)
_STEP = re.compile(r"(naik|turun)\.([a-z][a-z0-9_]{0,39})", re.ASCII)
_FIRST_CHOICES, _MORE_CHOICES, _MOST_TYPED = 4, 3, 1000
_TEXTS = ("label.id", "label.en", "hint.id", "hint.en", "least", "most", "example")


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the pages of questions to the room of administration."""
    pages = _Questions(services)
    asked = "/versi-jenis/<version_id>/pertanyaan"
    room.get(asked)(pages.type_questions)
    room.post(asked)(pages.move_question)
    room.get(f"{asked}/baru")(pages.new_question)
    room.post(f"{asked}/baru")(pages.add_question)
    room.get(f"{asked}/isi/<name>")(pages.type_question)
    room.post(f"{asked}/isi/<name>")(pages.change_question)
    room.post(f"{asked}/isi/<name>/hapus")(pages.remove_question)


class _Questions:
    """The pages, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._editing = services.type_editing

    def type_questions(self, version_id: str) -> ResponseReturnValue:
        return self._list_page(version_id)

    def move_question(self, version_id: str) -> ResponseReturnValue:
        step = _STEP.fullmatch(request.form.get("do", ""))
        self._content(version_id)  # who may not see it is told so, and nothing else
        if step is None:
            raise NotFound("question", "?")
        moved = Moved(step[2], -1 if step[1] == "naik" else 1)
        try:
            self._write(version_id, moved)
        except InvalidInput as invalid:
            return self._list_page(version_id, invalid.problems)
        except type_version.MOVED_ON as error:
            return self._list_page(version_id, refused=error)
        return _to_list(version_id, f"isi-{step[2]}")

    def new_question(self, version_id: str) -> ResponseReturnValue:
        self._content(version_id)
        return self._question_page(version_id, None, _kind(request.args.get("bentuk", "")))

    def add_question(self, version_id: str) -> ResponseReturnValue:
        self._content(version_id)
        kind = _kind(request.form.get("bentuk", ""))
        name = request.form.get("name", "").strip()[:_MOST_TYPED]
        try:
            self._write(version_id, Added(name, _typed_question(kind)))
        except InvalidInput as invalid:
            return self._question_page(version_id, None, kind, invalid.problems)
        except type_version.MOVED_ON as error:
            return self._question_page(version_id, None, kind, refused=error)
        return _to_list(version_id, f"isi-{name}")

    def type_question(self, version_id: str, name: str) -> ResponseReturnValue:
        return self._question_page(version_id, name)

    def change_question(self, version_id: str, name: str) -> ResponseReturnValue:
        kind = FieldKind(_notes(self._content(version_id), name)["kind"])
        try:
            self._write(version_id, Changed(name, _typed_question(kind)))
        except InvalidInput as invalid:
            return self._question_page(version_id, name, kind, invalid.problems)
        except type_version.MOVED_ON as error:
            return self._question_page(version_id, name, kind, refused=error)
        return _to_list(version_id, f"isi-{name}")

    def remove_question(self, version_id: str, name: str) -> ResponseReturnValue:
        try:
            self._write(version_id, Removed(name))
        except InvalidInput as invalid:
            return self._list_page(version_id, invalid.problems)
        except type_version.MOVED_ON as error:
            return self._list_page(version_id, refused=error)
        return _to_list(version_id, "daftar")

    # --- what the pages share -------------------------------------------------------

    def _write(self, version_id: str, step: QuestionStep) -> None:
        self._editing.write_question(actor(), version_id, type_version.shown_row(), step)

    def _content(self, version_id: str) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self._editing.one(actor(), version_id).version.content)
        return content

    def _list_page(
        self,
        version_id: str,
        problems: Sequence[Problem] = (),
        refused: IssuerError | None = None,
    ) -> ResponseReturnValue:
        draft = self._editing.one(actor(), version_id)
        if draft.version.state is not VersionState.DRAFT and refused is None:
            return type_version.to(draft.version)
        schema = json.loads(draft.version.content)["fields"]
        found = list(problems) or _of_questions(draft)
        return self._answer(
            "admin/type_questions.html",
            draft,
            problems,
            refused,
            found=found,
            labels={one.where: type_parts.label_of(one.where) for one in found},
            asked=schema["properties"],
            required=_required(schema),
            kinds={kind.value: text for kind, text in type_parts.KINDS.items()},
            new_kinds=NEW_KINDS,
        )

    def _question_page(
        self,
        version_id: str,
        name: str | None,
        kind: FieldKind | None = None,
        problems: Sequence[Problem] = (),
        refused: IssuerError | None = None,
    ) -> ResponseReturnValue:
        draft = self._editing.one(actor(), version_id)
        if draft.version.state is not VersionState.DRAFT and refused is None:
            return type_version.to(draft.version)
        content = json.loads(draft.version.content)
        if name is not None:
            kind = FieldKind(_notes(content, name)["kind"])
        if kind is None:
            raise NotFound("question", "?")
        typed = _as_sent() if request.method == "POST" else _as_typed(content, name, kind)
        places = (f"choices.{number}.{code}" for number in range(MOST_CHOICES) for code in _CODES)
        choices = {place: f"{say(_CHOICE)} {int(place.split('.')[1]) + 1}" for place in places}
        return self._answer(
            "admin/type_question.html",
            draft,
            problems,
            refused,
            name=name,
            kind=kind,
            kind_text=type_parts.KINDS[kind],
            words=LABELS,
            labels={**{place: say(text) for place, text in LABELS.items()}, **choices},
            found=problems,
            typed=typed,
            rows=range(_row_count(typed)),
            bounded=kind in BOUNDED,
            dated=kind in DATED,
            conditional=name is not None and "shown_if" in _notes(content, name),
        )

    def _answer(
        self,
        template: str,
        draft: Draft,
        problems: Sequence[Problem],
        refused: IssuerError | None,
        **values: object,
    ) -> ResponseReturnValue:
        refusal = refusal_of(refused, self._services) if refused else None
        title = json.loads(draft.version.content)["type"]["title"].get("id")
        text = page(
            template,
            version=draft.version,
            title=title or draft.version.slug,
            refusal=refusal,
            problems=values["found"],
            **values,
        )
        if refusal:
            return text, refusal.status
        return text, HTTP_STATUS[InvalidInput] if problems else 200


_CODES = ("id", "en")


def _kind(typed: str) -> FieldKind:
    """Return a kind that can be added. Raises ``NotFound``."""
    if typed not in NEW_KINDS:
        raise NotFound("question", "?")
    return FieldKind(typed)


def _notes(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    question = content["fields"]["properties"].get(name)
    if question is None:
        raise NotFound("question", name[:40])
    notes: Mapping[str, Any] = question["x-issuer"]
    return notes


def _required(schema: Mapping[str, Any]) -> set[str]:
    """Return what must be answered, always or where it is asked."""
    clauses = schema.get("allOf", [])
    return {*schema["required"], *(one for c in clauses for one in c["then"]["required"])}


def _of_questions(draft: Draft) -> list[Problem]:
    return [one for one in draft.findings if one.where.partition(".")[0] == "fields"]


def _row_count(typed: Mapping[str, str]) -> int:
    shown = typed.get("count", "")
    return min(int(shown), MOST_CHOICES) if _COUNT.fullmatch(shown) else 0


def _as_sent() -> dict[str, str]:
    return {name: value[:_MOST_TYPED] for name, value in request.form.items()}


def _as_typed(content: Mapping[str, Any], name: str | None, kind: FieldKind) -> dict[str, str]:
    """Return a question as its form would send it; a new one with the usual bounds."""
    typed = dict.fromkeys(("name", *_TEXTS), "")
    if name is None:
        if kind in USUAL:
            typed["least"], typed["most"] = map(str, USUAL[kind])
        return typed | ({"count": str(_FIRST_CHOICES)} if kind is FieldKind.CHOICE else {})
    question, notes = content["fields"]["properties"][name], _notes(content, name)
    for text in ("label", "hint"):
        typed |= {f"{text}.{code}": str(notes[text][code]) for code in _CODES}
    typed["example"] = "" if kind is FieldKind.GROUP else str(notes["example"])
    for where, keywords in (
        ("least", ("minLength", "minimum")),
        ("most", ("maxLength", "maximum")),
    ):
        typed[where] = next((str(question[one]) for one in keywords if one in question), "")
    typed["required"] = "ya" if name in content["fields"]["required"] else ""
    typed["past"] = "ya" if notes.get("past") else ""
    if kind is FieldKind.CHOICE:
        typed["count"] = str(min(len(notes["choices"]) + _MORE_CHOICES, MOST_CHOICES))
        for number, (value, texts) in enumerate(notes["choices"].items()):
            typed[f"choices.{number}.code"] = value
            typed |= {f"choices.{number}.{code}": str(texts[code]) for code in _CODES}
    return typed


def _typed_question(kind: FieldKind) -> QuestionEdit:
    """Return what was typed. Raises ``InvalidInput`` for a bound that is no number."""
    sent = _as_sent()
    bounds: dict[str, int | None] = {}
    problems = []
    for where in ("least", "most"):
        text = sent.get(where, "").strip() if kind in BOUNDED else ""
        if text and not _BOUND.fullmatch(text):
            problems.append(Problem(where, "not_a_number"))
        bounds[where] = int(text) if _BOUND.fullmatch(text) else None
    if problems:
        raise InvalidInput(problems)
    return QuestionEdit(
        kind=kind,
        label=T(sent.get("label.id", ""), sent.get("label.en", "")),
        hint=T(sent.get("hint.id", ""), sent.get("hint.en", "")),
        required=sent.get("required") == "ya",
        example=sent.get("example", ""),
        past=sent.get("past") == "ya",
        least=bounds["least"],
        most=bounds["most"],
        choices=tuple(
            (
                sent.get(f"choices.{number}.code", ""),
                T(sent.get(f"choices.{number}.id", ""), sent.get(f"choices.{number}.en", "")),
            )
            for number in range(_row_count(sent))
        ),
    )


def _to_list(version_id: str, place: str) -> ResponseReturnValue:
    return redirect(url_for("admin.type_questions", version_id=version_id, _anchor=place), 303)
