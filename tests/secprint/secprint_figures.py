"""What the printing and its copies measure: for the tests, and for whoever wants to see.

All of it is arithmetic (see ``photocopier``), not a real machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pypdfium2  # type: ignore[import-untyped]  # publishes no types
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from issuer.domain.presentation import Variant
from issuer.rendering.security.microtext import microtext
from tests.programs import run
from tests.rendering.rendering_samples import CODE
from tests.secprint.photocopier import (
    DPI,
    SCANNER_DPI,
    Sheet,
    crop,
    lightness,
    photocopied,
    printed,
    raster,
    scanned,
    seen,
)
from tests.secprint.secprint_letters import (
    MICROTEXT_BOX,
    message_mask,
    panel_of,
    pdf_of,
    qr_text_of,
    record_of,
)

PHONE_DPI = 6 * 25.4
SEEDS = (1, 2, 3)

_LETTERS = re.compile("[^0-9A-Za-z]")
_WORD = re.compile(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word')


class OriginalAndCopies(NamedTuple):
    """One figure of the original, and of each of its copies."""

    original: float
    copies: list[float]


def letter_file(folder: Path, variant: Variant, slug: str = "domisili", number: int = 1) -> Path:
    """Return the file of an invented letter, written when first asked for."""
    path = folder / f"{slug}-{variant}-{number}.pdf"
    if not path.exists():
        path.write_bytes(pdf_of(record_of(number, variant, slug)))
    return path


def salinan(folder: Path) -> OriginalAndCopies:
    """Return by how much SALINAN is darker than what is around it, in L*.

    The scanner's pixels begin anywhere: every place within one is tried, in dots.
    """
    pdf = letter_file(folder, Variant.COUNTER)
    panel = printed(crop(raster(pdf, folder), *panel_of(pdf)))
    message = message_mask(panel.shape)
    copies = []
    for shift in range(DPI // SCANNER_DPI):
        there = message[shift:, shift:]
        copied = photocopied(panel[shift:, shift:], shift)
        copies.append(_tone_difference(copied[: there.shape[0], : there.shape[1]], there))
    return OriginalAndCopies(_tone_difference(panel, message), copies)


def _tone_difference(sheet: Sheet, message: npt.NDArray[np.bool_]) -> float:
    """Only the first and the last letter count: the title stands on the others."""
    seventh = sheet.shape[1] // 7
    ends = np.zeros_like(message)
    ends[:, :seventh] = ends[:, -seventh:] = True
    return lightness(sheet, ~message & ends) - lightness(sheet, message & ends)


def microtext_read(folder: Path, variant: Variant) -> OriginalAndCopies:
    """Return the share of the microtext that a machine reads under a loupe."""
    pdf, record = letter_file(folder, variant), record_of(1, variant)
    strip = printed(crop(raster(pdf, folder), *MICROTEXT_BOX))
    truth = microtext(record.number, record.holder["name"], CODE)

    def readable(sheet: Sheet) -> float:
        text = _read(ImageOps.expand(seen(sheet), 40, 255), 300, folder, "7")
        # The strip begins with one whole text and ends amid the next.
        return _share_read(truth, _LETTERS.sub("", text)[: len(_LETTERS.sub("", truth))])

    return OriginalAndCopies(
        readable(strip), [readable(photocopied(strip, seed)) for seed in SEEDS]
    )


def data_read(folder: Path, variant: Variant, slug: str) -> list[float]:
    """Return the share of the holder's data that a machine reads over the fine lines."""
    pdf = letter_file(folder, variant, slug, 2)
    page = run("pdftotext", "-bbox", pdf, "-").split("<page ")[1]
    words = [(*map(float, found[:4]), found[4]) for found in _WORD.findall(page)]
    first = next(word for word in words if word[4] == "Nama")
    after = next(word for word in words if word[4] == "Orang")
    image = raster(pdf, folder)
    height = image.height * 72 / 600
    inside = [word for word in words if first[1] <= word[1] < after[1] - 2]
    truth = " ".join(word[4] for word in sorted(inside, key=lambda word: (word[3] // 4, word[0])))
    assert "3522" in truth
    sheet = printed(crop(image, 80, height - after[1] + 2, 545, height - first[1] + 2))
    return [_share_read(truth, _read(scanned(sheet, seed), 300, folder)) for seed in SEEDS[:2]]


def _read(image: Image.Image, dpi: int, folder: Path, mode: str = "6") -> str:
    """Return what Tesseract reads."""
    path = folder / "read.png"
    image.save(path, dpi=(dpi, dpi))
    return run("tesseract", path, "-", "--psm", mode)


def _share_read(truth: str, text: str) -> float:
    """Return the share of letters and digits found in their order."""
    a, b = (_LETTERS.sub("", part) for part in (truth, text))
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(len(a), len(b))


class QrMissed(NamedTuple):
    """The letters whose QR was not read."""

    from_phone: list[int]
    from_copy: list[int]


def qr_missed(variant: Variant, letters: int) -> QrMissed:
    """Return which of so many letters are not read from a phone's picture, or from a copy."""
    missed = QrMissed([], [])
    for number in range(letters):
        page, text = _picture_of(number, variant), qr_text_of(number)
        if _texts(_photographed(page)) != [text]:
            missed.from_phone.append(number)
        if _texts(_copied_twice(page, number)) != [text]:
            missed.from_copy.append(number)
    return missed


def _picture_of(number: int, variant: Variant) -> Image.Image:
    """Return a page as rendered at 300 dpi."""
    page = pypdfium2.PdfDocument(pdf_of(record_of(number, variant), qr_text_of(number)))[0]
    image: Image.Image = page.render(scale=300 / 72).to_pil()
    return image.convert("L")


def _photographed(page: Image.Image) -> Image.Image:
    """Return a phone's picture: 6 pixels a millimetre, tilted by 7°, blurred, JPEG 40."""
    size = (round(page.width * PHONE_DPI / 300), round(page.height * PHONE_DPI / 300))
    small = page.resize(size, Image.Resampling.BILINEAR)
    tilted = small.rotate(7, Image.Resampling.BILINEAR, expand=True, fillcolor=255)
    saved = BytesIO()
    tilted.filter(ImageFilter.GaussianBlur(0.7)).save(saved, "JPEG", quality=40)
    return Image.open(saved)


def _copied_twice(page: Image.Image, seed: int) -> Image.Image:
    """Return the quarter with the QR after two copies in text mode, at 300 dpi."""
    image = page.crop((0, page.height // 2, page.width // 2, page.height))
    noise = np.random.default_rng(seed)
    for _ in range(2):
        blurred = np.asarray(image.filter(ImageFilter.GaussianBlur(0.9)), dtype=np.float32)
        grey = blurred + noise.normal(0, 8, blurred.shape)
        image = Image.fromarray(np.where(grey >= 128, 255, 0).astype(np.uint8))
    return image


def _texts(image: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(image)]


def report(folder: Path, letters: int) -> Iterator[str]:
    """Yield a line for each figure."""
    tone = salinan(folder)
    yield (
        f"SALINAN against its ground: original {tone.original:+.2f} L*,"
        f" copies {min(tone.copies):.2f} to {max(tone.copies):.2f} L*"
    )
    for variant in (Variant.HOME, Variant.COUNTER):
        read = microtext_read(folder, variant)
        yield (
            f"microtext read, {variant}: original {read.original:.0%},"
            f" copies at most {max(read.copies):.0%}"
        )
        shares = data_read(folder, variant, "domisili")
        yield f"data read over the fine lines, {variant}: {min(shares):.1%}"
        missed = qr_missed(variant, letters)
        yield (
            f"QR read, {variant}: {letters - len(missed.from_phone)} of {letters} from a phone's"
            f" picture, {letters - len(missed.from_copy)} from a copy of a copy"
        )
