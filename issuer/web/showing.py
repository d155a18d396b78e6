"""Supporting documents as answers of the server."""

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
