"""Pages over a real office that has published."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.offices import Clock, compose_office
from tests.web.web_office import WebOffice, open_web


@pytest.fixture(scope="module")
def web(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebOffice]:
    """An office with its pages and one issued letter."""
    folder = shutil.copytree(founded, tmp_path_factory.mktemp("publication") / "office")
    clock = Clock()
    composition = compose_office(folder, clock)
    yield open_web(composition, clock)
    composition.close()
