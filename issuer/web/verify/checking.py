"""The page that asks: for a file, or for number and code."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.services import Services
from issuer.web.asking import asker


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the page with its two forms."""
    inquiries = services.inquiries

    @room.get("/periksa")
    def ask() -> ResponseReturnValue:
        return render_template("verify/ask.html", missing=None, number="")

    @room.post("/periksa")
    def answer() -> ResponseReturnValue:
        upload = request.files.get("file")
        number, code = (request.form.get(name, "").strip() for name in ("number", "code"))
        again, retyped = url_for("verify.ask"), None
        if upload is not None and upload.filename:
            seen = inquiries.by_file(upload.read(), asker())
        elif number and code:
            seen = inquiries.by_number(number, code, asker())
            retyped = {"number": number, "code": code} if seen.letter else None
        else:
            missing = "file" if upload is not None else "code" if number else "number"
            page = render_template("verify/ask.html", missing=missing, number=number, again=again)
            return page, 422
        return render_template(
            "verify/answer.html", seen=seen, more=None, again=again, retyped=retyped
        )
