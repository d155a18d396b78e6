"""The patterns on the page: which, where, and what they keep free."""

from __future__ import annotations

from collections.abc import Iterable

from issuer.domain.codes import group_code
from issuer.domain.presentation import Variant
from issuer.domain.record import LetterRecord
from issuer.rendering.artifacts import Artwork, Ground, Rectangle, XObject
from issuer.rendering.security import border, microtext, pantograph, relief, rosette
from issuer.rendering.security.curves import numbers
from issuer.rendering.security.fine_lines import fine_lines

_APART = 2.0
_AROUND_DATA = 4.0
_RELIEF_TO_TEXT = 9.0
_MICROTEXT_BELOW_TEXT = 5.0
_PANEL_BELOW_NUMBER = 7.0


class PatternPrinter:
    """Prints the patterns of every letter; implements ``Printing``.

    Border, relief and microtext stand on every page, so that no page can be changed
    for another unseen; the rosette stands beside the letterhead.
    """

    def below(self, record: LetterRecord, ground: Ground) -> Artwork:
        """Return what is drawn before the text."""
        if record.variant is Variant.OFF:
            return Artwork()
        digest = record.digest()
        data = list(ground.data)
        parts = [
            border.border(digest, ground.width, ground.height),
            _relief(ground),
        ]
        if ground.page == 1:
            parts.append(_rosette(digest, ground))
            if record.variant is Variant.COUNTER and data:
                # The highest is the number, which stands in the panel.
                number = max(data, key=lambda rectangle: rectangle[3])
                data.remove(number)
                parts.append(_panel(number, ground))
        if data:
            area = _lines_area(data, ground)
            parts.append(fine_lines(digest, ground.page, area))
        return _kept_clear(parts, ground)

    def above(self, record: LetterRecord, ground: Ground) -> Artwork:
        """Return what is drawn after it, last on the page."""
        if record.variant is Variant.OFF:
            return Artwork()
        left, bottom, right, _top = ground.text
        text = microtext.microtext(record.number, record.holder["name"], ground.code)
        operators = microtext.microtext_operators(
            text,
            record.variant,
            ground.shown,
            left,
            bottom - _MICROTEXT_BELOW_TEXT,
            right - left,
        )
        return _kept_clear([Artwork(operators)], ground)


def _relief(ground: Ground) -> Artwork:
    """Return the band in the left margin, read from below, half way up the page."""
    text = group_code(ground.code)
    right = ground.text[0] - _RELIEF_TO_TEXT
    bottom = (ground.height - relief.relief_length(text)) / 2
    return Artwork(
        f"q 0 1 -1 0 {numbers(right, bottom)} cm /SpRelief Do Q", {"SpRelief": relief.relief(text)}
    )


def _rosette(digest: bytes, ground: Ground) -> Artwork:
    """Return the rosette in the upper right corner, beside the letterhead."""
    inward = border.INNER + _APART + rosette.RADIUS
    return rosette.rosette_artwork(digest, ground.width - inward, ground.height - inward)


def _panel(number: Rectangle, ground: Ground) -> Artwork:
    """Return the copy-evident panel behind the title and the letter's number."""
    left, _bottom, right, _top = ground.text
    x = (left + right - pantograph.WIDTH) / 2
    return pantograph.pantograph(x, number[1] - _PANEL_BELOW_NUMBER)


def _lines_area(data: Iterable[Rectangle], ground: Ground) -> Rectangle:
    left, _bottom, right, _top = ground.text
    bottoms, tops = zip(*((bottom, top) for _left, bottom, _right, top in data), strict=True)
    return (left, min(bottoms) - _AROUND_DATA, right, max(tops) + _AROUND_DATA)


def _kept_clear(parts: Iterable[Artwork], ground: Ground) -> Artwork:
    """Return the parts as one, behind a clipping path that leaves out what must stay free."""
    operators: list[str] = []
    xobjects: dict[str, XObject] = {}
    for part in parts:
        operators.append(part.operators)
        xobjects.update(part.xobjects)
    holes = ((left, low, right - left, high - low) for left, low, right, high in ground.clear)
    boxes = ((0, 0, ground.width, ground.height), *holes)
    clip = " ".join(f"{numbers(*box)} re" for box in boxes)
    return Artwork("\n".join((f"q {clip} W* n", *operators, "Q")), xobjects)
