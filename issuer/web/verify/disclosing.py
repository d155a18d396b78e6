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
        return _page("verify/more.html", token, wrong=False)

    @room.post("/v/<token>/lengkap")
    def disclose(token: str) -> ResponseReturnValue:
        proof = request.form.get("proof", "")
        opened = services.disclosure.by_qr(f"/v/{token}", proof, asker())
        if opened is None:
            return _page("verify/more.html", token, wrong=True), 422
        return _page("verify/disclosed.html", token, seen=opened.seen, more=opened)


def _page(template: str, token: str, **told: object) -> str:
    back, again = (url_for(f"verify.{page}", token=token) for page in ("landing", "more"))
    return render_template(template, back=back, again=again, **told)
