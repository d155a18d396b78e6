"""The room where anyone verifies a letter; a module for each thing that can be done there."""

from __future__ import annotations

from flask import Blueprint

from issuer.services import Services
from issuer.web.settings import WebSettings
from issuer.web.verify import advice, batch, checking, disclosing, landing, reporting
from issuer.web.verify.checks_made import checks_made

_PAGES = (
    landing.add_pages,
    disclosing.add_pages,
    checking.add_pages,
    batch.add_pages,
    reporting.add_pages,
)


def make_blueprint(services: Services, _settings: WebSettings) -> Blueprint:
    """Return the room where letters are verified."""
    room = Blueprint("verify", __name__)
    room.add_app_template_filter(advice.advice)
    room.add_app_template_filter(advice.main_reason)
    room.add_app_template_filter(checks_made)
    for add_pages in _PAGES:
        add_pages(room, services)
    return room
