"""What a photocopier does to a counter letter, and what stays readable on the original.

All of it is arithmetic (see ``photocopier``), not a real machine.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageOps

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
    record_of,
)

SEEDS = (1, 2, 3)
NOTICED = 0.5
"""A difference in L* that nobody notices in a pattern held at reading distance."""

_LETTERS = re.compile("[^0-9A-Za-z]")
_WORD = re.compile(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word')


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("copies")


def letter(folder: Path, variant: Variant, slug: str = "domisili", number: int = 1) -> Path:
    path = folder / f"{slug}-{variant}-{number}.pdf"
    if not path.exists():
        path.write_bytes(pdf_of(record_of(number, variant, slug)))
    return path


def read(image: Image.Image, dpi: int, folder: Path, mode: str = "6") -> str:
    """Return what Tesseract reads."""
    path = folder / "read.png"
    image.save(path, dpi=(dpi, dpi))
    return run("tesseract", path, "-", "--psm", mode)


def share_read(truth: str, text: str) -> float:
    """Return the share of letters and digits found in their order."""
    a, b = (_LETTERS.sub("", part) for part in (truth, text))
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(len(a), len(b))


def tone_difference(sheet: Sheet, message: npt.NDArray[np.bool_]) -> float:
    """Return by how much the word is darker than what is around it, in L*.

    Only the first and the last letter count: the title stands on the others.
    """
    seventh = sheet.shape[1] // 7
    ends = np.zeros_like(message)
    ends[:, :seventh] = ends[:, -seventh:] = True
    return lightness(sheet, ~message & ends) - lightness(sheet, message & ends)


def test_the_word_comes_out_in_a_copy_and_is_hidden_in_the_original(folder: Path) -> None:
    pdf = letter(folder, Variant.COUNTER)
    panel = printed(crop(raster(pdf, folder), *panel_of(pdf)))
    message = message_mask(panel.shape)
    original = tone_difference(panel, message)
    assert abs(original) < NOTICED
    # The scanner's pixels begin anywhere: every place within one is tried, in dots.
    for shift in range(DPI // SCANNER_DPI):
        there = message[shift:, shift:]
        copied = photocopied(panel[shift:, shift:], shift)
        copy = tone_difference(copied[: there.shape[0], : there.shape[1]], there)
        assert copy > 1.5
        assert copy >= 5 * abs(original)


@pytest.mark.parametrize("variant", [Variant.HOME, Variant.COUNTER])
def test_microtext_is_read_with_a_loupe_and_lost_in_a_copy(variant: Variant, folder: Path) -> None:
    pdf, record = letter(folder, variant), record_of(1, variant)
    strip = printed(crop(raster(pdf, folder), *MICROTEXT_BOX))
    truth = microtext(record.number, record.holder["name"], CODE)

    def readable(sheet: Sheet) -> float:
        text = read(ImageOps.expand(seen(sheet), 40, 255), 300, folder, "7")
        # The strip begins with one whole text and ends amid the next.
        return share_read(truth, _LETTERS.sub("", text)[: len(_LETTERS.sub("", truth))])

    assert readable(strip) >= 0.85
    for seed in SEEDS:
        assert readable(photocopied(strip, seed)) <= 0.4


@pytest.mark.parametrize(
    ("variant", "slug"),
    [
        (Variant.HOME, "domisili"),
        (Variant.HOME, "tidak-mampu"),
        (Variant.COUNTER, "usaha"),
    ],
)
def test_data_over_the_fine_lines_is_read_by_a_machine(
    variant: Variant, slug: str, folder: Path
) -> None:
    pdf = letter(folder, variant, slug, 2)
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
    for seed in SEEDS[:2]:
        assert share_read(truth, read(scanned(sheet, seed), 300, folder)) >= 0.96


def test_a_copy_loses_the_fine_lines(folder: Path) -> None:
    pdf = letter(folder, Variant.HOME)
    # Right of the short values, on the lines alone.
    sheet = printed(crop(raster(pdf, folder), 430, 545, 530, 575))
    assert 0.01 < sheet.mean() < 0.1
    assert photocopied(sheet, 1).mean() < 0.1 * sheet.mean()
