"""Microtext: number, name and code in letters half a millimetre high.

They are read with a magnifying glass in a print; a photocopy in text mode fills them
in. The height follows the printer: a home printer may have 300 dots to the inch.
"""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase

from issuer.domain.codes import group_code
from issuer.domain.presentation import Variant
from issuer.rendering.artifacts import Shown
from issuer.rendering.security.curves import number_text

_MM = 72 / 25.4
_CAP_HEIGHT = 0.716
"""Of the body's typeface, by its size."""

_CAPS_MM = {Variant.HOME: 0.50, Variant.COUNTER: 0.45}

_AS_PRINTED = str.maketrans(ascii_lowercase + " ", ascii_uppercase + ".")

# Widths by size that no letter of Arimo or Vera exceeds.
_WIDE, _LETTER, _OTHER = 1.0, 0.79, 0.64


def microtext(number: str, name: str, code: str) -> str:
    """Return the text once, as it is printed: capitals, points for spaces."""
    return f"{number} {name} {group_code(code)} ".translate(_AS_PRINTED)


def microtext_operators(
    text: str, variant: Variant, shown: Shown, x: float, y: float, width: float
) -> str:
    """Return one line of the text, repeated as often as surely fits the width in points."""
    size = _CAPS_MM[variant] * _MM / _CAP_HEIGHT
    repeated = text * max(1, int(width / (size * _widest(text))))
    operators = [f"q 0 g BT 1 0 0 1 {number_text(x)} {number_text(y)} Tm"]
    operators += [
        f"{font} {number_text(size)} Tf {literal} Tj" for font, literal in shown(repeated)
    ]
    return " ".join((*operators, "ET Q"))


def _widest(text: str) -> float:
    return sum(
        (_WIDE if character in "MW%@" else _LETTER) if character.isalpha() else _OTHER
        for character in text
    )
