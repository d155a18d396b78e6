"""The QR of a link, for a telephone beside the screen or a printed receipt."""

from __future__ import annotations

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4
"""Modules of white around the symbol (ISO/IEC 18004)."""


def link_qr(text: str) -> tuple[int, str]:
    """Return the symbol's side in modules, quiet zone included, and its path in SVG."""
    symbol = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    symbol.add_data(text)
    matrix = symbol.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark
    )
    return len(matrix), path
