"""The renderer, with the fonts this checkout has."""

from __future__ import annotations

import pytest

from issuer.rendering.fonts import FontSet, load_fonts
from issuer.rendering.letter import PdfRenderer
from tests.rendering.rendering_samples import TEMPLATES


@pytest.fixture(scope="session")
def fonts() -> FontSet:
    return load_fonts(None, TEMPLATES / "fonts")


@pytest.fixture(scope="session")
def renderer(fonts: FontSet) -> PdfRenderer:
    return PdfRenderer(fonts)
