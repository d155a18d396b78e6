"""Errors as problem documents (RFC 9457), for machines: everything under ``/api``.

The title speaks the language that ``Accept-Language`` asks for; programs go by the code.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Response, request

from issuer import texts
from issuer.domain import errors
from issuer.domain.errors import IssuerError, Problem
from issuer.domain.letter_types import Bilingual

T = Bilingual
MEDIA_TYPE = "application/problem+json"

WORDS: Mapping[str, Bilingual] = {
    "bad_request": T("Permintaan ini tidak dapat dibaca.", "This request cannot be read."),
    "no_such_address": T("Alamat ini tidak ada.", "There is no such address."),
    "method_not_allowed": T(
        "Metode ini tidak berlaku pada alamat ini.", "This method does not apply here."
    ),
    "body_too_large": T("Isi permintaan terlalu besar.", "The body is too large."),
    "unsupported_media_type": T(
        "Jenis isi ini tidak diterima: pakai application/json, application/pdf, image/png, "
        "atau image/jpeg.",
        "This type of content is not taken: use application/json, application/pdf, image/png "
        "or image/jpeg.",
    ),
    "internal_error": T(
        "Ada kesalahan pada sistem kami, bukan pada Anda. Coba lagi nanti.",
        "Something went wrong on our side, not yours. Try again later.",
    ),
}
BY_STATUS: Mapping[int, str] = {
    404: "no_such_address",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    500: "internal_error",
}
"""The code of an error that has nothing but a status; ``bad_request`` for any other."""

_OF_A_KEY: Mapping[type[IssuerError], Bilingual] = {
    errors.NotAuthenticated: T(
        "Kunci API tidak ada, salah, atau sudah dicabut.",
        "The API key is missing, wrong or revoked.",
    ),
    errors.NotPermitted: T(
        "Kunci API ini tidak berhak untuk ini.", "This API key lacks the scope for this."
    ),
}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a problem document says. ``reference`` names the place in our log."""

    status: int
    code: str
    title: Bilingual
    reference: str | None = None
    retry_after_seconds: int | None = None
    problems: tuple[Problem, ...] = ()


def wanted() -> bool:
    """Say whether this request is a machine's."""
    return f"{request.path}/".startswith("/api/")


def title_of(kind: type[IssuerError]) -> Bilingual:
    """Return what a known error is called here."""
    return _OF_A_KEY.get(kind) or texts.ERRORS[kind]


def of_error(error: IssuerError, status: int, reference: str | None = None) -> Trouble:
    """Return what to say of a known error."""
    kind = type(error)
    return Trouble(
        status,
        error.code,
        title_of(kind),
        reference,
        error.retry_after_seconds if isinstance(error, errors.TooManyAttempts) else None,
        error.problems if isinstance(error, errors.InvalidInput) else (),
    )


def of_status(status: int, reference: str | None = None) -> Trouble:
    """Return what to say of an error that has nothing but a status."""
    code = BY_STATUS.get(status, "bad_request")
    return Trouble(status, code, WORDS[code], reference)


def as_object(trouble: Trouble) -> dict[str, object]:
    """Return the members of the document."""
    document: dict[str, object] = {
        "type": f"/api#{trouble.code}",
        "title": _said(trouble.title),
        "status": trouble.status,
        "code": trouble.code,
    }
    if trouble.reference is not None:
        document["reference"] = trouble.reference
    if trouble.retry_after_seconds is not None:
        document["retry_after_seconds"] = trouble.retry_after_seconds
    if trouble.problems:
        document["problems"] = list(_in_detail(trouble.problems))
    return document


def response(trouble: Trouble) -> Response:
    """Return the document as an answer, with the headers that belong to it."""
    answer = Response(json.dumps(as_object(trouble)), trouble.status, mimetype=MEDIA_TYPE)
    if trouble.retry_after_seconds is not None:
        answer.headers["Retry-After"] = str(trouble.retry_after_seconds)
    if trouble.status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    answer.headers["Content-Language"] = _language()
    answer.vary.add("Accept-Language")
    return answer


def _in_detail(problems: Iterable[Problem]) -> Iterable[dict[str, str]]:
    for problem in problems:
        said = _said(texts.problem_text(problem))
        yield {"where": problem.where, "code": problem.code, "message": said}


def _language() -> str:
    wanted = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((tag for tag in wanted if tag in ("id", "en")), "id")


def _said(text: Bilingual) -> str:
    return text.en if _language() == "en" else text.id
