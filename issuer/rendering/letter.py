"""The letter: measured as a whole, then drawn page by page."""

from __future__ import annotations

from dataclasses import dataclass, replace

from issuer.domain.letter_types import LetterType
from issuer.domain.record import LetterRecord
from issuer.domain.sealing import RenderedLetter, SignatureSlot
from issuer.rendering import page
from issuer.rendering.body import body_rows
from issuer.rendering.fonts import FontSet
from issuer.rendering.foot import (
    SIGNED_BY,
    TO_BE_SIGNED_BY,
    CheckPanel,
    SignatureBlock,
    draw_check_panel,
    draw_frame,
    set_check_panel,
    set_signature,
)
from issuer.rendering.layout import PlacedRow, Row, Typesetter, paginate
from issuer.rendering.letterhead import Letterhead, draw_letterhead, set_letterhead
from issuer.rendering.margins import (
    DRAFT_NOTICE,
    OFFICE_KEY_NOTICE,
    SPECIMEN_NOTICE,
    draw_margins,
)
from issuer.rendering.marks import DRAFT, SPECIMEN, draw_mark, reach
from issuer.rendering.qr import qr_modules
from issuer.rendering.sheet import Sheets
from issuer.rendering.signature_slot import add_signature_slot

_NO_NUMBER = "…………………………"
_AFTER_PANEL = 8.0


@dataclass(frozen=True, slots=True)
class LetterLayout:
    """A letter measured: what stands on which page, before anything is drawn.

    The last row of the last page is the foot.
    """

    letterhead: Letterhead
    pages: tuple[tuple[PlacedRow, ...], ...]
    signature: SignatureBlock
    panel: CheckPanel | None

    @property
    def foot(self) -> PlacedRow:
        """The row with the signature block."""
        return self.pages[-1][-1]


def lay_out(
    setter: Typesetter,
    letter_type: LetterType,
    record: LetterRecord,
    *,
    heading: str,
    panel: CheckPanel | None,
) -> LetterLayout:
    """Measure a letter; ``panel`` is None for a draft, which has no QR."""
    letterhead = set_letterhead(setter, record)
    signature = set_signature(setter, record, heading)
    foot_height = max(signature.row.height, panel.height if panel else 0.0)
    foot = Row(foot_height, signature.row.pieces, gap=page.FOOT_GAP)
    pages = paginate(
        [*body_rows(setter, letter_type, record), foot],
        first_top=letterhead.bottom,
        next_top=page.NEXT_PAGE_TOP,
        bottom=page.BOTTOM,
    )
    return LetterLayout(letterhead, pages, signature, panel)


class ReportLabRenderer:
    """Draws letters with ReportLab; implements ``LetterRenderer``."""

    def __init__(self, fonts: FontSet) -> None:
        self._fonts = fonts
        self._setter = Typesetter(fonts)

    def missing_glyphs(self, text: str) -> frozenset[str]:
        """Return the characters of ``text`` that no font of the letter has."""
        return self._fonts.missing_glyphs(text)

    def render(
        self,
        letter_type: LetterType,
        record: LetterRecord,
        *,
        qr_text: str,
        verification_code: str,
        host: str,
        slot: SignatureSlot,
    ) -> RenderedLetter:
        """Return the letter with its QR and one empty signature slot.

        Raises ``NotFitToSign`` for a QR text that does not fit the symbol, and
        ``ConfigurationError`` for a type or a letterhead that cannot be drawn.
        """
        modules = qr_modules(qr_text)
        panel = set_check_panel(
            self._setter, modules, host=host, verification_code=verification_code
        )
        layout = lay_out(self._setter, letter_type, record, heading=SIGNED_BY, panel=panel)
        sheets = Sheets(
            self._fonts,
            title=f"{record.title}, nomor {record.number}",
            author=record.agency_name,
            made_at=slot.claimed_at,
        )
        notice = OFFICE_KEY_NOTICE.format(host=host)
        mark = SPECIMEN if record.specimen else None
        if record.specimen:
            notice = f"{SPECIMEN_NOTICE} {notice}"
        self._draw_pages(sheets, layout, record.number, notice, mark)
        draw_check_panel(sheets, panel)
        frame = draw_frame(sheets, layout.signature, layout.foot)
        add_signature_slot(sheets.canvas, slot, record.letter_id, frame)
        return RenderedLetter(sheets.finish(), modules)

    def draft(self, letter_type: LetterType, record: LetterRecord) -> bytes:
        """Return a PDF marked KONSEP, without number, QR and signature slot."""
        unnumbered = replace(record, number=_NO_NUMBER)
        layout = lay_out(self._setter, letter_type, unnumbered, heading=TO_BE_SIGNED_BY, panel=None)
        sheets = Sheets(
            self._fonts,
            title=f"Konsep {record.title}",
            author=record.agency_name,
            made_at=record.issued_on,
        )
        self._draw_pages(sheets, layout, _NO_NUMBER, DRAFT_NOTICE, DRAFT)
        draw_frame(sheets, layout.signature, layout.foot)
        return sheets.finish()

    def _draw_pages(
        self, sheets: Sheets, layout: LetterLayout, number: str, notice: str, mark: str | None
    ) -> None:
        """Draw everything but the foot's frame and QR; the last page stays open."""
        # The mark stands above the QR, wherever a page has one.
        above = page.BOTTOM + (layout.panel.height + _AFTER_PANEL if layout.panel else 0.0)
        for index, rows in enumerate(layout.pages):
            if index:
                sheets.next()
            if mark:
                height = max(page.MARK_CENTRE, above + reach(mark))
                draw_mark(sheets.canvas, mark, page.CENTRE, height)
            if index == 0:
                draw_letterhead(sheets, layout.letterhead)
            draw_margins(
                sheets, self._setter, number, notice, page=index + 1, pages=len(layout.pages)
            )
            sheets.draw(rows)
