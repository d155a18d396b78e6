"""The page: A4, its margins, and the styles of the letter. Points, from the lower left."""

from __future__ import annotations

from typing import Final

from issuer.rendering.fonts import Weight
from issuer.rendering.layout import Style

MM: Final = 72 / 25.4
WIDTH: Final = 210 * MM
HEIGHT: Final = 297 * MM

LEFT: Final = 30 * MM
RIGHT: Final = WIDTH - 20 * MM
BOTTOM: Final = 25 * MM
TEXT_WIDTH: Final = RIGHT - LEFT
CENTRE: Final = (LEFT + RIGHT) / 2

LETTERHEAD_TOP: Final = HEIGHT - 12 * MM
NEXT_PAGE_TOP: Final = HEIGHT - 30 * MM
RUNNING_HEAD: Final = HEIGHT - 22 * MM
FOOTER_TOP: Final = 19 * MM
MARK_CENTRE: Final = HEIGHT * 0.53

INDENT: Final = 28.0
FOOT_GAP: Final = 13.0

TEXT: Final = Style(11, 14.6)
STRONG: Final = Style(11, 14.6, Weight.BOLD)
TITLE: Final = Style(14, 18, Weight.BOLD)
DETAIL: Final = Style(9.5, 12.5)
SMALL: Final = Style(8, 10.5)
SMALL_STRONG: Final = Style(8, 10.5, Weight.BOLD)
FOOTNOTE: Final = Style(7, 8.8)
