"""Reads the QR in a stranger's picture or PDF: the program of a process of its own.

``bounded_reading`` starts it, and it imports nothing of this package: what a hostile
file might take over here knows no key, no register and no setting, and has little
memory and time. A question is a letter (``QUESTIONS``), the number of bytes as four
bytes, and the bytes; an answer is a letter (``ANSWERS``), the length as two bytes, and
the text. ``document_reading`` is such a program too and borrows ``serve``.
"""

from __future__ import annotations

import io
import re
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

import zxingcpp
from PIL import Image, ImageFilter

PICTURE, PDF = QUESTIONS = (b"I", b"P")
TEXT, NO_SYMBOL, TOO_LARGE, UNREADABLE = ANSWERS = (b"T", b"N", b"L", b"U")
READY: Final = b"R"

MAX_PIXELS: Final = 50_000_000
"""What the largest cameras of common telephones take."""

MAX_MEMORY: Final = 480_000_000
MAX_OPEN_FILES: Final = 16
MAX_ANSWER_BYTES: Final = 8_000
"""More than a QR symbol holds."""

LENGTH_BYTES: Final = 2

_FORMATS = ("PNG", "JPEG")
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_QUICK_SIDE, _SHARPENED_SIDE = 1600, 4000
_PAGE_DPI, _POINTS_AN_INCH, _PAGE_SIDE = 300, 72, 4000
_TRY_UNTIL_SECONDS = 1.0
"""Of processor time: no attempt begins later."""

_LIKE_OURS = re.compile(r"https?://[^/?#]+/v/[0-9]+", re.ASCII)


def believable(_answer: bytes, body: bytes, /) -> bool:
    """Say whether this is what the program answers, and not somebody who took it over."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def read(kind: bytes, data: bytes) -> tuple[bytes, str]:
    """Return an answer and, for ``TEXT``, the text.

    Of several symbols the first whose text looks like a credential counts.
    """
    deadline = time.process_time() + _TRY_UNTIL_SECONDS
    try:
        for image in _pages(data) if kind == PDF else iter([_grey(data)]):
            for attempt in _attempts(image):
                symbols = zxingcpp.read_barcodes(
                    attempt, formats=_QR, text_mode=zxingcpp.TextMode.Plain
                )
                texts = [symbol.text for symbol in symbols]
                if texts:
                    return TEXT, next(filter(_LIKE_OURS.fullmatch, texts), texts[0])
                if time.process_time() > deadline:
                    return NO_SYMBOL, ""
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        return TOO_LARGE, ""
    # Both libraries raise whatever a damaged file leads them to.
    except Exception:
        return UNREADABLE, ""
    return NO_SYMBOL, ""


def _grey(data: bytes) -> Image.Image:
    """Return the pixels as grey on white paper; size is checked before decoding.

    A camera's note on how it was held is not read: a symbol is found from every side.
    """
    with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        image.draft("L", None)
        if not image.has_transparency_data:
            return image.convert("L")
        rgba = image if image.mode in ("LA", "RGBA") else image.convert("RGBA")
        paper = Image.new("L", rgba.size, "white")
        paper.paste(rgba.convert("L"), mask=rgba.getchannel("A"))
        return paper


def _pages(pdf: bytes) -> Iterator[Image.Image]:
    """Yield the first page and the last, as a printer would have them."""
    # Only here, so that whoever imports this module for its constants loads no PDF library.
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415 - publishes no types

    document = pypdfium2.PdfDocument(pdf)
    for index in sorted({0, len(document) - 1}):
        page = document[index]
        longest = max(*page.get_size(), 1.0)
        scale = min(_PAGE_DPI / _POINTS_AN_INCH, _PAGE_SIDE / longest)
        yield page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil().convert("L")


def _attempts(image: Image.Image) -> Iterator[Image.Image]:
    """Yield the image small, which is quick and forgives noise, as it is, and sharpened."""
    longest = max(image.size)
    factor = longest // _QUICK_SIDE
    if factor > 1:
        yield image.reduce(factor)
    yield image
    # Out of focus: less noise before the edges are raised, once by halves, once by means.
    halved = image.reduce(2) if longest > _QUICK_SIDE else image
    yield _twice_as_large(_sharp(halved, radius=2))
    if longest > _QUICK_SIDE:
        whole = image.reduce(-(-longest // _SHARPENED_SIDE))
    else:
        whole = _twice_as_large(image)
    yield _sharp(whole.filter(ImageFilter.BoxBlur(1)), radius=4)


def _sharp(image: Image.Image, radius: int) -> Image.Image:
    return image.filter(ImageFilter.UnsharpMask(radius, percent=400, threshold=0))


def _twice_as_large(image: Image.Image) -> Image.Image:
    return image.resize((image.width * 2, image.height * 2), Image.Resampling.BICUBIC)


def _give_up_privileges() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MAX_MEMORY),
        (resource.RLIMIT_NOFILE, MAX_OPEN_FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _begin_counting(seconds: int) -> None:
    """Let the kernel end this process, even inside a library, and without its parent."""
    signal.alarm(seconds)
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))


def _in_bytes(kind: bytes, data: bytes) -> tuple[bytes, bytes]:
    answer, text = read(kind, data)
    return answer, text.encode()[:MAX_ANSWER_BYTES]


def serve(
    questions: BinaryIO,
    answers: BinaryIO,
    seconds: int,
    kinds: tuple[bytes, ...] = QUESTIONS,
    answer_to: Callable[[bytes, bytes], tuple[bytes, bytes]] = _in_bytes,
    length_bytes: int = LENGTH_BYTES,
) -> None:
    """Answer until the parent closes the pipe or ends."""
    for kind in kinds:
        answer_to(kind, b"")  # loads the libraries
    _give_up_privileges()
    answers.write(READY)
    answers.flush()
    while len(header := questions.read(5)) == 5:
        _begin_counting(seconds)
        question, size = header[:1], int.from_bytes(header[1:])
        data = questions.read(size)
        if len(data) < size:
            return
        answer, body = answer_to(question, data)
        answers.write(answer + len(body).to_bytes(length_bytes) + body)
        answers.flush()
        signal.alarm(0)


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]))
