"""The citizen's room: what there is to ask for, and asking for it from home."""

from __future__ import annotations

from flask import Blueprint

from issuer.services import Services
from issuer.web.citizen import offers
from issuer.web.settings import WebSettings


def make_blueprint(services: Services, _settings: WebSettings) -> Blueprint:
    """Return the room that is open to everybody who wants a letter."""
    room = Blueprint("citizen", __name__)
    offers.add_pages(room, services)
    return room
