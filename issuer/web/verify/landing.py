"""Where the QR leads: the address ``/v/…`` is a contract without end."""

from __future__ import annotations

import re

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from issuer.domain.errors import NotFound
from issuer.services import Services
from issuer.web.asking import asker

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the landing page and what it shows besides."""

    @room.get("/v/<token>")
    def landing(token: str) -> ResponseReturnValue:
        seen = services.inquiries.by_qr(f"/v/{token}", asker())
        more = f"/v/{token}/lengkap" if seen.letter else None
        return render_template("verify/answer.html", seen=seen, more=more)

    @room.get("/roset/<digest>.svg")
    def rosette(digest: str) -> ResponseReturnValue:
        """The rosette of a digest; it follows from the address alone, so it asks nobody.

        Apart from the page, so that the verdict does not wait for a drawing.
        """
        if not _DIGEST.fullmatch(digest):
            raise NotFound("rosette", "")
        svg = services.patterns.rosette_svg(bytes.fromhex(digest))
        return Response(svg, mimetype="image/svg+xml")
