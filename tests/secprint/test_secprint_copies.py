"""What a photocopier does to a counter letter, and what stays readable on the original."""

from __future__ import annotations

from pathlib import Path

import pytest

from issuer.domain.presentation import Variant
from tests.secprint.photocopier import crop, photocopied, printed, raster
from tests.secprint.secprint_figures import data_read, letter_file, microtext_read, salinan

NOTICED = 0.5
"""A difference in L* that nobody notices in a pattern held at reading distance."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("copies")


def test_the_word_comes_out_in_a_copy_and_is_hidden_in_the_original(folder: Path) -> None:
    tone = salinan(folder)
    assert abs(tone.original) < NOTICED
    for copy in tone.copies:
        assert copy > 1.5
        assert copy >= 5 * abs(tone.original)


@pytest.mark.parametrize("variant", [Variant.HOME, Variant.COUNTER])
def test_microtext_is_read_with_a_loupe_and_lost_in_a_copy(variant: Variant, folder: Path) -> None:
    read = microtext_read(folder, variant)
    assert read.original >= 0.85
    assert max(read.copies) <= 0.4


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
    assert min(data_read(folder, variant, slug)) >= 0.96


def test_a_copy_loses_the_fine_lines(folder: Path) -> None:
    pdf = letter_file(folder, Variant.HOME)
    # Right of the short values, on the lines alone.
    sheet = printed(crop(raster(pdf, folder), 430, 545, 530, 575))
    assert 0.01 < sheet.mean() < 0.1
    assert photocopied(sheet, 1).mean() < 0.1 * sheet.mean()
