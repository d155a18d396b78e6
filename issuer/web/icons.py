"""The four signs beside a verdict; each has a shape of its own, not only a colour."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

_SHAPES: Mapping[str, str] = {
    "good": '<circle cx="24" cy="24" r="21"/><path d="M14 25l7 7 14-15"/>',
    "caution": '<path d="M24 5l21 37H3z"/><path d="M24 19v11M24 36v.1"/>',
    "bad": '<path d="M15.3 3h17.4L45 15.3v17.4L32.7 45H15.3L3 32.7V15.3z"/>'
    '<path d="M17 17l14 14M31 17L17 31"/>',
    "unsure": '<circle cx="24" cy="24" r="21"/>'
    '<path d="M18 19a6 6 0 1 1 8.5 5.5c-1.8.9-2.5 2-2.5 4M24 35v.1"/>',
}
ICONS: Mapping[str, Markup] = {
    tone: Markup(  # noqa: S704  # our own drawing
        '<svg viewBox="0 0 48 48" aria-hidden="true" fill="none" stroke="currentColor"'
        f' stroke-width="4" stroke-linecap="round" stroke-linejoin="round">{shape}</svg>'
    )
    for tone, shape in _SHAPES.items()
}
"""By tone, as drawings that a page can hold."""
