"""What stands outside the text area: running head, page number, footer notice.

Heads and numbers are artifacts; the notice is read once, at the end of the letter.
"""

from __future__ import annotations

from issuer.rendering.layout import Piece, PlacedRow, Row, Typesetter, block
from issuer.rendering.page import FOOTER_TOP, FOOTNOTE, LEFT, RIGHT, SMALL, TEXT_WIDTH
from issuer.rendering.sheet import Sheets
from issuer.rendering.structure import PAGE_FOOT, PAGE_HEAD, Element

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


def draw_head(sheets: Sheets, setter: Typesetter, number: str, *, page: int, pages: int) -> None:
    """Draw what stands above the text; a letter of one page has no page number."""
    if pages == 1:
        return
    label = f"Halaman {page} dari {pages}"
    at_right = RIGHT - setter.width(label, SMALL)
    head = [Piece(at_right, 0, label, SMALL, PAGE_HEAD)]
    if page == 1:
        sheets.draw([PlacedRow(FOOTER_TOP + _ABOVE_RULE, Row(0, tuple(head)))])
        return
    head.append(Piece(LEFT, 0, f"Nomor : {number}", SMALL, PAGE_HEAD))
    running_head = sheets.sheet.running_head
    sheets.draw([PlacedRow(running_head, Row(0, tuple(head)))])
    sheets.rule(running_head - _ABOVE_RULE, _RULE)


def draw_notice(sheets: Sheets, setter: Typesetter, notice: str, *, last: bool) -> None:
    """Draw the notice below the text; it is read on the last page."""
    sheets.rule(FOOTER_TOP, _RULE)
    element = Element("P") if last else PAGE_FOOT
    row = block(setter.ragged(notice, FOOTNOTE, LEFT, TEXT_WIDTH, element))
    sheets.draw([PlacedRow(FOOTER_TOP - 1, row)])
