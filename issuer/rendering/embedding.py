"""Putting a font's subset into a PDF, prepared once a process.

Nearly every letter needs the same subset (ASCII and a dash), so what ReportLab
would make anew for each file is made once for each set of characters.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from threading import Lock
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFName
from reportlab.pdfbase.ttfonts import FF_NONSYMBOLIC, FF_SYMBOLIC, SUBSETN, TTFont

from issuer.rendering.archive import flate

_CACHED_SUBSETS = 64
_TO_UNICODE = """\
/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
{blocks}endcmap CMapName currentdict /CMap defineresource pop end end
"""
_ESCAPES = {code: f"\\{code:03o}" for code in (*range(32), *range(127, 256), *b"()\\")}
_CMAP_BLOCK = 100
"""More entries a block are not allowed (Adobe technical note 5014)."""


@dataclass(frozen=True, slots=True)
class _Subset:
    """The parts of one subset as they stand in the file; both streams compressed."""

    font_file: bytes
    font_file_length: int
    to_unicode: bytes
    widths: str


class LetterFont(TTFont):
    """A TrueType font in memory that remembers the subsets it has made."""

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__(name, BytesIO(data), asciiReadable=True, shapable=False)
        self._reading = Lock()
        self._measures = self._described()
        self._subset = lru_cache(maxsize=_CACHED_SUBSETS)(self._make_subset)

    def shown(self, text: str, doc: Any) -> Iterator[tuple[str, str]]:
        """Yield the text as the file writes it: the font's name there and a literal string.

        Characters beyond the first 223 of a document come in another font.
        """
        if text.isascii() and doc in self.state:
            # The first subset has ASCII in its own places.
            yield self.getSubsetInternalName(0, doc), f"({text.translate(_ESCAPES)})"
            return
        for number, codes in self.splitString(text, doc):
            name = self.getSubsetInternalName(number, doc)
            yield name, f"({codes.decode('latin-1').translate(_ESCAPES)})"

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - ReportLab's name
        """Add a font with its descriptor for every subset the document used."""
        fonts = doc.idToObject["BasicFonts"].dict
        for number, characters in enumerate(self.state[doc].subsets):
            internal_name = self.getSubsetInternalName(number, doc)[1:]
            fonts[internal_name] = self._font(doc, number, tuple(characters), internal_name)
        del self.state[doc]

    def _font(self, doc: Any, number: int, characters: tuple[int, ...], internal_name: str) -> Any:
        # Written here: ReportLab needs a tenth of the letter's time for two fonts.
        subset = self._subset(characters)
        base_name = PDFName(f"{SUBSETN(number).decode()}+{self.face.name.decode()}")
        font_file = flate(subset.font_file, {"Length1": subset.font_file_length})
        descriptor = (
            f"<< /Type /FontDescriptor /FontName {base_name} {self._measures}"
            f" /FontFile2 {_reference(doc, font_file)} >>"
        )
        font = (
            f"<< /Type /Font /Subtype /TrueType /Name /{internal_name} /BaseFont {base_name}"
            f" /FirstChar 0 /LastChar {len(characters) - 1} /Widths {subset.widths}"
            f" /ToUnicode {_reference(doc, flate(subset.to_unicode))}"
            f" /FontDescriptor {_reference(doc, descriptor.encode(), f'{internal_name}.about')} >>"
        )
        return doc.Reference(font.encode(), internal_name)

    def _described(self) -> str:
        face: Any = self.face
        box = " ".join(f"{value:g}" for value in face.bbox)
        return (
            f"/Flags {face.flags & ~FF_NONSYMBOLIC | FF_SYMBOLIC} /FontBBox [{box}]"
            f" /ItalicAngle {face.italicAngle:g} /Ascent {face.ascent:g}"
            f" /Descent {face.descent:g} /CapHeight {face.capHeight:g} /StemV {face.stemV:g}"
            f" /MissingWidth {face.defaultWidth:g}"
        )

    def _make_subset(self, characters: tuple[int, ...]) -> _Subset:
        face: Any = self.face
        # ReportLab reads the font through a position that the face keeps.
        with self._reading:
            font_file = face.makeSubset(list(characters))
        widths = " ".join(f"{face.getCharWidth(code):g}" for code in characters)
        return _Subset(
            font_file=zlib.compress(font_file, 9),
            font_file_length=len(font_file),
            to_unicode=zlib.compress(_to_unicode(characters).encode(), 9),
            widths=f"[{widths}]",
        )


def _reference(doc: Any, part: Any, name: str | None = None) -> str:
    written: str = doc.Reference(part, name).format(doc).decode()
    return written


def _to_unicode(characters: tuple[int, ...]) -> str:
    """Return the CMap from codes to characters; unused codes (0) have no entry."""
    entries = [
        f"<{code:02X}> <{chr(character).encode('utf-16-be').hex().upper()}>\n"
        for code, character in enumerate(characters)
        if character
    ]
    parts = [entries[i : i + _CMAP_BLOCK] for i in range(0, len(entries), _CMAP_BLOCK)]
    blocks = (f"{len(part)} beginbfchar\n{''.join(part)}endbfchar\n" for part in parts)
    return _TO_UNICODE.format(blocks="".join(blocks))
