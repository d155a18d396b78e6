"""Reading QR symbols with zxing-cpp: our own again, and those on photos and scans."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence

import zxingcpp
from PIL import Image

from issuer.domain.errors import InvalidDocument, TooLarge
from issuer.domain.verdict import Reason

MAX_IMAGE_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
"""One byte a pixel once decoded; twice what most phones take."""

_FORMATS = ("PNG", "JPEG")
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_QUIET_MODULES = 4
_LIGHT = b"\xff"
_GREY = bytes.maketrans(b"\x00\x01", b"\xff\x00")
_QUICK_SIDE = 1600
_LIKE_OURS = re.compile(r"https?://[^/?#]+/v/[0-9]+", re.ASCII)


class ZxingDecoder:
    """Reads QR symbols; implements ``QrDecoder``."""

    def decode_modules(self, modules: Sequence[Sequence[bool]]) -> str | None:
        """Return the text of a symbol, or None when it cannot be read."""
        side = len(modules) + 2 * _QUIET_MODULES
        margin, above = _LIGHT * _QUIET_MODULES, _LIGHT * (side * _QUIET_MODULES)
        rows = (margin + bytes(row).translate(_GREY) + margin for row in modules)
        bitmap = memoryview(b"".join((above, *rows, above))).cast("B", (side, side))
        found = zxingcpp.read_barcode(
            bitmap,
            formats=_QR,
            text_mode=zxingcpp.TextMode.Plain,
            try_rotate=False,
            try_downscale=False,
            try_invert=False,
        )
        return None if found is None else found.text

    def decode_image(self, data: bytes) -> str | None:
        """Return the text of the QR in a PNG or JPEG, or None.

        Of several symbols the first whose text looks like a credential counts.
        Raises ``TooLarge`` beyond 10 MB or 40 megapixels, and ``InvalidDocument``
        for bytes that are no whole PNG or JPEG.
        """
        if len(data) > MAX_IMAGE_BYTES:
            raise TooLarge(MAX_IMAGE_BYTES)
        image = _grey(data)
        for attempt in _attempts(image):
            texts = [symbol.text for symbol in _read(attempt)]
            if texts:
                return next(filter(_LIKE_OURS.fullmatch, texts), texts[0])
        return None


def _grey(data: bytes) -> Image.Image:
    """Return the pixels as grey on white paper; size is checked before decoding."""
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise TooLarge(MAX_PIXELS)
            image.draft("L", None)
            return _on_paper(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooLarge(MAX_PIXELS) from error
    except TooLarge:
        raise
    # Pillow's readers raise whatever a damaged file leads them to.
    except Exception as error:
        raise InvalidDocument(Reason.FILE_UNREADABLE) from error


def _on_paper(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("L")
    image = image.convert("LA")
    paper = Image.new("L", image.size, "white")
    paper.paste(image.getchannel("L"), mask=image.getchannel("A"))
    return paper


def _attempts(image: Image.Image) -> Iterator[Image.Image]:
    """Yield the image small, which is quick and forgives noise, then as it is."""
    factor = max(image.size) // _QUICK_SIDE
    if factor > 1:
        yield image.reduce(factor)
    yield image


def _read(image: Image.Image) -> Sequence[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(image, formats=_QR, text_mode=zxingcpp.TextMode.Plain)
