"""The foot of the letter: signature block at the right, QR and its words at the left.

Both stand on the last page beside each other and never apart from the closing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from issuer.domain.codes import group_code
from issuer.domain.mandate import signature_lines
from issuer.domain.record import LetterRecord
from issuer.rendering import page
from issuer.rendering.emblem import ASPECT, draw_emblem
from issuer.rendering.indonesian import long_date
from issuer.rendering.layout import (
    Piece,
    PlacedRow,
    Row,
    Typesetter,
    baseline,
    lowered,
    stacked,
)
from issuer.rendering.qr import MODULE_PT, QUIET_MODULES, Modules, draw_qr, symbol_side
from issuer.rendering.sheet import Sheets

SIGNED_BY = "Ditandatangani secara elektronik oleh"
TO_BE_SIGNED_BY = "Akan ditandatangani secara elektronik oleh"

_SIGN_AT = page.LEFT + 230
_SIGN_WIDTH = page.RIGHT - _SIGN_AT
_HANGING = ("a.n. ", "Plt. ", "Plh. ", "Pj. ")
_BY_ORDER = "u.b."
_BY_ORDER_AT = _SIGN_AT + 34
_FRAME_GAP = 6.0
_PADDING = 7.0
_FRAME_EMBLEM = 24.0
_IN_FRAME_AT = _SIGN_AT + _FRAME_EMBLEM + 2 * _PADDING
_IN_FRAME_WIDTH = page.RIGHT - _PADDING - _IN_FRAME_AT
_CORNER = 3.0
_QUIET = QUIET_MODULES * MODULE_PT
_PANEL_WIDTH = _SIGN_AT - page.LEFT - 34
_NIP = re.compile(r"(\d{8})(\d{6})(\d)(\d{3})", re.ASCII)

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Place and date, post, and a frame with the name, as one row.

    The frame fills the row from ``frame_drop`` below its top to its end.
    """

    row: Row
    frame_drop: float
    emblem: str

    def frame(self, placed: PlacedRow) -> Rectangle:
        """Return the frame's corners on the page."""
        bottom = placed.top - self.row.height
        return (_SIGN_AT, bottom, page.RIGHT, placed.top - self.frame_drop)


@dataclass(frozen=True, slots=True)
class CheckPanel:
    """The QR with the words below it: where to check, which code, how to scan."""

    modules: Modules
    words: Row

    @property
    def height(self) -> float:
        """Height with the quiet zone above and below the symbol."""
        return self.words.height + symbol_side(self.modules) + 2 * _QUIET


def set_signature(setter: Typesetter, record: LetterRecord, heading: str) -> SignatureBlock:
    """Measure the signature block; ``heading`` stands above the name in the frame."""
    place = f"{record.place}, {long_date(record.issued_on)}"
    posts = signature_lines(record.mandate_kind, record.position, record.principal, record.via)
    above = stacked(
        setter.ragged(place, page.TEXT, _SIGN_AT, _SIGN_WIDTH),
        *(_post(setter, line) for line in posts),
    )
    details = filter(None, (record.signatory_rank, _nip(record.signatory_nip)))
    inside = stacked(
        setter.ragged(heading, page.SMALL, _IN_FRAME_AT, _IN_FRAME_WIDTH),
        setter.ragged(record.signatory_name, page.STRONG, _IN_FRAME_AT, _IN_FRAME_WIDTH),
        *(setter.ragged(text, page.DETAIL, _IN_FRAME_AT, _IN_FRAME_WIDTH) for text in details),
    )
    frame_drop = above.height + _FRAME_GAP
    frame_height = max(inside.height, _FRAME_EMBLEM * ASPECT) + 2 * _PADDING
    pieces = (*above.pieces, *lowered(inside.pieces, frame_drop + _PADDING))
    row = Row(frame_drop + frame_height, pieces)
    return SignatureBlock(row, frame_drop, record.letterhead_emblem)


def set_check_panel(
    setter: Typesetter, modules: Modules, *, host: str, verification_code: str
) -> CheckPanel:
    """Measure the words below the QR."""
    words = stacked(
        setter.ragged(f"Periksa hanya di {host}", page.SMALL_STRONG, page.LEFT, _PANEL_WIDTH),
        setter.ragged(
            f"Kode verifikasi: {group_code(verification_code)}",
            page.SMALL_STRONG,
            page.LEFT,
            _PANEL_WIDTH,
        ),
        setter.ragged(
            "Pindai dengan kamera ponsel, dekatkan 10–15 cm.", page.SMALL, page.LEFT, _PANEL_WIDTH
        ),
    )
    return CheckPanel(modules, words)


def draw_frame(sheets: Sheets, signature: SignatureBlock, placed: PlacedRow) -> Rectangle:
    """Draw the frame round the name and return where it stands."""
    left, bottom, right, top = frame = signature.frame(placed)
    sheets.canvas.setLineWidth(0.8)
    sheets.canvas.roundRect(left, bottom, right - left, top - bottom, _CORNER)
    emblem_bottom = (top + bottom - _FRAME_EMBLEM * ASPECT) / 2
    draw_emblem(sheets.canvas, signature.emblem, left + _PADDING, emblem_bottom, _FRAME_EMBLEM)
    return frame


def draw_check_panel(sheets: Sheets, panel: CheckPanel) -> None:
    """Draw the panel in the lower left corner of the text area."""
    top_of_words = page.BOTTOM + panel.words.height
    draw_qr(sheets.canvas, panel.modules, page.LEFT, top_of_words + _QUIET)
    sheets.draw([PlacedRow(top_of_words, panel.words)])


def _post(setter: Typesetter, line: str) -> list[Piece]:
    """Set a line above the signature: a.n. and the like hang out to the left."""
    if line == _BY_ORDER:
        return [Piece(_BY_ORDER_AT, baseline(page.TEXT), line, page.TEXT)]
    prefix = next((prefix for prefix in _HANGING if line.startswith(prefix)), "")
    pieces = list(setter.ragged(line.removeprefix(prefix), page.TEXT, _SIGN_AT, _SIGN_WIDTH))
    if prefix:
        hung = _SIGN_AT - setter.width(prefix, page.TEXT)
        pieces.insert(0, Piece(hung, baseline(page.TEXT), prefix.strip(), page.TEXT))
    return pieces


def _nip(nip: str | None) -> str | None:
    """Return the NIP as it is printed: birth date, start of service, sex, serial."""
    return nip and "NIP " + _NIP.sub(r"\1 \2 \3 \4", nip)
