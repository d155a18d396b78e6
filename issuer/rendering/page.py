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


@dataclass(frozen=True, slots=True)
class Density:
    """How closely a letter is set.

    ``closest`` is how far its lines may still be moved together, as a part of their
    distance. ``padding`` is inside a signature frame, ``frame_gap`` above it, and
    ``between`` above a second signature.
    """

    text: Style
    strong: Style
    closest: float
    after_number: float
    before_number: float
    paragraph_gap: float
    item_gap: float
    foot_gap: float
    frame_gap: float
    padding: float
    between: float


NORMAL: Final = Density(
    text=TEXT,
    strong=STRONG,
    closest=0.9,
    after_number=16.0,
    before_number=4.0,
    paragraph_gap=6.5,
    item_gap=1.5,
    foot_gap=13.0,
    frame_gap=6.0,
    padding=7.0,
    between=12.0,
)
TIGHT: Final = Density(
    text=Style(10.5, 13.0),
    strong=Style(10.5, 13.0, Weight.BOLD),
    closest=0.94,
    after_number=10.0,
    before_number=3.0,
    paragraph_gap=4.5,
    item_gap=0.5,
    foot_gap=9.0,
    frame_gap=4.0,
    padding=4.5,
    between=7.0,
)
