"""Many files at once, for whoever receives many: a row for each, and a table to keep.

Files are read one after another, so memory holds one of them; nothing is stored, so the
table to download is inside the page.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from issuer.domain.errors import TooManyAttempts
from issuer.domain.letter_types import Bilingual
from issuer.domain.text import excerpt
from issuer.domain.verdict import Checks, Reason, Verdict, Verification
from issuer.services import Services
from issuer.services.verification import MAX_FILE_BYTES
from issuer.web.asking import asker
from issuer.web.errors import note
from issuer.web.language import say
from issuer.web.texts import reason_text, verdict_word

T = Bilingual

MAX_FILES = 20
MAX_FILE_NAME = 80
TIME_ALLOWED = timedelta(seconds=30)
"""Well below what the server allows a request; what is left over then is sent again."""

_LATER = T("Belum sempat diperiksa. Kirim berkas ini lagi.", "Not reached. Send this file again.")
_ENOUGH = T(
    "Belum diperiksa: terlalu banyak berkas dalam waktu singkat. Kirim lagi nanti.",
    "Not checked: too many files in a short time. Send it again later.",
)
_COLUMNS = (
    "file",
    "sha256",
    "verdict",
    "word",
    "number",
    "title",
    "agency",
    "issued_on",
    "expires_on",
    "reasons",
    "checked_at",
)
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Row:
    """A file, what was found, and why nothing was found if so."""

    file_name: str
    sha256: str
    seen: Verification
    skipped: str = ""


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the form and the table."""

    @room.get("/periksa/banyak")
    def ask_many() -> ResponseReturnValue:
        return _form(None)

    @room.post("/periksa/banyak")
    def answer_many() -> ResponseReturnValue:
        uploads = [upload for upload in request.files.getlist("files") if upload.filename]
        if not 1 <= len(uploads) <= MAX_FILES:
            return _form("too_many" if uploads else "none"), 422
        rows = _check(services, uploads)
        return render_template(
            "verify/rows.html",
            rows=rows,
            at_utc=services.clock.now(),
            valid=sum(row.seen.verdict is Verdict.VALID for row in rows),
            table="data:text/csv;charset=utf-8," + quote(_csv(rows)),
            again=url_for("verify.ask_many"),
        )


def _form(wrong: str | None) -> str:
    return render_template(
        "verify/many.html", wrong=wrong, limit=MAX_FILES, again=url_for("verify.ask_many")
    )


def _check(services: Services, uploads: Iterable[FileStorage]) -> list[Row]:
    """Check one file after another; none of them can keep the others from an answer."""
    until = services.clock.now() + TIME_ALLOWED
    nothing = Verification(Verdict.INDETERMINATE, Checks(), ())
    who, rows = asker(), []
    for upload in uploads:
        name = excerpt(upload.filename or "", MAX_FILE_NAME) or "-"
        if services.clock.now() > until:
            rows.append(Row(name, "", nothing, say(_LATER)))
            continue
        # One byte more than the limit is enough to know that it is too large.
        data = upload.read(MAX_FILE_BYTES + 1)
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            rows.append(Row(name, sha256, services.inquiries.by_file(data, who)))
        except TooManyAttempts:
            rows.append(Row(name, sha256, nothing, say(_ENOUGH)))
        except Exception as error:
            note(error, services)
            unreadable = Verification(Verdict.INDETERMINATE, Checks(), (Reason.FILE_UNREADABLE,))
            rows.append(Row(name, sha256, unreadable))
    return rows


def _csv(rows: Iterable[Row]) -> str:
    """Return the table as spreadsheets here open it: with a byte order mark and semicolons."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        letter, at_utc = row.seen.letter, row.seen.at_utc
        writer.writerow(
            [
                _cell(value)
                for value in (
                    row.file_name,
                    row.sha256,
                    row.seen.verdict.value,
                    verdict_word(row.seen.verdict),
                    letter.number if letter else "",
                    letter.title if letter else "",
                    letter.agency if letter else "",
                    letter.issued_on.isoformat() if letter else "",
                    letter.expires_on.isoformat() if letter and letter.expires_on else "",
                    row.skipped or " ".join(reason_text(reason) for reason in row.seen.reasons),
                    at_utc.isoformat() if at_utc else "",
                )
            ]
        )
    return "\ufeff" + out.getvalue()


def _cell(value: str) -> str:
    """Return a value that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_BEGINS_A_FORMULA) else value
