"""What stands outside the text area: running head, page number, footer notice."""

from __future__ import annotations

from issuer.rendering.layout import Piece, PlacedRow, Row, Typesetter, block
from issuer.rendering.page import (
    FOOTER_TOP,
    FOOTNOTE,
    LEFT,
    RIGHT,
    RUNNING_HEAD,
    SMALL,
    TEXT_WIDTH,
)
from issuer.rendering.sheet import Sheets

OFFICE_KEY_NOTICE = (
    "Surat ini ditandatangani dengan tanda tangan elektronik milik kantor sendiri, yang tidak "
    "disertifikasi oleh penyelenggara sertifikasi elektronik Indonesia. Keasliannya diperiksa di "
    "{host}. Hasil cetak dipercaya hanya bila isinya sama dengan hasil pemeriksaan."
)
SPECIMEN_NOTICE = "CONTOH: orang, pejabat, dan isi surat ini rekaan dan tidak dapat dipakai."
DRAFT_NOTICE = (
    "KONSEP: surat ini belum bernomor dan belum ditandatangani, sehingga tidak dapat dipakai."
)
_RULE = 0.5
_ABOVE_RULE = 3.0


def draw_margins(
    sheets: Sheets, setter: Typesetter, number: str, notice: str, *, page: int, pages: int
) -> None:
    """Draw head and foot of a page; a letter of one page has no page number."""
    if pages > 1:
        label = f"Halaman {page} dari {pages}"
        at_right = RIGHT - setter.width(label, SMALL)
        head = [Piece(at_right, 0, label, SMALL)]
        if page > 1:
            head.append(Piece(LEFT, 0, f"Nomor : {number}", SMALL))
            sheets.draw([PlacedRow(RUNNING_HEAD, Row(0, tuple(head)))])
            sheets.rule(RUNNING_HEAD - _ABOVE_RULE, _RULE)
        else:
            sheets.draw([PlacedRow(FOOTER_TOP + _ABOVE_RULE, Row(0, tuple(head)))])
    sheets.rule(FOOTER_TOP, _RULE)
    sheets.draw(
        [PlacedRow(FOOTER_TOP - 1, block(setter.ragged(notice, FOOTNOTE, LEFT, TEXT_WIDTH)))]
    )
