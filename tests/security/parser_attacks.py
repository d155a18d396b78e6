"""Attacks on what reads a file before anything is known of it: bombs, and files of two kinds.

Most end in the process that reads strangers' pictures and scans; ``tests/reading`` has more.
"""

from __future__ import annotations

import zlib

from PIL import Image

from issuer.domain.verdict import Reason
from tests.reading.hostile_parts import (
    MEGABYTE,
    chunk,
    deflated_zeros,
    exif,
    jpeg,
    large_jpeg,
    pdf_of,
    png,
    png_of,
    with_marker,
)
from tests.security.attacks import Attack, Family, Target, cannot_say, not_ours

_DOT = Image.new("L", (1, 1))
_B, _P = Family.BOMB, Family.POLYGLOT


def flate_bomb(_target: Target) -> bytes:
    return pdf_of(deflated_zeros(200 * MEGABYTE), image="/Width 20000 /Height 10000")


def text_bomb(_target: Target) -> bytes:
    unpacks = chunk(b"zTXt", b"x\x00\x00" + deflated_zeros(100 * MEGABYTE))
    return png_of(1, 1, unpacks, chunk(b"IDAT", zlib.compress(b"\x00\x00")))


ATTACKS: tuple[Attack, ...] = (
    cannot_say(_B, "a picture of 200 megabytes in a PDF", flate_bomb, Reason.FILE_UNSIGNED),
    not_ours(_B, "a text of 100 megabytes in a PNG", text_bomb, Reason.FILE_NOT_PDF),
    cannot_say(_B, "a PNG of one pixel", lambda _t: png(_DOT), Reason.QR_NOT_FOUND),
    cannot_say(_B, "a JPEG of one pixel", lambda _t: jpeg(_DOT), Reason.QR_NOT_FOUND),
    cannot_say(
        _B,
        "a PNG of 200 megapixels",
        lambda _t: png_of(20_000, 10_000, chunk(b"IDAT", b"")),
        Reason.FILE_TOO_LARGE,
    ),
    cannot_say(
        _B,
        "a JPEG of 200 megapixels",
        lambda _t: large_jpeg(20_000, 10_000),
        Reason.FILE_TOO_LARGE,
    ),
    cannot_say(
        _B,
        "Exif of five thousand large values",
        lambda _t: with_marker(jpeg(_DOT), 0xE1, exif(5_000)),
        Reason.QR_NOT_FOUND,
    ),
    cannot_say(
        _B,
        "Exif that points at itself",
        lambda _t: with_marker(jpeg(_DOT), 0xE1, exif(5, loop=True)),
        Reason.QR_NOT_FOUND,
    ),
    cannot_say(_P, "a picture before it", lambda t: png(_DOT) + t.letter, Reason.QR_NOT_FOUND),
    cannot_say(
        _P,
        "in the comment of a photo",
        lambda t: with_marker(jpeg(_DOT), 0xFE, t.letter[:60_000]),
        Reason.QR_NOT_FOUND,
    ),
    cannot_say(
        _P,
        "a page in the comment of a photo",
        lambda _t: with_marker(jpeg(_DOT), 0xFE, b"<html><script>alert(1)</script>"),
        Reason.QR_NOT_FOUND,
    ),
    not_ours(_P, "an archive alone", lambda _t: b"PK\x03\x04" + bytes(100), Reason.FILE_NOT_PDF),
)
