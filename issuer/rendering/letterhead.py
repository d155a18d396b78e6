"""Kop surat: emblem, the lines of the offices, address, and the double rule.

Names of offices are not abbreviated; the regency and the agency stand about 3 to 4
in size (practice of several regencies' rules on tata naskah dinas).
"""

from __future__ import annotations

from dataclasses import dataclass

from issuer.domain.record import LetterRecord
from issuer.rendering import page
from issuer.rendering.emblem import ASPECT
from issuer.rendering.fonts import Weight
from issuer.rendering.indonesian import NO_BREAK
from issuer.rendering.layout import PlacedRow, Row, Style, Typesetter, paginate
from issuer.rendering.sheet import Sheets

_EMBLEM_WIDTH = 54.0
_LINE_WIDTH = page.TEXT_WIDTH - 2 * (_EMBLEM_WIDTH + 8)
_UPPER_SIZES = (13.5, 13, 12.5, 12, 11.5, 11)
_AGENCY_SIZES = (18, 17, 16, 15, 14, 13)
_ADDRESS = Style(9, 11.5)
_RULE_GAP = 7.0
_AFTER_RULE = 22.0


@dataclass(frozen=True, slots=True)
class Letterhead:
    """A measured letterhead; ``bottom`` is where the letter begins."""

    rows: tuple[PlacedRow, ...]
    emblem: str
    rule: float

    @property
    def bottom(self) -> float:
        """Two lines below the rule."""
        return self.rule - _AFTER_RULE


def set_letterhead(setter: Typesetter, record: LetterRecord, below: float) -> Letterhead:
    """Measure the letterhead of a record; it begins at the height ``below``."""
    *upper, agency = record.letterhead_lines
    rows: list[Row] = []
    for line in upper:
        rows += _line(setter, line, Weight.REGULAR, _UPPER_SIZES)
    rows += _line(setter, agency, Weight.BOLD, _AGENCY_SIZES)
    for text in filter(None, (record.letterhead_address, record.letterhead_contact)):
        whole = _parts_held(setter, text)
        rows += setter.centred(whole, _ADDRESS, centre=page.CENTRE, width=_LINE_WIDTH)
    height = sum(row.height for row in rows)
    # A short letterhead is centred beside the emblem.
    top = below - max(0.0, (_EMBLEM_WIDTH * ASPECT - height) / 2)
    (placed,) = paginate(rows, first_top=top, next_top=top, bottom=top - height - 1)
    bottom = min(top - height, below - _EMBLEM_WIDTH * ASPECT)
    return Letterhead(placed, record.letterhead_emblem, bottom - _RULE_GAP)


def draw_letterhead(sheets: Sheets, letterhead: Letterhead) -> None:
    """Draw the letterhead on the current sheet."""
    bottom = letterhead.rule + _RULE_GAP
    rise = (sheets.sheet.letterhead_top - bottom - _EMBLEM_WIDTH * ASPECT) / 2
    sheets.emblem(letterhead.emblem, page.LEFT, bottom + rise, _EMBLEM_WIDTH)
    sheets.draw(letterhead.rows)
    sheets.rule(letterhead.rule, 2.2)
    sheets.rule(letterhead.rule - 2.8, 0.6)


def _parts_held(setter: Typesetter, text: str) -> str:
    """Return a text that breaks only after a comma, where its parts fit on a line."""
    parts = (part.strip() for part in text.split(","))
    held = (
        part.replace(" ", NO_BREAK) if setter.width(part, _ADDRESS) <= _LINE_WIDTH else part
        for part in parts
    )
    return ", ".join(held)


def _line(
    setter: Typesetter, text: str, weight: Weight, sizes: tuple[float, ...]
) -> tuple[Row, ...]:
    """Set a line as large as it fits; at the smallest size it is broken."""
    styles = [Style(size, round(size * 1.22, 1), weight) for size in sizes]
    fitting = (style for style in styles if setter.width(text, style) <= _LINE_WIDTH)
    style = next(fitting, styles[-1])
    return setter.centred(text, style, centre=page.CENTRE, width=_LINE_WIDTH)
