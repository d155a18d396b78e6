"""The parts that hostile pictures and PDFs are made of."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Final

from PIL import Image

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
