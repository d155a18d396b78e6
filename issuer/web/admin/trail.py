"""The audit trail: who did what when, page by page."""

from __future__ import annotations

import re

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from issuer.services import Services
from issuer.web.admin.pages import actor, page

_POSITION = re.compile(r"[1-9][0-9]{0,15}", re.ASCII)


def add_pages(room: Blueprint, services: Services) -> None:
    """Add the page of the audit trail to the room of administration."""

    @room.get("/jejak")
    def trail() -> ResponseReturnValue:
        typed = request.args.get("sebelum", "")
        before = int(typed) if _POSITION.fullmatch(typed) else None
        about = request.args.get("tentang", "").strip()
        found = services.trail.page(actor(), before, about or None)
        return page("admin/trail.html", trail=found, about=about)
