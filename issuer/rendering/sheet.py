"""The sheets of one letter: a PDF being drawn, opened the same way every time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas

from issuer.rendering import page
from issuer.rendering.fonts import FontSet, Weight
from issuer.rendering.layout import PlacedRow

# A switch of the whole process: base 85 makes a file a quarter larger.
rl_config.useA85 = 0

_PDF_1_7 = (1, 7)
_UNDERLINE_DROP = 2.2
_UNDERLINE_WIDTH = 0.8


class Sheets:
    """A PDF in the making. The same calls give the same bytes; no clock is read.

    ``made_at`` is a day or an aware moment.
    """

    def __init__(self, fonts: FontSet, *, title: str, author: str, made_at: date) -> None:
        self._fonts = fonts
        self._buffer = BytesIO()
        self.canvas = Canvas(
            self._buffer,
            pagesize=(page.WIDTH, page.HEIGHT),
            pageCompression=1,
            invariant=1,
            pdfVersion=_PDF_1_7,
            lang="id-ID",
            initialFontName=fonts.faces[Weight.REGULAR].font.fontName,  # type: ignore[arg-type]  # wrong in the stub
        )
        private: Any = self.canvas  # fonts are counted in the document, which is private
        self._document = private._doc
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.canvas.setSubject(title)
        self.canvas.setCreator("issuer")
        self.canvas.setProducer("issuer")
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        stamp = _pdf_date(made_at)
        self.canvas.setDateFormatter(lambda *_now: stamp)

    def draw(self, rows: Iterable[PlacedRow]) -> None:
        """Draw rows on the current sheet, in their order."""
        operators = ["q BT"]
        word_space, used_font = 0.0, ""
        lines: list[tuple[float, float, float, float]] = []
        for placed in rows:
            for piece in placed.row.pieces:
                y = placed.top - piece.drop
                operators.append(f"1 0 0 1 {piece.x:.2f} {y:.2f} Tm")
                if piece.word_space != word_space:
                    word_space = piece.word_space
                    operators.append(f"{word_space:.3f} Tw")
                font = self._fonts.faces[piece.style.weight].font
                for name, literal in font.shown(piece.text, self._document):
                    if (wanted := f"{name} {piece.style.size:g} Tf") != used_font:
                        operators.append(wanted)
                        used_font = wanted
                    operators.append(f"{literal} Tj")
                if piece.underlined:
                    below = y - _UNDERLINE_DROP
                    lines.append((piece.x, below, piece.x + piece.underlined, below))
        self.canvas.addLiteral(" ".join([*operators, "ET Q"]))
        if lines:
            self.canvas.setLineWidth(_UNDERLINE_WIDTH)
            self.canvas.lines(lines)

    def rule(self, y: float, width: float) -> None:
        """Draw a line from margin to margin."""
        self.canvas.setLineWidth(width)
        self.canvas.line(page.LEFT, y, page.RIGHT, y)

    def next(self) -> None:
        """Begin another sheet."""
        self.canvas.showPage()

    def finish(self) -> bytes:
        """Return the file. Nothing can be drawn after this."""
        self.canvas.save()
        return self._buffer.getvalue()


def _pdf_date(moment: date) -> str:
    if not isinstance(moment, datetime):
        return f"D:{moment:%Y%m%d}"
    zone = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"
