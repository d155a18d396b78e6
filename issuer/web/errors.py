"""Errors as pages, or as documents for machines: status, words, and what the log keeps."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import Flask, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]  # publishes no types
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from issuer import texts
from issuer.domain import errors
from issuer.domain.errors import IssuerError
from issuer.domain.letter_types import Bilingual
from issuer.services import Services
from issuer.services.refusals import NOBODY, note_refusal
from issuer.web import guards, problems

T = Bilingual
log = logging.getLogger("issuer.web")

HTTP_STATUS: dict[type[IssuerError], int] = {
    errors.InvalidInput: 422,
    errors.NotFound: 404,
    errors.NotAuthenticated: 401,
    errors.NotPermitted: 403,
    errors.TooManyAttempts: 429,
    errors.IllegalTransition: 409,
    errors.StaleVersion: 409,
    errors.WordingChanged: 409,
    errors.AnswersOutdated: 409,
    errors.AnotherPersonNeeded: 409,
    errors.NoMandate: 409,
    errors.NumberConflict: 409,
    errors.StatusListFull: 503,
    errors.NotFitToSign: 500,
    errors.KeyUnavailable: 503,
    errors.MalformedCredential: 400,
    errors.InvalidDocument: 400,
    errors.InvalidSignature: 400,
    errors.TooLarge: 413,
    errors.CorruptStore: 500,
    errors.DependencyUnavailable: 503,
    errors.ConfigurationError: 500,
}

_FORM_EXPIRED = T(
    "Halaman ini terbuka terlalu lama atau cookie dimatikan. Kembali, muat ulang, lalu kirim lagi.",
    "This page was open for too long, or cookies are off. Go back, reload and send again.",
)
_OUR_FAULT = T(
    "Ada kesalahan pada sistem kami, bukan pada Anda. Coba lagi nanti.",
    "Something went wrong on our side, not yours. Try again later.",
)
HTTP_TEXTS: Mapping[int, Bilingual] = {
    400: T("Permintaan ini tidak dapat dibaca.", "This request cannot be read."),
    404: T(
        "Halaman ini tidak ada. Periksa alamatnya, atau mulai dari halaman depan.",
        "There is no such page. Check the address, or begin at the start page.",
    ),
    405: T(
        "Halaman ini tidak dapat dibuka langsung. Mulailah dari formulirnya.",
        "This page cannot be opened directly. Begin at its form.",
    ),
    413: T(
        "Berkas terlalu besar; batasnya 25 MB, atau 60 MB bila banyak berkas sekaligus.",
        "The file is too large; the limit is 25 MB, or 60 MB for many files at once.",
    ),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """What the error page says."""

    status: int
    text: Bilingual
    reference: str | None = None
    wait_minutes: int | None = None


def register(app: Flask, services: Services) -> None:
    """Answer every error with a page in the same look."""

    @app.errorhandler(IssuerError)
    def known(error: IssuerError) -> ResponseReturnValue:
        if isinstance(error, errors.NotPermitted):
            _note_permission(error, services)
        if problems.wanted():
            return problems.response(trouble_of(error, services))
        refusal = refusal_of(error, services)
        if not isinstance(error, errors.TooManyAttempts):
            return _page(refusal)
        minutes = -(-error.retry_after_seconds // 60)
        response = make_response(_page(replace(refusal, wait_minutes=minutes)))
        response.headers["Retry-After"] = str(error.retry_after_seconds)
        return response

    @app.errorhandler(CSRFError)
    def form_expired(_error: CSRFError) -> ResponseReturnValue:
        note_refusal("form", page=request.endpoint or NOBODY)
        return _page(Refusal(400, _FORM_EXPIRED))

    @app.errorhandler(HTTPException)
    def by_status(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if problems.wanted():
            response = problems.response(problems.of_status(status))
        else:
            refusal = Refusal(status, HTTP_TEXTS.get(status, HTTP_TEXTS[400]))
            response = make_response(_page(refusal))
        if isinstance(error, MethodNotAllowed):
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return response

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> ResponseReturnValue:
        reference = note(error, services)
        if problems.wanted():
            return problems.response(problems.of_status(500, reference))
        return _page(Refusal(500, _OUR_FAULT, reference))


def _note_permission(error: errors.NotPermitted, services: Services) -> None:
    # A machine's request has no session, and none is looked for.
    who = guards.institution_id() if problems.wanted() else guards.account_id(services)
    page = request.endpoint or NOBODY
    note_refusal("permission", needed=error.permission, page=page, by=who or NOBODY)


def refusal_of(error: IssuerError, services: Services) -> Refusal:
    """Return what to say of a known error; from 500 on, the log keeps the rest."""
    kind = type(error)
    status = HTTP_STATUS[kind]
    reference = note(error, services) if status >= 500 else None
    return Refusal(status, texts.ERRORS[kind], reference)


def trouble_of(error: IssuerError, services: Services) -> problems.Trouble:
    """Return what to say of a known error to a machine; the log as in ``refusal_of``."""
    status = HTTP_STATUS[type(error)]
    reference = note(error, services) if status >= 500 else None
    return problems.of_error(error, status, reference)


def _page(refusal: Refusal) -> ResponseReturnValue:
    return render_template("errors/refusal.html", refusal=refusal), refusal.status


def note(error: Exception, services: Services) -> str:
    """Log where an error came from and return a reference the person can name.

    Messages of unknown errors may hold what somebody typed, so only the places in
    the code are kept; our own errors carry no personal data.
    """
    reference = f"{services.clock.now():%y%m%d-%H%M%S-%f}"
    places = "".join(
        f"\n  {frame.filename}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    )
    what = f"{type(error).__name__}"
    if isinstance(error, IssuerError):
        what += f" ({error})"
    log.error("%s at %s: %s%s", reference, request.endpoint, what, places)
    return reference
