"""Who may enter which room. Deny by default: a room without a guard does not start.

What may be done inside is decided again, by ``domain.access``, in every use case.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from flask import g, request, session

from issuer.domain.access import Actor, Role
from issuer.domain.accounts import Account
from issuer.domain.errors import IssuerError, NotAuthenticated, NotPermitted
from issuer.domain.office import Agency
from issuer.services import Services
from issuer.services.sessions import Held

Guard = Callable[[], None]
TOKEN = "token"  # noqa: S105  # the name of a cookie entry, no secret


@dataclass(frozen=True, slots=True)
class Desk:
    """Who works at the counter, on its queue or as an officer, and for which agency."""

    account: Account
    agency: Agency

    @property
    def actor(self) -> Actor:
        """The one who works here as somebody who acts."""
        return self.account.actor()


def session_held(services: Services) -> Held:
    """Return the session of the cookie and its account. Raises ``NotAuthenticated``."""
    return services.sessions.held_by(_token())


def account_id(services: Services) -> str | None:
    """Return whose session this is, as far as it can be told: for the log of refusals."""
    with suppress(IssuerError):
        return session_held(services).account.id
    return None


def institution_id() -> str | None:
    """Return whose key came with this request, if one did."""
    institution = g.get("institution")
    return institution.id if institution else None


def session_begun(services: Services) -> Held:
    """Return the session of the cookie though it may owe a second factor: it permits nothing.

    For the pages that ask for that factor, and no others. Raises ``NotAuthenticated``.
    """
    return services.sessions.begun_by(_token())


def enter(token: str) -> None:
    """Hold a new session. A fresh form token too: nothing of the one before goes on."""
    session.clear()
    session[TOKEN] = token


def leave(services: Services) -> None:
    """Let go of the session of this browser, and end it on the server too."""
    token = session.get(TOKEN)
    if isinstance(token, str):
        services.sessions.end(token)
    session.clear()


def _token() -> str:
    token = session.get(TOKEN)
    if not isinstance(token, str):
        raise NotAuthenticated
    return token


def anyone(_services: Services) -> Guard:
    """Return the guard of a room that is open to everybody."""
    return lambda: None


def key_holder(services: Services) -> Guard:
    """Return the guard of the machines' room: anyone, but a key that is shown must be good."""

    def guard() -> None:
        g.institution = None
        shown = request.headers.get("Authorization")
        if shown is not None:
            scheme, _, key = shown.partition(" ")
            if scheme.lower() != "bearer":
                raise NotAuthenticated
            g.institution = services.institutions.whoever_holds(key.strip())

    return guard


def signed_in(services: Services) -> Guard:
    """Return the guard of everybody's own account: whoever is signed in."""

    def guard() -> None:
        g.held = session_held(services)

    return guard


def citizens(services: Services) -> Guard:
    """Return the guard of residents' own requests and letters: whoever has such an account."""

    def guard() -> None:
        g.held = session_held(services)
        if g.held.account.role is not Role.APPLICANT:
            raise NotPermitted("enter_citizen_account")

    return guard


def citizen_signed_in(services: Services) -> Held | None:
    """Return the session of a resident's account, or None: for pages that ask for none."""
    try:
        found = session_held(services)
    except NotAuthenticated:
        return None
    return found if found.account.role is Role.APPLICANT else None


ADMINISTRATION = frozenset({Role.AGENCY_ADMIN, Role.REGENCY_ADMIN, Role.AUDITOR})


def administration(services: Services) -> Guard:
    """Return the guard of administration: its roles, asked on every request."""

    def guard() -> None:
        g.held = session_held(services)
        account = g.held.account
        placed = account.role is not Role.AGENCY_ADMIN or account.agency_code is not None
        if account.role not in ADMINISTRATION or not placed:
            raise NotPermitted("enter_administration")

    return guard


def held() -> Held:
    """Return the session that the guard of a room for who is signed in let in."""
    return cast(Held, g.held)


def counter_staff(services: Services) -> Guard:
    """Return the guard of the counter: a clerk of an agency, asked on every request."""
    return _staff(services, frozenset({Role.COUNTER}), "enter_counter")


def case_staff(services: Services) -> Guard:
    """Return the guard of the queue: clerks and reviewers of an agency."""
    return _staff(services, frozenset({Role.COUNTER, Role.REVIEWER}), "enter_queue")


def officers(services: Services) -> Guard:
    """Return the guard of the officers' room: signatories of an agency."""
    return _staff(services, frozenset({Role.SIGNATORY}), "enter_officers_room")


def _staff(services: Services, roles: frozenset[Role], refused: str) -> Guard:
    def guard() -> None:
        g.held = session_held(services)
        account = g.held.account
        if account.role not in roles or account.agency_code is None:
            raise NotPermitted(refused)
        g.desk = Desk(account, services.letters.agency(account.agency_code))

    return guard


def desk() -> Desk:
    """Return the desk that the room's guard let in."""
    return cast(Desk, g.desk)
