"""Who may give which role to whom, and the code that a new account begins with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from issuer.domain.access import Actor, Permission, Role, Subject, permits
from issuer.domain.accounts import Account
from issuer.domain.codes import ALPHABET
from issuer.domain.errors import NotPermitted

ACTIVATION_TIME = timedelta(days=7)
ACTIVATION_LENGTH = 24
"""120 bits: nobody guesses it, and a fast hash of it may be stored."""

_READ_AS = str.maketrans("OIL", "011")

WITHIN_AN_AGENCY = frozenset({Role.COUNTER, Role.REVIEWER, Role.SIGNATORY, Role.AGENCY_ADMIN})
"""Roles that are held in one agency; the others are held in none."""

_AT_AN_AGENCY = frozenset({Role.COUNTER, Role.REVIEWER, Role.SIGNATORY})

GRANTS: dict[Role, frozenset[Role]] = {
    Role.APPLICANT: frozenset(),
    Role.COUNTER: frozenset(),
    Role.REVIEWER: frozenset(),
    Role.SIGNATORY: frozenset(),
    Role.AGENCY_ADMIN: _AT_AN_AGENCY,
    Role.REGENCY_ADMIN: _AT_AN_AGENCY | {Role.AGENCY_ADMIN, Role.AUDITOR},
    Role.AUDITOR: frozenset(),
    Role.OPERATOR: frozenset(Role) - {Role.APPLICANT, Role.OPERATOR},
}
"""The roles that a role may give and take away: never its own, so nobody makes his equal
but the operator of the server."""


@dataclass(frozen=True, slots=True)
class Activation:
    """The SHA-256 (hex) of the code that lets somebody choose the first password."""

    account_id: str
    code_sha256: str
    expires_at_utc: datetime


def require_over(actor: Actor, role: Role, agency_code: str | None) -> None:
    """Raise ``NotPermitted`` unless the actor may give and take this role there."""
    allowed = permits(actor, Permission.MANAGE_ACCOUNTS, Subject(agency_code))
    if not allowed or role not in GRANTS[actor.role]:
        raise NotPermitted(Permission.MANAGE_ACCOUNTS)


def require_over_account(actor: Actor, account: Account) -> None:
    """Raise ``NotPermitted`` unless the actor may change this account; never his own."""
    if actor.id == account.id:
        raise NotPermitted(Permission.MANAGE_ACCOUNTS)
    require_over(actor, account.role, account.agency_code)


def new_activation_code(below: Callable[[int], int]) -> str:
    """Return a fresh code; ``below(n)`` draws uniformly from 0 to n - 1."""
    return "".join(ALPHABET[below(len(ALPHABET))] for _ in range(ACTIVATION_LENGTH))


def shown_activation_code(code: str) -> str:
    """Return a code as it is printed, in fours."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def read_activation_code(typed: str) -> str:
    """Return what a person typed as the code was made; what cannot be one fits none."""
    text = "".join(typed[: 4 * ACTIVATION_LENGTH].split()).replace("-", "")
    return text.upper().translate(_READ_AS)
