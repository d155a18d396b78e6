"""Verification for everybody: the landing of the QR, and the page that asks."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from issuer.domain.verdict import Verification
from issuer.services import Services
from issuer.web.asking import asker
from issuer.web.settings import WebSettings


def make_blueprint(services: Services, _settings: WebSettings) -> Blueprint:
    """Return the room where letters are verified."""
    room = Blueprint("verify", __name__)
    inquiries = services.inquiries

    @room.get("/v/<token>")
    def landing(token: str) -> ResponseReturnValue:
        return _answer(inquiries.by_qr(f"/v/{token}", asker()))

    @room.get("/periksa")
    def ask() -> ResponseReturnValue:
        return render_template("verify/ask.html", missing=None, number="")

    @room.post("/periksa")
    def answer() -> ResponseReturnValue:
        upload = request.files.get("file")
        number, code = (request.form.get(name, "").strip() for name in ("number", "code"))
        if upload is not None and upload.filename:
            return _answer(inquiries.by_file(upload.read(), asker()))
        if number and code:
            return _answer(inquiries.by_number(number, code, asker()))
        missing = "file" if upload is not None else "code" if number else "number"
        return render_template("verify/ask.html", missing=missing, number=number), 422

    return room


def _answer(verification: Verification) -> ResponseReturnValue:
    return render_template("verify/answer.html", seen=verification)
