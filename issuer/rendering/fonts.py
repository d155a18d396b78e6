"""The fonts of the letter: found once, loaded once.

A letter must look the same wherever it is made, so fonts come from the package or
from a folder the office names. Nothing is looked up on the host, but in a checkout
whose fonts were never fetched: there Debian's fonts-croscore will do.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import reportlab
from reportlab.pdfbase.ttfonts import TTFError

from issuer.domain.errors import ConfigurationError
from issuer.rendering.embedding import LetterFont
from issuer.rendering.font_files import unhinted

MAX_FONT_BYTES = 5_000_000
_DEBIAN = Path("/usr/share/fonts/truetype/croscore")
_REPORTLAB = Path(reportlab.__file__).parent / "fonts"


class Weight(StrEnum):
    """The faces a letter is set in; the value ends the name of Arimo's file."""

    REGULAR = "Regular"
    BOLD = "Bold"


_ARIMO = {weight: f"Arimo-{weight}.ttf" for weight in Weight}
_VERA = {Weight.REGULAR: "Vera.ttf", Weight.BOLD: "VeraBd.ttf"}


class Widths(dict[str, float]):
    """Advance widths by character; what the font lacks has none."""

    def __missing__(self, character: str) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class Face:
    """One loaded font and its advance widths.

    ``widths`` are in thousandths of the size, by character.
    """

    font: LetterFont
    widths: Widths

    def width(self, text: str, size: float) -> float:
        """Return the width of a text in points; it has no kerning."""
        return sum(map(self.widths.__getitem__, text)) * size / 1000


@dataclass(frozen=True, slots=True)
class FontSet:
    """The faces of the letter. ``fallback`` is True when they are not Arimo."""

    faces: dict[Weight, Face]
    fallback: bool

    def missing_glyphs(self, text: str) -> frozenset[str]:
        """Return the characters of ``text`` that one of the faces lacks."""
        return frozenset(
            character
            for character in text
            if any(character not in face.widths for face in self.faces.values())
        )


def load_fonts(fonts_dir: Path | None, packaged: Path) -> FontSet:
    """Load the fonts of an office, of the package, or of a checkout, in that order.

    Raises ``ConfigurationError`` when ``fonts_dir`` is given and lacks a font, or
    when a file is no TrueType font.
    """
    if fonts_dir is not None:
        missing = [name for name in _ARIMO.values() if not (fonts_dir / name).is_file()]
        if missing:
            raise ConfigurationError([f"fonts_dir: no {name} in {fonts_dir}" for name in missing])
        return _load(fonts_dir, _ARIMO, fallback=False)
    for folder in (packaged, _DEBIAN):
        if all((folder / name).is_file() for name in _ARIMO.values()):
            return _load(folder, _ARIMO, fallback=False)
    return _load(_REPORTLAB, _VERA, fallback=True)


def _load(folder: Path, names: dict[Weight, str], *, fallback: bool) -> FontSet:
    faces = {weight: _load_face(folder / name) for weight, name in names.items()}
    return FontSet(faces, fallback)


def _load_face(path: Path) -> Face:
    try:
        if path.stat().st_size > MAX_FONT_BYTES:
            raise ConfigurationError([f"{path}: more than {MAX_FONT_BYTES} bytes"])
        font = _font(path.read_bytes())
    except (OSError, ValueError, TTFError) as error:
        raise ConfigurationError([f"{path}: {error}"]) from error
    widths: dict[int, float] = font.face.charWidths
    known = (code for code in font.face.charToGlyph if code in widths)
    return Face(font, Widths({chr(code): widths[code] for code in known}))


@lru_cache(maxsize=8)
def _font(data: bytes) -> LetterFont:
    """Return the font without hints, the same for the same bytes: it remembers subsets."""
    return LetterFont(unhinted(data))
