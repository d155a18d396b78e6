"""The two forms of a letter's file, and how the second signature is appended.

A letter with one signatory is one revision. A letter that the district endorses is
two: the page as the first signatory certified it, then an incremental update
(ISO 32000-2, 7.5.6) that holds the second field, filled, and its signature dictionary,
and nothing else. The update follows from the first revision and the dictionary's texts,
so that a reader can write it again and compare every byte.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final

from issuer.domain.signature_dictionary import (
    ENDORSEMENT_FIELD,
    empty_signature,
    endorsement_profile,
)
from issuer.signing.byte_range import Gap

END_OF_FILE: Final = b"\n%%EOF\n"
_TRAILER: Final = re.compile(
    rb"trailer\n<<\n(?P<before>/ID \[<[0-9a-f]{32}><[0-9a-f]{32}>\]\n/Info \d+ 0 R\n)"
    rb"(?P<root>/Root (?P<catalog>\d+ 0 R)\n)/Size (?P<size>\d+)\n>>\n"
)
_OBJECT: Final = re.compile(rb"(?P<number>\d+) 0 obj\n<<\n")
_OBJECT_END: Final = b"\nendobj\n"
_FIELD_MARK: Final = b"/T (%b)" % ENDORSEMENT_FIELD.encode()


class Layout(Enum):
    """Where the cross-reference table and the trailer stand.

    ``TRAILER_FIRST`` puts them before the signature dictionary, so that a reader
    that looks less closely than ours can be shown nothing unsigned either; it is
    not the default until somebody has opened it in Adobe Reader.
    """

    CONVENTIONAL = auto()
    TRAILER_FIRST = auto()

    def of(self, pdf: bytes) -> bytes:
        """Return a conventional file in this layout; only its last revision moves."""
        return _trailer_first(pdf) if self is Layout.TRAILER_FIRST else pdf


def catalog_of(pdf: bytes) -> bytes:
    """Return the reference of the catalog. Raises ``ValueError``."""
    return _trailer(pdf)["catalog"]


def first_revision(pdf: bytes) -> bytes:
    """Return the file without its last revision; empty when there is only one."""
    end = pdf.rfind(END_OF_FILE, 0, len(pdf) - len(END_OF_FILE))
    return pdf[: end + len(END_OF_FILE)] if end >= 0 else b""


def with_endorsement(first: bytes, texts: bytes, layout: Layout) -> bytes:
    """Return a signed first revision with the second, whose gap is still empty.

    ``texts`` are those of ``signature_texts``. Raises ``ValueError`` unless the first
    revision has exactly one field for a second signature.
    """
    trailer = _trailer(first)
    size = int(trailer["size"])
    number, field = _filled_field(first, b"%d 0 R" % size)
    dictionary = empty_signature(endorsement_profile(trailer["catalog"]), texts)
    signature = b"%d 0 obj\n%b%b" % (size, dictionary, _OBJECT_END)
    field_at = len(first)
    signature_at = field_at + len(field)
    table = b"xref\n%d 1\n%010d 00000 n \n%d 1\n%010d 00000 n \n" % (
        *(number, field_at),
        *(size, signature_at),
    )
    end = b"trailer\n<<\n%b/Prev %d\n%b/Size %d\n>>\nstartxref\n%d%b" % (
        trailer["before"],
        _table_at(first),
        trailer["root"],
        size + 1,
        signature_at + len(signature),
        END_OF_FILE,
    )
    return layout.of(b"".join((first, field, signature, table, end)))


def is_endorsement_of(first: bytes, pdf: bytes, texts: bytes) -> bool:
    """Say whether the file is the first revision, this office's second, and nothing else."""
    gap = Gap.last(pdf)
    emptied = gap.with_token(pdf, bytes(len(gap.token_in(pdf))).replace(b"\0", b"0"))
    for layout in Layout:
        written = with_endorsement(first, texts, layout)
        if Gap.last(written).with_array(written) == emptied:
            return True
    return False


def _filled_field(first: bytes, signature: bytes) -> tuple[int, bytes]:
    """Return the second field's object number, and the object with its value."""
    mark_at = first.index(_FIELD_MARK)
    if first.rindex(_FIELD_MARK) != mark_at:
        raise ValueError("more than one field for a second signature")
    begin = first.rindex(_OBJECT_END, 0, mark_at) + len(_OBJECT_END)
    end = first.index(b"\n>>" + _OBJECT_END, mark_at)
    number = _OBJECT.match(first, begin)
    if number is None:
        raise ValueError("not written by this office")
    field = b"%b\n/V %b\n>>%b" % (first[begin:end], signature, _OBJECT_END)
    return int(number["number"]), field


def _trailer(pdf: bytes) -> re.Match[bytes]:
    trailer = _TRAILER.match(pdf, pdf.rindex(b"trailer\n<<\n"))
    if trailer is None:
        raise ValueError("not written by this office")
    return trailer


def _table_at(pdf: bytes) -> int:
    return int(pdf[pdf.rindex(b"startxref\n") :].split()[1])


def _trailer_first(pdf: bytes) -> bytes:
    """Return the file with its table and trailer before the last object, the signature."""
    startxref_at = pdf.rindex(b"startxref\n")
    table_at = _table_at(pdf)
    object_at = pdf.rindex(b"endobj\n", 0, table_at - len(b"endobj\n")) + len(b"endobj\n")
    table = pdf[table_at:startxref_at]
    entry = b"\n%010d 00000 n "
    table = table.replace(entry % object_at, entry % (object_at + len(table)))
    end = b"startxref\n%d\n%%%%EOF\n" % object_at
    return b"".join((pdf[:object_at], table, pdf[object_at:table_at], end))
