"""After issue: the letter's file, for a device that has the request open, and the survey."""

from __future__ import annotations

import re

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.letter import Letter
from issuer.services import Services
from issuer.web.citizen.applying import to_open_again
from issuer.web.citizen.capability import Capability
from issuer.web.citizen.words import SCORES, SURVEY
from issuer.web.errors import HTTP_STATUS

_NOT_FOR_FILE_NAMES = re.compile(r"[^A-Za-z0-9.]+", re.ASCII)


def add_pages(room: Blueprint, services: Services, capability: Capability) -> None:
    """Add the file and the survey."""

    @room.get("/permohonan/surat.pdf")
    def letter() -> ResponseReturnValue:
        held = capability.held()
        if held is None:
            return to_open_again()
        return letter_file(*services.receiving.letter(held.token))

    @room.get("/permohonan/survei")
    def survey() -> ResponseReturnValue:
        return to_open_again() if capability.held() is None else _survey_page(())

    @room.post("/permohonan/survei")
    def send_survey() -> ResponseReturnValue:
        held = capability.held()
        if held is None:
            return to_open_again()
        try:
            services.receiving.survey(held.token, request.form)
        except InvalidInput as refused:
            return _survey_page(refused.problems)
        return redirect(url_for("citizen.own"), 303)


def letter_file(letter: Letter, pdf: bytes) -> Response:
    """Return the file of a letter as a download."""
    response = Response(pdf, mimetype="application/pdf")
    name = _NOT_FOR_FILE_NAMES.sub("-", letter.number)
    response.headers["Content-Disposition"] = f'attachment; filename="surat-{name}.pdf"'
    return response


def _survey_page(problems: tuple[Problem, ...]) -> ResponseReturnValue:
    page = render_template(
        "citizen/survey.html",
        questions=SURVEY,
        scores=SCORES,
        typed=request.form,
        problems={problem.where: problem for problem in problems},
        again=url_for("citizen.survey"),
    )
    return page, HTTP_STATUS[InvalidInput] if problems else 200
