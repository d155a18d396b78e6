"""Reading QR symbols with zxing-cpp: our own again, and those on photos and scans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import zxingcpp

from issuer.domain.errors import InvalidDocument, TooLarge
from issuer.domain.verdict import Reason
from issuer.rendering import image_reading
from issuer.rendering.bounded_reading import READING_SECONDS, BoundedReading, ReaderLost

MAX_IMAGE_BYTES: Final = 15_000_000
MAX_PIXELS: Final = image_reading.MAX_PIXELS
_QR = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_QUIET_MODULES = 4
_LIGHT = b"\xff"
_GREY = bytes.maketrans(b"\x00\x01", b"\xff\x00")


class ZxingDecoder:
    """Reads QR symbols; implements ``QrDecoder``.

    Our own symbol is read here and now; strangers' files are read in other processes,
    ``seconds`` at most for each.
    """

    def __init__(self, seconds: float = READING_SECONDS) -> None:
        self._reading = BoundedReading(seconds)

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

        Of several symbols the first whose text looks like a credential counts. Raises
        ``TooLarge`` beyond 15 MB or 50 megapixels, and ``InvalidDocument``:
        ``file_not_pdf`` for bytes that are no whole PNG or JPEG, ``file_unreadable``
        when they took too long or too much.
        """
        if len(data) > MAX_IMAGE_BYTES:
            raise TooLarge(MAX_IMAGE_BYTES)
        return self._read(image_reading.PICTURE, data)

    def decode_pdf(self, pdf: bytes) -> str | None:
        """Return the text of the QR on the first or last page of a PDF, or None.

        Raises as ``decode_image``. For files that prove nothing by themselves; what
        is signed is never asked of a PDF library.
        """
        return self._read(image_reading.PDF, pdf)

    def readers(self) -> list[int]:
        """Return the ids of the processes that wait for a file."""
        return self._reading.idle()

    def close(self) -> None:
        """End the processes that read."""
        self._reading.close()

    def _read(self, kind: bytes, data: bytes) -> str | None:
        try:
            answer, text = self._reading.ask(kind, data)
        except ReaderLost as error:
            raise InvalidDocument(Reason.FILE_UNREADABLE) from error
        if answer == image_reading.TOO_LARGE:
            raise TooLarge(MAX_PIXELS)
        if answer == image_reading.UNREADABLE:
            raise InvalidDocument(Reason.FILE_NOT_PDF)
        return text if answer == image_reading.TEXT else None
