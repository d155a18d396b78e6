"""Pictures and PDFs that were made to hurt whoever opens them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Final

from PIL import Image, PngImagePlugin

MEGABYTE: Final = 1_000_000


def png(image: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", **options)
    return out.getvalue()


def jpeg(image: Image.Image, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width: int, height: int, *chunks: bytes, depth: int = 8, colour: int = 0) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    end = chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunks) + end


def deflated_zeros(count: int) -> bytes:
    packer = zlib.compressobj(9)
    block = bytes(MEGABYTE)
    parts = [packer.compress(block) for _ in range(count // MEGABYTE)]
    return b"".join((*parts, packer.flush()))


def with_marker(picture: bytes, marker: int, body: bytes) -> bytes:
    """Return a JPEG with one more segment at its start."""
    return (
        picture[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body + picture[2:]
    )


def exif(entries: int, *, loop: bool = False) -> bytes:
    """Return Exif data: many entries, each of them a claim of four thousand million values."""
    body = struct.pack("<H", entries)
    body += (
        struct.pack("<HHII", 0x8769 if loop else 0x9286, 4, 0 if loop else 0xFFFFFFFF, 8) * entries
    )
    return b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + body + struct.pack("<I", 8)


def many_scans(count: int) -> bytes:
    """Return a progressive JPEG whose last scan comes again and again."""
    picture = jpeg(Image.effect_noise((2000, 2000), 90), progressive=True, quality=60)
    last = picture.rindex(b"\xff\xda")
    return picture[:-2] + picture[last:-2] * count + picture[-2:]


def large_jpeg(width: int, height: int) -> bytes:
    """Return a small JPEG that says it is large."""
    picture = bytearray(jpeg(Image.new("L", (16, 16))))
    frame = picture.index(b"\xff\xc0")
    picture[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(picture)


def pdf_of(stream: bytes, *, content: bytes = b"/I Do", image: str = "", pages: int = 1) -> bytes:
    """Return a PDF of equal pages that draw one compressed image."""
    kids = " ".join(f"{number} 0 R" for number in range(10, 10 + pages))
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        3: b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        4: f"<< /Type /XObject /Subtype /Image {image} /ColorSpace /DeviceGray"
        f" /BitsPerComponent 8 /Filter /FlateDecode /Length {len(stream)} >>".encode()
        + b"\nstream\n"
        + stream
        + b"\nendstream",
    }
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R"
        b" /Resources << /XObject << /I 4 0 R >> >> >>"
    )
    objects |= dict.fromkeys(range(10, 10 + pages), page)
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n"
    for number, place in places.items():
        out += b"%d 1\n%010d 00000 n \n" % (number, place)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (10 + pages, table)
    return bytes(out)


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
