"""Photos and scans from anyone."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter
from qrcode import QRCode
from qrcode.image.pil import PilImage

from issuer.domain.errors import InvalidDocument, TooLarge
from issuer.rendering.decoding import MAX_IMAGE_BYTES, MAX_PIXELS, ZxingDecoder
from tests.credential.credential_samples import BASE_URL, CLAIMS, NOW, sealer

TEXT = sealer().seal(CLAIMS, NOW)
DECODER = ZxingDecoder(seconds=60)


def symbol(text: str, dots: int = 7) -> Image.Image:
    """Return a symbol drawn by qrcode and Pillow."""
    code = QRCode(box_size=dots, border=4, image_factory=PilImage)
    code.add_data(text)
    out = io.BytesIO()
    code.make_image().save(out, "PNG")
    return Image.open(out).convert("L")


def sheet(*symbols: Image.Image, size: tuple[int, int] = (2480, 3508)) -> Image.Image:
    paper = Image.new("L", size, 240)
    for place, drawn in enumerate(symbols):
        paper.paste(drawn, (200, 200 + place * 900))
    return paper


def encoded(image: Image.Image, kind: str = "PNG", **options: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


SHEET = sheet(symbol(TEXT))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("angle", [0, 7, 90, 180, 200, 270])
def test_a_scan_is_read_from_every_side(kind: str, angle: int) -> None:
    turned = SHEET.rotate(angle, expand=True, fillcolor=240, resample=Image.Resampling.BICUBIC)
    assert DECODER.decode_image(encoded(turned, kind)) == TEXT


def test_a_blurred_phone_photo_is_read() -> None:
    photo = SHEET.rotate(4, fillcolor=120).filter(ImageFilter.GaussianBlur(2)).convert("RGB")
    assert DECODER.decode_image(encoded(photo, "JPEG", quality=40)) == TEXT


def test_a_forwarded_small_photo_is_read() -> None:
    small = SHEET.resize((1240, 1754), Image.Resampling.LANCZOS)
    assert DECODER.decode_image(encoded(small, "JPEG", quality=50)) == TEXT


def test_a_large_photo_of_small_print_is_read() -> None:
    """Too small when the image is reduced; the second attempt takes it as it is."""
    large = sheet(symbol(TEXT, dots=3), size=(6000, 6000))
    assert DECODER.decode_image(encoded(large)) == TEXT


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_read(mode: str) -> None:
    if mode == "I;16":
        wide = b"".join(struct.pack("<H", value * 257) for value in symbol(TEXT).tobytes())
        image = Image.frombytes("I;16", symbol(TEXT).size, wide)
    else:
        image = symbol(TEXT).convert(mode)
    assert DECODER.decode_image(encoded(image)) == TEXT


def test_black_on_transparent_is_read() -> None:
    drawn = symbol(TEXT)
    image = Image.new("RGBA", drawn.size, (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (0, 0), drawn.point(lambda value: 255 - value))
    assert DECODER.decode_image(encoded(image)) == TEXT


@pytest.mark.parametrize("kind", ["CMYK", "RGB", "L"])
def test_every_kind_of_jpeg_is_read(kind: str) -> None:
    assert DECODER.decode_image(encoded(symbol(TEXT).convert(kind), "JPEG")) == TEXT


def test_of_several_symbols_ours_counts() -> None:
    other = symbol("https://example.org/menu")
    assert DECODER.decode_image(encoded(sheet(other, symbol(TEXT)))) == TEXT
    assert DECODER.decode_image(encoded(sheet(symbol(TEXT), other))) == TEXT


def test_a_single_foreign_symbol_is_returned_for_the_reader_to_refuse() -> None:
    assert DECODER.decode_image(encoded(symbol("halo"))) == "halo"
    assert DECODER.decode_image(encoded(symbol(f"{BASE_URL}/v/1"))) == f"{BASE_URL}/v/1"


def test_an_image_without_a_symbol_has_no_text() -> None:
    assert DECODER.decode_image(encoded(Image.new("L", (500, 500), "white"))) is None
    assert DECODER.decode_image(encoded(Image.new("L", (1, 1)))) is None


def test_another_barcode_is_no_qr() -> None:
    barcode = zxing_barcode()
    assert DECODER.decode_image(encoded(barcode)) is None


def zxing_barcode() -> Image.Image:
    made = zxingcpp.create_barcode("3522", zxingcpp.BarcodeFormat.DataMatrix)
    return Image.fromarray(made.to_image(scale=8))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\x04IHDR\x00\x00\x00\x01" + bytes(4),
        b"%PDF-1.7\n",
        b"\xff\xd8\xff",
        b"GIF89a" + bytes(100),
        encoded(symbol(TEXT))[:-300],
        encoded(symbol(TEXT), "JPEG")[:3000],
    ],
)
def test_what_is_no_whole_image_is_unreadable(data: bytes) -> None:
    with pytest.raises(InvalidDocument) as caught:
        DECODER.decode_image(data)
    assert caught.value.reason == "file_not_pdf"


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "WEBP"])
def test_other_formats_are_refused(kind: str) -> None:
    with pytest.raises(InvalidDocument):
        DECODER.decode_image(encoded(symbol(TEXT), kind))


def test_too_many_bytes_are_not_looked_at() -> None:
    with pytest.raises(TooLarge) as caught:
        DECODER.decode_image(bytes(MAX_IMAGE_BYTES + 1))
    assert caught.value.limit_bytes == MAX_IMAGE_BYTES


@pytest.mark.parametrize("side", [7100, 10_000, 14_000, 60_000])
def test_too_many_pixels_are_not_decoded(side: int) -> None:
    """A PNG whose header alone tells its size; there are no pixels in it at all."""
    with pytest.raises(TooLarge) as caught:
        DECODER.decode_image(png_header(side, side))
    assert caught.value.limit_bytes == MAX_PIXELS


def test_the_largest_image_is_within_the_limit() -> None:
    with pytest.raises(InvalidDocument):
        DECODER.decode_image(png_header(10_000, 5_000))


def png_header(width: int, height: int) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b""))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["PNG", "JPEG"]), st.data())
def test_no_damage_is_a_crash(kind: str, data: st.DataObject) -> None:
    image = bytearray(DAMAGED[kind])
    for _ in range(data.draw(st.integers(1, 8))):
        image[data.draw(st.integers(0, len(image) - 1))] = data.draw(st.integers(0, 255))
    try:
        text = DECODER.decode_image(bytes(image))
    except (InvalidDocument, TooLarge):
        return
    assert text in (None, TEXT)


DAMAGED = {kind: encoded(symbol(TEXT, dots=3), kind) for kind in ("PNG", "JPEG")}
