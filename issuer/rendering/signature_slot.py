"""An empty, certified signature field, written while the page is written.

There is one revision only: whatever is not the signature itself is signed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFCrossReferenceTable,
    PDFDictionary,
    PDFDocument,
    PDFFile,
    PDFName,
    PDFStream,
    PDFString,
)
from reportlab.pdfgen.canvas import Canvas

from issuer.domain.sealing import (
    BYTE_RANGE_PLACEHOLDER,
    CONTENTS_BYTES,
    SIGNATURE_PROFILE,
    SignatureSlot,
)

FIELD_NAME: Final = "TandaTangan"
_DICTIONARY: Final = "SignatureDictionary"
_SIGNATURES_EXIST_AND_APPEND_ONLY: Final = 3
_PRINT_AND_LOCKED: Final = 132

Rectangle = tuple[float, float, float, float]


def add_signature_slot(
    canvas: Canvas, slot: SignatureSlot, letter_id: str, rect: Rectangle | None = None
) -> None:
    """Put the signature field on the canvas's current page.

    ``letter_id`` (32 hex digits) becomes the file's ``/ID``, so that a damaged file
    still says which letter it claims to be. ``rect`` is in points from the lower
    left corner; without it the field is invisible. Call once a document.
    """
    private: Any = canvas  # ReportLab keeps its document model to itself
    document = private._doc
    dictionary = document.Reference(_signature_dictionary(slot, document), _DICTIONARY)
    field = PDFDictionary(
        {
            "Type": PDFName("Annot"),
            "Subtype": PDFName("Widget"),
            "FT": PDFName("Sig"),
            "T": PDFString(FIELD_NAME),
            "TU": PDFString(f"Tanda tangan elektronik {slot.signer_name}"),
            "V": dictionary,
            "F": _PRINT_AND_LOCKED,
            "Rect": PDFArray(list(rect or (0, 0, 0, 0))),
            "P": document.thisPageRef(),
        }
    )
    if rect:
        field["AP"] = PDFDictionary({"N": document.Reference(_empty_appearance(rect))})
    private._addAnnotation(field, FIELD_NAME)
    catalog = document.Catalog
    catalog.AcroForm = PDFDictionary(
        {
            "Fields": PDFArray([document.refAnnotation(FIELD_NAME)]),
            "SigFlags": _SIGNATURES_EXIST_AND_APPEND_ONLY,
        }
    )
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "Perms"]
    catalog.Perms = PDFDictionary({"DocMDP": dictionary})
    document._ID = b"[<%b><%b>]" % (letter_id.encode(), letter_id.encode())
    document._digiSigs = [_SignatureLast(document)]


def _signature_dictionary(slot: SignatureSlot, document: PDFDocument) -> bytes:
    texts = {
        b"Name": slot.signer_name,
        b"Reason": slot.reason,
        b"Location": slot.location,
        b"M": _pdf_date(slot.claimed_at),
    }
    return b"<< %b %b /ByteRange %b /Contents <%b> >>" % (
        SIGNATURE_PROFILE,
        b" ".join(b"/%b %b" % (k, PDFString(v).format(document)) for k, v in texts.items()),
        BYTE_RANGE_PLACEHOLDER,
        bytes(CONTENTS_BYTES).hex().encode(),
    )


def _pdf_date(moment: datetime) -> str:
    offset = moment.strftime("%z")
    return f"D:{moment:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}"


def _empty_appearance(rect: Rectangle) -> PDFStream:
    left, bottom, right, top = rect
    form = {
        "Type": PDFName("XObject"),
        "Subtype": PDFName("Form"),
        "BBox": PDFArray([0, 0, right - left, top - bottom]),
    }
    return PDFStream(PDFDictionary(form), content=b"")


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
