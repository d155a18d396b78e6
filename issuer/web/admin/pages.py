"""What every page of administration knows."""

from __future__ import annotations

from flask import render_template

from issuer.domain.access import Actor, Permission, Subject, permits
from issuer.web.guards import held

MAX_SHOWN = 100
MOST_SEARCHED = 80


def actor() -> Actor:
    """Return who administers."""
    return held().account.actor()


def own_agency() -> str | None:
    """Return the one agency this administrator is about, or None for all."""
    everywhere = permits(actor(), Permission.MANAGE_ACCOUNTS, Subject())
    return None if everywhere else actor().agency_code


def may(permission: Permission, agency_code: str | None = None) -> bool:
    """Say whether this is granted in an agency, or else where the administrator works."""
    return permits(actor(), permission, Subject(agency_code or actor().agency_code))


def page(template: str, **values: object) -> str:
    """Return a page with its navigation."""
    return render_template(
        template,
        held=held(),
        may_accounts=may(Permission.MANAGE_ACCOUNTS),
        may_audit=may(Permission.READ_AUDIT),
        may_types=may(Permission.KEEP_LETTER_TYPES),
        may_erase=may(Permission.ERASE_PERSONAL_DATA),
        **values,
    )
