"""The foot of the letter: signature blocks at the right, QR and its words at the left.

Both stand on the last page beside each other and never apart from the closing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from issuer.domain.codes import group_code
from issuer.domain.mandate import signature_lines
from issuer.domain.record import LetterRecord, Signer
from issuer.rendering import page
from issuer.rendering.artifacts import Rectangle
from issuer.rendering.emblem import ASPECT
from issuer.rendering.indonesian import long_date
from issuer.rendering.layout import (
    Piece,
    PlacedRow,
    Row,
    Style,
    Typesetter,
    baseline,
    lowered,
    stacked,
)
from issuer.rendering.qr import MODULE_PT, QUIET_MODULES, Modules, qr_operators, symbol_side
from issuer.rendering.sheet import Sheets
from issuer.rendering.structure import DECORATION, Element, text_string

SIGNED_BY = "Ditandatangani secara elektronik oleh"
TO_BE_SIGNED_BY = "Akan ditandatangani secara elektronik oleh"
_ENDORSED = "Mengetahui,"
_ALTERNATIVE = (
    "Kode QR bertanda tangan elektronik. Pindai untuk memeriksa surat ini di {host}; tanpa "
    "pemindai, ketik nomor surat dan kode verifikasi di sana."
)

_COMPARE = "Cocokkan juga"
_FEATURES = (
    "Kode di tepi kiri sama dengan kode verifikasi.",
    "Roset di kanan atas halaman 1 sama dengan yang tampil saat diperiksa.",
    "Garis halus di bawah data tidak terputus.",
)

_SIGN_AT = page.LEFT + 230
_SIGN_WIDTH = page.RIGHT - _SIGN_AT
_HANGING = ("a.n. ", "Plt. ", "Plh. ", "Pj. ")
_BY_ORDER = "u.b."
_BY_ORDER_AT = _SIGN_AT + 34
_FRAME_EMBLEM = 24.0
_BESIDE_EMBLEM = 7.0
_IN_FRAME_AT = _SIGN_AT + _FRAME_EMBLEM + 2 * _BESIDE_EMBLEM
_IN_FRAME_WIDTH = page.RIGHT - _BESIDE_EMBLEM - _IN_FRAME_AT
_CORNER = 3.0
_BEND = 0.5523
"""How far along its side a Bézier arc is pulled to become a quarter of a circle."""

_QUIET = QUIET_MODULES * MODULE_PT
_PANEL_WIDTH = _SIGN_AT - page.LEFT - 34
_FROM_SYMBOL = 3.0
_BESIDE_TO = 204.0
"""From the left margin: where a.n. before the signatory's post may begin."""

_NIP = re.compile(r"(\d{8})(\d{6})(\d)(\d{3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Place and date, post, and a frame with the name, as one row.

    The frame fills the row from ``frame_drop`` below its top to its end.
    """

    row: Row
    frame_drop: float
    emblem: str

    def frame(self, top: float) -> Rectangle:
        """Return the frame on a page where the row's top is at this height."""
        return (_SIGN_AT, top - self.row.height, page.RIGHT, top - self.frame_drop)


@dataclass(frozen=True, slots=True)
class CheckPanel:
    """The QR with the words below it: where to check, which code, how to scan.

    ``beside`` says what to compare by eye; nothing where there is no security printing.
    """

    modules: Modules
    words: Row
    beside: Row | None
    host: str
    code: str

    @property
    def height(self) -> float:
        """Height with the quiet zone above and below the symbol."""
        return self.words.height + symbol_side(self.modules) + 2 * _QUIET

    @property
    def symbol(self) -> Rectangle:
        """Where the symbol stands, without quiet zone: low at the left of the text area."""
        bottom = page.BOTTOM + self.words.height + _QUIET
        side = symbol_side(self.modules)
        return (page.LEFT, bottom, page.LEFT + side, bottom + side)

    @property
    def quiet_zone(self) -> Rectangle:
        """The symbol with the white around it that readers need."""
        left, bottom, right, top = self.symbol
        return (left - _QUIET, bottom - _QUIET, right + _QUIET, top + _QUIET)


@dataclass(frozen=True, slots=True)
class Foot:
    """The signature blocks one below the other, and beside them the panel, if any.

    A second block is that of the endorsement; a draft has no panel.
    """

    signatures: tuple[SignatureBlock, ...]
    panel: CheckPanel | None
    density: page.Density

    @property
    def row(self) -> Row:
        """All of it as one row."""
        height, pieces = -self.density.between, list[Piece]()
        for signature in self.signatures:
            height += self.density.between
            pieces += lowered(signature.row.pieces, height)
            height += signature.row.height
        height = max(height, self.panel.height if self.panel else 0.0)
        return Row(height, tuple(pieces), gap=self.density.foot_gap)

    def frames(self, top: float) -> tuple[Rectangle, ...]:
        """Return the frames on a page where the row's top is at this height."""
        frames: list[Rectangle] = []
        for signature in self.signatures:
            frames.append(signature.frame(top))
            top -= signature.row.height + self.density.between
        return tuple(frames)


def set_foot(
    setter: Typesetter,
    record: LetterRecord,
    heading: str,
    panel: CheckPanel | None,
    density: page.Density = page.NORMAL,
) -> Foot:
    """Measure the foot; ``heading`` stands above the names in the frames."""
    place = f"{record.place}, {long_date(record.issued_on)}"
    emblem = record.letterhead_emblem
    signatures = [_signature(setter, record.signer, place, heading, emblem, density)]
    if record.endorser:
        signatures.append(_signature(setter, record.endorser, _ENDORSED, heading, emblem, density))
    return Foot(tuple(signatures), panel, density)


def _signature(
    setter: Typesetter,
    signer: Signer,
    first_line: str,
    heading: str,
    emblem: str,
    density: page.Density,
) -> SignatureBlock:
    posts = signature_lines(signer.mandate_kind, signer.position, signer.principal, signer.via)
    above = stacked(
        setter.ragged(first_line, density.text, _SIGN_AT, _SIGN_WIDTH),
        *(_post(setter, line, density.text) for line in posts),
    )
    details = filter(None, (signer.rank, _nip(signer.nip)))
    inside = stacked(
        setter.ragged(heading, page.SMALL, _IN_FRAME_AT, _IN_FRAME_WIDTH),
        setter.ragged(signer.name, density.strong, _IN_FRAME_AT, _IN_FRAME_WIDTH),
        *(setter.ragged(text, page.DETAIL, _IN_FRAME_AT, _IN_FRAME_WIDTH) for text in details),
    )
    frame_drop = above.height + density.frame_gap
    frame_height = max(inside.height, _FRAME_EMBLEM * ASPECT) + 2 * density.padding
    pieces = (*above.pieces, *lowered(inside.pieces, frame_drop + density.padding))
    return SignatureBlock(Row(frame_drop + frame_height, pieces), frame_drop, emblem)


def set_check_panel(
    setter: Typesetter,
    modules: Modules,
    *,
    host: str,
    verification_code: str,
    patterns: bool = True,
) -> CheckPanel:
    """Measure the words around the QR; ``patterns`` says whether the page bears any."""
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
    beside = _set_beside(setter, symbol_side(modules)) if patterns else None
    return CheckPanel(modules, words, beside, host, verification_code)


@lru_cache(maxsize=16)
def _set_beside(setter: Typesetter, side: float) -> Row | None:
    """Measure what stands between QR and signature, the same in every letter.

    None where it would be cramped.
    """
    left = page.LEFT + side + _QUIET + _FROM_SYMBOL
    width = page.LEFT + _BESIDE_TO - left
    row = stacked(
        setter.ragged(_COMPARE, page.SMALL_STRONG, left, width),
        *(lowered(setter.ragged(text, page.FOOTNOTE, left, width), 3) for text in _FEATURES),
    )
    return row if row.height <= side else None


def draw_frames(sheets: Sheets, foot: Foot, frames: Iterable[Rectangle]) -> None:
    """Draw the frames round the names."""
    for signature, frame in zip(foot.signatures, frames, strict=True):
        left, bottom, _right, top = frame
        emblem_bottom = (top + bottom - _FRAME_EMBLEM * ASPECT) / 2
        sheets.part(DECORATION, _rounded(frame))
        sheets.emblem(signature.emblem, left + _BESIDE_EMBLEM, emblem_bottom, _FRAME_EMBLEM)


def _rounded(frame: Rectangle) -> str:
    """Return a frame whose corners are quarters of a circle."""
    (left, bottom, right, top), round_, bend = frame, _CORNER, _CORNER * (1 - _BEND)
    return (
        f"q 0.8 w {left + round_:.2f} {bottom:.2f} m {right - round_:.2f} {bottom:.2f} l"
        f" {right - bend:.2f} {bottom:.2f} {right:.2f} {bottom + bend:.2f}"
        f" {right:.2f} {bottom + round_:.2f} c {right:.2f} {top - round_:.2f} l"
        f" {right:.2f} {top - bend:.2f} {right - bend:.2f} {top:.2f}"
        f" {right - round_:.2f} {top:.2f} c {left + round_:.2f} {top:.2f} l"
        f" {left + bend:.2f} {top:.2f} {left:.2f} {top - bend:.2f}"
        f" {left:.2f} {top - round_:.2f} c {left:.2f} {bottom + round_:.2f} l"
        f" {left:.2f} {bottom + bend:.2f} {left + bend:.2f} {bottom:.2f}"
        f" {left + round_:.2f} {bottom:.2f} c s Q"
    )


def draw_check_panel(sheets: Sheets, panel: CheckPanel) -> None:
    """Draw the panel in the lower left corner of the text area."""
    left, bottom, right, top = panel.symbol
    entries = (
        f"/Alt {text_string(_ALTERNATIVE.format(host=panel.host))} /A << /O /Layout"
        f" /Placement /Block /BBox [{left:.2f} {bottom:.2f} {right:.2f} {top:.2f}] >>"
    )
    sheets.part(Element("Figure", entries=entries), qr_operators(panel.modules, left, bottom))
    rows = [PlacedRow(page.BOTTOM + panel.words.height, panel.words)]
    if panel.beside:
        rows.append(PlacedRow(top, panel.beside))
    sheets.draw(rows)


def _post(setter: Typesetter, line: str, style: Style) -> list[Piece]:
    """Set a line above the signature: a.n. and the like hang out to the left."""
    element = Element("P")
    if line == _BY_ORDER:
        return [Piece(_BY_ORDER_AT, baseline(style), line, style, element)]
    prefix = next((prefix for prefix in _HANGING if line.startswith(prefix)), "")
    post = line.removeprefix(prefix)
    pieces = list(setter.ragged(post, style, _SIGN_AT, _SIGN_WIDTH, element))
    if prefix:
        hung = _SIGN_AT - setter.width(prefix, style)
        pieces.insert(0, Piece(hung, baseline(style), prefix.strip(), style, element))
    return pieces


def _nip(nip: str | None) -> str | None:
    """Return the NIP as it is printed: birth date, start of service, sex, serial."""
    return nip and "NIP " + _NIP.sub(r"\1 \2 \3 \4", nip)
