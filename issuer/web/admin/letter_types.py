"""Letter types: what there is, what is being written, every version of one, and copies."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from issuer.domain.access import Permission, Subject, require
from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter_types import Bilingual, LetterType
from issuer.domain.type_versions import OPEN_VERSION, TypeVersion, VersionState
from issuer.services import Services
from issuer.web.admin import type_pages, type_parts, type_questions, type_version
from issuer.web.admin.pages import actor, page
from issuer.web.errors import HTTP_STATUS

T = Bilingual
_MOST_TITLE, _MOST_SLUG = 80, 40


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the pages of letter types to the room of administration."""
    pages = _LetterTypes(services)
    room.get("/jenis")(pages.letter_types)
    room.get("/jenis/<slug>")(pages.letter_type)
    room.post("/jenis/<slug>/konsep")(pages.begin_version)
    room.get("/jenis/<slug>/salin")(pages.ask_to_copy_type)
    room.post("/jenis/<slug>/salin")(pages.copy_type)
    type_version.add_pages(room, services)
    type_pages.add_pages(room, services)
    type_questions.add_pages(room, services)


class _LetterTypes:
    """The pages, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._editing = services.type_editing

    def letter_types(self) -> ResponseReturnValue:
        newest = self._editing.newest(actor())
        kinds = self._services.catalogue.all()
        known = {kind.slug for kind in kinds}
        return page(
            "admin/letter_types.html",
            kinds=kinds,
            waiting={slug: one for slug, one in newest.items() if one.state in OPEN_VERSION},
            unreleased=[(one, _title(one)) for slug, one in newest.items() if slug not in known],
            states=type_version.STATES,
        )

    def letter_type(self, slug: str) -> ResponseReturnValue:
        """Show every version of a type: who, when, and what each changed."""
        history = self._editing.history(actor(), slug)
        changes = {}
        for one in history.versions:
            before = history.before(one)
            changes[one.id] = type_parts.changes(
                json.loads(before) if before else None, json.loads(one.content)
            )
        return page(
            "admin/type_history.html",
            slug=slug,
            title=self._named(slug, history.versions),
            history=history,
            changes=changes,
            is_open=any(one.state in OPEN_VERSION for one in history.versions),
            in_force=self._in_force(slug),
            base_version=json.loads(history.base)["type"]["version"] if history.base else None,
            released=VersionState.RELEASED,
            states=type_version.STATES,
        )

    def begin_version(self, slug: str) -> ResponseReturnValue:
        former = request.form.get("dari", "")
        return type_version.to(self._editing.begin(actor(), slug, former or None))

    def ask_to_copy_type(self, slug: str) -> ResponseReturnValue:
        require(actor(), Permission.KEEP_LETTER_TYPES, Subject())
        return self._copy_page(slug, {})

    def copy_type(self, slug: str) -> ResponseReturnValue:
        require(actor(), Permission.KEEP_LETTER_TYPES, Subject())
        typed = {name: request.form.get(name, "") for name in ("title", "slug")}
        short = typed["slug"].strip()[: _MOST_SLUG + 1]
        try:
            begun = self._editing.copy(actor(), slug, short, typed["title"])
        except InvalidInput as invalid:
            return self._copy_page(slug, typed, invalid.problems), HTTP_STATUS[InvalidInput]
        return type_version.to(begun)

    # --- what the pages share -------------------------------------------------------

    def _copy_page(
        self, slug: str, typed: Mapping[str, str], problems: Sequence[Problem] = ()
    ) -> str:
        kind = self._services.catalogue.get(slug)
        return page(
            "admin/copy_type.html",
            kind=kind,
            typed={"title": "", "slug": "", **typed},
            problems=problems,
            most_title=_MOST_TITLE,
            most_slug=_MOST_SLUG,
        )

    def _in_force(self, slug: str) -> LetterType | None:
        return next((one for one in self._services.catalogue.all() if one.slug == slug), None)

    def _named(self, slug: str, versions: Sequence[TypeVersion]) -> Bilingual:
        kind = self._in_force(slug)
        if kind is not None:
            return kind.title
        return _title(versions[0]) if versions else T(slug, slug)


def _title(version: TypeVersion) -> Bilingual:
    """Return the title of a version that may be wrong in everything else."""
    title = json.loads(version.content)["type"].get("title", {})
    return T(title.get("id") or version.slug, title.get("en") or version.slug)
