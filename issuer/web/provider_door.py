"""Signing in by another office: the way there, and the way back.

The way there is a link: a form that leads elsewhere is what the page's policy forbids.
"""

from __future__ import annotations

from flask import Blueprint, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from issuer.domain.access import Role
from issuer.domain.devices import device_name
from issuer.domain.errors import DependencyUnavailable, NotAuthenticated
from issuer.domain.identity_provider import RETURN_PATH
from issuer.services import Services
from issuer.web import citizen_door
from issuer.web.asking import asker
from issuer.web.errors import HTTP_STATUS
from issuer.web.guards import enter, leave
from issuer.web.homes import HOMES

SENT = "sent_elsewhere"
"""The entry of the cookie that an answer from there belongs to."""


def add_pages(room: Blueprint, services: Services) -> None:
    """Add both ways to the room where people sign in."""
    pages = _ProviderDoor(services)
    room.get("/masuk/sso")(pages.go_to_provider)
    room.get(RETURN_PATH)(pages.come_from_provider)


class _ProviderDoor:
    """The two ways, one method each."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def go_to_provider(self) -> ResponseReturnValue:
        try:
            sent = self._services.provider_accounts.begin(asker())
        except DependencyUnavailable:
            return self._away()
        cookie[SENT] = sent.token
        return redirect(sent.address, 303)

    def come_from_provider(self) -> ResponseReturnValue:
        token = cookie.pop(SENT, "")
        try:
            session, whole = self._services.provider_accounts.finish(
                token if isinstance(token, str) else "",
                request.args.get("state", ""),
                request.args.get("code", ""),
                device_name(request.user_agent.string),
            )
        except NotAuthenticated:
            return citizen_door.page(self._services, turned_away=True), 401
        except DependencyUnavailable:
            return self._away()
        leave(self._services)
        enter(session)
        return redirect(url_for(HOMES[Role.APPLICANT] if whole else "session.door"), 303)

    def _away(self) -> ResponseReturnValue:
        page = citizen_door.page(self._services, provider_away=True)
        return page, HTTP_STATUS[DependencyUnavailable]
