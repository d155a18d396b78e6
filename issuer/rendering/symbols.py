"""QR symbols for screens, of any text; those of letters are drawn in ``rendering.qr``."""

from __future__ import annotations

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

_QUIET_MODULES = 4


class ScreenSymbols:
    """A ``SymbolDrawer``."""

    def svg(self, text: str) -> str:
        """Return the symbol of a text as an SVG document, quiet zone and all."""
        code = QRCode(error_correction=ERROR_CORRECT_M, border=_QUIET_MODULES)
        code.add_data(text)
        code.make(fit=True)
        modules = code.get_matrix()
        side = len(modules)
        path = "".join(
            f"M{column} {row}h1v1h-1z"
            for row, cells in enumerate(modules)
            for column, dark in enumerate(cells)
            if dark
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
            f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
            f'<path d="{path}"/></svg>'
        )
