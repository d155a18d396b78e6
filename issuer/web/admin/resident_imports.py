"""The register of residents: a table is sent, what it would do is shown, and then stored."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, NotFound, Problem, StaleVersion
from issuer.domain.letter_types import Bilingual
from issuer.domain.resident_rows import AGENCY, HAMLET, REQUIRED, RT, RW
from issuer.services import Services
from issuer.texts.residents import COLUMNS
from issuer.web.admin.pages import actor, page
from issuer.web.errors import HTTP_STATUS

T = Bilingual
DONE = {"buang": T("Tabel itu dibuang. Register tidak berubah.", "The table is thrown away.")}
"""What a page says was done, by the word in its address."""

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_REFUSED = 100
_OPTIONAL = ("nationality", HAMLET, RT, RW, AGENCY)


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the pages of the register of residents to the room of administration."""
    pages = _Imports(services)
    here = "/perangkat/<code>/warga"
    room.get(here)(pages.residents)
    room.post(here)(pages.begin_import)
    room.get(f"{here}/contoh.xlsx")(pages.sample_table)
    room.get(f"{here}/<import_id>")(pages.resident_import)
    room.post(f"{here}/<import_id>")(pages.confirm_import)
    room.post(f"{here}/<import_id>/buang")(pages.drop_import)


class _Imports:
    """The pages, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._imports = services.resident_imports

    def residents(self, code: str) -> ResponseReturnValue:
        return self._start(code)

    def sample_table(self, code: str) -> ResponseReturnValue:
        self._imports.done(actor(), code)  # whoever may not import there has no use for it
        response = Response(self._imports.sample(), mimetype=_SHEET)
        response.headers["Content-Disposition"] = 'attachment; filename="contoh-warga.xlsx"'
        return response

    def begin_import(self, code: str) -> ResponseReturnValue:
        """Take a table in; the next page shows what it would do."""
        sent = request.files.get("file")
        complete = "complete" in request.form
        data = sent.read() if sent is not None else b""
        try:
            begun = self._imports.begin(actor(), code, data, complete=complete)
        except InvalidInput as invalid:
            return self._start(code, invalid.problems, complete=complete)
        return redirect(url_for("admin.resident_import", code=code, import_id=begun.id), 303)

    def resident_import(self, code: str, import_id: str) -> ResponseReturnValue:
        return self._one(code, import_id)

    def confirm_import(self, code: str, import_id: str) -> ResponseReturnValue:
        """Store what was shown; when it would do anything else by now, show that instead."""
        agreed = request.form.get("agreed", "")
        try:
            self._imports.confirm(actor(), code, _id(import_id), agreed)
        except StaleVersion:
            return self._one(code, import_id, moved_on=True)
        except InvalidInput as invalid:
            return self._start(code, invalid.problems)
        return redirect(url_for("admin.resident_import", code=code, import_id=import_id), 303)

    def drop_import(self, code: str, import_id: str) -> ResponseReturnValue:
        self._imports.drop(actor(), code, _id(import_id))
        return redirect(url_for("admin.residents", code=code, selesai="buang"), 303)

    # --- what the pages share -------------------------------------------------------

    def _start(
        self, code: str, problems: Sequence[Problem] = (), *, complete: bool = False
    ) -> ResponseReturnValue:
        done = self._imports.done(actor(), code)
        text = page(
            "admin/residents.html",
            agency=self._services.letters.agency(code),
            inhabited=self._imports.has_residents(actor(), code),
            done=done,
            problems=problems,
            complete=complete,
            columns=COLUMNS,
            required=REQUIRED,
            optional=_OPTIONAL,
            said=DONE.get(request.args.get("selesai", "")),
            again=url_for("admin.residents", code=code),
        )
        return text, HTTP_STATUS[InvalidInput] if problems else 200

    def _one(self, code: str, import_id: str, *, moved_on: bool = False) -> ResponseReturnValue:
        try:
            one, preview = self._imports.one(actor(), code, _id(import_id))
        except InvalidInput as invalid:
            return self._start(code, invalid.problems)
        text = page(
            "admin/resident_import.html",
            agency=self._services.letters.agency(code),
            one=one,
            preview=preview,
            most=_MOST_REFUSED,
            columns=COLUMNS,
            moved_on=moved_on,
            again=url_for("admin.resident_import", code=code, import_id=import_id),
        )
        return text, HTTP_STATUS[StaleVersion] if moved_on else 200


def _id(import_id: str) -> str:
    if not _ID.fullmatch(import_id):
        raise NotFound("import", "")
    return import_id
