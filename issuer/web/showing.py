"""Files as answers of the server: supporting documents, letters and their drafts."""

from __future__ import annotations

from flask import Response

from issuer.domain.application import Document, DocumentKind

_TYPES = {DocumentKind.JPEG: ("image/jpeg", "jpg"), DocumentKind.PDF: ("application/pdf", "pdf")}


def shown(document: Document, data: bytes) -> Response:
    """Return a document for looking at; a PDF is handed over, not run in a page of ours."""
    kind, ending = _TYPES[document.kind]
    response = Response(data, mimetype=kind)
    disposition = "inline" if document.kind is DocumentKind.JPEG else "attachment"
    response.headers["Content-Disposition"] = f'{disposition}; filename="berkas.{ending}"'
    return response


def pdf_shown(data: bytes, name: str, *, download: bool = False) -> Response:
    """Return a PDF of our own making, for looking at or for keeping under this name."""
    response = Response(data, mimetype="application/pdf")
    disposition = "attachment" if download else "inline"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return response
