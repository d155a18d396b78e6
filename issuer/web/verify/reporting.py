"""The page where anybody reports a letter that may be forged or misused."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.domain.errors import InvalidInput, Problem
from issuer.domain.forgery_report import MAX_CONTACT, MAX_DETAIL, Finding
from issuer.domain.letter_types import Bilingual
from issuer.domain.numbers import MAX_NUMBER
from issuer.services import Services
from issuer.web.asking import asker

T = Bilingual

FINDINGS: Mapping[Finding, Bilingual] = {
    Finding.CONTENT_DIFFERS: T(
        "Isi kertas berbeda dari halaman pemeriksaan",
        "The paper differs from the page that checks it",
    ),
    Finding.NOT_REGISTERED: T(
        "Surat mengaku dari kantor ini, tetapi tidak dikenal",
        "The letter claims to be of this office, but is not known",
    ),
    Finding.ANOTHER_SITE: T("Kode QR menuju situs lain", "The QR code leads to another site"),
    Finding.ANOTHER_PERSON: T(
        "Surat dipakai oleh orang yang bukan pemiliknya",
        "The letter is used by somebody who is not its holder",
    ),
    Finding.OTHER: T("Hal lain, ceritakan di bawah", "Something else, described below"),
}
_FIELDS = ("finding", "number", "detail", "contact")
_LIMITS = {"number": MAX_NUMBER, "detail": MAX_DETAIL, "contact": MAX_CONTACT}


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the form and the thanks."""

    @room.get("/lapor")
    def report() -> ResponseReturnValue:
        return _form({}, ())

    @room.post("/lapor")
    def send_report() -> ResponseReturnValue:
        typed = {name: request.form.get(name, "") for name in _FIELDS}
        try:
            received = services.reports.receive(typed, asker())
        except InvalidInput as refused:
            return _form(typed, refused.problems), 422
        return render_template(
            "verify/reported.html", report=received, again=url_for("verify.report")
        )


def _form(typed: Mapping[str, str], problems: tuple[Problem, ...]) -> str:
    return render_template(
        "verify/report.html",
        findings=FINDINGS,
        limits=_LIMITS,
        typed=typed,
        problems={problem.where: problem for problem in problems},
        again=url_for("verify.report"),
    )
