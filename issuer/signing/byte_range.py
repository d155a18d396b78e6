"""Where in a file the signature stands, and the array that says so (ISO 32000-2, 12.8.1)."""

from __future__ import annotations

import hashlib
from typing import NamedTuple, Self

from issuer.domain.signature_dictionary import BYTE_RANGE_PLACEHOLDER

_KEY = b"/ByteRange "
_BETWEEN = b" /Contents <"


class Gap(NamedTuple):
    """The only bytes that a signature leaves out: the token ``<…>``, its two signs included.

    ``array_at`` is where the ByteRange array begins, ``size`` the length of the file.
    """

    array_at: int
    start: int
    end: int
    size: int

    @classmethod
    def find(cls, pdf: bytes) -> Self:
        """Return the gap. Raises ``ValueError`` unless there is exactly one."""
        gap = cls.last(pdf)
        if pdf.find(_KEY, 0, gap.key_at) >= 0:
            raise ValueError("more than one signature")
        return gap

    @classmethod
    def last(cls, pdf: bytes) -> Self:
        """Return the last signature's gap. Raises ``ValueError`` when there is none."""
        array_at = pdf.rindex(_KEY) + len(_KEY)
        contents_at = array_at + len(BYTE_RANGE_PLACEHOLDER)
        start = contents_at + len(_BETWEEN)
        if pdf[contents_at:start] != _BETWEEN:
            raise ValueError("not written by this office")
        return cls(array_at, start - 1, pdf.index(b">", start) + 1, len(pdf))

    @property
    def array(self) -> bytes:
        """The ByteRange array that covers the whole file but the gap."""
        array = b"[0 %d %d %d]" % (self.start, self.end, self.size - self.end)
        return array.ljust(len(BYTE_RANGE_PLACEHOLDER))

    def with_array(self, pdf: bytes) -> bytes:
        """Return the file with the array filled in."""
        return b"".join((pdf[: self.array_at], self.array, pdf[self._array_end :]))

    def with_token(self, pdf: bytes, token: bytes) -> bytes:
        """Return the file with these hexadecimal digits in the gap."""
        return b"".join((pdf[: self.start + 1], token, pdf[self.end - 1 :]))

    def array_in(self, pdf: bytes) -> bytes:
        """Return the array as it stands in the file."""
        return pdf[self.array_at : self._array_end]

    @property
    def key_at(self) -> int:
        """Where the entry ByteRange begins."""
        return self.array_at - len(_KEY)

    @property
    def _array_end(self) -> int:
        return self.array_at + len(BYTE_RANGE_PLACEHOLDER)

    def token_in(self, pdf: bytes) -> bytes:
        """Return the hexadecimal digits as they stand in the file."""
        return pdf[self.start + 1 : self.end - 1]

    def digest_of(self, pdf: bytes) -> bytes:
        """Return the SHA-256 over everything but the gap."""
        view = memoryview(pdf)
        digest = hashlib.sha256(view[: self.start])
        digest.update(view[self.end :])
        return digest.digest()
