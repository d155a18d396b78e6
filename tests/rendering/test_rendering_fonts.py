"""Fonts: where they come from, what they lack, and that hints can go unseen."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
import reportlab
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

from issuer.domain.errors import ConfigurationError
from issuer.domain.presentation import Paper
from issuer.rendering import fonts as fonts_module
from issuer.rendering import page
from issuer.rendering.archive import About
from issuer.rendering.font_files import unhinted
from issuer.rendering.fonts import FontSet, Weight, load_fonts
from issuer.rendering.layout import Piece, PlacedRow, Row, Style
from issuer.rendering.sheet import Sheets
from issuer.rendering.structure import Element
from tests.rendering.rendering_samples import TEMPLATES, TODAY

VERA = Path(reportlab.__file__).parent / "fonts"
SAMPLE = "Sagr012ÀÉçñ–…"


def fill(folder: Path) -> Path:
    """Put Vera into a folder under the names of Arimo."""
    folder.mkdir()
    (folder / "Arimo-Regular.ttf").write_bytes((VERA / "Vera.ttf").read_bytes())
    (folder / "Arimo-Bold.ttf").write_bytes((VERA / "VeraBd.ttf").read_bytes())
    return folder


def test_the_folder_of_the_office_goes_first(tmp_path: Path) -> None:
    own = load_fonts(fill(tmp_path / "own"), TEMPLATES / "fonts")
    assert not own.fallback
    assert "Vera" in own.faces[Weight.REGULAR].font.face.name.decode()


def test_a_folder_of_the_office_without_fonts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_fonts(tmp_path, TEMPLATES / "fonts")
    assert len(caught.value.problems) == 2
    assert "Arimo-Bold.ttf" in str(caught.value)


def test_the_packaged_fonts_go_before_those_of_the_host(tmp_path: Path) -> None:
    packaged = load_fonts(None, fill(tmp_path / "packaged"))
    assert "Vera" in packaged.faces[Weight.BOLD].font.face.name.decode()


def test_without_any_arimo_the_fallback_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts_module, "_DEBIAN", tmp_path)
    assert load_fonts(None, tmp_path).fallback


@pytest.mark.parametrize("data", [b"", b"no font", b"\0\1\0\0\xff\xff" + bytes(40), None])
def test_a_file_that_is_no_font_is_refused(tmp_path: Path, data: bytes | None) -> None:
    folder = fill(tmp_path / "bad")
    whole = (VERA / "Vera.ttf").read_bytes()
    (folder / "Arimo-Regular.ttf").write_bytes(whole[:20_000] if data is None else data)
    with pytest.raises(ConfigurationError, match=r"Arimo-Regular\.ttf"):
        load_fonts(folder, folder)


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    folder = fill(tmp_path / "huge")
    with (folder / "Arimo-Bold.ttf").open("r+b") as file:
        file.truncate(fonts_module.MAX_FONT_BYTES + 1)
    with pytest.raises(ConfigurationError, match="more than"):
        load_fonts(folder, folder)


def test_missing_glyphs_are_found_in_either_face(fonts: FontSet) -> None:
    assert fonts.missing_glyphs("Nur Aïsyah–Ñañez (S.Sos.) …") == frozenset()
    assert fonts.missing_glyphs("Budi 漢😀") == {"漢", "😀"}


def test_widths_are_those_of_freetype(tmp_path: Path) -> None:
    data = unhinted((VERA / "Vera.ttf").read_bytes())
    expected = ImageFont.truetype(BytesIO(data), 1000).getlength("Surat")
    face = load_fonts(fill(tmp_path / "own"), tmp_path).faces[Weight.REGULAR]
    assert face.width("Surat", 1000) == pytest.approx(expected, abs=3)


@pytest.mark.parametrize("name", ["Vera.ttf", "VeraBd.ttf"])
def test_a_font_without_hints_has_the_same_shapes(name: str) -> None:
    original = (VERA / name).read_bytes()
    stripped = unhinted(original)
    assert len(stripped) < 0.8 * len(original)
    assert b"fpgm" not in stripped[:400]
    for character in SAMPLE:
        first, second = (draw(data, character) for data in (original, stripped))
        difference = ImageStat.Stat(ImageChops.difference(first, second)).mean[0]
        # Hints move outlines by less than a pixel; a wrong glyph is tens of levels.
        assert difference < 1


def draw(font: bytes, character: str) -> Image.Image:
    image = Image.new("L", (700, 700), 255)
    face = ImageFont.truetype(BytesIO(font), 500)
    ImageDraw.Draw(image).text((50, 550), character, font=face, fill=0, anchor="ls")
    return image


@pytest.mark.parametrize("cut", [0, 3, 11, 100, 300, 1000, 30_000])
def test_a_truncated_font_is_a_value_error(cut: int) -> None:
    data = (VERA / "Vera.ttf").read_bytes()[:cut]
    with pytest.raises(ValueError, match="not a TrueType font"):
        unhinted(data)


def test_a_subset_is_made_once_and_more_than_one_font_is_no_trouble(fonts: FontSet) -> None:
    """Beyond 223 characters a document needs a second subset; both can be copied from."""
    face = fonts.faces[Weight.REGULAR]
    many = "".join(c for c in map(chr, range(0xC0, 0x180)) if c in face.widths)
    assert len(many) > 150
    style = Style(8, 10)
    rows = [
        PlacedRow(
            700 - 20 * number, Row(10, (Piece(60, 8, many[i : i + 40], style, Element("P")),))
        )
        for number, i in enumerate(range(0, len(many), 40))
    ]
    sheets = Sheets(fonts, page.SHEETS[Paper.A4], About("t", "a", TODAY))
    sheets.draw(rows)
    with pikepdf.open(BytesIO(sheets.finish())) as pdf:
        used = pdf.pages[0].Resources.Font
        cmaps = b"".join(bytes(font.ToUnicode.read_bytes()) for font in used.values())
    assert len(used) == 2
    assert all(f"<{ord(character):04X}>".encode() in cmaps for character in many)
    assert b"<0000>" not in cmaps


def test_the_subset_is_a_font_that_freetype_reads(fonts: FontSet) -> None:
    sheets = Sheets(fonts, page.SHEETS[Paper.A4], About("t", "a", TODAY))
    sheets.draw([PlacedRow(700, Row(10, (Piece(60, 8, "Surat", Style(8, 10), Element("P")),)))])
    with pikepdf.open(BytesIO(sheets.finish())) as pdf:
        (font,) = pdf.pages[0].Resources.Font.values()
        data = bytes(font.FontDescriptor.FontFile2.read_bytes())
    assert ImageFont.truetype(BytesIO(data), 40).getlength("Surat") > 0
    assert struct.unpack_from(">H", data, 4)[0] == 10
