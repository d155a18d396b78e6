"""The sheets of one letter: a PDF being drawn, opened the same way every time."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from io import BytesIO
from types import MappingProxyType
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFName
from reportlab.pdfgen.canvas import Canvas

from issuer.rendering import page
from issuer.rendering.archive import END_OF_DATA, About, flate, make_archival
from issuer.rendering.artifacts import Artwork, XObject
from issuer.rendering.emblem import draw_emblem, emblem_named
from issuer.rendering.emblem_files import EmblemDrawing
from issuer.rendering.fonts import FontSet, Weight
from issuer.rendering.layout import PlacedRow
from issuer.rendering.structure import BACKGROUND, DECORATION, Element, StructureTree

# A switch of the whole process: base 85 makes a file a quarter larger.
rl_config.useA85 = 0

_PDF_1_7 = (1, 7)
_UNDERLINE_DROP = 2.2
_UNDERLINE_WIDTH = 0.8
_TABLE_LINE = 0.5
_COMPRESSION = 5
"""Half the time of zlib's usual 6 for a page of patterns, and no larger."""

_PAGE_ENTRIES = ("Tabs", "StructParents")

Line = tuple[float, float, float, float]


class Sheets:
    """A PDF in the making. The same calls give the same bytes; no clock is read.

    Whatever is drawn is drawn as part of an element or as an artifact.
    """

    def __init__(
        self,
        fonts: FontSet,
        sheet: page.Sheet,
        about: About,
        emblems: Mapping[str, EmblemDrawing] = MappingProxyType({}),
    ) -> None:
        self.sheet = sheet
        self._fonts = fonts
        self._emblems = emblems
        self._about = about
        self._buffer = BytesIO()
        self.canvas = Canvas(
            self._buffer,
            pagesize=(sheet.width, sheet.height),
            pageCompression=0,
            invariant=1,
            pdfVersion=_PDF_1_7,
            lang=about.language,
            initialFontName=fonts.faces[Weight.REGULAR].font.fontName,  # type: ignore[arg-type]  # wrong in the stub
        )
        private: Any = self.canvas  # fonts are counted in the document, which is private
        self._document = private._doc
        self._tree = StructureTree(self._document)
        self._key = self._tree.begin_page()
        self._xobjects: dict[str, Any] = {}
        self.canvas.setTitle(about.title)
        self.canvas.setAuthor(about.author)
        self.canvas.setSubject(about.title)
        self.canvas.setCreator(about.producer)
        self.canvas.setProducer(about.producer)
        self.canvas.setViewerPreference("DisplayDocTitle", "true")
        stamp = _pdf_date(about.made_at)
        self.canvas.setDateFormatter(lambda *_now: stamp)

    def draw(self, rows: Iterable[PlacedRow]) -> None:
        """Draw rows on the current sheet, in their order."""
        operators = ["q BT"]
        word_space, used_font = 0.0, ""
        element: Element | None = None
        underlines: list[Line] = []
        lines: list[Line] = []
        for placed in rows:
            for piece in placed.row.pieces:
                if piece.element is not element:
                    if element:
                        operators.append("EMC")
                    element = piece.element
                    operators.append(self._tree.mark(element))
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
                    underlines.append((piece.x, below, piece.x + piece.underlined, below))
            for x1, drop1, x2, drop2 in placed.row.lines:
                lines.append((x1, placed.top - drop1, x2, placed.top - drop2))
        if element:
            operators.append("EMC")
        self.canvas.addLiteral(" ".join([*operators, "ET Q"]))
        self._lines(underlines, _UNDERLINE_WIDTH)
        self._lines(lines, _TABLE_LINE)

    def rule(self, y: float, width: float) -> None:
        """Draw a line from margin to margin."""
        self._lines([(page.LEFT, y, page.RIGHT, y)], width)

    def _lines(self, lines: list[Line], width: float) -> None:
        if lines:
            paths = (f"{a:.2f} {b:.2f} m {c:.2f} {d:.2f} l" for a, b, c, d in lines)
            with self.part(DECORATION):
                self.canvas.addLiteral(f"q {width:g} w {' '.join(paths)} S Q")

    @contextmanager
    def part(self, element: Element) -> Iterator[Canvas]:
        """Draw what is not text, as a part of an element or as an artifact."""
        self.canvas.addLiteral(self._tree.mark(element))
        yield self.canvas
        self.canvas.addLiteral("EMC")

    def emblem(self, name: str, x: float, y: float, width: float) -> None:
        """Draw an emblem. Raises ``ConfigurationError`` for one that nobody has drawn."""
        with self.part(DECORATION) as canvas:
            draw_emblem(canvas, emblem_named(name, self._emblems), x, y, width)

    def print(self, artwork: Artwork) -> None:
        """Draw security printing, which readers leave out."""
        if artwork.operators:
            for name, xobject in artwork.xobjects.items():
                if name not in self._xobjects:
                    self._xobjects[name] = self._document.Reference(self._written(xobject), name)
            with self.part(BACKGROUND) as canvas:
                canvas.addLiteral(artwork.operators)

    def shown(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield a text as this file writes it in the body font; see ``artifacts.Shown``."""
        return self._fonts.faces[Weight.REGULAR].font.shown(text, self._document)

    def add_form_field(self, name: str, element: Element) -> None:
        """Make a field that is on the canvas part of an element."""
        annotation = f"Annot.{name}"
        key = self._tree.add_annotation(element, annotation)
        self._document.idToObject[annotation]["StructParent"] = key

    def next(self) -> None:
        """Begin another sheet."""
        self._end_page()
        self._key = self._tree.begin_page()

    def finish(self) -> bytes:
        """Return the file. Nothing can be drawn after this."""
        self._end_page()
        make_archival(self._document, self._about, self._tree)
        self.canvas.save()
        return self._buffer.getvalue()

    def _written(self, xobject: XObject) -> bytes:
        """Return an XObject as it stands in the file; it may use the letter's fonts."""
        fonts, _generation = self._document.idToObjectNumberAndVersion["BasicFonts"]
        head = (
            f"<< /Type /XObject {xobject.entries} /Length {len(xobject.data)}"
            f" /Resources << /Font {fonts} 0 R >> >>"
        )
        return b"%b\nstream\n%b%bendstream\n" % (head.encode(), xobject.data, END_OF_DATA)

    def _end_page(self) -> None:
        self.canvas.showPage()
        ended = self._document.Pages.pages[-1]
        ended.Contents = flate(zlib.compress(ended.stream.encode("latin-1"), _COMPRESSION))
        ended.__NoDefault__ = [*ended.__NoDefault__, *_PAGE_ENTRIES]
        ended.Tabs, ended.StructParents = PDFName("S"), self._key
        if self._xobjects:
            ended.XObjects = PDFDictionary(self._xobjects)


def _pdf_date(moment: date) -> str:
    if not isinstance(moment, datetime):
        return f"D:{moment:%Y%m%d}"
    zone = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"
