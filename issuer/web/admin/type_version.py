"""One version of a letter type: written, looked at, proposed, released or given up."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.access import Permission, Subject, require
from issuer.domain.errors import (
    AnotherPersonNeeded,
    IllegalTransition,
    InvalidInput,
    IssuerError,
    Problem,
    StaleVersion,
)
from issuer.domain.letter_types import Bilingual
from issuer.domain.type_versions import TypeVersion, VersionState
from issuer.services import Services
from issuer.web.admin import type_form, type_parts
from issuer.web.admin.pages import actor, page
from issuer.web.errors import HTTP_STATUS, refusal_of
from issuer.web.showing import pdf_shown

T = Bilingual
STATES: Mapping[VersionState, Bilingual] = {
    VersionState.DRAFT: T("Sedang ditulis", "Being written"),
    VersionState.PROPOSED: T("Menunggu rilis", "Awaiting release"),
    VersionState.RELEASED: T("Dirilis", "Released"),
    VersionState.REJECTED: T("Ditolak", "Rejected"),
    VersionState.WITHDRAWN: T("Ditarik", "Withdrawn"),
}
DONE = {
    "simpan": T("Konsep disimpan.", "The draft is kept."),
}
"""What the page says was done, by the word in its address."""

MOVED_ON = (AnotherPersonNeeded, IllegalTransition, StaleVersion)
PARTS: Mapping[str, str] = {
    "documents": "admin.type_documents",
    "service_standard": "admin.type_standard",
    "fields": "admin.type_questions",
}
"""The page on which a part is written, by the first word of a finding's place."""

_ROW = re.compile(r"[0-9]{1,9}", re.ASCII)


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the pages of a version to the room of administration."""
    pages = _Version(services)
    room.get("/versi-jenis/<version_id>")(pages.version)
    room.post("/versi-jenis/<version_id>")(pages.save_version)
    room.get("/versi-jenis/<version_id>/konsep")(pages.version_page)
    room.post("/versi-jenis/<version_id>/usulkan")(pages.propose_version)
    room.post("/versi-jenis/<version_id>/rilis")(pages.release_version)
    room.post("/versi-jenis/<version_id>/tolak")(pages.reject_version)
    room.post("/versi-jenis/<version_id>/tarik")(pages.withdraw_version)


def shown_row() -> int:
    """Return the row that a form was shown with; 0, which no version has, for rubbish."""
    shown = request.form.get("row", "")
    return int(shown) if _ROW.fullmatch(shown) else 0


def to(version: TypeVersion, done: str | None = None) -> ResponseReturnValue:
    """Lead to the page of a version."""
    return redirect(url_for("admin.version", version_id=version.id, selesai=done), 303)


class _Version:
    """The pages, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._editing = services.type_editing

    def version(self, version_id: str) -> ResponseReturnValue:
        return self._page(version_id)

    def save_version(self, version_id: str) -> ResponseReturnValue:
        draft = self._editing.one(actor(), version_id)
        content = json.loads(draft.version.content)
        stays = draft.in_force is not None and draft.in_force.sensitive
        try:
            type_form.fill(content["type"], request.form, stays_sensitive=stays)
        except InvalidInput as invalid:
            return self._page(version_id, request.form, invalid.problems)
        text = json.dumps(content, ensure_ascii=False)
        return self._step(
            lambda row: self._editing.save(actor(), version_id, row, text),
            typed=request.form,
            done="simpan",
        )

    def version_page(self, version_id: str) -> ResponseReturnValue:
        """Show the example as a PDF; what keeps it from being drawn is said on the page."""
        try:
            pdf = self._services.type_preview.pdf(actor(), version_id)
        except InvalidInput as invalid:
            return self._page(version_id, None, invalid.problems)
        return pdf_shown(pdf, "konsep.pdf")

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

    def _step(
        self,
        do: Callable[[int], TypeVersion],
        *,
        typed: Mapping[str, str] | None = None,
        done: str | None = None,
    ) -> ResponseReturnValue:
        """Take a step, or show the version as it is now with why it was not taken."""
        require(actor(), Permission.KEEP_LETTER_TYPES, Subject())
        version_id = str((request.view_args or {})["version_id"])
        try:
            return to(do(shown_row()), done)
        except InvalidInput as invalid:
            return self._page(version_id, typed, invalid.problems)
        except MOVED_ON as error:
            return self._page(version_id, typed, refused=error)

    def _page(
        self,
        version_id: str,
        typed: Mapping[str, str] | None = None,
        problems: Sequence[Problem] = (),
        refused: IssuerError | None = None,
    ) -> ResponseReturnValue:
        draft = self._editing.one(actor(), version_id)
        content = json.loads(draft.version.content)
        before = self._editing.content_in_force(actor(), draft.version.slug)
        refusal = refusal_of(refused, self._services) if refused else None
        found = list(problems or draft.findings)
        shown = type_parts.values(content["type"])
        if typed is not None:
            shown |= {name: typed.get(name, "") for name in shown}
        text = page(
            "admin/letter_type.html",
            draft=draft,
            version=draft.version,
            title=content["type"]["title"].get("id") or draft.version.slug,
            states=STATES,
            lines=type_parts.LINES,
            numbers=type_parts.NUMBERS,
            sentences=type_parts.SENTENCES,
            optional=type_parts.OPTIONAL,
            channels=type_parts.CHANNELS,
            stays_sensitive=draft.in_force is not None and draft.in_force.sensitive,
            most_sentence=type_form.MOST_SENTENCE,
            values=shown,
            documents=len(content["type"].get("documents", [])),
            questions=len(content["fields"].get("properties", {})),
            is_new=before is None,
            changes=type_parts.changes(json.loads(before) if before else None, content),
            problems=found,
            places=[(self._href(version_id, one), type_parts.label_of(one.where)) for one in found],
            refusal=refusal,
            own=isinstance(refused, AnotherPersonNeeded),
            said=DONE.get(request.args.get("selesai", "")),
        )
        if refusal:
            return text, refusal.status
        return text, HTTP_STATUS[InvalidInput] if problems else 200

    def _href(self, version_id: str, problem: Problem) -> str:
        """Return where what is wrong is put right: here, or on a part's own page."""
        first = problem.where.partition(".")[0]
        if first in PARTS:
            return url_for(PARTS[first], version_id=version_id, _anchor=problem.where)
        return f"#{'public_title.id' if first == 'public_title' else problem.where}"
