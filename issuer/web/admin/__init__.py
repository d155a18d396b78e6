"""Administration: accounts and agencies, and the audit trail for whoever oversees them."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from issuer.services import Services
from issuer.web.admin import (
    accounts,
    agencies,
    erasing,
    letter_types,
    mandates,
    message_texts,
    resident_imports,
    trail,
)
from issuer.web.admin.pages import page
from issuer.web.settings import WebSettings


def make_blueprint(services: Services, _settings: WebSettings) -> Blueprint:
    """Return the room of administration."""
    room = Blueprint("admin", __name__, url_prefix="/admin")

    @room.get("")
    def home() -> ResponseReturnValue:
        return page("admin/home.html")

    accounts.add_pages(room, services)
    agencies.add_pages(room, services)
    mandates.add_pages(room, services)
    message_texts.add_pages(room, services)
    letter_types.add_pages(room, services)
    resident_imports.add_pages(room, services)
    erasing.add_pages(room, services)
    trail.add_pages(room, services)
    return room
