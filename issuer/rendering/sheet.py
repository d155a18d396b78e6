"""The sheets of one letter: a PDF being drawn, opened the same way every time."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from issuer.domain.sealing import SignatureSlot
from issuer.rendering import page
from issuer.rendering.archive import About, add_archival, document_information
from issuer.rendering.artifacts import Artwork, Rectangle, XObject
from issuer.rendering.embedding import FontUse
from issuer.rendering.emblem import emblem_named, emblem_operators
from issuer.rendering.emblem_files import EmblemDrawing
from issuer.rendering.fonts import FontSet, Weight
from issuer.rendering.layout import PlacedRow
from issuer.rendering.pdf_file import CATALOG, PdfFile, stream
from issuer.rendering.signature_slot import Endorser, SignatureFields, add_signature_fields
from issuer.rendering.structure import BACKGROUND, DECORATION, Element, StructureTree

_UNDERLINE_DROP = 2.2
_UNDERLINE_WIDTH = 0.8
_TABLE_LINE = 0.5
_COMPRESSION = 4
"""A third of the time of zlib's usual 6 for a page of patterns, and a twentieth larger."""

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
        self._emblems = emblems
        self._about = about
        self._file = PdfFile()
        self._pages_number, self._fonts_number = self._file.reserve(), self._file.reserve()
        self._fonts = {
            weight: FontUse(face.font, f"F{number}")
            for number, (weight, face) in enumerate(fonts.faces.items(), 1)
        }
        self._tree = StructureTree()
        self._xobjects: dict[str, int] = {}
        self._signatures: SignatureFields | None = None
        self._letter_id: str | None = None
        self._pages: list[int] = []
        self._content: list[str] = []
        self._annotations: tuple[int, ...] = ()
        self._begin_page()

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
                for name, literal in self._fonts[piece.style.weight].shown(piece.text):
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
        self._content.append(" ".join([*operators, "ET Q"]))
        self._lines(underlines, _UNDERLINE_WIDTH)
        self._lines(lines, _TABLE_LINE)

    def rule(self, y: float, width: float) -> None:
        """Draw a line from margin to margin."""
        self._lines([(page.LEFT, y, page.RIGHT, y)], width)

    def _lines(self, lines: list[Line], width: float) -> None:
        if lines:
            paths = (f"{a:.2f} {b:.2f} m {c:.2f} {d:.2f} l" for a, b, c, d in lines)
            self.part(DECORATION, f"q {width:g} w {' '.join(paths)} S Q")

    def part(self, element: Element, operators: str) -> None:
        """Draw what is not text, as a part of an element or as an artifact."""
        self._content += (self._tree.mark(element), operators, "EMC")

    def emblem(self, name: str, x: float, y: float, width: float) -> None:
        """Draw an emblem. Raises ``ConfigurationError`` for one that nobody has drawn."""
        self.part(DECORATION, emblem_operators(emblem_named(name, self._emblems), x, y, width))

    def print(self, artwork: Artwork) -> None:
        """Draw security printing, which readers leave out."""
        if artwork.operators:
            for name, xobject in artwork.xobjects.items():
                if name not in self._xobjects:
                    self._xobjects[name] = self._file.add(self._written(xobject))
            self.part(BACKGROUND, artwork.operators)

    def shown(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield a text as this file writes it in the body font; see ``artifacts.Shown``."""
        return self._fonts[Weight.REGULAR].shown(text)

    def add_signature_slot(
        self,
        slot: SignatureSlot,
        letter_id: str,
        rect: Rectangle | None = None,
        endorser: Endorser | None = None,
    ) -> None:
        """Put the signature field, or both, on this page; see ``add_signature_fields``.

        ``letter_id`` (32 hex digits) becomes the file's ``/ID``, so that a damaged file
        still says which letter it claims to be.
        """
        self._letter_id = letter_id
        self._signatures = add_signature_fields(
            self._file, self._pages[-1], self._in_tree, slot, rect, endorser
        )
        self._annotations = self._signatures.fields

    def next(self) -> None:
        """Begin another sheet."""
        self._end_page()
        self._begin_page()

    def finish(self) -> bytes:
        """Return the file. Nothing can be drawn after this."""
        self._end_page()
        file, signatures = self._file, self._signatures
        fonts = [
            f"/{name} {number} 0 R"
            for use in self._fonts.values()
            for name, number in use.write(file)
        ]
        file.add(f"<< {' '.join(fonts)} >>".encode(), self._fonts_number)
        kids = " ".join(f"{number} 0 R" for number in self._pages)
        file.add(
            f"<< /Type /Pages /Count {len(self._pages)} /Kids [{kids}] >>".encode(),
            self._pages_number,
        )
        entries = [
            f"/Type /Catalog /Pages {self._pages_number} 0 R /PageMode /UseNone",
            f"/StructTreeRoot {self._tree.write(file)} 0 R",
            add_archival(file, self._about),
        ]
        if signatures:
            entries.append(signatures.catalog_entries)
        file.add(f"<< {' '.join(entries)} >>".encode(), CATALOG)
        info = file.add(document_information(self._about))
        if signatures:
            file.add(signatures.dictionary, signatures.number)
        return file.finish(info, self._letter_id)

    def _written(self, xobject: XObject) -> bytes:
        """Return an XObject as it stands in the file; it may use the letter's fonts."""
        fonts = f"/Resources << /Font {self._fonts_number} 0 R >>"
        return stream(f"/Type /XObject {xobject.entries} {fonts}", xobject.data)

    def _in_tree(self, field: int) -> int:
        return self._tree.add_annotation(Element("Form"), field)

    def _begin_page(self) -> None:
        self._pages.append(self._file.reserve())
        self._key = self._tree.begin_page(self._pages[-1])
        self._content = []
        self._annotations = ()

    def _end_page(self) -> None:
        content = "\n".join(self._content).encode("ascii")
        written = stream("/Filter /FlateDecode", zlib.compress(content, _COMPRESSION))
        xobjects = " ".join(f"/{name} {number} 0 R" for name, number in self._xobjects.items())
        entries = [
            f"/Type /Page /Parent {self._pages_number} 0 R",
            f"/MediaBox [0 0 {self.sheet.width:.4f} {self.sheet.height:.4f}]",
            f"/Resources << /Font {self._fonts_number} 0 R /XObject << {xobjects} >> >>",
            f"/Contents {self._file.add(written)} 0 R /Tabs /S /StructParents {self._key}",
        ]
        if self._annotations:
            annotations = " ".join(f"{number} 0 R" for number in self._annotations)
            entries.append(f"/Annots [{annotations}]")
        self._file.add(f"<< {' '.join(entries)} >>".encode(), self._pages[-1])
