"""The signature fields of a letter, written while the page is written.

The first is certified and has its empty dictionary here: whatever is not the signature
itself is signed. A letter that the district endorses has a second field, still empty;
the signing room appends its dictionary and touches nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from issuer.domain.sealing import SignatureSlot
from issuer.domain.signature_dictionary import (
    ENDORSEMENT_FIELD,
    SIGNATURE_PROFILE,
    empty_signature,
    endorsable_profile,
    signature_texts,
)
from issuer.rendering.pdf_file import CATALOG, PdfFile, stream
from issuer.rendering.structure import text_string

FIELD_NAME: Final = "TandaTangan"
_LOCK: Final = b"<< /Type /SigFieldLock /Action /All /P 1 >>"
_PRINT_AND_LOCKED: Final = 132
_SIGNATURES_EXIST_AND_APPEND_ONLY: Final = 3

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Endorser:
    """The second signatory's name, and where the field stands; see ``rect`` below."""

    name: str
    rect: Rectangle | None = None


@dataclass(frozen=True, slots=True)
class SignatureFields:
    """The fields that a file has now, and what must still be written.

    ``dictionary`` is added last, with the number that was reserved for it, so that
    everything else in the file stands before the signature.
    """

    fields: tuple[int, ...]
    number: int
    dictionary: bytes

    @property
    def catalog_entries(self) -> str:
        """What the catalog says of the signatures."""
        fields = " ".join(f"{field} 0 R" for field in self.fields)
        return (
            f"/AcroForm << /Fields [{fields}] /SigFlags {_SIGNATURES_EXIST_AND_APPEND_ONLY} >>"
            f" /Perms << /DocMDP {self.number} 0 R >>"
        )


def add_signature_fields(
    file: PdfFile,
    page: int,
    in_tree: Callable[[int], int],
    slot: SignatureSlot,
    rect: Rectangle | None = None,
    endorser: Endorser | None = None,
) -> SignatureFields:
    """Add the signature field, or both, of the page with this object number.

    ``in_tree`` takes a field's number into the structure tree and returns its key
    there. ``rect`` is in points from the lower left corner; without it the field is
    invisible. Call once a document.
    """
    number, profile = file.reserve(), SIGNATURE_PROFILE
    value = f"/V {number} 0 R"
    wanted = [(FIELD_NAME, slot.signer_name, rect, value)]
    if endorser:
        profile = endorsable_profile(b"%d 0 R" % CATALOG)
        lock = f"/Lock {file.add(_LOCK)} 0 R"
        wanted.append((ENDORSEMENT_FIELD, endorser.name, endorser.rect, lock))
    fields = []
    for name, signer_name, place, more in wanted:
        field = file.reserve()
        left, bottom, right, top = place or (0, 0, 0, 0)
        entries = (
            f"/Type /Annot /Subtype /Widget /FT /Sig /T ({name})",
            f"/TU {text_string(f'Tanda tangan elektronik {signer_name}')}",
            f"/F {_PRINT_AND_LOCKED} /Rect [{left:.2f} {bottom:.2f} {right:.2f} {top:.2f}]",
            f"/P {page} 0 R /StructParent {in_tree(field)}",
            f"/AP << /N {file.add(_empty_appearance(place))} 0 R >> {more}" if place else more,
        )
        # The signing room finds a field, and where it ends, by these lines.
        file.add("\n".join(("<<", *entries, ">>")).encode(), field)
        fields.append(field)
    return SignatureFields(tuple(fields), number, empty_signature(profile, signature_texts(slot)))


def _empty_appearance(rect: Rectangle) -> bytes:
    left, bottom, right, top = rect
    box = f"[0 0 {right - left:.2f} {top - bottom:.2f}]"
    return stream(f"/Type /XObject /Subtype /Form /BBox {box}", b"")
