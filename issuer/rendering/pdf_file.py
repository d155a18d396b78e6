"""A PDF being written: objects, the table of where they stand, the trailer.

What it holds is in PDF syntax when it comes in, prepared once a process where it is
always the same. Objects stand in the file in the order in which they were added, so
the last one added is the last one there. Source: ISO 32000-1, 7.5.
"""

from __future__ import annotations

import hashlib
from typing import Final

CATALOG: Final = 1
"""The number of the catalog, in every file."""

# The comment tells programs that the file is not text (ISO 19005-3, 6.1.2).
_HEADER: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
# With a line feed alone, data that ends in a carriage return would seem a byte shorter.
_END_OF_DATA: Final = b"\r\nendstream"


class PdfFile:
    """One file in the making. The same calls give the same bytes."""

    def __init__(self) -> None:
        self._objects: dict[int, bytes] = {}
        self._count = CATALOG

    def reserve(self) -> int:
        """Return a number for an object that is referred to before it is added."""
        self._count += 1
        return self._count

    def add(self, content: bytes, number: int | None = None) -> int:
        """Add an object, a reserved one by its number; return its number."""
        number = number or self.reserve()
        self._objects[number] = content
        return number

    def finish(self, info: int, file_id: str | None = None) -> bytes:
        """Return the file, whose reserved objects were all added.

        ``file_id`` is in 32 hexadecimal digits; without it, it follows from the bytes.
        """
        places: dict[int, int] = {}
        parts, at = [_HEADER], len(_HEADER)
        for number, content in self._objects.items():
            places[number] = at
            parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, content))
            at += len(parts[-1])
        file_id = file_id or hashlib.sha256(b"".join(parts)).hexdigest()[:32]
        size = self._count + 1
        table = "".join([f"{places[number]:010} 00000 n \n" for number in range(CATALOG, size)])
        end = (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}"
            f"trailer\n<<\n/ID [<{file_id}><{file_id}>]\n/Info {info} 0 R\n"
            f"/Root {CATALOG} 0 R\n/Size {size}\n>>\nstartxref\n{at}\n%%EOF\n"
        )
        return b"".join((*parts, end.encode()))


def stream(entries: str, data: bytes) -> bytes:
    """Return a stream; ``data`` is as the Filter of the entries says, Length is added."""
    head = f"<< {entries} /Length {len(data)} >>\nstream\n"
    return b"%b%b%b" % (head.encode(), data, _END_OF_DATA)
