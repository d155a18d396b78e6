"""Pictures and PDFs that were made to hurt whoever opens them."""

from __future__ import annotations

import struct
import zlib
from typing import Final

from PIL import Image, PngImagePlugin

from tests.reading.hostile_parts import (
    MEGABYTE,
    chunk,
    deflated_zeros,
    exif,
    jpeg,
    large_jpeg,
    many_scans,
    pdf_of,
    png,
    png_of,
    with_marker,
)

DOT = Image.new("L", (1, 1))
TEXTS = PngImagePlugin.PngInfo()
for _number in range(50):
    TEXTS.add_text(f"t{_number}", "x" * MEGABYTE, zip=True)

PICTURES: Final[dict[str, bytes]] = {
    "one pixel, PNG": png(DOT),
    "one pixel, JPEG": jpeg(DOT),
    "no pixel": png_of(0, 0, chunk(b"IDAT", zlib.compress(b""))),
    "a line": jpeg(Image.new("L", (65_000, 1))),
    "200 megapixels, PNG": png_of(20_000, 10_000, chunk(b"IDAT", b"")),
    "200 megapixels, JPEG": large_jpeg(20_000, 10_000),
    "4 gigapixels": png_of(65_535, 65_535, chunk(b"IDAT", b"")),
    "sides beyond 31 bits": png_of(0xFFFFFFFF, 0xFFFFFFFF, chunk(b"IDAT", b"")),
    "48 megapixels of RGBA": png_of(
        8_000, 6_000, chunk(b"IDAT", deflated_zeros(6_000 * 32_001)), colour=6
    ),
    "more data than pixels": png_of(10, 10, chunk(b"IDAT", deflated_zeros(200 * MEGABYTE))),
    "texts that unpack": png(DOT, pnginfo=TEXTS),
    "a profile that unpacks": png_of(
        1,
        1,
        chunk(b"iCCP", b"x\x00\x00" + deflated_zeros(200 * MEGABYTE)),
        chunk(b"IDAT", zlib.compress(b"\x00\x00")),
    ),
    "a million frames": png_of(
        1,
        1,
        chunk(b"acTL", struct.pack(">II", 1_000_000, 0)),
        chunk(b"IDAT", zlib.compress(b"\x00\x00")),
    ),
    "a million chunks": png_of(1, 1, chunk(b"tEXt", b"a\x00b") * 500_000),
    "Exif of 5,000 large values": with_marker(jpeg(DOT), 0xE1, exif(5_000)),
    "Exif that points at itself": with_marker(jpeg(DOT), 0xE1, exif(5, loop=True)),
    "20,000 markers": with_marker(jpeg(DOT), 0xE2, b"x")[:-2] + b"\xff\xe2\x00\x02" * 20_000,
    "many scans": many_scans(400),
    "cut off": jpeg(Image.effect_noise((500, 500), 90))[:-5_000],
    "PNG that is a PDF too": png(DOT) + pdf_of(b""),
    "JPEG that is a page too": with_marker(jpeg(DOT), 0xFE, b"<script>alert(1)</script>"),
}
"""By what they are. Not one of them shows a QR."""

PDFS: Final[dict[str, bytes]] = {
    "nothing in it": b"%PDF-1.7\n%%EOF",
    "10,000 pages": pdf_of(zlib.compress(b"\x00"), image="/Width 1 /Height 1", pages=10_000),
    "an image of a gigabyte": pdf_of(
        deflated_zeros(1_000 * MEGABYTE), image="/Width 40000 /Height 25000"
    ),
    "the image again and again": pdf_of(
        deflated_zeros(4 * MEGABYTE), image="/Width 2000 /Height 2000", content=b"/I Do " * 100_000
    ),
    "saved a million times": pdf_of(b"", content=b"q " * 1_000_000),
    "a pattern of lines": pdf_of(b"", content=b"0 0 m 595 842 l S " * 200_000),
    "pages within each other": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R 2 0 R] >>\nendobj\n"
    b"trailer\n<< /Root 1 0 R >>\n%%EOF",
    "arrays within arrays": b"%PDF-1.7\n1 0 obj\n" + b"[" * 1_000_000 + b"\n%%EOF",
    "a page like a football field": pdf_of(b"").replace(b"595 842", b"1e9 1e9"),
    "a page like a thread": pdf_of(b"").replace(b"595 842", b"1e-9 900"),
}
"""Without a signature and without a QR."""
