"""The marks CONTOH and KONSEP across a page.

They are drawn as lines and not as text, so that they stand in no one's copy of the
letter's words; the footer says the same in words.
"""

from __future__ import annotations

from typing import Final

SPECIMEN: Final = "CONTOH"
DRAFT: Final = "KONSEP"

# Each letter on a field 60 wide and 100 high.
_LETTERS: Final = {
    "C": "58 82 m 50 94 41 100 32 100 c 12 100 2 78 2 50 c 2 22 12 0 32 0 c 41 0 50 6 58 18 c",
    "E": "56 100 m 4 100 l 4 0 l 56 0 l 4 52 m 46 52 l",
    "H": "4 0 m 4 100 l 56 0 m 56 100 l 4 52 m 56 52 l",
    "K": "4 0 m 4 100 l 56 100 m 4 42 l 22 62 m 58 0 l",
    "N": "4 0 m 4 100 l 56 0 l 56 100 l",
    "O": "30 0 m 48 0 58 22 58 50 c 58 78 48 100 30 100 c 12 100 2 78 2 50 c 2 22 12 0 30 0 c h",
    "P": "4 0 m 4 100 l 32 100 l 50 100 57 88 57 75 c 57 62 50 50 32 50 c 4 50 l",
    "S": "54 84 m 48 94 40 100 30 100 c 14 100 6 90 6 76 c 6 60 18 55 30 50 c "
    "44 45 56 40 56 25 c 56 10 44 0 30 0 c 18 0 9 6 4 18 c",
    "T": "2 100 m 58 100 l 30 100 m 30 0 l",
}
_PITCH: Final = 86
_SCALE: Final = 0.92
_LIGHT: Final = 0.9
_STROKE: Final = 13


def mark_operators(word: str, x: float, y: float) -> str:
    """Return a mark rising to the right, centred on ``x``, ``y``, in points.

    Draw it first: everything else then stands on it and stays readable.
    """
    length = _PITCH * (len(word) - 1) + 60
    step = _SCALE * 2**-0.5
    # Turned by 45 degrees, so that the middle of the word comes to x, y.
    left, bottom = x - step * (length / 2 - 50), y - step * (length / 2 + 50)
    letters = [f"{_LETTERS[letter]} S 1 0 0 1 {_PITCH} 0 cm" for letter in word]
    return " ".join(
        (
            f"q {step:.5f} {step:.5f} {-step:.5f} {step:.5f} {left:.2f} {bottom:.2f} cm",
            f"{_LIGHT} G {_STROKE} w 1 j 0 J",
            *letters,
            "Q",
        )
    )


def reach(word: str) -> float:
    """Return how far a mark reaches up and down from its centre, in points."""
    length = _PITCH * (len(word) - 1) + 60
    return (length + 100 + 2 * _STROKE) / 2 * _SCALE * 2**-0.5
