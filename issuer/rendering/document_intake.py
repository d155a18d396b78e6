"""Supporting documents as they come from residents, taken in by processes of their own."""

from __future__ import annotations

from typing import Final

from issuer.domain.application import DocumentKind
from issuer.domain.errors import InvalidInput, Problem
from issuer.rendering import document_reading
from issuer.rendering.bounded_reading import DOCUMENT_READING, BoundedReading, ReaderLost
from issuer.rendering.virus_scanner import ClamdScanner

MAX_DOCUMENT_BYTES: Final = 25_000_000
SECONDS: Final = 10.0
"""A photo of 50 megapixels on a busy machine."""

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_PROBLEMS = {
    document_reading.TOO_LARGE: Problem("file", "document_too_many_pixels"),
    document_reading.UNREADABLE: Problem("file", "document_unreadable"),
    document_reading.ACTIVE: Problem("file", "document_active"),
    document_reading.ENCRYPTED: Problem("file", "document_encrypted"),
}


class DocumentIntake:
    """Makes of a stranger's file what may be kept; implements ``DocumentReader``.

    An office may have a ``scanner`` of viruses.
    """

    def __init__(self, seconds: float = SECONDS, scanner: ClamdScanner | None = None) -> None:
        self._scanner = scanner
        self._reading = BoundedReading(seconds, DOCUMENT_READING)

    def take_in(self, data: bytes) -> tuple[DocumentKind, bytes]:
        """Return the kind and the bytes to keep.

        Raises ``InvalidInput`` about ``file``, and ``DependencyUnavailable``.
        """
        if not data:
            raise InvalidInput([Problem("file", "document_missing")])
        if len(data) > MAX_DOCUMENT_BYTES:
            raise InvalidInput([Problem("file", "document_too_large")])
        if self._scanner is not None:
            self._scanner.require_clean(data)
        if data.startswith(b"%PDF-"):
            self._ask(document_reading.PDF, data)
            return DocumentKind.PDF, data
        if data.startswith(_PICTURES):
            return DocumentKind.JPEG, self._ask(document_reading.PICTURE, data)
        if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
            raise InvalidInput([Problem("file", "document_heic")])
        raise InvalidInput([Problem("file", "document_other_kind")])

    def close(self) -> None:
        """End the processes that read."""
        self._reading.close()

    def _ask(self, kind: bytes, data: bytes) -> bytes:
        try:
            answer, body = self._reading.ask_bytes(kind, data)
        except ReaderLost as error:
            raise InvalidInput([Problem("file", "document_unreadable")]) from error
        if answer != document_reading.KEPT:
            raise InvalidInput([_PROBLEMS[answer]])
        return body
