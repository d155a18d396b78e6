"""More of a letter, for whoever types what stands on the paper or on the holder's KTP."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuer.services import Services
from issuer.web.asking import asker


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the question and its answer, below the address of the QR."""

    @room.get("/v/<token>/lengkap")
    def more(token: str) -> ResponseReturnValue:
        return _question(token, wrong=False)

    @room.post("/v/<token>/lengkap")
    def disclose(token: str) -> ResponseReturnValue:
        proof = request.form.get("proof", "")
        opened = services.disclosure.by_qr(f"/v/{token}", proof, asker())
        if opened is None:
            return _question(token, wrong=True), 422
        return render_template("verify/disclosed.html", more=opened, back=_back(token))


def _question(token: str, *, wrong: bool) -> str:
    return render_template("verify/more.html", wrong=wrong, back=_back(token))


def _back(token: str) -> str:
    return url_for("verify.landing", token=token)
