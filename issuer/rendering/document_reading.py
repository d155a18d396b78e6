"""Takes in a supporting document: the program of a process of its own, as ``image_reading``.

A photo is decoded, turned upright, made small and written anew as JPEG, so that nothing of
the file itself is kept: no place, no serial number of a camera, no second file behind the
picture. A PDF is looked through and kept as it is, or refused.
"""

from __future__ import annotations

import io
import re
import runpy
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from PIL import Image

PICTURE, PDF = QUESTIONS = (b"I", b"P")
KEPT, TOO_LARGE, UNREADABLE, ACTIVE, ENCRYPTED = ANSWERS = (b"K", b"L", b"U", b"A", b"E")
READY: Final = b"R"
LENGTH_BYTES: Final = 4
MAX_ANSWER_BYTES: Final = 6_000_000
MAX_PIXELS: Final = 50_000_000
"""What the largest cameras of common telephones take."""

MAX_SIDE: Final = 2000
MAX_PAGES: Final = 50
_QUALITY = 80
_JPEG = b"\xff\xd8\xff"
_ORIENTATION = 0x0112
_TURNS: Final = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}

_HEAD = re.compile(rb"%PDF-[12]\.\d")
_NAME = re.compile(rb"/((?:[^\x00-\x20()<>\[\]{}/%#]|#[0-9A-Fa-f]{2}){3,40})")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_DOES_SOMETHING = frozenset(
    b"JavaScript Launch EmbeddedFile EmbeddedFiles RichMedia XFA SubmitForm ImportData Rendition "
    b"Movie GoToE".split()
)
"""Names of actions and contents (ISO 32000-2); what opens a page or a link may stay."""

_STREAM = re.compile(rb"stream\r?\n")
_DICTIONARY_BYTES = 4096
_MAX_INFLATED = 20_000_000
_AFTER_THE_END = 1024


def believable(answer: bytes, body: bytes) -> bool:
    """Say whether this is what the program answers: a JPEG, or nothing but the letter."""
    return not body or (answer == KEPT and body.startswith(_JPEG))


def read(kind: bytes, data: bytes) -> tuple[bytes, bytes]:
    """Return an answer and, for a photo that is kept, the new JPEG."""
    try:
        if not data:
            return _opened(data), b""  # loads the PDF library, which fails on nothing
        return (_pdf(data), b"") if kind == PDF else (KEPT, _small(data))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return TOO_LARGE, b""
    # The libraries raise whatever a damaged file leads them to.
    except Exception:
        return UNREADABLE, b""


def _small(data: bytes) -> bytes:
    """Return the picture upright, at most 2000 pixels high and wide, on white, as JPEG."""
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
        if image.width * image.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        turns = _TURNS.get(_orientation(image), ())
        image.draft("RGB", (MAX_SIDE, MAX_SIDE))
        image.thumbnail((MAX_SIDE, MAX_SIDE), reducing_gap=2.0)
        shown: Image.Image = image
        if shown.has_transparency_data:
            shown = shown.convert("RGBA")
            paper = Image.new("RGB", shown.size, "white")
            paper.paste(shown, mask=shown.getchannel("A"))
            shown = paper
        shown = shown.convert("RGB")
        for turn in turns:
            shown = shown.transpose(turn)
        # A new picture of the same pixels: nothing of the old one's notes goes along.
        plain = Image.new("RGB", shown.size)
        plain.paste(shown)
        out = io.BytesIO()
        plain.save(out, "JPEG", quality=_QUALITY)
        return out.getvalue()


def _orientation(image: Image.Image) -> int:
    """Return how the camera was held, as far as a note on it can be read."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:
        return 1


def _pdf(data: bytes) -> bytes:
    """Return whether a PDF may be kept, by its names first and then by a PDF library."""
    end = data.rfind(b"%%EOF")
    if not _HEAD.match(data) or end < 0 or len(data) - end > _AFTER_THE_END:
        return UNREADABLE  # not a PDF from the first byte to the last: perhaps two files in one
    for part in (data, *_object_streams(data)):
        names = set(_names(part))
        if b"Encrypt" in names:
            return ENCRYPTED
        if names & _DOES_SOMETHING:
            return ACTIVE
    return _opened(data)


def _names(data: bytes) -> Iterator[bytes]:
    for found in _NAME.finditer(data):
        yield _plain(found[1])


def _plain(name: bytes) -> bytes:
    return (
        _ESCAPED.sub(lambda code: bytes.fromhex(code[1].decode()), name) if b"#" in name else name
    )


def _object_streams(data: bytes) -> Iterator[bytes]:
    """Yield what lies compressed in object streams. Raises ``ValueError`` for another filter."""
    for found in _NAME.finditer(data):
        if _plain(found[1]) != b"ObjStm":
            continue
        start = _STREAM.search(data, found.end(), found.end() + _DICTIONARY_BYTES)
        if start is None:
            raise ValueError("object stream without data")
        around = data[max(0, found.start() - _DICTIONARY_BYTES) : start.start()]
        dictionary = around[around.rfind(b" obj") + 1 :]
        filters = {name for name in _names(dictionary) if name.endswith(b"Decode")}
        if filters != {b"FlateDecode"}:
            raise ValueError("object stream of another form")
        inflater = zlib.decompressobj()
        yield inflater.decompress(data[start.end() :], _MAX_INFLATED)
        if inflater.unconsumed_tail and not inflater.eof:
            raise MemoryError


def _opened(data: bytes) -> bytes:
    # Only here, so that whoever imports this module for its constants loads no PDF library.
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415 - publishes no types
    import pypdfium2.raw as pdfium  # type: ignore[import-untyped]  # noqa: PLC0415 - as above

    document: Any = pypdfium2.PdfDocument(data)
    if not 1 <= len(document) <= MAX_PAGES:
        return TOO_LARGE
    if pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0:
        return ACTIVE
    if pdfium.FPDFDoc_GetAttachmentCount(document) > 0:
        return ACTIVE
    document[0].render(scale=0.2, may_draw_forms=False)
    return KEPT


if __name__ == "__main__":
    # This file alone is run, so its neighbour is no module here.
    _serve = runpy.run_path(str(Path(__file__).with_name("image_reading.py")))["serve"]
    _serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]), QUESTIONS, read, LENGTH_BYTES)
