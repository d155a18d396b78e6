"""TrueType files without hints: what a letter embeds.

Hints are programs for the pixels of old screens. No PDF viewer needs them, and
they are 40 % of a subset. Format: ISO/IEC 14496-22, tables glyf, loca, head.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import pairwise

from reportlab.pdfbase.ttfonts import TTFontMaker

_KEPT = ("head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "glyf", "loca", "name", "post")
_MORE_COMPONENTS = 0x0020
_HAS_INSTRUCTIONS = 0x0100
_WORD_ARGUMENTS = 0x0001
_SCALE_BYTES = ((0x0008, 2), (0x0040, 4), (0x0080, 8))


def unhinted(font: bytes) -> bytes:
    """Return the font without hinting programs and without layout tables.

    Raises ``ValueError`` for bytes that are no TrueType font.
    """
    try:
        tables = dict(_tables(font))
        glyphs = [_without_instructions(glyph) for glyph in _glyphs(tables)]
        offsets = [0]
        for glyph in glyphs:
            offsets.append(offsets[-1] + len(glyph))
        tables["glyf"] = b"".join(glyphs)
        tables["loca"] = struct.pack(f">{len(offsets)}L", *offsets)
        tables["head"] = tables["head"][:50] + b"\0\1" + tables["head"][52:]
        maker = TTFontMaker()
        for tag in _KEPT:
            maker.add(tag, tables[tag])
        return bytes(maker.makeStream())
    except (struct.error, KeyError, IndexError, UnicodeDecodeError) as error:
        raise ValueError("not a TrueType font") from error


def _tables(font: bytes) -> Iterator[tuple[str, bytes]]:
    (count,) = struct.unpack_from(">H", font, 4)
    for index in range(count):
        tag, _checksum, offset, length = struct.unpack_from(">4sLLL", font, 12 + 16 * index)
        yield tag.decode("ascii"), font[offset : offset + length]


def _glyphs(tables: dict[str, bytes]) -> Iterator[bytes]:
    long_offsets = struct.unpack_from(">h", tables["head"], 50)[0] == 1
    letter, unit = ("L", 1) if long_offsets else ("H", 2)
    loca = tables["loca"]
    count = len(loca) // struct.calcsize(f">{letter}")
    offsets = struct.unpack(f">{count}{letter}", loca)
    for start, end in pairwise(offsets):
        yield tables["glyf"][start * unit : end * unit]


def _without_instructions(glyph: bytes) -> bytes:
    """Cut the program out of a glyph, and pad it to four bytes."""
    if glyph:
        (contours,) = struct.unpack_from(">h", glyph)
        glyph = _simple(glyph, contours) if contours >= 0 else _composite(glyph)
    return glyph + bytes(-len(glyph) % 4)


def _simple(glyph: bytes, contours: int) -> bytes:
    at = 10 + 2 * contours
    (length,) = struct.unpack_from(">H", glyph, at)
    return glyph[:at] + b"\0\0" + glyph[at + 2 + length :]


def _composite(glyph: bytes) -> bytes:
    data, at, flags = bytearray(glyph), 10, _MORE_COMPONENTS
    while flags & _MORE_COMPONENTS:
        (flags,) = struct.unpack_from(">H", data, at)
        struct.pack_into(">H", data, at, flags & ~_HAS_INSTRUCTIONS)
        at += 8 if flags & _WORD_ARGUMENTS else 6
        at += next((size for flag, size in _SCALE_BYTES if flags & flag), 0)
    return bytes(data[:at])
