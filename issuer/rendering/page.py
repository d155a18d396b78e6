"""The page: its sheet, its margins, and the styles. Points, from the lower left.

The text is 16 cm wide on either sheet, so that a letter breaks into the same lines;
on F4 the right margin is half a centimetre wider and the page longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from issuer.domain.presentation import Paper
from issuer.rendering.fonts import Weight
from issuer.rendering.layout import Style

MM: Final = 72 / 25.4

LEFT: Final = 30 * MM
TEXT_WIDTH: Final = 160 * MM
RIGHT: Final = LEFT + TEXT_WIDTH
CENTRE: Final = LEFT + TEXT_WIDTH / 2
BOTTOM: Final = 25 * MM
FOOTER_TOP: Final = 20 * MM


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of paper and what stands at which height on it."""

    width: float
    height: float

    @property
    def letterhead_top(self) -> float:
        """Where the letterhead begins, on the first page."""
        return self.height - 12 * MM

    @property
    def running_head(self) -> float:
        """The baseline of the short head of the pages that follow."""
        return self.height - 22 * MM

    @property
    def next_page_top(self) -> float:
        """Where the text of the pages that follow begins."""
        return self.height - 30 * MM

    @property
    def mark_centre(self) -> float:
        """Where a mark across the page has its centre."""
        return self.height * 0.53


SHEETS: Final = {
    Paper.A4: Sheet(210 * MM, 297 * MM),
    Paper.F4: Sheet(215 * MM, 330 * MM),
}

INDENT: Final = 28.0
FOOT_GAP: Final = 13.0

TEXT: Final = Style(11, 14.6)
STRONG: Final = Style(11, 14.6, Weight.BOLD)
TITLE: Final = Style(14, 18, Weight.BOLD)
DETAIL: Final = Style(9.5, 12.5)
SMALL: Final = Style(8, 10.5)
SMALL_STRONG: Final = Style(8, 10.5, Weight.BOLD)
FOOTNOTE: Final = Style(7, 8.8)
TRANSLATION: Final = Style(9.5, 12.4)
CELL: Final = Style(9.5, 12.5)
CELL_STRONG: Final = Style(9.5, 12.5, Weight.BOLD)
