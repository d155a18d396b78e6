"""The letter: measured as a whole, then drawn page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from issuer.domain.letter_types import LetterType
from issuer.domain.presentation import Variant
from issuer.domain.record import LetterRecord
from issuer.domain.sealing import RenderedLetter, SignatureSlot
from issuer.rendering import page
from issuer.rendering.archive import About
from issuer.rendering.artifacts import Ground, Printing, Rectangle
from issuer.rendering.body import body_blocks
from issuer.rendering.emblem_files import EmblemDrawing
from issuer.rendering.fonts import FontSet
from issuer.rendering.foot import (
    SIGNED_BY,
    TO_BE_SIGNED_BY,
    CheckPanel,
    Foot,
    draw_check_panel,
    draw_frames,
    set_check_panel,
    set_foot,
)
from issuer.rendering.layout import PlacedRow, Typesetter, closed_up, paginate
from issuer.rendering.letterhead import Letterhead, draw_letterhead, set_letterhead
from issuer.rendering.margins import (
    DRAFT_NOTICE,
    OFFICE_KEY_NOTICE,
    SPECIMEN_NOTICE,
    draw_head,
    draw_notice,
)
from issuer.rendering.marks import DRAFT, SPECIMEN, mark_operators, reach
from issuer.rendering.qr import qr_modules
from issuer.rendering.setting import set_blocks
from issuer.rendering.sheet import Sheets
from issuer.rendering.signature_slot import Endorser
from issuer.rendering.structure import BACKGROUND

_NO_NUMBER = "…………………………"
_AFTER_PANEL = 8.0


@dataclass(frozen=True, slots=True)
class LetterLayout:
    """A letter measured: what stands on which page, before anything is drawn.

    The last row of the last page is the foot.
    """

    sheet: page.Sheet
    letterhead: Letterhead
    pages: tuple[tuple[PlacedRow, ...], ...]
    foot: Foot

    @property
    def frames(self) -> tuple[Rectangle, ...]:
        """Where the signature frames stand on the last page."""
        return self.foot.frames(self.pages[-1][-1].top)

    def ground(self, index: int, sheets: Sheets) -> Ground:
        """Return what printing has to know of a page."""
        clear: tuple[Rectangle, ...] = ()
        if index == len(self.pages) - 1:
            quiet = (self.foot.panel.quiet_zone,) if self.foot.panel else ()
            clear = (*quiet, *self.frames)
        top = self.sheet.next_page_top if index else self.letterhead.bottom
        return Ground(
            page=index + 1,
            pages=len(self.pages),
            width=self.sheet.width,
            height=self.sheet.height,
            text=(page.LEFT, page.BOTTOM, page.RIGHT, top),
            clear=clear,
            data=tuple(
                (
                    min(piece.x for piece in one.row.pieces),
                    one.top - one.row.height,
                    page.RIGHT,
                    one.top,
                )
                for one in self.pages[index]
                if one.row.data
            ),
            code=self.foot.panel.code if self.foot.panel else "",
            shown=sheets.shown,
        )


def lay_out(
    setter: Typesetter,
    letter_type: LetterType,
    record: LetterRecord,
    *,
    heading: str,
    panel: CheckPanel | None,
) -> LetterLayout:
    """Measure a letter; ``panel`` is None for a draft, which has no QR."""
    sheet = page.SHEETS[record.paper]
    letterhead = set_letterhead(setter, record, sheet.letterhead_top)
    blocks = body_blocks(letter_type, record)

    def set_as(density: page.Density) -> LetterLayout:
        foot = set_foot(setter, record, heading, panel, density)
        body, foot_row = set_blocks(setter, blocks, density), foot.row
        room = letterhead.bottom - page.BOTTOM - foot_row.height - foot_row.gap
        pages = paginate(
            [*closed_up(body, room, density.closest), foot_row],
            first_top=letterhead.bottom,
            next_top=sheet.next_page_top,
            bottom=page.BOTTOM,
        )
        return LetterLayout(sheet, letterhead, pages, foot)

    layout = set_as(page.NORMAL)
    if len(layout.pages) > 1:
        layout = min(layout, set_as(page.TIGHT), key=lambda one: len(one.pages))
    return layout


class PdfRenderer:
    """Draws letters, with fonts that ReportLab reads; implements ``LetterRenderer``."""

    def __init__(
        self,
        fonts: FontSet,
        printing: Printing | None = None,
        emblems: Mapping[str, EmblemDrawing] = MappingProxyType({}),
    ) -> None:
        self._fonts = fonts
        self._setter = Typesetter(fonts)
        self._printing = printing
        self._emblems = emblems

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
            self._setter,
            modules,
            host=host,
            verification_code=verification_code,
            patterns=record.variant is not Variant.OFF,
        )
        layout = lay_out(self._setter, letter_type, record, heading=SIGNED_BY, panel=panel)
        about = About(
            title=f"{record.title}, nomor {record.number}",
            author=record.agency_name,
            made_at=slot.claimed_at,
            data=record.canonical(),
        )
        sheets = Sheets(self._fonts, layout.sheet, about, self._emblems)
        notice = OFFICE_KEY_NOTICE.format(host=host)
        mark = SPECIMEN if record.specimen else None
        if record.specimen:
            notice = f"{SPECIMEN_NOTICE} {notice}"
        self._draw_pages(sheets, layout, record, notice, mark, slot)
        return RenderedLetter(sheets.finish(), modules)

    def draft(self, letter_type: LetterType, record: LetterRecord) -> bytes:
        """Return a PDF marked KONSEP, without number, QR and signature slot."""
        unnumbered = replace(record, number=_NO_NUMBER)
        layout = lay_out(self._setter, letter_type, unnumbered, heading=TO_BE_SIGNED_BY, panel=None)
        about = About(
            title=f"Konsep {record.title}", author=record.agency_name, made_at=record.issued_on
        )
        sheets = Sheets(self._fonts, layout.sheet, about, self._emblems)
        self._draw_pages(sheets, layout, unnumbered, DRAFT_NOTICE, DRAFT, None)
        return sheets.finish()

    def _draw_pages(
        self,
        sheets: Sheets,
        layout: LetterLayout,
        record: LetterRecord,
        notice: str,
        mark: str | None,
        slot: SignatureSlot | None,
    ) -> None:
        """Draw every page in reading order; ``slot`` is None for a draft."""
        printing = self._printing if slot else None
        pages = len(layout.pages)
        for index, rows in enumerate(layout.pages):
            if index:
                sheets.next()
            last = index == pages - 1
            if mark:
                _draw_mark(sheets, layout, mark)
            if printing:
                ground = layout.ground(index, sheets)
                sheets.print(printing.below(record, ground))
            if index == 0:
                draw_letterhead(sheets, layout.letterhead)
            draw_head(sheets, self._setter, record.number, page=index + 1, pages=pages)
            sheets.draw(rows)
            if last:
                _draw_foot(sheets, layout, record, slot)
            draw_notice(sheets, self._setter, notice, last=last)
            if printing:
                sheets.print(printing.above(record, ground))


def _draw_mark(sheets: Sheets, layout: LetterLayout, mark: str) -> None:
    """Draw a mark above the place of the QR, on every page alike."""
    panel = layout.foot.panel
    above = page.BOTTOM + (panel.height + _AFTER_PANEL if panel else 0.0)
    centre = max(layout.sheet.mark_centre, above + reach(mark))
    sheets.part(BACKGROUND, mark_operators(mark, page.CENTRE, centre))


def _draw_foot(
    sheets: Sheets, layout: LetterLayout, record: LetterRecord, slot: SignatureSlot | None
) -> None:
    """Draw what stands beside the words of the foot: frames, signature fields, QR."""
    frames = layout.frames
    draw_frames(sheets, layout.foot, frames)
    if slot:
        second = record.endorser
        endorser = Endorser(second.name, frames[1]) if second else None
        sheets.add_signature_slot(slot, record.letter_id, frames[0], endorser)
    if layout.foot.panel:
        draw_check_panel(sheets, layout.foot.panel)
