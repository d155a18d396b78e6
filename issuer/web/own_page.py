"""What every page of one's own account has."""

from __future__ import annotations

from flask import render_template

from issuer.web.guards import held
from issuer.web.homes import HOMES


def own_page(template: str, **values: object) -> str:
    """Return a page of the account that the guard let in."""
    home = HOMES.get(held().account.role)
    return render_template(template, held=held(), home=home, **values)
