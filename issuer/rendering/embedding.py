"""Putting a font's subset into a PDF, prepared once a process.

Nearly every letter needs the same subset (ASCII and a dash), so each is made once for
each set of characters, as the bytes that stand in the file. ReportLab reads the font
and cuts the subset out.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from threading import Lock
from typing import Any

from reportlab.pdfbase.ttfonts import FF_NONSYMBOLIC, FF_SYMBOLIC, SUBSETN, TTFontFace

from issuer.rendering.indonesian import NO_BREAK
from issuer.rendering.pdf_file import PdfFile, stream

_CACHED_SUBSETS = 64
_CODES = 256
_ASCII = range(128)
_SPACE = 32
_TO_UNICODE = """\
/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
{blocks}endcmap CMapName currentdict /CMap defineresource pop end end
"""
_PLAIN = re.compile(r"[ !-'*-\[\]-~]*", re.ASCII)
"""What a literal string holds as it is: printable, no parenthesis, no backslash."""

_ESCAPES = {code: f"\\{code:03o}" for code in (*range(32), *range(127, 256), *b"()\\")}
_AS_ASCII = {code: _ESCAPES.get(code, chr(code)) for code in _ASCII}
_CMAP_BLOCK = 100
"""More entries a block are not allowed (Adobe technical note 5014)."""


@dataclass(frozen=True, slots=True)
class _Subset:
    """The parts of one subset as they stand in the file; both streams compressed."""

    font_file: bytes
    to_unicode: bytes
    widths: str


class LetterFont:
    """A TrueType font in memory that remembers the subsets it has made.

    Raises ``TTFError`` for bytes that are no TrueType font.
    """

    def __init__(self, data: bytes) -> None:
        self.face: Any = TTFontFace(BytesIO(data))
        self._reading = Lock()
        self._measures = self._described()
        self.subset = lru_cache(maxsize=_CACHED_SUBSETS)(self._make_subset)

    def descriptor(self, base_name: str, font_file: int) -> bytes:
        """Return the descriptor of a subset whose font file has this object number."""
        return (
            f"<< /Type /FontDescriptor /FontName /{base_name} {self._measures}"
            f" /FontFile2 {font_file} 0 R >>".encode()
        )

    def base_name(self, number: int) -> str:
        """Return the name of a subset in one file, such as ``AAAAAA+Arimo-Bold``."""
        return f"{SUBSETN(number).decode()}+{self.face.name.decode()}"

    def _described(self) -> str:
        face = self.face
        box = " ".join(f"{value:g}" for value in face.bbox)
        return (
            f"/Flags {face.flags & ~FF_NONSYMBOLIC | FF_SYMBOLIC} /FontBBox [{box}]"
            f" /ItalicAngle {face.italicAngle:g} /Ascent {face.ascent:g}"
            f" /Descent {face.descent:g} /CapHeight {face.capHeight:g} /StemV {face.stemV:g}"
            f" /MissingWidth {face.defaultWidth:g}"
        )

    def _make_subset(self, characters: tuple[int, ...]) -> _Subset:
        # ReportLab reads the font through a position that the face keeps.
        with self._reading:
            font_file = self.face.makeSubset(list(characters))
        widths = " ".join(f"{self.face.getCharWidth(code):g}" for code in characters)
        to_unicode = zlib.compress(_to_unicode(characters).encode(), 9)
        return _Subset(
            font_file=stream(
                f"/Length1 {len(font_file)} /Filter /FlateDecode", zlib.compress(font_file, 9)
            ),
            to_unicode=stream("/Filter /FlateDecode", to_unicode),
            widths=f"[{widths}]",
        )


class FontUse:
    """What one file shows of a font, which it calls ``name`` there.

    The first subset has ASCII in its own places. Characters beyond its 256 codes come
    in another subset, which is another font of the file, and so on.
    """

    def __init__(self, font: LetterFont, name: str) -> None:
        self._font = font
        self._name = name
        self._subsets = [list(_ASCII)]
        self._literals = _Literals(self._subsets)
        self._used = False

    def shown(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield the text as the file writes it: the font's name there and a literal string."""
        self._used = True
        if _PLAIN.fullmatch(text):
            yield f"/{self._name}+0", f"({text})"
            return
        literal = text.translate(self._literals)
        if len(self._subsets) == 1:
            yield f"/{self._name}+0", f"({literal})"
            return
        for number, part in groupby(text, key=self._literals.subset_of):
            yield f"/{self._name}+{number}", f"({''.join(part).translate(self._literals)})"

    def write(self, file: PdfFile) -> Iterator[tuple[str, int]]:
        """Add a font with its descriptor for every subset; yield name and object number."""
        if not self._used:
            return
        for number, characters in enumerate(self._subsets):
            subset = self._font.subset(tuple(characters))
            base_name = self._font.base_name(number)
            font_file = file.add(subset.font_file)
            descriptor = file.add(self._font.descriptor(base_name, font_file))
            font = (
                f"<< /Type /Font /Subtype /TrueType /BaseFont /{base_name}"
                f" /FirstChar 0 /LastChar {len(characters) - 1} /Widths {subset.widths}"
                f" /ToUnicode {file.add(subset.to_unicode)} 0 R"
                f" /FontDescriptor {descriptor} 0 R >>"
            )
            yield f"{self._name}+{number}", file.add(font.encode())


class _Literals(dict[int, str]):
    """How each character is written in a literal string; a new one takes the next code.

    ``subsets`` are the characters of each subset, in the order of their codes.
    """

    def __init__(self, subsets: list[list[int]]) -> None:
        super().__init__(_AS_ASCII)
        # Word spacing widens code 32 alone, and a space that does not break is one too.
        self[ord(NO_BREAK)] = chr(_SPACE)
        self._subsets = subsets
        self._beyond_the_first: dict[int, int] = {}

    def __missing__(self, character: int) -> str:
        if len(self._subsets[-1]) == _CODES:
            # Word spacing is that of code 32, in every subset.
            self._subsets.append([0] * _SPACE + [_SPACE])
        codes = self._subsets[-1]
        if len(self._subsets) > 1:
            self._beyond_the_first[character] = len(self._subsets) - 1
        written = self[character] = _ESCAPES.get(len(codes), chr(len(codes)))
        codes.append(character)
        return written

    def subset_of(self, character: str) -> int:
        """Return the number of the subset that a character of ours is in."""
        return self._beyond_the_first.get(ord(character), 0)


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
