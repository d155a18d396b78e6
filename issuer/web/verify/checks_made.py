"""The checks of an answer and why, as part of its page."""

from __future__ import annotations

from functools import lru_cache

from flask import render_template
from markupsafe import Markup

from issuer.domain.verdict import Checks, Reason, Verification
from issuer.web.language import language


def checks_made(seen: Verification) -> Markup:
    """Return which checks were passed, and the reasons, as a piece of HTML."""
    return _checks_made(seen.checks, seen.reasons, language())


@lru_cache(maxsize=256)
def _checks_made(checks: Checks, reasons: tuple[Reason, ...], _language: str) -> Markup:
    """Make the piece once: it is the same for every letter of which the same is true.

    Nothing of a letter is in it, and how many there are the program decides, no stranger.
    """
    made = render_template("verify/checks.html", checks=checks, reasons=reasons)
    return Markup(made)  # noqa: S704  # a page of ours
