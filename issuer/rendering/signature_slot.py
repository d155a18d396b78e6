"""The signature fields of a letter, written while the page is written.

The first is certified and has its empty dictionary here: whatever is not the signature
itself is signed. A letter that the district endorses has a second field, still empty;
the signing room appends its dictionary and touches nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFCrossReferenceTable,
    PDFDictionary,
    PDFDocument,
    PDFFile,
    PDFName,
    PDFString,
)
from reportlab.pdfgen.canvas import Canvas

from issuer.domain.sealing import SignatureSlot
from issuer.domain.signature_dictionary import (
    BYTE_RANGE_PLACEHOLDER,
    ENDORSEMENT_FIELD,
    SIGNATURE_PROFILE,
    empty_signature,
    endorsable_profile,
    signature_texts,
)
from issuer.rendering.archive import ArchivalStream

FIELD_NAME: Final = "TandaTangan"
_DICTIONARY: Final = "SignatureDictionary"
_SIGNATURES_EXIST_AND_APPEND_ONLY: Final = 3
_PRINT_AND_LOCKED: Final = 132
_LOCK: Final = {"Type": PDFName("SigFieldLock"), "Action": PDFName("All"), "P": 1}

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Endorser:
    """The second signatory's name, and where the field stands; see ``rect`` below."""

    name: str
    rect: Rectangle | None = None


def add_signature_slot(
    canvas: Canvas,
    slot: SignatureSlot,
    letter_id: str,
    rect: Rectangle | None = None,
    endorser: Endorser | None = None,
) -> tuple[str, ...]:
    """Put the signature field, or both, on the canvas's current page; return their names.

    ``letter_id`` (32 hex digits) becomes the file's ``/ID``, so that a damaged file
    still says which letter it claims to be. ``rect`` is in points from the lower
    left corner; without it the field is invisible. Call once a document.
    """
    private: Any = canvas  # ReportLab keeps its document model to itself
    document = private._doc
    catalog = document.Catalog
    profile = SIGNATURE_PROFILE
    if endorser:
        profile = endorsable_profile(document.Reference(catalog).format(document))
    dictionary = document.Reference(empty_signature(profile, signature_texts(slot)), _DICTIONARY)
    field = _field(document, FIELD_NAME, slot.signer_name, rect)
    field["V"] = dictionary
    fields = {FIELD_NAME: field}
    if endorser:
        fields[ENDORSEMENT_FIELD] = _field(
            document, ENDORSEMENT_FIELD, endorser.name, endorser.rect
        )
        fields[ENDORSEMENT_FIELD]["Lock"] = document.Reference(PDFDictionary(_LOCK))
    for name, widget in fields.items():
        private._addAnnotation(widget, name)
    catalog.AcroForm = PDFDictionary(
        {
            "Fields": PDFArray([document.refAnnotation(name) for name in fields]),
            "SigFlags": _SIGNATURES_EXIST_AND_APPEND_ONLY,
        }
    )
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "Perms"]
    catalog.Perms = PDFDictionary({"DocMDP": dictionary})
    document._ID = b"[<%b><%b>]" % (letter_id.encode(), letter_id.encode())
    document._digiSigs = [_SignatureLast(document)]
    return tuple(fields)


def _field(document: Any, name: str, signer_name: str, rect: Rectangle | None) -> PDFDictionary:
    field = PDFDictionary(
        {
            "Type": PDFName("Annot"),
            "Subtype": PDFName("Widget"),
            "FT": PDFName("Sig"),
            "T": PDFString(name),
            "TU": PDFString(f"Tanda tangan elektronik {signer_name}"),
            "F": _PRINT_AND_LOCKED,
            "Rect": PDFArray(list(rect or (0, 0, 0, 0))),
            "P": document.thisPageRef(),
        }
    )
    if rect:
        field["AP"] = PDFDictionary({"N": document.Reference(_empty_appearance(rect))})
    return field


def _empty_appearance(rect: Rectangle) -> ArchivalStream:
    left, bottom, right, top = rect
    form = {
        "Type": PDFName("XObject"),
        "Subtype": PDFName("Form"),
        "BBox": PDFArray([0, 0, right - left, top - bottom]),
    }
    return ArchivalStream(PDFDictionary(form), content=b"")


class _SignatureLast:
    """Moves the signature dictionary behind all other objects.

    ReportLab writes objects in the order of their numbers and makes some while it
    writes, so the last number cannot be known beforehand. It calls ``sign`` when the
    file is complete: its parts are the header, the objects, the cross-reference
    table and the trailer. Lengths stay, so the trailer stays true.
    """

    def __init__(self, document: PDFDocument) -> None:
        self._document = document

    def sign(self, file: PDFFile) -> None:
        """Reorder the parts and write the table anew."""
        offsets, parts = self._document.idToOffset, file.strings
        old = offsets[_DICTIONARY]
        moved = parts.pop(next(i for i, p in enumerate(parts) if BYTE_RANGE_PLACEHOLDER in p))
        for name, offset in offsets.items():
            if offset > old:
                offsets[name] = offset - len(moved)
        offsets[_DICTIONARY] = sum(map(len, parts[:-2]))
        table = PDFCrossReferenceTable()
        table.addsection(0, list(offsets))
        parts[-2:-1] = [moved, table.format(self._document)]
