"""The QR stays readable with everything printed around it: 98 of 100 letters."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pypdfium2  # type: ignore[import-untyped]  # publishes no types
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from issuer.domain.presentation import Variant
from tests.secprint.secprint_letters import pdf_of, qr_text_of, record_of

LETTERS = 50
MISSED = 1
"""Of fifty letters, so that of a hundred at least 98 are read."""

PHONE_DPI = 6 * 25.4


def picture_of(number: int, variant: Variant) -> Image.Image:
    """Return a page as rendered at 300 dpi."""
    page = pypdfium2.PdfDocument(pdf_of(record_of(number, variant), qr_text_of(number)))[0]
    image: Image.Image = page.render(scale=300 / 72).to_pil()
    return image.convert("L")


def photographed(page: Image.Image) -> Image.Image:
    """Return a phone's picture: 6 pixels a millimetre, tilted by 7°, blurred, JPEG 40."""
    size = (round(page.width * PHONE_DPI / 300), round(page.height * PHONE_DPI / 300))
    small = page.resize(size, Image.Resampling.BILINEAR)
    tilted = small.rotate(7, Image.Resampling.BILINEAR, expand=True, fillcolor=255)
    saved = BytesIO()
    tilted.filter(ImageFilter.GaussianBlur(0.7)).save(saved, "JPEG", quality=40)
    return Image.open(saved)


def copied_twice(page: Image.Image, seed: int) -> Image.Image:
    """Return the quarter with the QR after two copies in text mode, at 300 dpi."""
    image = page.crop((0, page.height // 2, page.width // 2, page.height))
    noise = np.random.default_rng(seed)
    for _ in range(2):
        blurred = np.asarray(image.filter(ImageFilter.GaussianBlur(0.9)), dtype=np.float32)
        grey = blurred + noise.normal(0, 8, blurred.shape)
        image = Image.fromarray(np.where(grey >= 128, 255, 0).astype(np.uint8))
    return image


@pytest.mark.parametrize("variant", [Variant.HOME, Variant.COUNTER])
def test_98_of_100_are_read_from_a_phone_picture_and_from_a_copy_of_a_copy(
    variant: Variant,
) -> None:
    by_phone, from_copy = [], []
    for number in range(LETTERS):
        page, text = picture_of(number, variant), qr_text_of(number)
        if texts(photographed(page)) != [text]:
            by_phone.append(number)
        if texts(copied_twice(page, number)) != [text]:
            from_copy.append(number)
    assert len(by_phone) <= MISSED, by_phone
    assert len(from_copy) <= MISSED, from_copy


def texts(image: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image)]
