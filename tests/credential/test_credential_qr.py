"""The drawn symbol, judged by the package qrcode and by two decoders."""

from __future__ import annotations

import hashlib
import importlib
import io
import os
import re
import zlib
from dataclasses import replace

import pypdfium2  # type: ignore[import-untyped]  # has no stubs
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import QRData, lost_point
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from issuer.domain.errors import NotFitToSign
from issuer.rendering.decoding import ZxingDecoder
from issuer.rendering.qr import (
    DOT_PT,
    MODULE_PT,
    Modules,
    _layout,
    qr_modules,
    qr_operators,
    symbol_side,
)
from tests.credential.credential_samples import BASE_URL, CLAIMS, NOW, sealer

TEXT = sealer().seal(CLAIMS, NOW)
DECODER = ZxingDecoder()


def digits(smallest: int, largest: int) -> st.SearchStrategy[str]:
    return st.integers(10**smallest, 10**largest - 1).map(str)


def version_of(modules: Modules) -> int:
    return (len(modules) - 17) // 4


def by_qrcode(text: str) -> Modules:
    """Return the symbol that qrcode makes of the same segments, by the best mask.

    Its own search judges a symbol without its format information, so the mask is
    chosen here, by its penalty function on the finished symbol.
    """
    head, slash, tail = text.rpartition("/")
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(QRData((head + slash).encode(), mode=4))
    code.add_data(QRData(tail.encode(), mode=1))
    code.best_fit()
    symbols = []
    for mask in range(8):
        code.makeImpl(False, mask)
        points = lost_point(code.modules)
        symbols.append((points, mask, tuple(tuple(map(bool, row)) for row in code.modules)))
    return min(symbols)[2]


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=8, max_size=8), st.integers(400, 590))
def test_the_symbol_is_that_of_qrcode(seed: bytes, length: int) -> None:
    """Digits without long runs of 0: qrcode fails on a block of zeros."""
    number = str(int.from_bytes(b"\x01" + hashlib.shake_128(seed).digest(length)))[:length]
    text = f"{BASE_URL}/v/{number}"
    assert qr_modules(text) == by_qrcode(text)


@pytest.mark.parametrize("length", [*range(411, 422), *range(504, 520), *range(590, 599)])
def test_versions_change_where_they_do_in_qrcode(length: int) -> None:
    text = f"{BASE_URL}/v/{'7' * length}"
    assert qr_modules(text) == by_qrcode(text)


@settings(max_examples=100, deadline=None)
@given(digits(400, 590))
def test_the_symbol_is_read_back(number: str) -> None:
    text = f"{BASE_URL}/v/{number}"
    assert DECODER.decode_modules(qr_modules(text)) == text


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=8, max_size=8), st.integers(0, 255))
def test_penalty_points_are_those_of_qrcode(seed: bytes, darkness: int) -> None:
    """On grids of every darkness, which symbols of a signed token never reach."""
    noise = hashlib.shake_128(seed).digest(61 * 61)
    grid: list[list[bool | None]] = [
        [byte < darkness for byte in noise[start : start + 61]] for start in range(0, 3721, 61)
    ]
    number = int("".join("1" if dark else "0" for row in grid for dark in row), 2)
    assert _layout(11).penalty(number) == lost_point(grid)


def test_a_letter_takes_version_11_and_never_more_than_12() -> None:
    assert version_of(qr_modules(TEXT)) == 11
    longest = replace(CLAIMS, name="N" * 56, number="1" * 26)
    assert version_of(qr_modules(sealer().seal(longest, NOW))) == 12
    demo = sealer(base_url="http://localhost:8000").seal(CLAIMS, NOW)
    assert version_of(qr_modules(demo)) == 11


def test_the_error_correction_is_level_m() -> None:
    side = len(qr_modules(TEXT))
    pixels = bytes(255 * (not dark) for row in qr_modules(TEXT) for dark in row)
    image = Image.frombytes("L", (side, side), pixels).resize((side * 4, side * 4))
    symbol = zxingcpp.read_barcode(image, is_pure=True)
    assert symbol is not None
    assert symbol.ec_level == "M"


def test_a_text_that_does_not_fit_is_refused() -> None:
    with pytest.raises(NotFitToSign) as caught:
        qr_modules(f"{BASE_URL}/v/{'1' * 600}")
    assert caught.value.findings == ("qr_too_dense",)


@pytest.mark.parametrize("text", ["", "/", "https://example.org/v/", "1234", "a/12b", "a/１２"])
def test_a_text_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        qr_modules(text)


def test_a_damaged_symbol_is_not_read_as_something_else() -> None:
    """A hole as large as error correction allows is read; a larger one gives nothing."""
    modules = [list(row) for row in qr_modules(TEXT)]
    for row in modules[25:34]:
        row[25:34] = [True] * 9
    assert DECODER.decode_modules(modules) == TEXT
    for row in modules[12:50]:
        row[12:50] = [True] * 38
    assert DECODER.decode_modules(modules) is None
    assert DECODER.decode_modules([[False] * 61] * 61) is None


def test_one_wrong_module_is_forgiven_by_the_decoder() -> None:
    modules = [list(row) for row in qr_modules(TEXT)]
    modules[30][30] ^= True
    assert DECODER.decode_modules(modules) == TEXT


def page(x: float = 85.0, y: float = 71.0, text: str = TEXT) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.drawString(300, 500, "Surat Keterangan")
    canvas.addLiteral(qr_operators(qr_modules(text), x, y))
    canvas.drawString(300, 400, "setelah QR")
    canvas.save()
    return out.getvalue()


def operators(x: float, y: float) -> str:
    return qr_operators(qr_modules(TEXT), x, y)


def rendered(pdf: bytes, dpi: int = 300) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    image: Image.Image = document[0].render(scale=dpi / 72, grayscale=True).to_pil()
    document.close()
    return image


def test_two_decoders_read_the_printed_page() -> None:
    image = rendered(page())
    assert [symbol.text for symbol in zxingcpp.read_barcodes(image)] == [TEXT]
    assert read_by_zbar(image) == [TEXT]


def test_a_coarser_scan_is_read() -> None:
    image = rendered(page(), dpi=150)
    assert [symbol.text for symbol in zxingcpp.read_barcodes(image)] == [TEXT]
    assert read_by_zbar(image) == [TEXT]


def read_by_zbar(image: Image.Image) -> list[str]:
    try:  # the module loads a C library
        pyzbar = importlib.import_module("pyzbar.pyzbar")
    except ImportError:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip("libzbar0 is missing")
    symbols = pyzbar.decode(image, symbols=[pyzbar.ZBarSymbol.QRCODE])
    return [symbol.data.decode() for symbol in symbols]


def test_the_drawing_covers_exactly_the_dark_modules() -> None:
    modules = qr_modules(TEXT)
    drawn = [[0] * len(modules) for _ in modules]
    for x, y, width, height in re.findall(r"^(\d+) (\d+) (\d+) (\d+) re$", operators(0, 0), re.M):
        for row in range(int(y), int(y) + int(height)):
            for column in range(int(x), int(x) + int(width)):
                drawn[len(modules) - 1 - row][column] += 1
    assert drawn == [[int(dark) for dark in row] for row in modules]


@pytest.mark.parametrize(("x", "y"), [(0, 0), (85.0, 71.0), (85.039, 70.866), (0.13, 0.11)])
def test_the_drawing_lies_on_the_dot_grid(x: float, y: float) -> None:
    match = re.match(r"q 0 g ([\d.]+) 0 0 ([\d.]+) ([\d.]+) ([\d.]+) cm\n", operators(x, y))
    assert match is not None
    width, height, left, bottom = map(float, match.groups())
    assert width == height == MODULE_PT
    assert abs(MODULE_PT / DOT_PT - 7) < 1e-9
    for wanted, drawn in ((x, left), (y, bottom)):
        assert abs(drawn / DOT_PT - round(drawn / DOT_PT)) < 1e-6
        assert abs(drawn - wanted) <= DOT_PT / 2 + 1e-9


def test_the_size_on_paper() -> None:
    """Version 11: 61 modules of 7 dots are 36.15 mm."""
    assert symbol_side(qr_modules(TEXT)) == pytest.approx(36.15 / 25.4 * 72, abs=0.01)


def test_the_page_is_sharp_on_the_grid() -> None:
    """Rendered at 300 dpi, a symbol on whole dots has no grey between its modules."""
    image = rendered(page(0, 0))
    side = 7 * len(qr_modules(TEXT))
    symbol = image.crop((0, image.height - side, side, image.height))
    grey = sum(symbol.histogram()[32:224])
    assert grey < 0.01 * side * side


def test_the_drawing_leaves_the_canvas_as_it_was() -> None:
    assert operators(0, 0).startswith("q ")
    assert operators(0, 0).endswith(" Q")
    assert operators(0, 0).count("q ") == operators(0, 0).count(" Q") == 1


def test_the_drawing_is_small() -> None:
    assert len(zlib.compress(operators(85, 71).encode())) < 3_000
