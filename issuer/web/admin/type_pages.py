"""The parts of a version that have a page of their own: documents and service standard."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, IssuerError, Problem
from issuer.domain.type_versions import VersionState
from issuer.services import Services
from issuer.services.type_editing import Draft
from issuer.texts.letter_types import STANDARD_COMPONENTS
from issuer.web.admin import type_form, type_parts, type_version
from issuer.web.admin.pages import actor, page
from issuer.web.errors import HTTP_STATUS, refusal_of

_PAGES = {
    "admin.type_documents": "admin/type_documents.html",
    "admin.type_standard": "admin/type_standard.html",
}


def add_pages(room: Blueprint, services: Services) -> None:
    """Add these pages to the room of administration."""
    pages = _Pages(services)
    room.get("/versi-jenis/<version_id>/berkas")(pages.type_documents)
    room.post("/versi-jenis/<version_id>/berkas")(pages.save_documents)
    room.get("/versi-jenis/<version_id>/standar")(pages.type_standard)
    room.post("/versi-jenis/<version_id>/standar")(pages.save_standard)


class _Pages:
    """The pages, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._editing = services.type_editing

    def type_documents(self, version_id: str) -> ResponseReturnValue:
        return self._page("admin.type_documents", version_id)

    def save_documents(self, version_id: str) -> ResponseReturnValue:
        """Keep the list as it was typed, whichever button was pressed, and go on from there."""
        return self._save("admin.type_documents", version_id, type_form.fill_documents)

    def type_standard(self, version_id: str) -> ResponseReturnValue:
        return self._page("admin.type_standard", version_id)

    def save_standard(self, version_id: str) -> ResponseReturnValue:
        return self._save("admin.type_standard", version_id, type_form.fill_standard)

    # --- what the pages share -------------------------------------------------------

    def _save(
        self,
        endpoint: str,
        version_id: str,
        fill: Callable[[dict[str, Any], Mapping[str, str]], str | None],
    ) -> ResponseReturnValue:
        content = json.loads(self._editing.one(actor(), version_id).version.content)
        try:
            place = fill(content["type"], request.form)
            text = json.dumps(content, ensure_ascii=False)
            saved = self._editing.save(actor(), version_id, type_version.shown_row(), text)
        except InvalidInput as invalid:
            return self._page(endpoint, version_id, request.form, invalid.problems)
        except type_version.MOVED_ON as error:
            return self._page(endpoint, version_id, request.form, refused=error)
        if not place:
            return type_version.to(saved, "simpan")
        return redirect(url_for(endpoint, version_id=version_id, _anchor=place), 303)

    def _page(
        self,
        endpoint: str,
        version_id: str,
        typed: Mapping[str, str] | None = None,
        problems: Sequence[Problem] = (),
        refused: IssuerError | None = None,
    ) -> ResponseReturnValue:
        draft = self._editing.one(actor(), version_id)
        if draft.version.state is not VersionState.DRAFT and refused is None:
            return type_version.to(draft.version)
        refusal = refusal_of(refused, self._services) if refused else None
        plain = json.loads(draft.version.content)["type"]
        found = list(problems) or _of_part(draft, endpoint)
        text = page(
            _PAGES[endpoint],
            version=draft.version,
            title=plain["title"].get("id") or draft.version.slug,
            typed=typed if typed is not None else _as_typed(plain, endpoint),
            components=STANDARD_COMPONENTS,
            most=type_form.MOST_DOCUMENTS,
            most_document=type_form.MOST_DOCUMENT,
            most_standard=type_form.MOST_STANDARD,
            problems=found,
            labels={one.where: type_parts.label_of(one.where) for one in found},
            refusal=refusal,
        )
        if refusal:
            return text, refusal.status
        return text, HTTP_STATUS[InvalidInput] if problems else 200


def _of_part(draft: Draft, endpoint: str) -> list[Problem]:
    """Return the findings that are put right on this page."""
    parts = {part for part, where in type_version.PARTS.items() if where == endpoint}
    return [one for one in draft.findings if one.where.partition(".")[0] in parts]


def _as_typed(plain: Mapping[str, Any], endpoint: str) -> dict[str, str]:
    """Return a part as its form would send it."""
    if endpoint == "admin.type_standard":
        standard = plain.get("service_standard", {})
        return {
            f"service_standard.{name}.{code}": str(standard.get(name, {}).get(code, ""))
            for name in STANDARD_COMPONENTS
            for code in ("id", "en")
        }
    rows = plain.get("documents", [])
    typed = {"count": str(len(rows))}
    for number, row in enumerate(rows):
        typed |= {f"documents.{number}.{code}": str(row.get(code, "")) for code in ("id", "en")}
        typed[f"documents.{number}.optional"] = "ya" if row.get("optional") else ""
    return typed
