"""The citizen's room: what there is to ask for, and asking for it from home."""

from __future__ import annotations

from flask import Blueprint

from issuer.services import Services
from issuer.web.citizen import (
    applying,
    attaching,
    following,
    mail_account,
    offers,
    reaching,
    receiving,
    sending,
)
from issuer.web.citizen.capability import Capability
from issuer.web.settings import WebSettings


def make_blueprint(services: Services, settings: WebSettings) -> Blueprint:
    """Return the room that is open to everybody who wants a letter."""
    room = Blueprint("citizen", __name__)
    capability = Capability(services, settings)
    offers.add_pages(room, services)
    for subject in (applying, attaching, sending, following, receiving, reaching, mail_account):
        subject.add_pages(room, services, capability)
    return room
